/* SPDX-License-Identifier: MIT */
#include "run/analyze.h"

#include "verdict/verdict.h"

#include <string.h>

enum { FLAKY_CHANGES = 2 };

static int
compare_numbers (const void *a, const void *b)
{
  guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
  return x < y ? -1 : x > y;
}

/* Of an even number the higher of the two in the middle. */
static guint64
median (const guint64 *numbers, guint n, guint64 *ret_max)
{
  guint64 sorted[SRT_HISTORY_DEPTH] = { 0 };
  memcpy (sorted, numbers, n * sizeof *numbers);
  qsort (sorted, n, sizeof *sorted, compare_numbers);
  *ret_max = n > 0 ? sorted[n - 1] : 0;
  return sorted[n / 2];
}

/* 1 passed, -1 failed, 0 neither. */
static int
outcome_of (guint32 verdict)
{
  if (srt_verdict_is_failure (verdict))
    return -1;
  return verdict == SRT_VERDICT_PASS || verdict == SRT_VERDICT_LEAK || verdict == SRT_VERDICT_FLAKY ||
         verdict == SRT_VERDICT_PRESSURE;
}

static void
count_outcomes (SrtTestStats *stats)
{
  int before = 0;
  for (guint i = stats->runs; i-- > 0;) { /* from the oldest */
    int outcome = outcome_of (stats->verdict[i]);
    stats->passed += outcome > 0;
    stats->failed += outcome < 0;
    stats->changes += outcome != 0 && before == -outcome;
    if (stats->verdict[i] == SRT_VERDICT_FLAKY || stats->verdict[i] == SRT_VERDICT_PRESSURE)
      stats->changes += FLAKY_CHANGES; /* there and back */
    before = outcome != 0 ? outcome : before;
  }
}

SrtTestStats *
srt_analyze_test (const srt_history *history)
{
  SrtTestStats *stats = g_new0 (SrtTestStats, 1);
  guint n = MIN (history->n, SRT_HISTORY_DEPTH);
  stats->id = g_strdup (history->id);
  stats->runs = n;
  stats->wall_median_ns = median (history->wall_ns, n, &stats->wall_max_ns);
  stats->cpu_median_ns = median (history->cpu_ns, n, &stats->cpu_max_ns);
  median (history->memory_peak, n, &stats->memory_max);
  stats->memory_last = n > 0 ? history->memory_peak[0] : 0;
  memcpy (stats->verdict, history->verdict, n * sizeof *stats->verdict);
  count_outcomes (stats);
  return stats;
}

void
srt_analyze_test_free (SrtTestStats *stats)
{
  g_free (stats->id);
  g_free (stats);
}

static guint64
weight (const SrtTestStats *stats, SrtRank rank)
{
  switch (rank) {
  case SRT_RANK_MEMORY:
    return stats->memory_max;
  case SRT_RANK_CPU:
    return stats->cpu_median_ns;
  case SRT_RANK_SLOWEST:
    return stats->wall_median_ns;
  default:
    return stats->changes >= FLAKY_CHANGES ? stats->changes : 0;
  }
}

static int
compare_stats (gconstpointer a, gconstpointer b, gpointer data)
{
  const SrtTestStats *x = *(SrtTestStats *const *)a, *y = *(SrtTestStats *const *)b;
  guint64 of_x = weight (x, GPOINTER_TO_INT (data)), of_y = weight (y, GPOINTER_TO_INT (data));
  return of_x > of_y ? -1 : of_x < of_y ? 1 : strcmp (x->id, y->id);
}

GPtrArray *
srt_analyze_rank (const GPtrArray *all, SrtRank rank, guint max)
{
  GPtrArray *ranked = g_ptr_array_new ();
  for (guint i = 0; i < all->len; i++)
    if (weight (g_ptr_array_index (all, i), rank) > 0)
      g_ptr_array_add (ranked, g_ptr_array_index (all, i));
  g_ptr_array_sort_with_data (ranked, compare_stats, GINT_TO_POINTER ((int)rank));
  if (ranked->len > max)
    g_ptr_array_set_size (ranked, (int)max);
  return ranked;
}
