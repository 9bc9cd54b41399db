/* SPDX-License-Identifier: MIT
 * What the guard may ask of the scheduler: the one code path of each act on a test, with its line for the user. */
#include "run/scheduler-private.h"

#include "base/text.h"
#include "host/source.h"
#include "verdict/verdict.h"

#include <string.h>

static SrtSlot *
slot_of (SrtScheduler *s, guint64 job)
{
  SrtSlot *slot = job > 0 ? &s->slots[job % s->n_slots] : NULL;
  return slot && slot->job == job ? slot : NULL;
}

static void
say (SrtScheduler *s, const SrtSlot *slot, const char *act, const char *reason)
{
  srt_notify_logf (s->config.sink->notify, SRT_LOG_INFO, "guard: %s %s: %s", act, slot->test->pub.id, reason);
}

gboolean
srt_scheduler_is_ending (const SrtScheduler *s)
{
  return s->state >= SRT_STOPPING;
}

void
srt_scheduler_bound (SrtScheduler *s, guint32 may_run)
{
  gboolean more = may_run > s->may_run || s->waits;
  s->may_run = may_run;
  if (more)
    srt_scheduler_fill (s);
}

void
srt_scheduler_set_fits (SrtScheduler *s, SrtFitsFn fits, gpointer data)
{
  s->fits = fits;
  s->fits_data = data;
}

void
srt_scheduler_arrange (SrtScheduler *s, const guint *order, guint n)
{
  srt_queue_arrange (s->queue, order, n);
}

guint64
srt_scheduler_peaks (const SrtScheduler *s, guint *ret_n)
{
  *ret_n = s->n_peaks;
  return s->peak_sum;
}

static void
thaw_clocks (SrtSlot *slot)
{
  guint64 now = srt_loop_now_ns (), away_ns = now - slot->frozen_since_ns;
  slot->backstop_ns += slot->backstop_ns != SRT_NEVER ? away_ns : 0;
  slot->slow_ns += slot->slow_ns != SRT_NEVER ? away_ns : 0;
  slot->frozen_since_ns = 0;
  slot->thawed_ns = now;
}

void
srt_scheduler_freeze (SrtScheduler *s, guint64 job, const char *reason)
{
  SrtSlot *slot = slot_of (s, job);
  if (!slot || s->frozen || slot->frozen_since_ns > 0 || slot->ending || srt_slot_freeze (slot, 1) != SRT_OK)
    return;
  slot->frozen_since_ns = srt_loop_now_ns ();
  slot->freeze_asked = TRUE;
  say (s, slot, "freezes", reason);
}

void
srt_scheduler_thaw (SrtScheduler *s, guint64 job)
{
  SrtSlot *slot = slot_of (s, job);
  if (!slot || s->frozen || slot->frozen_since_ns == 0)
    return;
  thaw_clocks (slot);
  srt_slot_freeze (slot, 0);
  srt_notify_logf (s->config.sink->notify, SRT_LOG_DEBUG, "guard: lets %s go on", slot->test->pub.id);
}

void
srt_scheduler_forget_freeze (SrtScheduler *s)
{
  for (guint32 i = 0; i < s->n_slots; i++)
    if (s->slots[i].job != 0 && s->slots[i].frozen_since_ns > 0)
      thaw_clocks (&s->slots[i]);
}

void
srt_scheduler_shed (SrtScheduler *s, guint64 job, const char *reason)
{
  SrtSlot *slot = slot_of (s, job);
  if (!slot || slot->ending || srt_slot_stop (slot, 0, SRT_WHY_SHED) != SRT_OK)
    return;
  slot->ending = TRUE;
  slot->backstop_ns = srt_loop_now_ns () + SETTLE_NS;
  say (s, slot, "kills, to run it again later and alone,", reason);
}

gboolean
srt_scheduler_blame (SrtScheduler *s, guint64 job, const char *words)
{
  SrtSlot *slot = slot_of (s, job);
  if (!slot || slot->ending || !slot->alone || !srt_again_is_suspect (s->again, slot->test) ||
      srt_slot_stop (slot, 0, SRT_WHY_STOP) != SRT_OK)
    return FALSE;
  slot->ending = TRUE;
  slot->backstop_ns = srt_loop_now_ns () + SETTLE_NS;
  slot->blame = g_strdup (words);
  say (s, slot, "gives up", words);
  return TRUE;
}

void
srt_scheduler_protect (SrtScheduler *s, const char *reason)
{
  srt_scheduler_handle (s, SRT_EV_PRESSURE, reason, SRT_EXIT_STATUS_PROTECTED);
}

void
srt_scheduler_note_pressure (SrtScheduler *s)
{
  s->pressure_ns = srt_loop_now_ns ();
}

/* --- what runs ------------------------------------------------------------------------------------------------ */

static void
fill_row (const SrtScheduler *s, const SrtSlot *slot, SrtRunningTest *row)
{
  *row = (SrtRunningTest){
    .test = slot->test,
    .job = slot->job,
    .since_ns = slot->since_ns,
    .usage = &slot->usage,
    .frozen_since_ns = slot->frozen_since_ns,
    .thawed_ns = slot->thawed_ns,
    .sheds = srt_again_sheds (s->again, slot->test),
    .ending = slot->ending,
    .local = srt_executor_is_local (slot->executor),
    .unfreezable = !slot->executor->info.can_freeze,
  };
}

