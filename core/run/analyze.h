/* SPDX-License-Identifier: MIT
 * Analyze: from the history of each test to the few that stand out. Pure. */
#pragma once
#include "srt/srt-plugin.h"
#include <glib.h>

typedef enum { SRT_RANK_MEMORY, SRT_RANK_CPU, SRT_RANK_SLOWEST, SRT_RANK_FLAKY, SRT_N_RANKS } SrtRank;

/* What the last runs of one test say together. */
typedef struct {
  char *id;
  guint runs;
  guint64 wall_median_ns, wall_max_ns;
  guint64 cpu_median_ns, cpu_max_ns;
  guint64 memory_max, memory_last;    /* bytes; 0: not measured */
  guint passed, failed;               /* skips and the like are neither */
  guint changes;                      /* from one to the other between two runs, or within one (FLAKY, PRESSURE) */
  guint32 verdict[SRT_HISTORY_DEPTH]; /* the newest first */
} SrtTestStats;

SrtTestStats *srt_analyze_test (const srt_history *history);
void srt_analyze_test_free (SrtTestStats *stats);

/* The first MAX of ALL (of SrtTestStats), worst first; equal ones by id. Those with nothing to rank are left out: flaky
 * is a test whose result has changed at least twice, or that said so itself. Caller unrefs. */
GPtrArray *srt_analyze_rank (const GPtrArray *all, SrtRank rank, guint max);
