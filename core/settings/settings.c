/* SPDX-License-Identifier: MIT */
#include "settings/settings.h"
#include "settings/state.h"

static void
add_builtin_profiles (GPtrArray *profiles)
{
  for (const SrtBuiltinProfile *row = srt_builtin_profiles; row->name; row++) {
    SrtRecord *profile = srt_record_new (&srt_decl_profile, row->name, NULL);
    srt_record_set_text (profile, SRT_PROFILE_KEY_MEMORY, row->memory, "default");
    srt_record_set_text (profile, SRT_PROFILE_KEY_CPU, row->cpu, "default");
    srt_record_set_text (profile, SRT_PROFILE_KEY_WALL, row->wall, "default");
    srt_record_set_text (profile, SRT_PROFILE_KEY_IO_OPS, row->io_ops, "default");
    g_ptr_array_add (profiles, profile);
  }
}

static SrtSettings *
settings_new (void)
{
  SrtSettings *settings = g_new0 (SrtSettings, 1);
  g_ref_count_init (&settings->references);
  settings->values = srt_record_new (&srt_decl_settings, NULL, NULL);
  settings->profile_records = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_record_free);
  settings->suite_records = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_record_free);
  settings->rule_records = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_record_free);
  settings->profiles = g_ptr_array_new_with_free_func (srt_make_profile_free);
  settings->suites = g_ptr_array_new_with_free_func (srt_make_suite_free);
  settings->rules = g_ptr_array_new_with_free_func (srt_make_rule_free);
  add_builtin_profiles (settings->profile_records);
  settings->executors = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_plugin_use_free);
  srt_uses_default (settings);
  return settings;
}

static gboolean
apply_file (SrtSettings *settings, const char *path, const char *shown, gboolean missing_ok, SrtLayer layer,
            SrtCheck *check)
{
  g_autoptr (SrtNode) root = srt_node_read (path, shown, missing_ok, &check->problems);
  if (root)
    srt_layers_apply (settings, root, layer, check);
  return root != NULL;
}

/* --config FILE, or srt.cfg in the working folder when there is one. */
static void
apply_project (SrtSettings *settings, const char *config, SrtCheck *check)
{
  const char *shown = config ? config : "srt.cfg";
  g_autofree char *path = g_canonicalize_filename (shown, check->cwd);
  gboolean read = apply_file (settings, path, shown, config == NULL, SRT_LAYER_PROJECT, check);

  settings->has_project = read;
  settings->project_dir = read || config ? g_path_get_dirname (path) : g_strdup (check->cwd);
}

static void
apply_layers (SrtSettings *settings, const char *system_file, const char *user_file, const SrtCommandLayer *command,
              const char *const *envp, SrtCheck *check)
{
  if (system_file)
    apply_file (settings, system_file, system_file, TRUE, SRT_LAYER_SYSTEM, check);
  if (user_file)
    apply_file (settings, user_file, user_file, TRUE, SRT_LAYER_USER, check);
  apply_project (settings, command ? command->config : NULL, check);
  if (envp)
    srt_overrides_environment (settings, envp, check);
  if (command)
    srt_overrides_command (settings, command, check);
}

SrtSettings *
srt_settings_load (const char *system_file, const char *user_file, const SrtCommandLayer *command,
                   const char *const *envp, const char *cwd, GError **error)
{
  g_autoptr (SrtSettings) settings = settings_new ();
  SrtCheck check = { .cwd = cwd };

  srt_problems_init (&check.problems);
  apply_layers (settings, system_file, user_file, command, envp, &check);
  /* What is missing because its file could not be read is no second mistake. */
  if (check.problems.lines->len == 0)
    srt_finish (settings, &check);
  gboolean right = srt_problems_report (&check.problems, error);
  srt_problems_clear (&check.problems);
  if (!right)
    return NULL;
  settings->digest = srt_digest_make (settings);
  return g_steal_pointer (&settings);
}

SrtSettings *
srt_settings_ref (const SrtSettings *settings)
{
  SrtSettings *counted = (SrtSettings *)settings; /* all but the count is constant */
  g_ref_count_inc (&counted->references);
  return counted;
}

