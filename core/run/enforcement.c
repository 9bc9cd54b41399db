/* SPDX-License-Identifier: MIT */
#include "run/enforcement.h"

#include "base/error.h"
#include "verdict/limit-words.h"

/* The first of TESTS that asks for the limit BIT; NULL: none does. */
static const SrtTest *
first_asking (const GPtrArray *tests, guint64 bit)
{
  for (guint i = 0; i < tests->len; i++) {
    const SrtTest *test = g_ptr_array_index (tests, i);
    srt_limits limits;
    srt_limits_fill (&test->limits, &limits);
    if (srt_limits_used (&limits) & bit)
      return test;
  }
  return NULL;
}

gboolean
srt_enforcement_check (const SrtSettings *settings, SrtNotify *notify, const GPtrArray *tests, SrtInstance *executor,
                       const srt_executor_ops *ops, const srt_executor_info *info, GError **error)
{
  const char *wanted = srt_settings_string (settings, SRT_KEY_RUN_ENFORCEMENT);
  g_autofree char *place = srt_origin_text (srt_settings_origin (settings, SRT_KEY_RUN_ENFORCEMENT));
  gboolean required = g_str_equal (wanted, "required");
  g_autoptr (GString) refused = g_string_new (NULL);
  for (guint i = 0; i < srt_limits_n () && !g_str_equal (wanted, "off"); i++) {
    guint64 bit = srt_limits_bit (i);
    const SrtTest *test = info->limits & bit ? NULL : first_asking (tests, bit);
    if (!test)
      continue;
    const char *why = ops->why_not ? ops->why_not (srt_instance_self (executor), (uint32_t)bit) : NULL;
    g_autofree char *text = g_strdup_printf ("limit %s is not enforced by %s%s%s", srt_limits_word (i),
                                             srt_instance_name (executor), why ? ": " : "", why ? why : "");
    if (required)
      g_string_append_printf (refused, "%s%s: run.enforcement: %s; %s asks for it", refused->len > 0 ? "\n" : "", place,
                              text, test->pub.id);
    else
      srt_notify_log (notify, SRT_LOG_WARNING, "", text);
  }
  if (refused->len > 0)
    g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, refused->str);
  return refused->len == 0;
}
