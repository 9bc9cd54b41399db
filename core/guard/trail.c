/* SPDX-License-Identifier: MIT */
#include "guard/trail.h"

#define SECOND     G_GUINT64_CONSTANT (1000000000)
#define LENGTH_NS  (60 * SECOND)
#define SPACING_NS (SECOND / 10)
#define N_ROWS     640u /* a minute at ten a second, and some changes of the word */

struct SrtTrail {
  SrtTrailRow rows[N_ROWS];
  guint next, n;
};

SrtTrail *
srt_trail_new (void)
{
  return g_new0 (SrtTrail, 1);
}

void
srt_trail_free (SrtTrail *trail)
{
  g_free (trail);
}

void
srt_trail_add (SrtTrail *trail, const SrtTrailRow *row)
{
  const SrtTrailRow *last = trail->n > 0 ? &trail->rows[(trail->next + N_ROWS - 1) % N_ROWS] : NULL;
  if (last && row->time_ns < last->time_ns + SPACING_NS && row->word == last->word)
    return;
  trail->rows[trail->next] = *row;
  trail->next = (trail->next + 1) % N_ROWS;
  trail->n = MIN (trail->n + 1, N_ROWS);
}

void
srt_trail_print (const SrtTrail *trail, guint64 now_ns, GString *text)
{
  g_string_append (text, "   age s    memory MiB          %  tests MiB  running  cpu %  tests %  stalled: mem  cpu   "
                         "io  guard\n");
  for (guint i = 0; i < trail->n; i++) {
    const SrtTrailRow *row = &trail->rows[(trail->next + N_ROWS - trail->n + i) % N_ROWS];
    double used = (double)row->used / (1 << 20), total = (double)row->total / (1 << 20);
    if (row->time_ns + LENGTH_NS < now_ns)
      continue;
    g_string_append_printf (text, "%8.2f  %8.0f/%-8.0f  %5.1f  %9.0f  %7u  %5.0f  %7.0f  %12.0f  %3.0f  %3.0f  %s\n",
                            (double)(now_ns - row->time_ns) / (double)SECOND, used, total, 100 * used / MAX (total, 1),
                            (double)row->tests_memory / (1 << 20), row->running, (double)row->cpu_busy,
                            (double)row->cpu_own, (double)row->memory_stall, (double)row->cpu_stall,
                            (double)row->io_stall, srt_policy_word (row->word));
  }
}
