/* SPDX-License-Identifier: MIT */
#include "notifier-console/style.h"
#include <glib.h>

static const struct {
  const char *choice;
  srt_terminal terminal;
  int colour, live;
} table[] = {
  { "auto", { .is_terminal = 1, .term = "xterm" }, 1, 1 },
  { "auto", { .is_terminal = 0, .term = "xterm" }, 0, 0 },
  { "auto", { .is_terminal = 1, .term = "dumb" }, 0, 0 },
  { "auto", { .is_terminal = 1, .term = "" }, 0, 0 },
  { "auto", { .is_terminal = 1 }, 0, 0 },
  { "auto", { .is_terminal = 1, .term = "xterm", .no_color = "1" }, 0, 1 },
  { "auto", { .is_terminal = 1, .term = "xterm", .no_color = "" }, 1, 1 },
  { "auto", { .is_terminal = 1, .term = "xterm", .clicolor = "0" }, 0, 1 },
  { "auto", { .clicolor_force = "1" }, 1, 0 },
  { "auto", { .clicolor_force = "0" }, 0, 0 },
  { "auto", { .clicolor_force = "1", .no_color = "1" }, 0, 0 },
  { "always", { .no_color = "1" }, 1, 1 },
  { "never", { .is_terminal = 1, .term = "xterm", .clicolor_force = "1" }, 0, 0 },
};

static void
test_choices (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    g_test_message ("row %" G_GSIZE_FORMAT, i);
    g_assert_cmpint (srt_style_colour (table[i].choice, &table[i].terminal), ==, table[i].colour);
    g_assert_cmpint (srt_style_live (table[i].choice, &table[i].terminal), ==, table[i].live);
  }
}

static void
test_colours (void)
{
  g_assert_cmpstr (srt_style_begin (0, SRT_VERDICT_FAIL), ==, "");
  g_assert_cmpstr (srt_style_end (0), ==, "");
  g_assert_cmpstr (srt_style_begin (1, SRT_VERDICT_TIMEOUT), ==, srt_style_begin (1, SRT_VERDICT_FAIL));
  g_assert_cmpstr (srt_style_begin (1, SRT_VERDICT_PASS), !=, srt_style_begin (1, SRT_VERDICT_LEAK));
  g_assert_cmpstr (srt_style_begin (1, SRT_VERDICT_LEAK), !=, srt_style_begin (1, SRT_VERDICT_SKIP));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/style/choices", test_choices);
  g_test_add_func ("/style/colours", test_colours);
  return g_test_run ();
}
