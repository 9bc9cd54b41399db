/* SPDX-License-Identifier: MIT */
#include "run/enforcement.h"

#include "verdict/limit-words.h"

#include <string.h>

gboolean
srt_enforcement_check (const GPtrArray *tests, SrtInstance *executor, const srt_executor_ops *ops, GError **error)
{
  srt_limits before = { 0 };
  for (guint i = 0; ops->accepts && i < tests->len; i++) {
    const SrtTest *test = g_ptr_array_index (tests, i);
    srt_limits limits;
    srt_limits_fill (&test->limits, &limits);
    if (memcmp (&limits, &before, sizeof limits) == 0)
      continue; /* mostly those of the test before */
    int32_t status = ops->accepts (srt_instance_self (executor), &limits);
    if (status != SRT_OK) {
      g_autoptr (GError) why = NULL;
      srt_instance_take_error (executor, status, NULL, &why);
      g_set_error (error, why->domain, why->code, "%s; %s asks for it", why->message, test->pub.id);
      return FALSE;
    }
    before = limits;
  }
  return TRUE;
}

static void
tell_heartbeat (SrtNotify *notify, const GPtrArray *tests, SrtInstance *executor, const srt_executor_info *info)
{
  for (guint i = 0; !info->can_heartbeat && i < tests->len; i++) {
    const SrtTest *test = g_ptr_array_index (tests, i);
    if (test->heartbeat_ns == 0)
      continue;
    srt_notify_logf (notify, SRT_LOG_WARNING,
                     "heartbeat is not watched by %s: it has no means for it; %s asks for it, and nothing but its "
                     "timeout ends it when it hangs",
                     srt_instance_name (executor), test->pub.id);
    return;
  }
}

void
srt_enforcement_tell (SrtNotify *notify, const GPtrArray *tests, SrtInstance *executor, const srt_executor_ops *ops,
                      const srt_executor_info *info)
{
  guint64 used = 0;
  for (guint i = 0; i < tests->len; i++) {
    srt_limits limits;
    srt_limits_fill (&((const SrtTest *)g_ptr_array_index (tests, i))->limits, &limits);
    used |= srt_limits_used (&limits);
  }
  for (guint i = 0; i < srt_limits_n (); i++) {
    guint64 bit = srt_limits_bit (i);
    if (!(used & ~info->limits & bit))
      continue;
    const char *why = ops->why_not ? ops->why_not (srt_instance_self (executor), (uint32_t)bit) : NULL;
    srt_notify_logf (notify, SRT_LOG_WARNING, "limit %s is not enforced by %s%s%s", srt_limits_word (i),
                     srt_instance_name (executor), why ? ": " : "", why ? why : "");
  }
  tell_heartbeat (notify, tests, executor, info);
}
