/* SPDX-License-Identifier: MIT */
#include "shared/clean.h"
#include <glib.h>
#include <string.h>

static char *
clean (const char *in, gsize n, unsigned flags)
{
  char out[512];
  size_t used, put = srt_clean (in, n, flags, out, sizeof out, &used);
  g_assert_cmpuint (used, ==, n);
  return g_strndup (out, put);
}

static const struct {
  const char *in, *name, *lines;
} table[] = {
  { "plain", "plain", "plain" },
  { "a\nb\tc", "a\\nb\\tc", "a\nb\tc" },
  { "a\r\nb\rc", "a\\r\\nb\\rc", "a\nb\\rc" },
  { "\033[31mred\033[0m", "\\x1B[31mred\\x1B[0m", "red" },
  { "\033[1;38;2;1:2mx", "\\x1B[1;38;2;1:2mx", "x" },
  { "\033[2Jx", "\\x1B[2Jx", "\\x1B[2Jx" },
  { "\033]0;title\007", "\\x1B]0;title\\x07", "\\x1B]0;title\\x07" },
  { "\033[31", "\\x1B[31", "\\x1B[31" },
  { "\033", "\\x1B", "\\x1B" },
  { "\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80", "\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80",
    "\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80" },
  { "\xff\xfe", "\\xFF\\xFE", "\\xFF\\xFE" },
  { "\xc0\x80", "\\xC0\\x80", "\\xC0\\x80" },                             /* overlong */
  { "\xe0\x9f\xbf", "\\xE0\\x9F\\xBF", "\\xE0\\x9F\\xBF" },               /* overlong */
  { "\xed\xa0\x80", "\\xED\\xA0\\x80", "\\xED\\xA0\\x80" },               /* surrogate */
  { "\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80", "\\xF4\\x90\\x80\\x80" }, /* over U+10FFFF */
  { "\xe4\xbd", "\\xE4\\xBD", "\\xE4\\xBD" },                             /* ends in the middle */
  { "\xe4"
    "b",
    "\\xE4"
    "b",
    "\\xE4"
    "b" },
  { "\xc2\x9b"
    "2J",
    "\\u009B2J", "\\u009B2J" }, /* 8-bit CSI */
  { "\xe2\x80\xae"
    "x",
    "\\u202Ex", "\\u202Ex" },               /* right-to-left override */
  { "\xef\xbf\xbe", "\\uFFFE", "\\uFFFE" }, /* not allowed in XML */
  { "\xef\xbf\xbd", "\xef\xbf\xbd", "\xef\xbf\xbd" },
  { "\x7f", "\\x7F", "\\x7F" },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    gsize n = strlen (table[i].in);
    g_autofree char *name = clean (table[i].in, n, 0);
    g_autofree char *lines = clean (table[i].in, n, SRT_CLEAN_LINES);
    g_assert_cmpstr (name, ==, table[i].name);
    g_assert_cmpstr (lines, ==, table[i].lines);
  }
}

static void
test_control_bytes (void)
{
  for (int byte = 0; byte < 0x20; byte++) {
    char in = (char)byte;
    g_autofree char *name = clean (&in, 1, 0);
    g_autofree char *hex = g_strdup_printf ("\\x%02X", (unsigned)byte);
    const char *expected = in == '\n' ? "\\n" : in == '\t' ? "\\t" : in == '\r' ? "\\r" : hex;
    g_assert_cmpstr (name, ==, expected);
  }
}

/* However the bytes are cut into pieces, and however small the room is, the text is the same. */
static void
test_pieces (void)
{
  const char *in = "a\r\nb\r\033[1;31mred\033[0m \xe4\xbd\xa0 \xf0\x9f\x98\x80 \xff \033[2J\xc2\x9b\xe4\xbd";
  gsize n = strlen (in);
  g_autofree char *whole = clean (in, n, SRT_CLEAN_LINES);
  for (gsize piece = 1; piece <= n; piece++) {
    g_autoptr (GString) text = g_string_new (NULL);
    gsize at = 0, given = 0;
    while (at < n) {
      char out[SRT_CLEAN_ROOM + 3];
      size_t used;
      given = MIN (given + piece, n);
      size_t put =
          srt_clean (in + at, given - at, SRT_CLEAN_LINES | (given < n ? SRT_CLEAN_MORE : 0), out, sizeof out, &used);
      g_string_append_len (text, out, (gssize)put);
      at += used;
    }
    g_assert_cmpstr (text->str, ==, whole);
  }
}

/* Whatever comes in, what comes out is UTF-8 without a control character. */
static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20);
  for (int round = 0; round < 20000; round++) {
    char in[48];
    gsize n = (gsize)g_rand_int_range (rand, 1, sizeof in);
    for (gsize i = 0; i < n; i++)
      in[i] = (char)(g_rand_boolean (rand) ? g_rand_int_range (rand, 0, 256)
                                           : "\033[m\r\n\xe4\xbd\xa0\xf0\x9f"[g_rand_int_range (rand, 0, 10)]);
    g_autofree char *out = clean (in, n, 0);
    g_assert_true (g_utf8_validate (out, -1, NULL));
    for (const char *p = out; *p; p = g_utf8_next_char (p))
      g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clean/table", test_table);
  g_test_add_func ("/clean/control-bytes", test_control_bytes);
  g_test_add_func ("/clean/pieces", test_pieces);
  g_test_add_func ("/clean/random", test_random);
  return g_test_run ();
}
