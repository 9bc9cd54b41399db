/* SPDX-License-Identifier: MIT */
#include "run/scheduler-private.h"

#include "base/error.h"
#include "host/source.h"
#include "run/identity.h"
#include "verdict/limit-words.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/* --- starting ------------------------------------------------------------------------------------------------- */

/* The slot's attempt has ended as END says and is judged: its result goes its way. */
static void
record_result (SrtScheduler *s, SrtSlot *slot, const srt_exit *end)
{
  srt_result result;
  srt_slot_result (slot, end, &result);
  srt_sink_result (s->config.sink, &result);
  s->has_result[slot->test->pub.index] = (guint8)result.final;
  if (!slot->retired)
    srt_executor_give_slot (slot->executor, slot->place);
  srt_slot_release (slot);
}

/* An attempt that the executor would not take: its result, without having run. */
static void
refuse_start (SrtScheduler *s, SrtSlot *slot, int32_t status)
{
  g_autoptr (GError) why = NULL;
  srt_instance_take_error (slot->executor->instance, status, "start a test", &why);
  srt_exit end = { .size = sizeof end, .kind = SRT_EXIT_LOST, .message = why->message };
  srt_slot_judge (slot, &end);
  record_result (s, slot, &end);
}

static void
arm_watch (SrtScheduler *s, guint64 due_ns, guint64 now)
{
  s->watch_due_ns = due_ns;
  srt_source_set_timer (s->watch_timer, due_ns - MIN (due_ns, now));
}

/* SLOT's attempt has begun: when will it be slow? */
static void
watch_for_slow (SrtScheduler *s, SrtSlot *slot)
{
  guint64 timeout_ns = slot->test->timeout_ns;
  if (timeout_ns == 0 || s->config.slow_after <= 0)
    return;
  slot->slow_ns = slot->since_ns + (guint64)((double)timeout_ns * s->config.slow_after / 100);
  if (slot->slow_ns < s->watch_due_ns)
    arm_watch (s, slot->slow_ns, srt_loop_now_ns ());
}

static void
start (SrtScheduler *s, SrtSlot *slot, const SrtTest *test, gboolean alone)
{
  guint64 job_id = ++s->jobs * s->n_slots + slot->index; /* so the slot of a job is known: id modulo n_slots */
  SrtExecutor *executor = srt_executors_of (s->config.executors, test);
  srt_slot_begin (slot, job_id, test, srt_again_begin (s->again, test));
  slot->executor = executor;
  slot->place = srt_executor_take_slot (executor);
  slot->alone = alone;
  srt_limits_fill (&test->limits, &slot->limits);
  srt_job job = {
    .size = sizeof job,
    .flags = test->merged ? SRT_JOB_MERGED : 0,
    .id = job_id,
    .test = &test->pub,
    .attempt = slot->attempt,
    .slot = slot->place,
    .argv = (const char *const *)test->argv,
    .env = srt_job_env_for (&s->env, slot),
    .cwd = test->cwd,
    .stdin_path = test->suite->stdin_path,
    .timeout_ns = test->timeout_ns,
    .grace_ns = test->grace_ns,
    .term_signal = test->term_signal,
    /* A TAP stream is judged whole; the capture keeps only what it should. */
    .output_max = test->reads_tap ? G_MAXUINT64 : test->output_max,
    .limits = &slot->limits,
    .options = g_hash_table_lookup (executor->job_options, test->suite),
    .keep = (const char *const *)test->suite->keep,
    .heartbeat_ns = test->heartbeat_ns,
  };
  int32_t status = executor->ops->start (executor->self, &job);
  if (status != SRT_OK) {
    refuse_start (s, slot, status);
    return;
  }
  s->n_running++;
  s->alone = alone;
  watch_for_slow (s, slot);
  if (srt_checkpoint_state (s->config.sink->checkpoint) != SRT_CHECKPOINT_NONE)
    srt_identity_digest (test, slot->digest); /* while the executor starts it */
  srt_notify_test_started (s->config.sink->notify, &test->pub, slot->attempt, slot->index);
}

static SrtSlot *
free_slot (SrtScheduler *s)
{
  for (guint32 i = 0; i < s->n_slots; i++)
    if (s->slots[i].job == 0 && !s->slots[i].retired)
      return &s->slots[i];
  return NULL;
}

/* SrtPlaceFn: does the executor of TEST take one more? */
static gboolean
has_place (gpointer data, const SrtTest *test)
{
  const SrtScheduler *s = data;
  return srt_executor_has_slot (srt_executors_of (s->config.executors, test));
}

