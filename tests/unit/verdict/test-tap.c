/* SPDX-License-Identifier: MIT */
#include "verdict/tap.h"

#include <string.h>

#include "tap-streams.h"

static void
check_text (const char *actual, const char *expected)
{
  g_assert_cmpstr (actual, ==, expected != NULL ? expected : "");
}

static void
check_summary (const SrtTapSummary *actual, const SrtTapSummary *expected)
{
  g_assert_cmpint (actual->seen, ==, expected->seen);
  g_assert_cmpint (actual->planned, ==, expected->planned);
  g_assert_cmpuint (actual->passed, ==, expected->passed);
  g_assert_cmpuint (actual->failed, ==, expected->failed);
  g_assert_cmpuint (actual->skipped, ==, expected->skipped);
  g_assert_cmpuint (actual->todo, ==, expected->todo);
  g_assert_cmpint (actual->skip_all, ==, expected->skip_all);
  g_assert_cmpint (actual->bailed, ==, expected->bailed);
  check_text (actual->reason, expected->reason);
  check_text (actual->first_failure, expected->first_failure);
  check_text (actual->problem, expected->problem);
}

/* Feed STREAM in pieces of at most PIECE bytes (0: of random sizes), each in memory of its own, so that a read past its
 * end is seen by the address sanitizer. */
static SrtTap *
feed (const char *stream, gsize length, gsize piece, GRand *rand)
{
  SrtTap *tap = srt_tap_new ();
  for (gsize at = 0, size; at < length; at += size) {
    size = piece > 0 ? piece : (gsize)g_rand_int_range (rand, 1, 40);
    size = MIN (size, length - at);
    g_autofree char *copy = g_memdup2 (stream + at, size);
    srt_tap_feed (tap, copy, size);
  }
  return tap;
}

static void
test_stream (gconstpointer data)
{
  const TapStream *row = data;
  const gsize pieces[] = { G_MAXSIZE, 1, 2, 7 };
  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autoptr (SrtTap) tap = feed (row->stream, strlen (row->stream), pieces[i], NULL);
    SrtTapSummary summary;
    srt_tap_end (tap, &summary);
    check_summary (&summary, &row->expected);
  }
}

/* A line is judged by its first 4096 bytes, however long it is and however it comes. */
static void
test_long_lines (void)
{
  g_autofree char *xs = g_strnfill (100000, 'x'), *ys = g_strnfill (5000, 'y');
  g_autofree char *stream =
      g_strdup_printf ("1..3\nnot ok 1 %s # TODO beyond the limit\nok 2 # SKIP %s\nok 3\n", xs, ys);
  const gsize pieces[] = { G_MAXSIZE, 1, 4095, 4096, 4097 };
  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autoptr (SrtTap) tap = feed (stream, strlen (stream), pieces[i], NULL);
    SrtTapSummary summary;
    srt_tap_end (tap, &summary);
    g_assert_cmpuint (summary.failed, ==, 1);
    g_assert_cmpuint (summary.skipped, ==, 1);
    g_assert_cmpuint (summary.passed, ==, 1);
    g_assert_cmpstr (summary.problem, ==, "");
    g_assert_cmpuint (strlen (summary.first_failure), ==, 255);
    g_assert_true (g_str_has_suffix (summary.first_failure, "x..."));
  }
}

static void
test_embedded_nul (void)
{
  static const char stream[] = "1..2\nok 1 a\0b\nnot ok 2 c\0d\n";
  g_autoptr (SrtTap) tap = feed (stream, sizeof stream - 1, 3, NULL);
  SrtTapSummary summary;
  srt_tap_end (tap, &summary);
  g_assert_cmpuint (summary.passed, ==, 1);
  g_assert_cmpstr (summary.first_failure, ==, "c\\x00d");
}

static void
test_many_cases (void)
{
  const guint n = 200000; /* well above the numbers whose doubles are seen in any order */
  g_autoptr (GString) stream = g_string_new (NULL);
  for (guint i = 1; i <= n; i++)
    g_string_append_printf (stream, "ok %u - case\n", i);
  g_string_append_printf (stream, "1..%u\n", n);
  g_autoptr (SrtTap) tap = feed (stream->str, stream->len, 65536, NULL);
  SrtTapSummary summary;
  srt_tap_end (tap, &summary);
  g_assert_cmpuint (summary.passed, ==, n);
  g_assert_cmpstr (summary.problem, ==, "");
}

/* Change some bytes of STREAM: overwrite, drop, double, or put in what means something in TAP. */
static void
mutate (GString *stream, GRand *rand)
{
  static const char *const pieces[] = {
    "1..",  "ok", "not ok ", "#", " # SKIP", " # TODO", "\n", "\r\n", "Bail out!", "\xff", "99999999999999999999",
    "    ", "-"
  };
  for (gint32 n = g_rand_int_range (rand, 1, 8); n > 0 && stream->len > 0; n--) {
    gssize at = g_rand_int_range (rand, 0, (gint32)stream->len);
    switch (g_rand_int_range (rand, 0, 4)) {
    case 0:
      stream->str[at] = (char)g_rand_int_range (rand, 0, 256);
      break;
    case 1:
      g_string_erase (stream, at, 1);
      break;
    case 2:
      g_string_insert_c (stream, at, stream->str[at]);
      break;
    default:
      g_string_insert (stream, at, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
      break;
    }
  }
}

/* Whatever comes: whole and in pieces give the same, and the words are fit for a report. */
static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240229);
  for (guint round = 0; round < 20000; round++) {
    const TapStream *row = &tap_streams[round % G_N_ELEMENTS (tap_streams)];
    g_autoptr (GString) stream = g_string_new (row->stream);
    mutate (stream, rand);
    SrtTapSummary whole, pieces;
    g_autoptr (SrtTap) first = feed (stream->str, stream->len, G_MAXSIZE, NULL);
    g_autoptr (SrtTap) second = feed (stream->str, stream->len, 0, rand);
    srt_tap_end (first, &whole);
    srt_tap_end (second, &pieces);
    check_summary (&pieces, &whole);
    g_assert_true (g_utf8_validate (whole.reason, -1, NULL));
    g_assert_true (g_utf8_validate (whole.first_failure, -1, NULL));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tap_streams); i++) {
    g_autofree char *path = g_strconcat ("/tap/stream/", tap_streams[i].name, NULL);
    g_test_add_data_func (path, &tap_streams[i], test_stream);
  }
  g_test_add_func ("/tap/long-lines", test_long_lines);
  g_test_add_func ("/tap/embedded-nul", test_embedded_nul);
  g_test_add_func ("/tap/many-cases", test_many_cases);
  g_test_add_func ("/tap/mutations", test_mutations);
  return g_test_run ();
}
