/* SPDX-License-Identifier: MIT
 * The protected stop: four steps, done at once and told in their order when each is done: results of tests that are
 * killed come between them. Saving never keeps killing waiting. */
#include "run/scheduler-private.h"

#include "base/error.h"

enum { SAVE = 1, KILL, CONTAINERS, EXIT, N_STEPS = EXIT };

static void
tell (SrtScheduler *s, guint32 step, const char *text, const char *outcome)
{
  srt_stop stop = {
    .size = sizeof stop,
    .step = step,
    .steps = N_STEPS,
    .exit_code = s->exit_code,
    .reason = s->stop_reason,
    .text = text,
    .outcome = outcome,
    .counts = &s->config.sink->counts,
  };
  srt_notify_stopping (s->config.sink->notify, &stop);
}

static gboolean
is_done (const SrtScheduler *s, guint step)
{
  if (s->state == SRT_ENDED) /* also when something did not answer in time */
    return TRUE;
  switch (step) {
  case SAVE:
    return s->protect.saved;
  case KILL:
    return s->n_running == 0;
  case CONTAINERS:
    return s->shut_down;
  default:
    return FALSE;
  }
}

static const char *
saved_words (const SrtScheduler *s)
{
  if (!s->protect.saved)
    return "NOT saved: the disk does not answer";
  switch (srt_checkpoint_state (s->config.sink->checkpoint)) {
  case SRT_CHECKPOINT_GOOD:
    return "saved";
  case SRT_CHECKPOINT_BROKEN:
    return "NOT saved";
  default:
    return "there is none";
  }
}

/* What a step has come to. Caller frees. */
static char *
outcome (const SrtScheduler *s, guint step)
{
  switch (step) {
  case SAVE:
    return g_strdup (saved_words (s));
  case KILL:
    return g_strdup_printf ("killed %u", s->protect.killed);
  case CONTAINERS:
    return g_strdup_printf ("stopped %u", s->protect.containers);
  default:
    return NULL;
  }
}

/* Only what is on the disk can be gone on with: else this is no protected stop, but a broken one. */
static void
settle_exit_code (SrtScheduler *s)
{
  SrtCheckpointState state = srt_checkpoint_state (s->config.sink->checkpoint);
  if (s->exit_code != SRT_EXIT_STATUS_PROTECTED || state == SRT_CHECKPOINT_GOOD)
    return;
  s->exit_code = SRT_ERROR_INTERNAL;
  srt_notify_logf (s->config.sink->notify, SRT_LOG_ERROR, "%s: exit status %d in place of %d",
                   state == SRT_CHECKPOINT_NONE ? "this run keeps no checkpoint, so it cannot be resumed"
                                                : "the checkpoint is not whole",
                   s->exit_code, SRT_EXIT_STATUS_PROTECTED);
}

void
srt_scheduler_protect_on (SrtScheduler *s)
{
  static const char *const texts[] = { "", "Saving checkpoint", "Killing child processes", "Stopping containers" };
  while (s->protect.step >= SAVE && s->protect.step < EXIT && is_done (s, s->protect.step)) {
    g_autofree char *words = outcome (s, s->protect.step);
    tell (s, s->protect.step, texts[s->protect.step], words);
    s->protect.step++;
  }
  if (s->protect.step != EXIT || !is_done (s, EXIT))
    return;
  settle_exit_code (s);
  g_autofree char *last = g_strdup_printf ("Exiting with code %d", s->exit_code);
  tell (s, EXIT, last, NULL);
  s->protect.step = 0;
}

static void
on_saved (gpointer data)
{
  SrtScheduler *s = data;
  s->protect.saved = TRUE;
  srt_scheduler_protect_on (s);
}

void
srt_scheduler_protect_begin (SrtScheduler *s)
{
  s->protect.step = SAVE;
  srt_scheduler_note_reason (s);
  srt_checkpoint_sync (s->config.sink->checkpoint, on_saved, s);
}