/* Is there nothing left that could ever start, as the executors are now, while nothing runs? */
static gboolean
is_stuck (SrtScheduler *s)
{
  if (!free_slot (s))
    return TRUE;
  return srt_queue_is_empty (s->queue) ? !has_place (s, srt_again_next (s->again)) : !srt_queue_any_place (s->queue);
}

/* The next test that may start now, or NULL: none is left, or it has to wait (one that runs alone, or behind one, or
 * for its executor). */
static const SrtTest *
next_test (SrtScheduler *s, gboolean *ret_alone)
{
  if (s->state != SRT_RUNNING || s->frozen || s->alone || s->n_running >= s->may_run)
    return NULL;
  gboolean again = srt_queue_is_empty (s->queue);
  const SrtTest *test = again ? srt_again_next (s->again) : srt_queue_pick (s->queue, s->fits, s->fits_data);
  s->waits = !again && !test;
  *ret_alone = again || (test && test->exclusive);
  if (!test || (*ret_alone && s->n_running > 0))
    return NULL;
  return !again || has_place (s, test) ? test : NULL;
}

void
srt_scheduler_fill (SrtScheduler *s)
{
  const SrtTest *test;
  SrtSlot *slot;
  gboolean alone;
  while ((slot = free_slot (s)) && (test = next_test (s, &alone))) {
    if (srt_queue_is_empty (s->queue))
      srt_again_take (s->again);
    else
      srt_queue_take (s->queue);
    start (s, slot, test, alone);
  }
}

/* Nothing runs and nothing is left to start? Told from the loop, never from within an executor's call. */
static void
check_idle (gpointer data)
{
  SrtScheduler *s = data;
  if (s->n_running > 0)
    return;
  if (s->state != SRT_RUNNING || (srt_queue_is_empty (s->queue) && !srt_again_next (s->again)))
    srt_scheduler_handle (s, SRT_EV_IDLE, NULL, 0);
  else if (!s->frozen && is_stuck (s))
    srt_scheduler_handle (s, SRT_EV_NO_CAPACITY, "executor", SRT_ERROR_INTERNAL);
}

/* --- what the executor reports -------------------------------------------------------------------------------- */

static SrtScheduler *
scheduler_of (const srt_host *host)
{
  const SrtExecutor *executor = srt_instance_owner (host);
  return srt_executors_owner (executor->all);
}

/* The slot of JOB, if the executor of HOST runs it. */
static SrtSlot *
slot_of (const srt_host *host, guint64 job)
{
  const SrtExecutor *executor = srt_instance_owner (host);
  SrtScheduler *s = scheduler_of (host);
  SrtSlot *slot = &s->slots[job % s->n_slots];
  return slot->job == job && slot->executor == executor ? slot : NULL;
}

static void
on_output (const srt_host *host, uint64_t job, uint32_t stream, const void *bytes, size_t length)
{
  SrtSlot *slot = slot_of (host, job);
  if (slot)
    srt_slot_output (slot, stream, bytes, length);
}

/* What becomes of the TMPDIR in which the test left something. */
static void
settle_tmp (SrtScheduler *s, SrtSlot *slot)
{
  guint32 verdict = slot->judgement.verdict;
  gboolean wanted = s->config.keep_passed || srt_verdict_is_failure (verdict);
  if (s->config.keep_dir && wanted && verdict != SRT_VERDICT_KILLED && s->kept < s->config.keep_max) {
    g_autofree char *name = g_strdup (slot->test->pub.id);
    g_strdelimit (name, "/", '_');
    if (strlen (name) > 100)
      name[100] = '\0';
    slot->kept_dir = g_strdup_printf ("%s/%u-%s", s->config.keep_dir, ++s->kept, name);
  }
  if (slot->executor->ops->settle)
    slot->executor->ops->settle (slot->executor->self, slot->job, slot->place, slot->kept_dir);
}

/* An attempt has ended, and nothing of it runs any more. */
static void
end_attempt (SrtScheduler *s, SrtSlot *slot, const srt_exit *end)
{
  srt_slot_judge (slot, end);
  srt_scheduler_decide_again (s, slot, end);
  gboolean failed = srt_verdict_is_failure (slot->judgement.verdict) && !slot->again;
  s->protect.killed += s->protect.step > 0 && slot->judgement.verdict == SRT_VERDICT_KILLED;
  if (end->tmp_touched)
    settle_tmp (s, slot);
  record_result (s, slot, end);
  s->leaked += end->leaked;
  if (end->kind == SRT_EXIT_LOST)
    srt_loop_kill_strays (s->config.loop); /* what its dead agent had below it is our child now */
  s->n_running--;
  s->alone = FALSE;
  srt_scheduler_frozen (s); /* what has ended stands still */
  if (failed && s->config.fail_fast)
    srt_scheduler_handle (s, SRT_EV_FAILURE, "fail-fast", 1);
  srt_scheduler_fill (s);
  if (s->n_running > 0)
    return;
  srt_source_set_timer (s->idle_timer, 0);
  srt_scheduler_protect_on (s);
}

