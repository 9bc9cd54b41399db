/* SPDX-License-Identifier: MIT */
#include "run/scheduler-private.h"

#include "base/error.h"
#include "host/source.h"

#include <signal.h>
#include <unistd.h>

/* --- stopping ------------------------------------------------------------------------------------------------- */

static void
stop_slots (SrtScheduler *s, guint64 grace_ns)
{
  for (guint32 i = 0; i < s->n_slots; i++) {
    SrtSlot *slot = &s->slots[i];
    if (slot->job == 0)
      continue;
    slot->ending = TRUE;
    slot->backstop_ns = srt_loop_now_ns () + grace_ns + SETTLE_NS;
    srt_slot_stop (slot, grace_ns, SRT_WHY_STOP);
  }
}

static void
thaw (SrtScheduler *s)
{
  if (!s->frozen)
    return;
  s->frozen = FALSE;
  srt_scheduler_forget_freeze (s);
  for (guint32 i = 0; i < s->n_slots; i++)
    if (s->slots[i].job != 0)
      srt_slot_freeze (&s->slots[i], 0);
}

static void
settled (SrtScheduler *s)
{
  srt_scheduler_protect_on (s);
  if (s->synced && s->shut_down)
    srt_scheduler_handle (s, SRT_EV_SETTLED, NULL, 0);
}

static void
on_synced (gpointer data)
{
  SrtScheduler *s = data;
  s->synced = s->protect.saved = TRUE;
  settled (s);
}

static void
on_shut_down (void *data)
{
  SrtScheduler *s = data;
  s->shut_down = TRUE;
  settled (s);
}

void
srt_scheduler_settle_overdue (gpointer data)
{
  SrtScheduler *s = data;
  if (s->frozen) /* it is armed again when the run goes on */
    return;
  g_autofree char *staying = srt_executors_staying (s->config.executors);
  if (*staying)
    srt_notify_logf (s->config.sink->notify, SRT_LOG_ERROR, "%s: does not leave: going without it", staying);
  if (!s->synced) {
    srt_notify_log (s->config.sink->notify, SRT_LOG_ERROR, "",
                    "the disk does not take the last results: going without it");
    s->exit_code = SRT_ERROR_INTERNAL;
  }
  srt_scheduler_handle (s, SRT_EV_OVERDUE, NULL, 0);
}

void
srt_scheduler_note_reason (SrtScheduler *s)
{
  if (s->stop_reason && !s->reason_noted)
    srt_checkpoint_stopped (s->config.sink->checkpoint, s->stop_reason);
  s->reason_noted = s->stop_reason != NULL;
}

/* A whole run removes its checkpoint, so there is nothing to wait for, unless it was said that results could not be
 * saved: then the last word on that is still to come. */
static void
settle (SrtScheduler *s)
{
  s->settle_due_ns = srt_loop_now_ns () + s->config.grace_ns + SETTLE_NS;
  srt_source_set_timer (s->settle_timer, s->config.grace_ns + SETTLE_NS);
  srt_scheduler_note_reason (s);
  s->synced = srt_scheduler_is_whole (s) && srt_checkpoint_state (s->config.sink->checkpoint) != SRT_CHECKPOINT_BROKEN;
  if (!s->synced)
    srt_checkpoint_sync (s->config.sink->checkpoint, on_synced, s);
  srt_executors_shut_down (s->config.executors, s->config.grace_ns + SETTLE_NS, on_shut_down, s);
}

static void
say_stopping (SrtScheduler *s)
{
  srt_stop stop = {
    .size = sizeof stop,
    .steps = 0,
    .exit_code = s->exit_code,
    .reason = s->stop_reason,
    .counts = &s->config.sink->counts,
  };
  srt_notify_stopping (s->config.sink->notify, &stop);
}

/* Before any of them is ended, so that a sudden death from here on finds it too. */
static void
save_running (SrtScheduler *s)
{
  g_autofree const srt_test **tests = g_new0 (const srt_test *, s->n_slots);
  g_autofree SrtRunningTest *rows = g_new0 (SrtRunningTest, s->n_slots);
  guint32 n = srt_scheduler_running (s, rows, s->n_slots);
  s->stopped = g_new0 (const char *, n + 1); /* a run is stopped once */
  for (guint32 i = 0; i < n; i++) {
    tests[i] = &rows[i].test->pub;
    s->stopped[i] = tests[i]->id;
  }
  srt_checkpoint_running (s->config.sink->checkpoint, tests, n);
}

