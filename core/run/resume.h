/* SPDX-License-Identifier: MIT
 * Resume: the rows of a checkpoint against the plan. What is recorded is done; the rest is to do. */
#pragma once
#include "plan/plan.h"
#include "run/sink.h"

typedef struct SrtResume SrtResume;

SrtResume *srt_resume_new (const SrtPlan *plan);
void srt_resume_free (SrtResume *resume);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtResume, srt_resume_free)

/* For srt_checkpoint_open; DATA is the SrtResume. Of several final rows of one test the last counts. */
void srt_resume_row (void *data, const srt_result *row);
void srt_resume_forget (SrtResume *resume); /* none of the rows counts */

/* Ids of recorded results whose tests the plan does not have any more. */
const GPtrArray *srt_resume_gone (const SrtResume *resume);
/* FN for each recorded result, in the plan's order; those for which it says FALSE do not count: they run again. */
typedef gboolean (*SrtResumeFn) (gpointer data, const SrtTest *test, const srt_result *result);
void srt_resume_keep (SrtResume *resume, SrtResumeFn fn, gpointer data);
/* Counts of what is recorded. */
void srt_resume_counts (const SrtResume *resume, srt_counts *counts);
/* Every recorded result into SINK, in the plan's order. */
void srt_resume_tell (const SrtResume *resume, SrtSink *sink);
/* What is left of the plan in the order in which it is to start: exclusive tests behind the others. With RET_SUSPECTS
 * (may be NULL) the tests that an earlier round had begun and killed stand behind them; it says how many. Caller
 * unrefs.
 */
GPtrArray *srt_resume_todo (const SrtResume *resume, guint *ret_suspects);
