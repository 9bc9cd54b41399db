/* SPDX-License-Identifier: MIT
 * The scheduler's inside, shared by scheduler.c (starts and ends of tests), scheduler-stop.c (the end of the run),
 * scheduler-guard.c (what the guard asks for) and scheduler-protect.c (its last step). */
#pragma once
#include "run/again.h"
#include "run/queue.h"
#include "run/scheduler.h"

#define SECOND_NS G_GUINT64_CONSTANT (1000000000)
#define SETTLE_NS (10 * SECOND_NS) /* for the last sync and the executor's leaving, on top of the grace */

#define PAUSE_NS (2 * SECOND_NS) /* for what runs to stand still, before the run stops without */

struct SrtScheduler {
  SrtSchedulerConfig config;
  SrtJobEnv env;

  SrtRunState state;
  SrtQueue *queue;
  SrtFitsFn fits; /* the guard's; NULL: none */
  gpointer fits_data;
  gboolean waits;     /* there is a slot, and no test that fits */
  guint8 *has_result; /* by the test's index in the plan */
  SrtSlot *slots;
  guint32 n_slots, n_running;
  gboolean alone;    /* an exclusive test runs */
  guint32 to_freeze; /* attempts that have not yet acknowledged it */
  gboolean frozen;   /* by SIGTSTP */
  guint64 jobs;      /* started so far: numbers them */
  guint32 kept, leaked;
  SrtAgain *again;
  guint32 may_run;      /* by the guard: at most so many at once */
  guint64 cpu_ended_ns; /* CPU time of the attempts that have ended */
  guint64 peak_sum;     /* their peaks of memory, */
  guint n_peaks;        /* of so many that were measured */
  guint64 pressure_ns;  /* when the machine was last over its line; 0: never */
  struct {
    guint step; /* that is shown as begun; 0: none */
    gboolean saved;
    guint32 killed, containers;
  } protect;

  gboolean remains; /* … of the run, which an executor could not remove */

  char *stop_reason;    /* NULL: none */
  const char **stopped; /* ids of what ran then; NULL: not stopped */
  int exit_code;
  gboolean reason_noted, synced, shut_down, ended;
  SrtScope *scope;
  srt_source *batch_timer, *watch_timer, *settle_timer, *idle_timer, *pause_timer;
  guint64 batch_due_ns;  /* 0: no bound */
  guint64 settle_due_ns; /* 0: not settling */
  guint64 watch_due_ns;
  guint64 stopped_at_ns;
};

/* The one door to every change of state. REASON and EXIT_CODE count with the event that first ends the run early. */
void srt_scheduler_handle (SrtScheduler *s, SrtRunEvent event, const char *reason, int exit_code);
/* Start what may start now. */
void srt_scheduler_fill (SrtScheduler *s);
/* One of the attempts that were asked to stand still does so. */
void srt_scheduler_frozen (SrtScheduler *s);
/* Attempts that do not stand still in time: the run stops all the same. */
void srt_scheduler_pause_overdue (gpointer scheduler);
/* The clocks of what runs stood still for AWAY_NS. */
void srt_scheduler_shift_clocks (SrtScheduler *s, guint64 away_ns);
/* An executor or the disk did not settle in time. */
void srt_scheduler_settle_overdue (gpointer scheduler);
/* The checkpoint knows why this round stops. */
void srt_scheduler_note_reason (SrtScheduler *s);

/* The slot's attempt has ended and is judged: does it run again, and is its word that of a second chance? */
void srt_scheduler_decide_again (SrtScheduler *s, SrtSlot *slot, const srt_exit *end);
/* Everything that runs was thawed. */
void srt_scheduler_forget_freeze (SrtScheduler *s);

/* The first step of the protected stop; the tests were told to end already. */
void srt_scheduler_protect_begin (SrtScheduler *s);
/* Tell the steps that are done by now. */
void srt_scheduler_protect_on (SrtScheduler *s);
