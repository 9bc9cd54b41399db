/* SPDX-License-Identifier: MIT */
#include "run/cleaner.h"

#include <string.h>

typedef struct {
  const SrtParts *parts;
  GHashTable *executors; /* name → Hand; one without an instance cannot be used (said) */
} Cleaner;

/* An executor that cleans up. */
typedef struct {
  SrtInstance *instance; /* NULL: there is none */
  const srt_executor_ops *ops;
} Hand;

static void
hand_free (gpointer data)
{
  Hand *hand = data;
  srt_instance_free (hand->instance);
  g_free (hand);
}

G_GNUC_PRINTF (3, 4)
static void
say (const Cleaner *cleaner, const char *run_id, const char *format, ...)
{
  const SrtHostShared *shared = cleaner->parts->shared;
  va_list args;
  va_start (args, format);
  g_autofree char *reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *text = g_strdup_printf ("dead run %s: %s; it stays for the next `srt clean`", run_id, reason);
  shared->log (shared->log_data, SRT_LOG_WARNING, "", text);
}

/* --- the executor that wrote a line --------------------------------------------------------------------------- */

/* It starts nothing for us, so there is nothing that it could report. */
static void
ignore_output (const srt_host *host, uint64_t job, uint32_t stream, const void *bytes, size_t length)
{
}

static void
ignore_exited (const srt_host *host, uint64_t job, const srt_exit *end)
{
}

static void
ignore_frozen (const srt_host *host, uint64_t job, uint32_t frozen)
{
}

static void
ignore_usage (const srt_host *host, uint64_t job, const srt_usage *usage)
{
}

static void
ignore_capacity (const srt_host *host, uint32_t slots)
{
}

static void
ignore_broken (const srt_host *host, const char *text)
{
}

static const srt_executor_events no_events = {
  .size = sizeof no_events,
  .output = ignore_output,
  .exited = ignore_exited,
  .frozen = ignore_frozen,
  .usage = ignore_usage,
  .capacity = ignore_capacity,
  .broken = ignore_broken,
};

/* With the options of the configuration when that asks for it, else with none. */
static SrtInstance *
make_instance (const SrtParts *parts, const char *name, const SrtModule **ret_module, GError **error)
{
  static const SrtOrigin origin = { .what = "the ledger of a dead run" };
  const SrtPluginUse *configured = srt_settings_executor (parts->settings, name);
  if (configured)
    return srt_parts_make (parts, configured, &no_events, NULL, ret_module, error);
  SrtPluginUse *use = srt_plugin_use_new (SRT_KIND_EXECUTOR, name, &origin);
  SrtInstance *instance = srt_parts_make (parts, use, &no_events, NULL, ret_module, error);
  srt_plugin_use_free (use);
  return instance;
}

/* NAME as an executor that has described itself and can clean up, or NULL. */
static SrtInstance *
make_able (const SrtParts *parts, const char *name, const srt_executor_ops **ret_ops, GError **error)
{
  const SrtModule *module;
  srt_executor_info info = { .size = sizeof info };
  if (!srt_plugin_name_check (name, error))
    return NULL;
  g_autoptr (SrtInstance) instance = make_instance (parts, name, &module, error);
  if (!instance)
    return NULL;
  const srt_executor_ops *ops = &module->ops.executor;
  int32_t status = ops->describe (srt_instance_self (instance), &info);
  if (status == SRT_OK && !ops->cleanup)
    status = SRT_E_UNSUPPORTED;
  if (status != SRT_OK) {
    srt_instance_take_error (instance, status, "clean up", error);
    return NULL;
  }
  *ret_ops = ops;
  return g_steal_pointer (&instance);
}

/* Made once; that it cannot be made is said for each run that needs it. */
static Hand *
get_hand (Cleaner *cleaner, const char *name, const char *run_id)
{
  g_autoptr (GError) error = NULL;
  Hand *hand = g_hash_table_lookup (cleaner->executors, name);
  if (!hand || !hand->instance) {
    hand = g_new0 (Hand, 1);
    hand->instance = make_able (cleaner->parts, name, &hand->ops, &error);
    g_hash_table_replace (cleaner->executors, g_strdup (name), hand);
  }
  if (!hand->instance)
    say (cleaner, run_id, "%s", error->message);
  return hand->instance ? hand : NULL;
}

/* --- what is found -------------------------------------------------------------------------------------------- */

static gboolean
on_entry (gpointer data, const char *run_id, const char *owner, const char *entry, gsize length, guint *ret_cleaned)
{
  Cleaner *cleaner = data;
  g_autoptr (GError) error = NULL;
  uint32_t cleaned = 0;
  if (!g_str_has_prefix (owner, "executor ")) {
    say (cleaner, run_id, "its ledger names \"%s\", which is no executor", owner);
    return FALSE;
  }
  const Hand *hand = get_hand (cleaner, owner + strlen ("executor "), run_id);
  if (!hand)
    return FALSE;
  int32_t status = hand->ops->cleanup (srt_instance_self (hand->instance), run_id, entry, length, &cleaned);
  *ret_cleaned += cleaned;
  if (status == SRT_OK)
    return TRUE;
  srt_instance_take_error (hand->instance, status, "clean up", &error);
  say (cleaner, run_id, "%s", error->message);
  return FALSE;
}

static void
on_kept (gpointer data, const char *run_id, const char *reason)
{
  say (data, run_id, "%s", reason);
}

void
srt_cleaner_run (const SrtParts *parts, int base_fd, SrtDeadTally *ret_tally)
{
  static const SrtDeadTable table = { on_entry, on_kept };
  Cleaner cleaner = {
    .parts = parts,
    .executors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, hand_free),
  };
  srt_dead_clean (base_fd, &table, &cleaner, ret_tally);
  g_hash_table_unref (cleaner.executors);
}
