/* SPDX-License-Identifier: MIT */
#include "host/text.h"
#include <string.h>

static void
check (const char *text, gsize length, const char *wanted)
{
  g_autofree char *clean = srt_text_clean_line (text, length);
  g_assert_cmpstr (clean, ==, wanted);
}

static void
test_clean (void)
{
  check ("all right: größer", strlen ("all right: größer"), "all right: größer");
  check ("", 0, "");
  check ("two\r\n\n lines\n", 13, "two  lines");
  check ("a\tb", 3, "a b");
  check ("cut here|not this", 8, "cut here");
  check ("a\0b", 3, "a\357\277\275b");
  check ("\033[2J\177", 5, "\357\277\275[2J\357\277\275");
  check ("\302\233m", 3, "\357\277\275m"); /* the terminal's other escape, U+009B */
  check ("\377x\303", 3, "\357\277\275x\357\277\275");
  check ("a\342\200\250b", 5, "a b"); /* U+2028 */
}

static void
test_long (void)
{
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autofree char *clean = srt_text_clean_line (text, 100000);
  g_assert_cmpuint (strlen (clean), ==, 4096 + strlen ("…"));
  g_assert_true (g_str_has_suffix (clean, "x…"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/clean", test_clean);
  g_test_add_func ("/text/long", test_long);
  return g_test_run ();
}
