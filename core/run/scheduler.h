/* SPDX-License-Identifier: MIT
 * Scheduler: the only one that acts on a test. Every start, stop and freeze has one code path here. What it does when
 * is the table in states.c; what runs where are its slots. */
#pragma once
#include "plan/plan.h"
#include "run/sink.h"
#include "run/slot.h"
#include "run/states.h"

typedef struct SrtScheduler SrtScheduler;

/* Everything is borrowed and outlives the scheduler. */
typedef struct {
  SrtLoop *loop;
  SrtSink *sink;
  SrtSpool *spool;
  const GPtrArray *todo; /* of SrtTest: what is to run, in order */
  const char *run_id;
  guint32 slots;
  gboolean fail_fast;
  double slow_after;        /* percent of a test's timeout; 0: never */
  guint64 batch_timeout_ns; /* 0: none */
  guint64 grace_ns;
  const char *keep_dir; /* where TMPDIRs are kept; NULL: none is */
  gboolean keep_passed; /* of tests that passed too */
  guint32 keep_max;
} SrtSchedulerConfig;

/* The event table that an executor instance is made with; its owner is the SrtScheduler. */
extern const srt_executor_events srt_scheduler_events;

SrtScheduler *srt_scheduler_new (const SrtSchedulerConfig *config);
void srt_scheduler_free (SrtScheduler *scheduler);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtScheduler, srt_scheduler_free)

/* The executor, made and described; JOB_OPTIONS: SrtSuite → srt_values, what each suite says to it. Borrowed. */
void srt_scheduler_attach (SrtScheduler *scheduler, SrtInstance *executor, const srt_executor_ops *ops,
                           const srt_executor_info *info, GHashTable *job_options);

/* Start, and dispatch until the run has ended. Error: the executor cannot be used at all. */
gboolean srt_scheduler_run (SrtScheduler *scheduler, GError **error);

/* From the loop. */
void srt_scheduler_signal (SrtScheduler *scheduler, int signal_number);

/* How it ended. 0: nothing special; else the exit status that the cause asks for (128+N, 1, 3). */
int srt_scheduler_exit_code (const SrtScheduler *scheduler);
const char *srt_scheduler_stop_reason (const SrtScheduler *scheduler); /* "" : it ran to its end */
guint32 srt_scheduler_leaked (const SrtScheduler *scheduler); /* processes that tests left and that were killed */

/* Every test has its result and nothing asked for another exit status: the checkpoint is not needed any more. A run
 * that was told to stop in its last moment keeps it, so that --resume never finds nothing after 128+N. */
gboolean srt_scheduler_is_whole (const SrtScheduler *scheduler);
/* Has TEST, one of todo, got its final result? */
gboolean srt_scheduler_has_result (const SrtScheduler *scheduler, const SrtTest *test);

/* What runs now, for the progress line. Filled up to N, oldest first; returns how many. */
guint32 srt_scheduler_running (const SrtScheduler *scheduler, const srt_test **tests, guint64 *since_ns, guint32 n);
