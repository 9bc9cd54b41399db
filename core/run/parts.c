/* SPDX-License-Identifier: MIT */
#include "run/parts.h"

#include "base/error.h"
#include "catalog/catalog.h"
#include "host/values.h"

static srt_values *
check_options (const SrtParts *parts, const SrtModule *module, const GPtrArray *raw, gboolean job,
               const SrtOrigin *origin, GError **error)
{
  g_autofree char *who = g_strdup_printf ("%s %s", srt_kind_word (module->plugin.kind), module->plugin.name);
  return srt_values_new ((const srt_option *)module->options->data, module->options->len, raw, job, who, origin,
                         srt_settings_project_dir (parts->settings), error);
}

/* The place that asks for USE, or for the first option of a plugin that is there by default. NULL: nobody does. */
static const SrtOrigin *
asking_place (const SrtPluginUse *use)
{
  if (use->origin.file || g_strcmp0 (use->origin.what, "default") != 0)
    return &use->origin;
  return use->options->len > 0 ? &((const SrtRawOption *)g_ptr_array_index (use->options, 0))->origin : NULL;
}

gboolean
srt_parts_is_asked_for (const SrtPluginUse *use)
{
  return asking_place (use) != NULL;
}

gboolean
srt_parts_blame (const SrtPluginUse *use, GError **error)
{
  const SrtOrigin *origin = asking_place (use);
  if (!origin || !error || !*error || (*error)->code != SRT_ERROR_USAGE)
    return FALSE;
  g_autofree char *place = srt_origin_text (origin);
  g_prefix_error (error, "%s: ", place);
  return FALSE;
}

SrtInstance *
srt_parts_make (const SrtParts *parts, const SrtPluginUse *use, const void *events, gpointer owner,
                const SrtModule **ret_module, GError **error)
{
  const SrtModule *module = srt_loader_get (parts->loader, use->kind, use->name, error);
  if (!module) {
    srt_parts_blame (use, error);
    return NULL;
  }
  srt_values *values = check_options (parts, module, use->options, FALSE, &use->origin, error);
  if (!values)
    return NULL;
  *ret_module = module;
  SrtInstance *instance = srt_instance_new (parts->shared, &module->plugin, values, events, owner, error);
  if (!instance)
    srt_parts_blame (use, error);
  return instance;
}

const SrtPluginUse *
srt_parts_use (const SrtParts *parts, guint32 kind)
{
  const GPtrArray *uses = srt_settings_plugins (parts->settings, kind);
  return uses->len > 0 ? g_ptr_array_index (uses, 0) : NULL;
}

GHashTable *
srt_parts_job_options (const SrtParts *parts, const SrtModule *module, const GPtrArray *tests, GError **error)
{
  g_autoptr (GHashTable) table =
      g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)srt_values_free);
  for (guint i = 0; i < tests->len; i++) {
    const SrtTest *test = g_ptr_array_index (tests, i);
    const SrtSuite *suite = test->suite;
    if (g_hash_table_contains (table, suite))
      continue;
    srt_values *values = check_options (parts, module, test->executor_options, TRUE, &suite->origin, error);
    if (!values)
      return NULL;
    g_hash_table_insert (table, (gpointer)suite, values);
  }
  return g_steal_pointer (&table);
}

guint32
srt_parts_workers (gboolean parallel, gint64 jobs, guint32 cpu_milli)
{
  if (jobs > 0)
    return (guint32)jobs;
  if (!parallel)
    return 1;
  guint32 cores = cpu_milli > 0 ? (cpu_milli + 999) / 1000 : g_get_num_processors ();
  return MAX (cores, 2) - 1;
}
