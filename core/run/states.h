/* SPDX-License-Identifier: MIT
 * The life of a run as a table: state × event → next state and what to do. Pure; the scheduler does what it says. */
#pragma once
#include <glib.h>

typedef enum {
  SRT_RUNNING,  /* starts tests */
  SRT_DRAINING, /* starts nothing more, waits for what runs (fail-fast) */
  SRT_STOPPING, /* what runs has got its termination signal */
  SRT_KILLING,  /* what runs has got SIGKILL */
  SRT_ENDING,   /* nothing runs; results go to the disk, the executor leaves */
  SRT_ENDED,
  SRT_N_STATES
} SrtRunState;

typedef enum {
  SRT_EV_FAILURE,     /* a test did not pass, and the run is fail-fast */
  SRT_EV_BATCH_TIME,  /* --parallel-timeout is over */
  SRT_EV_PRESSURE,    /* the guard ends the run for the machine's sake; again: there is no time for a grace */
  SRT_EV_SIGNAL,      /* INT, TERM, HUP, … */
  SRT_EV_NO_CAPACITY, /* the executor cannot start tests any more */
  SRT_EV_IDLE,        /* nothing runs, and nothing (more) is to be started */
  SRT_EV_SETTLED,     /* results are on the disk, the executor has left */
  SRT_EV_OVERDUE,     /* they did not do so in time */
  SRT_N_EVENTS
} SrtRunEvent;

typedef enum {
  SRT_DO_NOTHING,
  SRT_DO_SAY,      /* say that the run ends early, and why */
  SRT_DO_STOP_ALL, /* say it; termination signal to what runs, SIGKILL after the grace */
  SRT_DO_PROTECT,  /* the same, as the four steps of the protected stop */
  SRT_DO_KILL_ALL, /* SIGKILL to what runs */
  SRT_DO_SETTLE,   /* sync the checkpoint, shut the executor down */
  SRT_DO_END
} SrtRunAction;

typedef struct {
  SrtRunState next;
  SrtRunAction action;
} SrtRunStep;

SrtRunStep srt_run_step (SrtRunState state, SrtRunEvent event);
