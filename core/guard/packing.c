/* SPDX-License-Identifier: MIT */
#include "guard/packing.h"

#include <string.h>

#define AHEAD 32u /* as in run/queue.c */
#define WORTH 3   /* percent: less is no reason to leave the plan's order */

typedef struct {
  guint64 end_ns, memory;
} Running;

/* What the tests to start are sorted by: the first of them holds the others up. */
typedef enum { BY_NOTHING, BY_LENGTH, BY_AREA, BY_SHARE, N_RANKS } Rank;

typedef struct {
  const SrtPackingTest *tests;
  const SrtPackingRoom *room;
  Rank rank;
} Ranking;

static double
weight (const Ranking *ranking, guint index)
{
  const SrtPackingTest *test = &ranking->tests[index];
  double length = (double)test->wall_ns, memory = (double)test->memory / (double)MAX (ranking->room->memory, 1);
  switch (ranking->rank) {
  case BY_LENGTH:
    return length;
  case BY_AREA:
    return length * memory;
  case BY_SHARE: /* of what is scarcer for it, memory or slots */
    return length * MAX (memory, 1.0 / ranking->room->slots);
  case BY_NOTHING:
  case N_RANKS:
    break;
  }
  return 0;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  guint one = *(const guint *)a, other = *(const guint *)b;
  double first = weight (data, one), second = weight (data, other);
  return first != second ? (first > second ? -1 : 1) : (one > other) - (one < other);
}

/* The first of the next few that fits into MEMORY, moved to the front; FALSE: none does. */
static gboolean
pick (const SrtPackingTest *tests, guint *order, guint n, guint64 memory)
{
  for (guint i = 0; i < MIN (n, AHEAD); i++) {
    guint index = order[i];
    if (tests[index].memory > memory)
      continue;
    memmove (&order[1], order, i * sizeof *order);
    order[0] = index;
    return TRUE;
  }
  return FALSE;
}

/* Who ends next is taken out. Returns when. */
static guint64
end_next (Running *running, guint *n, guint64 *used)
{
  guint first = 0;
  for (guint i = 1; i < *n; i++)
    if (running[i].end_ns < running[first].end_ns)
      first = i;
  guint64 end_ns = running[first].end_ns;
  *used -= running[first].memory;
  running[first] = running[--*n];
  return end_ns;
}

/* How long the tests take in ORDER, which is left as they begin. RUNNING: room for all slots. A test that never fits
 * runs alone. */
static guint64
play (const SrtPackingTest *tests, guint n, const SrtPackingRoom *room, guint *order, Running *running)
{
  guint64 now = 0, used = 0;
  guint next = 0, n_running = 0;
  while (next < n || n_running > 0) {
    guint64 memory = n_running == 0 ? G_MAXUINT64 : room->memory - MIN (used, room->memory);
    if (n_running < room->slots && next < n && pick (tests, &order[next], n - next, memory)) {
      const SrtPackingTest *test = &tests[order[next++]];
      used += test->memory;
      running[n_running++] = (Running){ now + test->wall_ns, test->memory };
    } else {
      now = end_next (running, &n_running, &used);
    }
  }
  return now;
}

static int
larger (gconstpointer a, gconstpointer b)
{
  guint64 one = *(const guint64 *)a, other = *(const guint64 *)b;
  return one > other ? -1 : one < other;
}

/* Do the largest fit beside each other? Then so do all. */
static gboolean
all_fit (const SrtPackingTest *tests, guint n, const SrtPackingRoom *room)
{
  g_autofree guint64 *sizes = g_new (guint64, MAX (n, 1));
  guint64 sum = 0;
  for (guint i = 0; i < n; i++)
    sizes[i] = tests[i].memory;
  qsort (sizes, n, sizeof *sizes, larger);
  for (guint i = 0; i < MIN (n, room->slots); i++)
    sum += sizes[i];
  return sum <= room->memory;
}

gboolean
srt_packing_order (const SrtPackingTest *tests, guint n, const SrtPackingRoom *room, guint *order,
                   SrtPackingGain *ret_gain)
{
  g_autofree guint *tried = g_new (guint, MAX (n, 1)), *best = g_new (guint, MAX (n, 1));
  g_autofree Running *running = g_new (Running, MAX (room->slots, 1));
  SrtPackingGain gain = { G_MAXUINT64, G_MAXUINT64 };
  if (room->slots == 0 || all_fit (tests, n, room))
    return FALSE;
  for (Rank rank = BY_NOTHING; rank < N_RANKS; rank++) {
    Ranking ranking = { tests, room, rank };
    for (guint i = 0; i < n; i++)
      tried[i] = i;
    if (rank != BY_NOTHING)
      g_qsort_with_data (tried, (gint)n, sizeof *tried, compare, &ranking);
    guint64 length_ns = play (tests, n, room, tried, running);
    if (rank == BY_NOTHING)
      gain.given_ns = length_ns;
    if (length_ns >= gain.best_ns)
      continue;
    gain.best_ns = length_ns;
    memcpy (best, tried, n * sizeof *best);
  }
  if (gain.best_ns >= gain.given_ns - gain.given_ns / 100 * WORTH)
    return FALSE;
  memcpy (order, best, n * sizeof *order);
  *ret_gain = gain;
  return TRUE;
}