void
srt_settings_unref (SrtSettings *settings)
{
  if (!settings || !g_ref_count_dec (&settings->references))
    return;
  srt_record_free (settings->values);
  g_ptr_array_unref (settings->profile_records);
  g_ptr_array_unref (settings->suite_records);
  g_ptr_array_unref (settings->rule_records);
  g_ptr_array_unref (settings->profiles);
  g_ptr_array_unref (settings->suites);
  g_ptr_array_unref (settings->rules);
  for (guint i = 0; i < SRT_N_KINDS; i++)
    g_ptr_array_unref (settings->uses[i]);
  g_ptr_array_unref (settings->executors);
  g_free (settings->digest);
  g_free (settings->project_dir);
  g_free (settings);
}

/* The value of KEY, which must be declared with one of the two types. */
static const SrtValue *
typed (const SrtSettings *settings, SrtKey key, guint32 type, guint32 other)
{
  guint32 declared = srt_decl_settings.rows[key].type;
  g_assert (declared == type || declared == other);
  return &settings->values->values[key];
}

gboolean
srt_settings_bool (const SrtSettings *settings, SrtKey key)
{
  return typed (settings, key, SRT_TYPE_BOOL, SRT_TYPE_BOOL)->flag;
}

gint64
srt_settings_int (const SrtSettings *settings, SrtKey key)
{
  return typed (settings, key, SRT_TYPE_INT, SRT_TYPE_INT)->number;
}

double
srt_settings_float (const SrtSettings *settings, SrtKey key)
{
  return typed (settings, key, SRT_TYPE_FLOAT, SRT_TYPE_PERCENT)->real;
}

guint64
srt_settings_duration_ns (const SrtSettings *settings, SrtKey key)
{
  return (guint64)typed (settings, key, SRT_TYPE_DURATION, SRT_TYPE_DURATION)->number;
}

guint64
srt_settings_bytes (const SrtSettings *settings, SrtKey key)
{
  return (guint64)typed (settings, key, SRT_TYPE_SIZE, SRT_TYPE_SIZE)->number;
}

const char *
srt_settings_string (const SrtSettings *settings, SrtKey key)
{
  if (srt_decl_settings.rows[key].type == SRT_TYPE_CHOICE)
    return settings->values->values[key].text;
  return typed (settings, key, SRT_TYPE_STRING, SRT_TYPE_PATH)->text;
}

const char *const *
srt_settings_list (const SrtSettings *settings, SrtKey key)
{
  return (const char *const *)typed (settings, key, SRT_TYPE_LIST, SRT_TYPE_LIST)->list;
}

const SrtOrigin *
srt_settings_origin (const SrtSettings *settings, SrtKey key)
{
  return &settings->values->values[key].origin;
}

gboolean
srt_settings_is_default (const SrtSettings *settings, SrtKey key)
{
  return settings->values->values[key].layer == SRT_LAYER_DEFAULT;
}

const GPtrArray *
srt_settings_suites (const SrtSettings *settings)
{
  return settings->suites;
}

const SrtProfile *
srt_settings_profile (const SrtSettings *settings, const char *name)
{
  for (guint i = 0; i < settings->profiles->len; i++) {
    const SrtProfile *profile = settings->profiles->pdata[i];
    if (g_str_equal (profile->name, name))
      return profile;
  }
  return NULL;
}

const GPtrArray *
srt_settings_rules (const SrtSettings *settings)
{
  return settings->rules;
}

SrtLeaks
srt_settings_leaks (const SrtSettings *settings)
{
  return srt_make_leaks (&settings->values->values[SRT_KEY_RUN_LEAKS]);
}

const GPtrArray *
srt_settings_plugins (const SrtSettings *settings, guint32 kind)
{
  int index = srt_kind_decl_find (kind);
  g_return_val_if_fail (index >= 0, NULL);
  return settings->uses[index];
}

const char *
srt_settings_digest (const SrtSettings *settings)
{
  return settings->digest;
}

const char *
srt_settings_project_dir (const SrtSettings *settings)
{
  return settings->project_dir;
}

gboolean
srt_settings_has_project (const SrtSettings *settings)
{
  return settings->has_project;
}
