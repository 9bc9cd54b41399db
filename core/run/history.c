/* SPDX-License-Identifier: MIT */
#include "run/history.h"

#include "base/error.h"

/* A result, in a tenth of the room that its row takes. */
typedef struct {
  const char *id;
  guint64 wall_ns, cpu_ns, memory_peak;
  guint32 verdict;
} Added;

struct SrtHistory {
  SrtInstance *keeper;
  const srt_history_ops *ops;
  GArray *added; /* of Added */
};

gboolean
srt_history_is_wanted (const SrtSettings *settings)
{
  const char *word = srt_settings_string (settings, SRT_KEY_RUN_HISTORY);
  return g_str_equal (word, "always") || (g_str_equal (word, "auto") && srt_settings_has_project (settings));
}

SrtHistory *
srt_history_new (SrtInstance *keeper, const srt_history_ops *ops)
{
  SrtHistory *history = g_new0 (SrtHistory, 1);
  history->keeper = keeper;
  history->ops = ops;
  history->added = g_array_new (FALSE, FALSE, sizeof (Added));
  return history;
}

void
srt_history_free (SrtHistory *history)
{
  g_array_unref (history->added);
  g_free (history);
}

gboolean
srt_history_load (SrtHistory *history, void (*row) (void *data, const srt_history *row), void *data, GError **error)
{
  int32_t status = SRT_E_NOT_FOUND;
  if (history->ops->size > 0)
    status = history->ops->load (srt_instance_self (history->keeper), row, data);
  if (status == SRT_E_NOT_FOUND) {
    g_set_error (
        error, SRT_ERROR, SRT_ERROR_USAGE,
        "there is no history yet; run.history = \"auto\" keeps one where the project has a configuration file, "
        "\"always\" everywhere");
    return FALSE;
  }
  if (status != SRT_OK)
    srt_instance_take_error (history->keeper, status, "read the history", error);
  return status == SRT_OK;
}

void
srt_history_add (SrtHistory *history, const srt_result *result)
{
  const srt_usage *usage = &result->usage;
  const Added added = {
    .id = result->test->id,
    .wall_ns = usage->wall_ns - MIN (usage->frozen_ns, usage->wall_ns), /* what the test itself took */
    .cpu_ns = usage->user_ns + usage->system_ns,
    .memory_peak = usage->memory_peak,
    .verdict = result->verdict,
  };
  g_array_append_val (history->added, added);
}

gboolean
srt_history_store (SrtHistory *history, GError **error)
{
  guint n = history->added->len;
  if (n == 0 || history->ops->size == 0)
    return TRUE;
  g_autofree srt_history *rows = g_new0 (srt_history, n);
  for (guint i = 0; i < n; i++) {
    const Added *added = &g_array_index (history->added, Added, i);
    rows[i] = (srt_history){
      .size = sizeof rows[i],
      .n = 1,
      .id = added->id,
      .wall_ns = { added->wall_ns },
      .cpu_ns = { added->cpu_ns },
      .memory_peak = { added->memory_peak },
      .verdict = { added->verdict },
    };
  }
  int32_t status = history->ops->store (srt_instance_self (history->keeper), rows, n);
  if (status != SRT_OK)
    srt_instance_take_error (history->keeper, status, "keep the history", error);
  return status == SRT_OK;
}