static void
on_exited (const srt_host *host, uint64_t job, const srt_exit *given)
{
  SrtScheduler *s = scheduler_of (host);
  SrtSlot *slot = slot_of (host, job);
  srt_exit end = { .size = sizeof end };
  if (!slot)
    return;
  memcpy (&end, given, MIN (given->size, sizeof end));
  end_attempt (s, slot, &end);
}

static void
on_frozen (const srt_host *host, uint64_t job, uint32_t frozen)
{
  SrtScheduler *s = scheduler_of (host);
  SrtSlot *slot = slot_of (host, job);
  if (frozen && slot && slot->freeze_asked)
    slot->freeze_asked = FALSE; /* the guard's, not the one of SIGTSTP */
  else if (frozen)
    srt_scheduler_frozen (s);
}

static void
on_usage (const srt_host *host, uint64_t job, const srt_usage *usage)
{
  SrtSlot *slot = slot_of (host, job);
  if (slot)
    srt_slot_usage (slot, usage);
}

static void
on_capacity (const srt_host *host, uint32_t slots)
{
  srt_executor_set_capacity (srt_instance_owner (host), slots);
  srt_source_set_timer (scheduler_of (host)->idle_timer, 0);
}

static void
on_broken (const srt_host *host, const char *text)
{
  const SrtExecutor *executor = srt_instance_owner (host);
  srt_notify_logf (scheduler_of (host)->config.sink->notify, SRT_LOG_ERROR, "executor %s: %s", executor->name, text);
}

static void
on_stopped (const srt_host *host, uint32_t containers)
{
  scheduler_of (host)->protect.containers += containers;
}

static void
on_remains (const srt_host *host, const char *text)
{
  const SrtExecutor *executor = srt_instance_owner (host);
  SrtScheduler *s = scheduler_of (host);
  s->remains = TRUE;
  srt_notify_logf (s->config.sink->notify, SRT_LOG_WARNING, "executor %s: %s; the next srt tries again", executor->name,
                   text);
}

const srt_executor_events srt_scheduler_events = {
  .size = sizeof srt_scheduler_events,
  .output = on_output,
  .exited = on_exited,
  .frozen = on_frozen,
  .usage = on_usage,
  .capacity = on_capacity,
  .broken = on_broken,
  .stopped = on_stopped,
  .remains = on_remains,
};

/* --- clocks --------------------------------------------------------------------------------------------------- */

static void
on_batch_time (gpointer data)
{
  SrtScheduler *s = data;
  if (!s->frozen) /* else it is armed again when the run goes on */
    srt_scheduler_handle (s, SRT_EV_BATCH_TIME, "parallel-timeout", 1);
}

/* An executor that never told of a job's end: the core gives it up, and its slot. */
static void
give_up (SrtScheduler *s, SrtSlot *slot)
{
  srt_exit end = { .size = sizeof end, .kind = SRT_EXIT_LOST, .message = "the executor never told of its end" };
  slot->retired = TRUE;
  end_attempt (s, slot, &end);
}

static void
say_slow (SrtScheduler *s, SrtSlot *slot)
{
  guint64 timeout_ns = slot->test->timeout_ns;
  slot->slow_ns = SRT_NEVER;
  srt_notify_test_slow (s->config.sink->notify, &slot->test->pub,
                        (guint64)((double)timeout_ns * s->config.slow_after / 100), timeout_ns);
}

/* Nobody who is stopped by force (SIGSTOP) can say so: it shows as a turn that comes far too late. What the executor
 * has told meanwhile waits to be read, so nothing counts as silent for that time. */
static void
forgive_absence (SrtScheduler *s, guint64 now)
{
  if (now > s->watch_due_ns + 2 * SECOND_NS)
    srt_scheduler_shift_clocks (s, now - s->watch_due_ns);
}

static void
watch (gpointer data)
{
  SrtScheduler *s = data;
  guint64 now = srt_loop_now_ns (), due_ns = now + SECOND_NS;
  if (s->frozen) /* it is armed again when the run goes on */
    return;
  forgive_absence (s, now);
  for (guint32 i = 0; i < s->n_slots; i++) {
    SrtSlot *slot = &s->slots[i];
    if (slot->job != 0 && now > slot->backstop_ns)
      give_up (s, slot);
    else if (slot->job != 0 && now >= slot->slow_ns)
      say_slow (s, slot);
    due_ns = MIN (due_ns, slot->slow_ns);
  }
  arm_watch (s, due_ns, now);
}