static void
stop_all (SrtScheduler *s)
{
  say_stopping (s);
  save_running (s);
  thaw (s);
  stop_slots (s, s->config.grace_ns);
}

static void
act (SrtScheduler *s, SrtRunAction action)
{
  switch (action) {
  case SRT_DO_NOTHING:
    break;
  case SRT_DO_SAY:
    say_stopping (s);
    break;
  case SRT_DO_STOP_ALL:
    stop_all (s);
    break;
  case SRT_DO_PROTECT:
    stop_all (s);
    srt_scheduler_protect_begin (s);
    break;
  case SRT_DO_KILL_ALL:
    stop_slots (s, 0);
    break;
  case SRT_DO_SETTLE:
    settle (s);
    break;
  case SRT_DO_END:
    srt_scheduler_protect_on (s);
    s->ended = TRUE;
    break;
  }
}

void
srt_scheduler_handle (SrtScheduler *s, SrtRunEvent event, const char *reason, int exit_code)
{
  SrtRunStep step = srt_run_step (s->state, event);
  if (reason && step.action != SRT_DO_NOTHING && (!s->stop_reason || s->state == SRT_DRAINING)) {
    g_free (s->stop_reason);
    s->stop_reason = g_strdup (reason);
    s->exit_code = exit_code;
  }
  s->state = step.next;
  act (s, step.action);
  /* The last two do not care: telling them again and again would spin. */
  if (s->n_running == 0 && s->state != SRT_ENDING && s->state != SRT_ENDED)
    srt_source_set_timer (s->idle_timer, 0);
}

/* --- signals -------------------------------------------------------------------------------------------------- */

static const char *
signal_word (int number)
{
  return number == SIGINT    ? "SIGINT"
         : number == SIGTERM ? "SIGTERM"
         : number == SIGHUP  ? "SIGHUP"
         : number == SIGQUIT ? "SIGQUIT"
         : number == SIGPIPE ? "SIGPIPE"
                             : "signal";
}

/* Now nothing of the run moves, and neither do we until somebody says SIGCONT. */
static void
stand_still (SrtScheduler *s)
{
  s->to_freeze = 0;
  srt_source_set_timer (s->pause_timer, SRT_NEVER);
  kill (getpid (), SIGSTOP);
}

void
srt_scheduler_pause_overdue (gpointer data)
{
  stand_still (data);
}

/* Ctrl+Z: the tests stand still before we do, and all clocks with them. */
static void
pause_run (SrtScheduler *s)
{
  if (s->frozen)
    return;
  s->frozen = TRUE;
  s->stopped_at_ns = srt_loop_now_ns ();
  for (guint32 i = 0; i < s->n_slots; i++)
    if (s->slots[i].job != 0 && srt_slot_freeze (&s->slots[i], 1) == SRT_OK)
      s->to_freeze++;
  if (s->to_freeze == 0)
    stand_still (s);
  else
    srt_source_set_timer (s->pause_timer, PAUSE_NS);
}

void
srt_scheduler_frozen (SrtScheduler *s)
{
  if (s->to_freeze > 0 && --s->to_freeze == 0 && s->frozen)
    stand_still (s);
}

/* Time was AWAY_NS longer than it counts: the timer TIMER that is due at *DUE_NS (0: not at all) waits for that. */
static void
put_off (srt_source *timer, guint64 *due_ns, guint64 away_ns)
{
  if (*due_ns == 0)
    return;
  *due_ns += away_ns;
  srt_source_set_timer (timer, *due_ns - MIN (*due_ns, srt_loop_now_ns ()));
}

static void
resume_run (SrtScheduler *s)
{
  if (!s->frozen)
    return;
  guint64 away_ns = srt_loop_now_ns () - s->stopped_at_ns;
  s->to_freeze = 0;
  srt_source_set_timer (s->pause_timer, SRT_NEVER);
  srt_scheduler_shift_clocks (s, away_ns);
  put_off (s->batch_timer, &s->batch_due_ns, away_ns);
  put_off (s->settle_timer, &s->settle_due_ns, away_ns);
  thaw (s);
  srt_scheduler_fill (s);
}

void
srt_scheduler_signal (SrtScheduler *s, int number)
{
  if (number == SIGTSTP)
    pause_run (s);
  else if (number == SIGCONT)
    resume_run (s);
  else if (number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT || number == SIGPIPE)
    srt_scheduler_handle (s, SRT_EV_SIGNAL, signal_word (number), 128 + number);
}
