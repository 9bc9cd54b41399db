/* SPDX-License-Identifier: MIT
 * Where tests run: the run's own executor, and those that suites, rules and profiles name besides. */
#include "settings/state.h"

#define SAFE_PROFILE "standard"

typedef void (*ChoiceFn) (SrtSettings *settings, SrtValue *value);

static SrtPluginUse *
own_executor (const SrtSettings *settings)
{
  return settings->uses[srt_kind_decl_find (SRT_KIND_EXECUTOR)]->pdata[0];
}

/* FN for each value that names an executor. */
static void
for_records (SrtSettings *settings, const GPtrArray *records, guint index, ChoiceFn fn)
{
  for (guint i = 0; i < records->len; i++) {
    SrtValue *value = &((SrtRecord *)records->pdata[i])->values[index];
    if (value->text)
      fn (settings, value);
  }
}

static void
for_choices (SrtSettings *settings, ChoiceFn fn)
{
  for_records (settings, settings->suite_records, SRT_SUITE_KEY_EXECUTOR, fn);
  for_records (settings, settings->rule_records, SRT_RULE_KEY_EXECUTOR, fn);
  for_records (settings, settings->profile_records, SRT_PROFILE_KEY_EXECUTOR, fn);
}

/* The command line says where all tests run; options that a suite gives to another executor say nothing then. */
static void
give_way (SrtSettings *settings, SrtValue *value)
{
  if (value->layer != SRT_LAYER_COMMAND && !g_str_equal (value->text, own_executor (settings)->name))
    srt_value_clear (value);
}

/* Who names an executor without more asks for it. */
static void
ask_for (SrtSettings *settings, SrtValue *value)
{
  if (!srt_settings_executor (settings, value->text))
    g_ptr_array_add (settings->executors, srt_plugin_use_new (SRT_KIND_EXECUTOR, value->text, &value->origin));
}

/* `executors` has options for the run's own too: those that stand at `executor` go over them. */
static void
merge_own (SrtSettings *settings)
{
  SrtPluginUse *own = own_executor (settings), *listed = srt_uses_find (settings->executors, own->name);
  if (!listed)
    return;
  srt_plugin_use_overlay (listed, own);
  srt_plugin_use_overlay (own, listed);
  g_ptr_array_remove (settings->executors, listed);
}

void
srt_executors_finish (SrtSettings *settings)
{
  merge_own (settings);
  if (settings->executor_for_all)
    for_choices (settings, give_way);
  for_choices (settings, ask_for);
}

const SrtProfile *
srt_settings_choose_profile (const SrtSettings *settings, const char *name)
{
  if (!name || !*name)
    name = srt_settings_string (settings, SRT_KEY_RUN_PROFILE);
  if (!*name && srt_settings_bool (settings, SRT_KEY_RUN_SAFE_MODE))
    name = SAFE_PROFILE;
  return *name ? srt_settings_profile (settings, name) : NULL; /* that it is there was checked */
}

const char *
srt_settings_suite_executor (const SrtSettings *settings, const SrtSuite *suite)
{
  const SrtProfile *profile = srt_settings_choose_profile (settings, suite->profile);
  if (suite->executor)
    return suite->executor;
  return profile && profile->executor ? profile->executor : own_executor (settings)->name;
}

const SrtPluginUse *
srt_settings_executor (const SrtSettings *settings, const char *name)
{
  const SrtPluginUse *own = own_executor (settings);
  return g_str_equal (own->name, name) ? own : srt_uses_find (settings->executors, name);
}

const GPtrArray *
srt_settings_further_executors (const SrtSettings *settings)
{
  return settings->executors;
}