void
srt_scheduler_shift_clocks (SrtScheduler *s, guint64 away_ns)
{
  guint64 now = srt_loop_now_ns ();
  for (guint32 i = 0; i < s->n_slots; i++) {
    SrtSlot *slot = &s->slots[i];
    slot->backstop_ns += slot->backstop_ns != SRT_NEVER ? away_ns : 0;
    slot->slow_ns += slot->slow_ns != SRT_NEVER ? away_ns : 0;
  }
  arm_watch (s, now + SECOND_NS, now);
}

/* --- life ----------------------------------------------------------------------------------------------------- */

SrtScheduler *
srt_scheduler_new (const SrtSchedulerConfig *config)
{
  SrtScheduler *s = g_new0 (SrtScheduler, 1);
  s->config = *config;
  srt_executors_set_owner (config->executors, s);
  s->n_slots = config->slots;
  s->slots = g_new0 (SrtSlot, config->slots);
  for (guint32 i = 0; i < s->n_slots; i++)
    srt_slot_init (&s->slots[i], i, config->spool);
  s->has_result = g_new0 (guint8, MAX (config->sink->counts.total, 1));
  guint n = config->todo->len - config->suspects;
  s->queue = srt_queue_new (config->todo, n);
  srt_queue_set_place (s->queue, has_place, s);
  s->again = srt_again_new (config->sink->counts.total);
  for (; n < config->todo->len; n++)
    srt_again_put_suspect (s->again, g_ptr_array_index (config->todo, n));
  s->may_run = G_MAXUINT32;
  srt_job_env_init (&s->env, config->run_id);
  s->scope = srt_scope_new (srt_loop_sources (config->loop));
  s->batch_timer = srt_source_add_timer (s->scope, SRT_NEVER, on_batch_time, s);
  s->watch_timer = srt_source_add_timer (s->scope, SRT_NEVER, watch, s);
  s->settle_timer = srt_source_add_timer (s->scope, SRT_NEVER, srt_scheduler_settle_overdue, s);
  s->pause_timer = srt_source_add_timer (s->scope, SRT_NEVER, srt_scheduler_pause_overdue, s);
  s->idle_timer = srt_source_add_timer (s->scope, SRT_NEVER, check_idle, s);
  return s;
}

void
srt_scheduler_free (SrtScheduler *s)
{
  srt_scope_free (s->scope);
  for (guint32 i = 0; i < s->n_slots; i++)
    srt_slot_clear (&s->slots[i]);
  g_free (s->slots);
  g_free (s->has_result);
  srt_queue_free (s->queue);
  srt_again_free (s->again);
  srt_job_env_clear (&s->env);
  g_free (s->stop_reason);
  g_free (s->stopped);
  g_free (s);
}

gboolean
srt_scheduler_run (SrtScheduler *s, GError **error)
{
  if (!srt_executors_prepare (s->config.executors, error))
    return FALSE;
  if (s->config.batch_timeout_ns > 0) {
    s->batch_due_ns = srt_loop_now_ns () + s->config.batch_timeout_ns;
    srt_source_set_timer (s->batch_timer, s->config.batch_timeout_ns);
  }
  arm_watch (s, srt_loop_now_ns () + SECOND_NS, srt_loop_now_ns ());
  srt_source_set_timer (s->idle_timer, 0);
  srt_scheduler_fill (s);
  srt_loop_run (s->config.loop, &s->ended);
  return TRUE;
}

int
srt_scheduler_exit_code (const SrtScheduler *s)
{
  return s->exit_code;
}

const char *
srt_scheduler_stop_reason (const SrtScheduler *s)
{
  return s->stop_reason ? s->stop_reason : "";
}

const char *const *
srt_scheduler_stopped (const SrtScheduler *s)
{
  return s->stopped;
}

gboolean
srt_scheduler_remains (const SrtScheduler *s)
{
  return s->remains;
}

guint32
srt_scheduler_leaked (const SrtScheduler *s)
{
  return s->leaked;
}

gboolean
srt_scheduler_is_whole (const SrtScheduler *s)
{
  const srt_counts *counts = &s->config.sink->counts;
  return counts->finished == counts->total && s->exit_code <= 1;
}

gboolean
srt_scheduler_has_result (const SrtScheduler *s, const SrtTest *test)
{
  return s->has_result[test->pub.index];
}
