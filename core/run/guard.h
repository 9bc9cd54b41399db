/* SPDX-License-Identifier: MIT
 * Guard: looks at the machine again and again, asks the policy, and has the scheduler do what it says. It acts on no
 * test itself. */
#pragma once
#include "guard/policy.h"
#include "run/forecasts.h"
#include "run/scheduler.h"
#include "settings/settings.h"

typedef struct SrtGuard SrtGuard;

/* Borrowed; all outlive the guard. */
typedef struct {
  const SrtSettings *settings;
  SrtLoop *loop;
  SrtNotify *notify;
  SrtScheduler *scheduler;
  SrtInstance *monitor; /* NULL: there is none */
  const srt_monitor_ops *ops;
  const SrtExecutors *executors;
  const SrtPlan *plan;
  const GPtrArray *todo; /* of SrtTest: those of the plan that are to run, */
  guint n_todo;          /* and so many of them not alone at the end */
  SrtHistory *history;   /* NULL: none is kept */
  const char *run_id;
  guint32 slots;
} SrtGuardConfig;

/* NULL: the guard is off, or there is nothing to measure with. */
SrtGuard *srt_guard_new (const SrtGuardConfig *config);
void srt_guard_free (SrtGuard *guard); /* NULL is ignored */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtGuard, srt_guard_free)

/* The event table that a monitor instance is made with; its owner is where the guard's address will be (SrtGuard **).
 */
extern const srt_monitor_events srt_guard_events;

/* What protects the machine in a run with these settings, in one line. Caller frees. */
char *srt_guard_words (const SrtSettings *settings, gboolean has_monitor);

/* What stopped the run; of meaning only after a protected stop. */
SrtGauge srt_guard_stopped_by (const SrtGuard *guard);

/* The file that a protected stop has left, or NULL. */
const char *srt_guard_report (const SrtGuard *guard);
