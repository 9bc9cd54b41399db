/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <string.h>

static const struct {
  const char *bytes, *expected;
} rows[] = {
  { "", "" },
  { "plain name_1.sh", "plain name_1.sh" },
  { "a\nb\tc\x7f", "a\\x0ab\\x09c\\x7f" },
  { "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
  { "\xff\xfe", "\\xff\\xfe" },
  { "\xc3", "\\xc3" },                   /* cut off */
  { "\xc0\xaf", "\\xc0\\xaf" },          /* overlong '/' */
  { "\xed\xa0\x80", "\\xed\\xa0\\x80" }, /* a surrogate */
  { "\xc2\x85", "\\xc2\\x85" },          /* NEL, a C1 control */
  { "\xc2\xa0", "\xc2\xa0" },
  { "back\\slash", "back\\slash" },
};

static void
test_printable (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    char buffer[64];
    g_autofree char *bytes = g_memdup2 (rows[i].bytes, strlen (rows[i].bytes)); /* without its NUL */
    g_autofree char *text = srt_text_printable (bytes, strlen (rows[i].bytes));
    g_assert_cmpstr (text, ==, rows[i].expected);
    srt_text_printable_into (buffer, sizeof buffer, bytes, strlen (rows[i].bytes));
    g_assert_cmpstr (buffer, ==, rows[i].expected);
  }
}

static void
test_cut (void)
{
  char buffer[10];
  srt_text_printable_into (buffer, sizeof buffer, "123456789", 9);
  g_assert_cmpstr (buffer, ==, "123456789");
  srt_text_printable_into (buffer, sizeof buffer, "1234567890", 10);
  g_assert_cmpstr (buffer, ==, "123456...");
  srt_text_printable_into (buffer, sizeof buffer,
                           "12345\xc3\xa4"
                           "890",
                           10); /* not through a character */
  g_assert_cmpstr (buffer, ==, "12345...");
  srt_text_printable_into (buffer, sizeof buffer, "1\n\n\n", 4);
  g_assert_cmpstr (buffer, ==, "1\\x0a...");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/printable", test_printable);
  g_test_add_func ("/text/cut", test_cut);
  return g_test_run ();
}
