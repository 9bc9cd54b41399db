/* SPDX-License-Identifier: MIT
 * What of a test's output is shown. Read from a file: the other source, the host, is in test-plugin.c. */
#include "shared/excerpt.h"
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static int
file_with (const char *text, gsize length)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("srt-excerpt-XXXXXX", &path, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_unlink (path);
  g_assert_cmpint (write (fd, text, length), ==, (gssize)length);
  return fd;
}

static srt_excerpt
cut (const char *text, const srt_excerpt_limits *limits)
{
  gsize length = strlen (text);
  srt_bytes bytes = { .fd = file_with (text, length), .length = length };
  srt_excerpt excerpt;
  srt_excerpt_cut (&bytes, limits, &excerpt);
  close (bytes.fd);
  return excerpt;
}

static const struct {
  const char *text;
  srt_excerpt_limits limits;
  srt_excerpt expected;
} table[] = {
  { "", { 1, 1, 10, 10 }, { 0, 0, 0 } },
  { "a\nb\n", { 1, 1, 10, 10 }, { 4, 4, 0 } },
  { "a\nb\nc\n", { 1, 1, 10, 10 }, { 2, 4, 1 } },
  { "a\nb\nc\nrest", { 1, 1, 20, 20 }, { 2, 4, 1 } }, /* what has no newline comes with the last line */
  { "a\nb\nc\n", { 0, 1, 10, 10 }, { 0, 4, 2 } },
  { "a\nb\nc\n", { 0, 0, 10, 10 }, { 0, 6, 3 } },
  { "0123456789", { 1, 1, 3, 2 }, { 3, 8, 0 } },
  { "0123456789", { UINT64_MAX, UINT64_MAX, 3, 2 }, { 3, 8, 0 } },
  { "a\nb\nc\nd\n0123456789\n", { 1, 1, 10, 4 }, { 2, 15, 3 } },
  { "0123456789\na\nb\nc\n", { 1, 1, 4, 10 }, { 4, 15, 3 } },
};

static void
test_cut (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    srt_excerpt got = cut (table[i].text, &table[i].limits);
    g_test_message ("row %" G_GSIZE_FORMAT, i);
    g_assert_cmpuint (got.head, ==, table[i].expected.head);
    g_assert_cmpuint (got.tail, ==, table[i].expected.tail);
    g_assert_cmpuint (got.left_lines, ==, table[i].expected.left_lines);
  }
}

static const srt_excerpt_limits whole = { UINT64_MAX, UINT64_MAX, UINT64_MAX / 2, UINT64_MAX / 2 };

static int
collect (void *data, const char *text, size_t length)
{
  g_string_append_len (data, text, (gssize)length);
  return 1;
}

static int
stop_at_once (void *data, const char *text, size_t length)
{
  ++*(int *)data;
  return 0;
}

/* Over many pieces, with sequences that lie on their borders. */
static void
test_clean (void)
{
  g_autoptr (GString) in = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) out = g_string_new (NULL);
  for (int i = 0; i < 9000; i++) {
    g_string_append (in, "\033[1;31m\xe4\xbd\xa0\033[0m\r\n\001");
    g_string_append (expected, "\xe4\xbd\xa0\n\\x01");
  }
  srt_bytes bytes = { .fd = file_with (in->str, in->len), .length = in->len };
  srt_excerpt_emit (&bytes, &whole, collect, out);
  g_assert_cmpstr (out->str, ==, expected->str);
  int calls = 0;
  srt_excerpt_emit (&bytes, &whole, stop_at_once, &calls);
  g_assert_cmpint (calls, ==, 1);
  close (bytes.fd);
}

/* The line about what is left out stands on a line of its own, wherever the cut was. */
static void
test_gap (void)
{
  static const struct {
    const char *text;
    srt_excerpt_limits limits;
    const char *shown;
  } rows[] = {
    { "a\nb\nc\n", { 1, 1, 10, 10 }, "a\n... 1 lines (2 bytes) left out ...\nc\n" },
    { "0123456789", { 1, 1, 3, 2 }, "012\n... 0 lines (5 bytes) left out ...\n89" },
    { "a\nb\n", { 0, 0, 10, 10 }, "... 2 lines (4 bytes) left out ...\n" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GString) out = g_string_new (NULL);
    gsize length = strlen (rows[i].text);
    srt_bytes bytes = { .fd = file_with (rows[i].text, length), .length = length };
    srt_excerpt_emit (&bytes, &rows[i].limits, collect, out);
    g_assert_cmpstr (out->str, ==, rows[i].shown);
    close (bytes.fd);
  }
}

/* A file that is shorter than was said ends the text, not the program. */
static void
test_short_file (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  srt_bytes bytes = { .fd = file_with ("abc", 3), .length = 100 };
  srt_excerpt_emit (&bytes, &whole, collect, out);
  g_assert_cmpstr (out->str, ==, "abc");
  close (bytes.fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/excerpt/cut", test_cut);
  g_test_add_func ("/excerpt/clean", test_clean);
  g_test_add_func ("/excerpt/gap", test_gap);
  g_test_add_func ("/excerpt/short-file", test_short_file);
  return g_test_run ();
}
