/* SPDX-License-Identifier: MIT
 * Scheduler: the only one that acts on a test. Every start, stop and freeze has one code path here. What it does when
 * is the table in states.c; what runs where are its slots. */
#pragma once
#include "plan/plan.h"
#include "run/queue.h"
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
  guint suspects;        /* so many of it, the last ones, run alone; one that takes the machine down alone has failed */
  SrtExecutors *executors; /* for all of them */
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

/* The event table that the executors are made with; srt_scheduler_new makes itself their owner. */
extern const srt_executor_events srt_scheduler_events;

SrtScheduler *srt_scheduler_new (const SrtSchedulerConfig *config);
void srt_scheduler_free (SrtScheduler *scheduler);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtScheduler, srt_scheduler_free)

/* The executors are made: start, and dispatch until the run has ended. Error: one of them cannot be used at all. */
gboolean srt_scheduler_run (SrtScheduler *scheduler, GError **error);

/* From the loop. */
void srt_scheduler_signal (SrtScheduler *scheduler, int signal_number);

/* How it ended. 0: nothing special; else the exit status that the cause asks for (128+N, 1, 3). */
int srt_scheduler_exit_code (const SrtScheduler *scheduler);
const char *srt_scheduler_stop_reason (const SrtScheduler *scheduler); /* "" : it ran to its end */
guint32 srt_scheduler_leaked (const SrtScheduler *scheduler); /* processes that tests left and that were killed */

/* Something of the run could not be removed (said): its ledger must stay. */
gboolean srt_scheduler_remains (const SrtScheduler *scheduler);

/* Every test has its result and nothing asked for another exit status: the checkpoint is not needed any more. A run
 * that was told to stop in its last moment keeps it, so that --resume never finds nothing after 128+N. */
gboolean srt_scheduler_is_whole (const SrtScheduler *scheduler);
/* Ids of the tests that ran when the run was stopped, ended by NULL; NULL: it was not. */
const char *const *srt_scheduler_stopped (const SrtScheduler *scheduler);
/* Has TEST, one of todo, got its final result? */
gboolean srt_scheduler_has_result (const SrtScheduler *scheduler, const SrtTest *test);

/* A test that runs. */
typedef struct {
  const SrtTest *test;
  guint64 job, since_ns;
  const srt_usage *usage; /* as it was last told; until something else is done with the scheduler */
  guint64 frozen_since_ns, thawed_ns;
  guint32 sheds;
  gboolean ending;
  gboolean local;       /* takes memory and CPU of this machine */
  gboolean unfreezable; /* its executor cannot let it stand still */
} SrtRunningTest;

/* What runs now, the oldest first: up to N ROWS; returns how many. */
guint32 srt_scheduler_running (const SrtScheduler *scheduler, SrtRunningTest *rows, guint32 n);

/* --- for the guard. An unknown JOB has ended meanwhile, and nothing is done. REASON: for the user. */

#define SRT_EXIT_STATUS_PROTECTED 42

gboolean srt_scheduler_is_ending (const SrtScheduler *scheduler); /* the run is being stopped already */
/* FITS is asked before each start; NULL: everything fits. */
void srt_scheduler_set_fits (SrtScheduler *scheduler, SrtFitsFn fits, gpointer data);
/* As srt_queue_arrange, before the run begins. */
void srt_scheduler_arrange (SrtScheduler *scheduler, const guint *order, guint n);
/* The peaks of memory of the attempts that have ended on this machine: their sum, and of how many. */
guint64 srt_scheduler_peaks (const SrtScheduler *scheduler, guint *ret_n);
void srt_scheduler_bound (SrtScheduler *scheduler, guint32 may_run); /* start nothing while so many run; what
                                                                          waits to fit is asked for again */
void srt_scheduler_freeze (SrtScheduler *scheduler, guint64 job, const char *reason);
void srt_scheduler_thaw (SrtScheduler *scheduler, guint64 job);
/* Kill it; it runs again behind the plan, alone. */
void srt_scheduler_shed (SrtScheduler *scheduler, guint64 job, const char *reason);
/* The guard would stop the run for what JOB does. Where it is a suspect, it is ended instead, as LIMIT with these
 * WORDS, and the run goes on. FALSE: it is none, or ends already. */
gboolean srt_scheduler_blame (SrtScheduler *scheduler, guint64 job, const char *words);
/* Stop the run: the four steps, and exit status 42 when everything is saved, else 3. In a run that is being stopped:
 * SIGKILL at once. */
void srt_scheduler_protect (SrtScheduler *scheduler, const char *reason);
/* What fails now may fail for want of memory or CPU: it runs once more, alone. */
void srt_scheduler_note_pressure (SrtScheduler *scheduler);
void srt_scheduler_set_usage_period (SrtScheduler *scheduler, guint64 period_ns);
/* CPU time that all tests of this round have used so far on this machine. */
guint64 srt_scheduler_cpu_ns (const SrtScheduler *scheduler);