guint32
srt_scheduler_running (const SrtScheduler *s, SrtRunningTest *rows, guint32 n)
{
  guint32 found = 0;
  for (guint32 i = 0; i < s->n_slots; i++) {
    const SrtSlot *slot = &s->slots[i];
    if (slot->job == 0 || found == n)
      continue;
    guint32 at = found++;
    for (; at > 0 && rows[at - 1].since_ns > slot->since_ns; at--)
      rows[at] = rows[at - 1];
    fill_row (s, slot, &rows[at]);
  }
  return found;
}

void
srt_scheduler_set_usage_period (SrtScheduler *s, guint64 period_ns)
{
  srt_executors_set_usage_period (s->config.executors, period_ns);
}

/* What it took to start, watch and reap a short test is more than the test itself, and is ours too: it counts as if it
 * had kept one core busy all the time. */
static guint64
cpu_of_ended (const srt_usage *usage)
{
  guint64 cpu_ns = usage->user_ns + usage->system_ns;
  return usage->wall_ns < SECOND_NS ? MAX (cpu_ns, usage->wall_ns - MIN (usage->frozen_ns, usage->wall_ns)) : cpu_ns;
}

/* Since a test last told of itself it counts as busy with one core: reports come late, and most tests are. */
guint64
srt_scheduler_cpu_ns (const SrtScheduler *s)
{
  guint64 sum = s->cpu_ended_ns, now = srt_loop_now_ns ();
  for (guint32 i = 0; i < s->n_slots; i++) {
    const SrtSlot *slot = &s->slots[i];
    if (slot->job == 0 || !srt_executor_is_local (slot->executor))
      continue;
    sum += slot->usage.user_ns + slot->usage.system_ns;
    if (slot->frozen_since_ns == 0 && now > slot->usage_ns)
      sum += now - slot->usage_ns;
  }
  return sum;
}

/* --- the end of an attempt ------------------------------------------------------------------------------------ */

static gboolean
met_pressure (const SrtScheduler *s, const SrtSlot *slot, const srt_exit *end)
{
  return end->usage.frozen_ns > 0 || slot->thawed_ns > 0 || slot->frozen_since_ns > 0 ||
         s->pressure_ns >= slot->since_ns;
}

/* A failure of a test that is the machine's as likely as its own: it gets a second chance, alone. */
static gboolean
deserves_again (const SrtScheduler *s, const SrtSlot *slot, const srt_exit *end)
{
  return srt_verdict_is_failure (slot->judgement.verdict) && s->state == SRT_RUNNING && !slot->alone &&
         slot->test->suite->rerunnable && !srt_again_failure (s->again, slot->test) && met_pressure (s, slot, end);
}

static void
put_failed (SrtScheduler *s, SrtSlot *slot)
{
  SrtJudgement *judgement = &slot->judgement;
  g_autofree char *words = g_strdup_printf ("%s: %s", srt_verdict_word (judgement->verdict), judgement->message);
  srt_again_put_failed (s->again, slot->test, words);
}

/* It failed under pressure before; what it does alone says whose fault that was. */
static void
judge_second_chance (SrtScheduler *s, SrtSlot *slot)
{
  const char *before = srt_again_failure (s->again, slot->test);
  SrtJudgement *judgement = &slot->judgement;
  if (!before || judgement->verdict != SRT_VERDICT_PASS)
    return;
  judgement->verdict = SRT_VERDICT_PRESSURE;
  g_snprintf (judgement->message, sizeof judgement->message, "passed alone; under pressure %s", before);
}

/* It was ended for what it does to the machine, and not only for the run's sake: no other round would be better. */
static void
judge_blamed (SrtSlot *slot)
{
  SrtJudgement *judgement = &slot->judgement;
  if (!slot->blame || judgement->verdict != SRT_VERDICT_KILLED)
    return;
  judgement->verdict = SRT_VERDICT_LIMIT;
  srt_text_printable_into (judgement->message, sizeof judgement->message, slot->blame, strlen (slot->blame));
}

static void
count_used (SrtScheduler *s, const srt_usage *usage)
{
  s->cpu_ended_ns += cpu_of_ended (usage);
  s->peak_sum += usage->memory_peak;
  s->n_peaks += usage->memory_peak > 0;
}

void
srt_scheduler_decide_again (SrtScheduler *s, SrtSlot *slot, const srt_exit *end)
{
  if (srt_executor_is_local (slot->executor))
    count_used (s, &end->usage);
  judge_blamed (slot);
  if (end->kind == SRT_EXIT_KILLED && end->why == SRT_WHY_SHED) {
    slot->again = TRUE;
    srt_again_put_shed (s->again, slot->test);
  } else if (deserves_again (s, slot, end)) {
    slot->again = TRUE;
    put_failed (s, slot);
  } else {
    judge_second_chance (s, slot);
  }
}
