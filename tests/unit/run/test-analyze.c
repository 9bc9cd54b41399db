/* SPDX-License-Identifier: MIT
 * Histories made by hand, and what stands out in them. */
#include "run/analyze.h"

/* RESULTS: one letter a run, the newest first: P F S(kip) f(laky). */
static SrtTestStats *
stats_of (const char *id, const char *results, guint64 base)
{
  srt_history row = { .size = sizeof row, .id = id };
  for (; *results; results++) {
    row.verdict[row.n] = *results == 'P'   ? SRT_VERDICT_PASS
                         : *results == 'F' ? SRT_VERDICT_CRASH
                         : *results == 'f' ? SRT_VERDICT_FLAKY
                                           : SRT_VERDICT_SKIP;
    row.wall_ns[row.n] = base + row.n * 10;
    row.cpu_ns[row.n] = base + 100 - row.n;
    row.memory_peak[row.n] = base * (row.n == 1 ? 7 : 1);
    row.n++;
  }
  return srt_analyze_test (&row);
}

static void
test_figures (void)
{
  SrtTestStats *stats = stats_of ("a", "PPSFP", 1000);
  g_assert_cmpuint (stats->runs, ==, 5);
  g_assert_cmpuint (stats->wall_median_ns, ==, 1020);
  g_assert_cmpuint (stats->wall_max_ns, ==, 1040);
  g_assert_cmpuint (stats->cpu_median_ns, ==, 1098);
  g_assert_cmpuint (stats->cpu_max_ns, ==, 1100);
  g_assert_cmpuint (stats->memory_max, ==, 7000);
  g_assert_cmpuint (stats->memory_last, ==, 1000);
  g_assert_cmpuint (stats->passed, ==, 3);
  g_assert_cmpuint (stats->failed, ==, 1);
  g_assert_cmpuint (stats->changes, ==, 2);
  srt_analyze_test_free (stats);
  SrtTestStats *none = stats_of ("b", "", 1);
  g_assert_cmpuint (none->wall_median_ns + none->wall_max_ns + none->memory_max + none->changes, ==, 0);
  srt_analyze_test_free (none);
}

static char *
ranked (const GPtrArray *all, SrtRank rank, guint max)
{
  g_autoptr (GPtrArray) few = srt_analyze_rank (all, rank, max);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < few->len; i++)
    g_string_append (text, ((const SrtTestStats *)g_ptr_array_index (few, i))->id);
  return g_string_free (text, FALSE);
}

static void
check (const GPtrArray *all, SrtRank rank, guint max, const char *expected)
{
  g_autofree char *text = ranked (all, rank, max);
  g_assert_cmpstr (text, ==, expected);
}

/* Broken once, or mended once, is not flaky; there and back is. What was not measured has no rank. */
static void
test_rank (void)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_analyze_test_free);
  g_ptr_array_add (all, stats_of ("a", "PFPF", 300));
  g_ptr_array_add (all, stats_of ("b", "PPFF", 900));
  g_ptr_array_add (all, stats_of ("c", "PPfP", 500));
  g_ptr_array_add (all, stats_of ("d", "PSFSP", 500));
  g_ptr_array_add (all, stats_of ("e", "", 1));
  check (all, SRT_RANK_FLAKY, 10, "acd");
  check (all, SRT_RANK_FLAKY, 1, "a");
  check (all, SRT_RANK_SLOWEST, 10, "bcda");
  check (all, SRT_RANK_SLOWEST, 2, "bc");
  check (all, SRT_RANK_MEMORY, 10, "bcda");
  check (all, SRT_RANK_CPU, 10, "bcda");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/analyze/figures", test_figures);
  g_test_add_func ("/run/analyze/rank", test_rank);
  return g_test_run ();
}
