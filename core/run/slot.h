/* SPDX-License-Identifier: MIT
 * Slot: one worker's place, and the attempt that runs in it. From a test to a job, and from its end to a result. */
#pragma once
#include "base/content.h"
#include "catalog/catalog.h"
#include "run/capture.h"
#include "run/executors.h"
#include "verdict/verdict.h"

typedef struct {
  guint32 index;
  guint64 job;      /* id of the attempt that runs; 0: free */
  gboolean retired; /* its attempt never answered: not used again */
  const SrtTest *test;
  SrtExecutor *executor; /* that runs it, */
  guint32 place;         /* in this slot of its own */
  guint32 attempt;
  guint64 since_ns;
  guint64 start_real_ns;
  guint64 backstop_ns;     /* when the core itself calls the attempt lost; SRT_NEVER: not */
  srt_limits limits;       /* that the attempt runs with */
  gboolean alone;          /* nothing may run beside it */
  gboolean again;          /* it runs once more: this attempt is not final */
  gboolean ending;         /* it was told to end for the run's sake */
  char *blame;             /* … or for what it does to the machine: that is its result; NULL: not */
  gboolean freeze_asked;   /* by the guard, and not acknowledged yet */
  guint64 frozen_since_ns; /* by the guard; 0: it runs */
  guint64 thawed_ns;       /* 0: never */
  srt_usage usage;         /* as it was last told */
  guint64 usage_ns;        /* when; its start: not yet */
  guint64 slow_ns;         /* when it is said to be slow; SRT_NEVER: not, or it was */
  SrtTap *tap;             /* NULL: its output is not TAP */
  SrtCapture *capture;
  SrtJudgement judgement;
  char *kept_dir;
  char digest[SRT_CONTENT_DIGEST_SIZE]; /* of the test as it was started; "": not known */
} SrtSlot;

void srt_slot_init (SrtSlot *slot, guint32 index, SrtSpool *spool);
void srt_slot_clear (SrtSlot *slot);

/* TEST begins here as JOB. */
void srt_slot_begin (SrtSlot *slot, guint64 job, const SrtTest *test, guint32 attempt);
void srt_slot_output (SrtSlot *slot, guint32 stream, const void *bytes, gsize length);
void srt_slot_usage (SrtSlot *slot, const srt_usage *usage);
/* What its executor is asked for. */
int32_t srt_slot_stop (const SrtSlot *slot, guint64 grace_ns, guint32 why);
int32_t srt_slot_freeze (const SrtSlot *slot, guint32 frozen); /* SRT_E_UNSUPPORTED: it cannot */
/* Its verdict; the slot's judgement holds it until the next end. */
const SrtJudgement *srt_slot_judge (SrtSlot *slot, const srt_exit *end);
/* The whole result; what it points to lives in the slot until the next begin. */
void srt_slot_result (SrtSlot *slot, const srt_exit *end, srt_result *ret_result);
/* The attempt is over: the slot is free. */
void srt_slot_release (SrtSlot *slot);

/* What a test runs with besides its own: SRT=1, SRT_RUN_ID, SRT_TEST_NAME, SRT_ATTEMPT, SRT_SLOT. */
typedef struct {
  GPtrArray *env;   /* reused: pointers to what follows and to the test's own */
  char *run_id_var; /* "SRT_RUN_ID=…" */
  GString *name_var;
  char attempt_var[32], slot_var[32];
} SrtJobEnv;

void srt_job_env_init (SrtJobEnv *job_env, const char *run_id);
void srt_job_env_clear (SrtJobEnv *job_env);
/* Until the next call. */
const char *const *srt_job_env_for (SrtJobEnv *job_env, const SrtSlot *slot);
