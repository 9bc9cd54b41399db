/* SPDX-License-Identifier: MIT
 * Run: everything of one run put together, from the plan to the exit status. */
#pragma once
#include "guard/policy.h"
#include "loading/loading.h"
#include "plan/plan.h"

/* Borrowed. */
typedef struct {
  const SrtSettings *settings;
  SrtLoader *loader;
  const SrtCatalog *catalog;
  const char *libexec_dir;
  const char *cwd;
  const char *resume_hint; /* the command that goes on with this run */
  gboolean selected;       /* PATHs were given: there may be more tests than those in the catalog */
  gboolean resume;
  gboolean resume_force; /* results on other sources count too */
  gboolean next_round;   /* of a command that goes on by itself: what earlier rounds killed runs last, and alone */
} SrtRunRequest;

/* How a run ended that was stopped for the machine's sake (status 42). */
typedef struct {
  guint finished;    /* tests, earlier rounds not counted */
  SrtGauge gauge;    /* what stopped it */
  char *running;     /* names of the tests that ran then, in one line */
  char *report;      /* the file that tells more, or NULL */
  int signal_number; /* that came when nothing was left to stop; 0: none */
} SrtRunStop;

void srt_run_stop_clear (SrtRunStop *stop);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SrtRunStop, srt_run_stop_clear)

/* The exit status: 0, 1, 3, 42, 128+N … An error means that the run did not begin; its code is the status. RET_STOP is
 * filled with 42 only. Nothing of the run is left then, but its checkpoint, and signals are as after
 * srt_loop_go_deaf. */
int srt_run_tests (const SrtRunRequest *request, SrtRunStop *ret_stop, GError **error);
