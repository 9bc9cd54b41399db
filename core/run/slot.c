/* SPDX-License-Identifier: MIT */
#include "run/slot.h"

#include "host/loop.h"

/* How long after its own deadline an attempt may be silent before the core calls it lost. The executor owns deadlines;
 * this is for an executor that hangs. */
#define BACKSTOP_NS (15 * G_GUINT64_CONSTANT (1000000000))

void
srt_slot_init (SrtSlot *slot, guint32 index, SrtSpool *spool)
{
  *slot =
      (SrtSlot){ .index = index, .backstop_ns = SRT_NEVER, .slow_ns = SRT_NEVER, .capture = srt_capture_new (spool) };
}

void
srt_slot_clear (SrtSlot *slot)
{
  g_clear_pointer (&slot->tap, srt_tap_free);
  g_clear_pointer (&slot->capture, srt_capture_free);
  g_clear_pointer (&slot->kept_dir, g_free);
  g_clear_pointer (&slot->blame, g_free);
}

void
srt_slot_begin (SrtSlot *slot, guint64 job, const SrtTest *test, guint32 attempt)
{
  slot->job = job;
  slot->test = test;
  slot->attempt = attempt;
  slot->digest[0] = '\0';
  slot->since_ns = srt_loop_now_ns ();
  slot->alone = slot->again = slot->ending = slot->freeze_asked = FALSE;
  slot->frozen_since_ns = slot->thawed_ns = 0;
  slot->usage = (srt_usage){ .size = sizeof slot->usage };
  slot->usage_ns = slot->since_ns;
  slot->start_real_ns = (guint64)g_get_real_time () * 1000;
  slot->backstop_ns =
      test->timeout_ns == 0 ? SRT_NEVER : slot->since_ns + test->timeout_ns + test->grace_ns + BACKSTOP_NS;
  slot->tap = test->reads_tap ? srt_tap_new () : NULL;
  srt_capture_begin (slot->capture, test->output_max);
}

void
srt_slot_output (SrtSlot *slot, guint32 stream, const void *bytes, gsize length)
{
  if (slot->tap && stream == SRT_STREAM_STDOUT)
    srt_tap_feed (slot->tap, bytes, length);
  srt_capture_add (slot->capture, bytes, length);
}

void
srt_slot_usage (SrtSlot *slot, const srt_usage *usage)
{
  slot->usage = *usage; /* one of the structs that never grow */
  slot->usage_ns = srt_loop_now_ns ();
}

int32_t
srt_slot_stop (const SrtSlot *slot, guint64 grace_ns, guint32 why)
{
  return slot->executor->ops->stop (slot->executor->self, slot->job, grace_ns, why);
}

int32_t
srt_slot_freeze (const SrtSlot *slot, guint32 frozen)
{
  const SrtExecutor *executor = slot->executor;
  return executor->ops->freeze ? executor->ops->freeze (executor->self, slot->job, frozen) : SRT_E_UNSUPPORTED;
}

const SrtJudgement *
srt_slot_judge (SrtSlot *slot, const srt_exit *end)
{
  SrtTapSummary summary;
  if (slot->tap)
    srt_tap_end (slot->tap, &summary);
  const SrtJudgeBy by = {
    .format = slot->test->format,
    .leaks = slot->test->leaks,
    .timeout_ns = slot->test->timeout_ns,
    .heartbeat_ns = slot->test->heartbeat_ns,
    .limits = &slot->limits,
  };
  srt_verdict_judge (end, &by, slot->tap ? &summary : NULL, &slot->judgement);
  return &slot->judgement;
}

void
srt_slot_result (SrtSlot *slot, const srt_exit *end, srt_result *ret_result)
{
  gboolean keep = srt_verdict_is_failure (slot->judgement.verdict);
  const srt_output *output = keep ? srt_capture_keep (slot->capture) : srt_capture_output (slot->capture);
  *ret_result = (srt_result){
    .size = sizeof *ret_result,
    .verdict = slot->judgement.verdict,
    .test = &slot->test->pub,
    .attempt = slot->attempt,
    .final = slot->judgement.verdict != SRT_VERDICT_KILLED && !slot->again,
    .exit_kind = end->kind,
    .exit_code = end->code,
    .slot = slot->index,
    .start_real_ns = slot->start_real_ns,
    .usage = end->usage,
    .cases = slot->judgement.cases,
    .message = slot->judgement.message,
    .kept_dir = slot->kept_dir,
    .output_bytes = srt_capture_bytes (slot->capture),
    .output = output,
    .output_lost = srt_capture_lost (slot->capture) + end->dropped,
    .limit = end->limit,
    .leaked = end->leaked,
    .held_by = end->held_by,
    .digest = *slot->digest ? slot->digest : NULL,
  };
}

void
srt_slot_release (SrtSlot *slot)
{
  slot->job = 0;
  slot->backstop_ns = SRT_NEVER;
  slot->slow_ns = SRT_NEVER;
  g_clear_pointer (&slot->tap, srt_tap_free);
  g_clear_pointer (&slot->kept_dir, g_free);
  g_clear_pointer (&slot->blame, g_free);
}

void
srt_job_env_init (SrtJobEnv *job_env, const char *run_id)
{
  *job_env = (SrtJobEnv){
    .env = g_ptr_array_new (),
    .run_id_var = g_strconcat ("SRT_RUN_ID=", run_id, NULL),
    .name_var = g_string_new (NULL),
  };
}

void
srt_job_env_clear (SrtJobEnv *job_env)
{
  g_clear_pointer (&job_env->run_id_var, g_free);
  if (job_env->env)
    g_ptr_array_unref (g_steal_pointer (&job_env->env));
  if (job_env->name_var)
    g_string_free (g_steal_pointer (&job_env->name_var), TRUE);
}

const char *const *
srt_job_env_for (SrtJobEnv *job_env, const SrtSlot *slot)
{
  GPtrArray *env = job_env->env;
  g_ptr_array_set_size (env, 0);
  for (char **own = slot->test->env; own && *own; own++)
    g_ptr_array_add (env, *own);
  g_string_assign (job_env->name_var, "SRT_TEST_NAME=");
  g_string_append (job_env->name_var, slot->test->pub.id);
  g_snprintf (job_env->attempt_var, sizeof job_env->attempt_var, "SRT_ATTEMPT=%u", slot->attempt);
  g_snprintf (job_env->slot_var, sizeof job_env->slot_var, "SRT_SLOT=%u", slot->index);
  g_ptr_array_add (env, (gpointer) "SRT=1");
  g_ptr_array_add (env, job_env->run_id_var);
  g_ptr_array_add (env, job_env->name_var->str);
  g_ptr_array_add (env, job_env->attempt_var);
  g_ptr_array_add (env, job_env->slot_var);
  g_ptr_array_add (env, NULL);
  return (const char *const *)env->pdata;
}
