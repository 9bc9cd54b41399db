/* SPDX-License-Identifier: MIT */
#include "notifier-console/live.h"
#include <glib.h>
#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)

static void
test_line (void)
{
  srt_live live;
  srt_test test = { .size = sizeof test, .id = "unit/\xe4\xbd\xa0\xe5\xa5\xbd\033" };
  const srt_test *const running[] = { &test, &test };
  guint64 since[] = { 5 * SECOND, 6 * SECOND };
  srt_counts counts = { .total = 400, .finished = 15, .pass = 12, .fail = 1, .timeout = 1, .killed = 1 };
  srt_sample sample = { .size = sizeof sample,
                        .valid = SRT_SAMPLE_MEMORY | SRT_SAMPLE_CPU,
                        .memory_total = 1000,
                        .memory_available = 550,
                        .cpu_busy = 80.9f };
  srt_progress progress = { .size = sizeof progress,
                            .running = 2,
                            .elapsed_ns = 3725 * SECOND,
                            .counts = &counts,
                            .sample = &sample,
                            .tests = running,
                            .since_ns = since };
  srt_live_init (&live);
  g_assert_true (srt_live_update (&live, &progress, 70 * SECOND, 200));
  g_autofree char *line = g_strndup (live.line, live.length);
  g_assert_cmpstr (
      line, ==, "[14/400] 2 running, 2 failed | mem 45% | cpu 80% | 1:02:05 | 1:05 unit/\xe4\xbd\xa0\xe5\xa5\xbd\\x1B");
  g_assert_false (srt_live_update (&live, &progress, 70 * SECOND + 1000, 200)); /* nothing to draw */
  sample.valid = 0;
  progress.running = 0;
  g_assert_true (srt_live_update (&live, &progress, 70 * SECOND, 200));
  g_autofree char *bare = g_strndup (live.line, live.length);
  g_assert_cmpstr (bare, ==, "[14/400] 0 running, 2 failed | 1:02:05");
  g_assert_true (srt_live_update (&live, &progress, 70 * SECOND, 11));
  g_assert_cmpuint (live.length, ==, 10);
  srt_live_clear (&live);
}

/* Wide characters take two columns, accents none, and nothing is cut in the middle. */
static void
test_fit (void)
{
  static const struct {
    const char *string;
    guint columns;
    gsize bytes;
  } table[] = {
    { "abc", 5, 3 },
    { "abc", 2, 2 },
    { "abc", 0, 0 },
    { "\xe4\xbd\xa0\xe5\xa5\xbd", 4, 6 },
    { "\xe4\xbd\xa0\xe5\xa5\xbd", 3, 3 },
    { "\xe4\xbd\xa0\xe5\xa5\xbd", 1, 0 },
    { "e\xcc\x81x", 1, 3 },
    { "\xc3\xa9x", 1, 2 },
    { "ab\xe4\xbd", 9, 2 },
  };
  srt_live live;
  srt_live_init (&live);
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpuint (srt_live_fit (&live, table[i].string, strlen (table[i].string), table[i].columns), ==,
                      table[i].bytes);
  srt_live_clear (&live);
}

/* Without a locale that knows: all but ASCII is taken for wide, so that a line is too short and never too long. */
static void
test_no_locale (void)
{
  srt_live live = { 0 };
  g_assert_cmpuint (srt_live_fit (&live, "\xc3\xa9\xc3\xa9", 4, 3), ==, 2);
}

static void
test_draw (void)
{
  srt_live live = { .length = 3, .line = "abc" };
  srt_text text = { 0 };
  srt_live_erase (&live, &text);
  g_assert_cmpuint (text.length, ==, 0);
  srt_live_draw (&live, &text);
  srt_live_erase (&live, &text);
  srt_live_erase (&live, &text);
  g_assert_cmpmem (text.bytes, text.length, "abc\r\033[K", 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/line", test_line);
  g_test_add_func ("/live/fit", test_fit);
  g_test_add_func ("/live/no-locale", test_no_locale);
  g_test_add_func ("/live/draw", test_draw);
  return g_test_run ();
}
