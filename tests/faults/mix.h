/* SPDX-License-Identifier: MIT
 * A small mix of tests for campaigns: some pass at once, some leave what is hard to find. Each writes down that it ran.
 */
#pragma once
#include "integration/harness.h"

#define MIX_N 10

typedef struct {
  guint runs[MIX_N];
  gboolean has_result[MIX_N]; /* in the checkpoint */
  guint recorded;
} MixRuns;

/* The tests, below "t"; BOXED: they need nothing but a shell. */
void mix_make (ItWorld *world, gboolean boxed);
/* Forget the runs and results before. */
void mix_reset (ItWorld *world);

/* Each test has got its word, but up to LOST_MAX, which may be lost with their agent. RET: how many are. */
guint mix_check_words (const ItRun *run, guint lost_max);

/* Lines of results that say so, of this or an earlier round. */
guint mix_count_lost (const ItRun *run);

/* How often each has run, and which results the checkpoint has. */
void mix_count_runs (ItWorld *world, MixRuns *ret);
/* How many have begun since the last reset, once or more. */
guint mix_count_begun (ItWorld *world);
/* After --resume: each has run, none of those that had a result again, and the checkpoint is gone. RET: how many of the
 * others ran more than once. */
guint mix_check_resumed (ItWorld *world, const MixRuns *before);

/* The id of the run whose folder is there, or NULL. Caller frees. */
char *mix_find_run_id (ItWorld *world);
