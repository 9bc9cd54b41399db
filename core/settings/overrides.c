/* SPDX-License-Identifier: MIT
 * Single values from outside the files: SRT_RUN_JOBS=4, --jobs 4, --set profiles.fast.memory=256M. */
#include "settings/state.h"
#include "base/suggest.h"

#include <string.h>

/* Variables that srt itself sets for tests and helpers: a run inside a run sees them. */
static const char *const own_variables[] = { "SRT_RUN_ID", "SRT_RUN_DIR", NULL };

static char **
all_variables (void)
{
  char **names = g_new0 (char *, srt_decl_settings.n + 1);
  for (guint i = 0; i < srt_decl_settings.n; i++)
    names[i] = srt_decl_variable (&srt_decl_settings.rows[i]);
  return names;
}

/* Does NAME look as if it were meant for a setting ("SRT_RUN_…")? Other programs may have SRT_ variables too. */
static gboolean
looks_like_setting (const char *name)
{
  for (guint i = 0; i < srt_decl_settings.n; i++) {
    g_autofree char *variable = srt_decl_variable (&srt_decl_settings.rows[i]);
    const char *group_end = strchr (variable + strlen ("SRT_"), '_') + 1;
    if (strncmp (name, variable, (gsize)(group_end - variable)) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
apply_variable (SrtSettings *settings, const char *name, const char *value, char **variables, SrtCheck *check)
{
  SrtOrigin origin = { NULL, 0, g_intern_string (name) };

  for (guint i = 0; variables[i]; i++) {
    if (g_str_equal (variables[i], name)) {
      SrtRawOption *raw = srt_raw_option_new (srt_decl_settings.rows[i].name, SRT_RAW_STRING, value, NULL, &origin);
      srt_record_set (settings->values, i, raw, SRT_LAYER_ENVIRONMENT, NULL, check);
      srt_raw_option_free (raw);
      return;
    }
  }
  if (!looks_like_setting (name) || g_strv_contains (own_variables, name))
    return;
  const char *meant = srt_suggest (name, (const char *const *)variables);
  if (meant)
    srt_problems_add (&check->problems, &origin, NULL, "no setting has this variable; did you mean \"%s\"?", meant);
  else
    srt_problems_add (&check->problems, &origin, NULL, "no setting has this variable; `srt config` shows all settings");
}

void
srt_overrides_environment (SrtSettings *settings, const char *const *envp, SrtCheck *check)
{
  g_auto (GStrv) variables = all_variables ();

  for (; *envp; envp++) {
    const char *equals = strchr (*envp, '=');
    if (!g_str_has_prefix (*envp, "SRT_") || !equals || equals[1] == '\0')
      continue; /* an empty variable says nothing */
    g_autofree char *name = g_strndup (*envp, (gsize)(equals - *envp));
    apply_variable (settings, name, equals + 1, variables, check);
  }
}

/* KEY = "NAME.ROW" of a suite or profile. */
static void
override_record (const GPtrArray *records, const char *what, const char *key, const SrtRawOption *raw, SrtCheck *check)
{
  const char *dot = strrchr (key, '.');
  g_autofree char *name = dot ? g_strndup (key, (gsize)(dot - key)) : g_strdup (key);
  SrtRecord *record = srt_state_find (records, name);
  const char *row = dot ? dot + 1 : "";

  if (!record) {
    g_autofree const char **names = srt_state_names (records);
    const char *meant = srt_suggest (name, names);
    srt_problems_add (&check->problems, &raw->origin, NULL, "there is no %s \"%s\"%s%s%s", what, name,
                      meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
    return;
  }
  int index = srt_decl_find (record->table, row);
  if (index >= 0 && !(record->table == &srt_decl_suite && index == SRT_SUITE_KEY_NAME)) {
    srt_record_set (record, (guint)index, raw, SRT_LAYER_COMMAND, NULL, check);
    return;
  }
  g_autofree const char **rows = g_new0 (const char *, record->table->n + 1);
  for (guint i = 0; i < record->table->n; i++)
    rows[i] = record->table->rows[i].name;
  srt_problems_unknown (&check->problems, &raw->origin, NULL, row, rows);
}

/* "executor=NAME[:…]" and "executor.OPTION=VALUE". FALSE: KEY is neither. */
static gboolean
override_plugin (SrtSettings *settings, const SrtRawOption *raw, SrtCheck *check)
{
  gsize length = strcspn (raw->name, ".");
  g_autofree char *group = g_strndup (raw->name, length);
  int index = srt_kind_decl_find_group (group);
  GError *error = NULL;

  if (index < 0)
    return FALSE;
  if (srt_kind_decls[index].many) {
    srt_problems_add (&check->problems, &raw->origin, NULL, "use --notifier NAME[:OPTION=VALUE,…] for this");
  } else if (raw->name[length] == '\0') {
    SrtPluginUse *use = srt_plugin_use_parse (srt_kind_decls[index].kind, raw->text, &raw->origin, &error);
    if (use)
      srt_uses_add (settings, use, check);
    else
      srt_problems_take (&check->problems, &raw->origin, NULL, error);
    srt_plugin_use_free (use);
  } else if (settings->uses[index]->len == 0) {
    srt_problems_add (&check->problems, &raw->origin, NULL, "there is no %s to give an option to", group);
  } else {
    SrtRawOption *option = srt_raw_option_new (raw->name + length + 1, (int)raw->type, raw->text,
                                               (const char *const *)raw->list, &raw->origin);
    srt_plugin_use_drop (settings->uses[index]->pdata[0], option->name);
    srt_plugin_use_add (settings->uses[index]->pdata[0], option);
    srt_raw_option_free (option);
  }
  return TRUE;
}

static void
report_unknown (const SrtRawOption *raw, SrtCheck *check)
{
  g_autofree const char **names = g_new0 (const char *, srt_decl_settings.n + 1);
  for (guint i = 0; i < srt_decl_settings.n; i++)
    names[i] = srt_decl_settings.rows[i].name;
  const char *meant = srt_suggest (raw->name, names);
  for (guint i = 0; !meant && i < srt_decl_settings.n; i++)
    if (g_str_equal (strchr (names[i], '.') + 1, raw->name))
      meant = names[i];
  srt_problems_add (&check->problems, &raw->origin, NULL, "no such key; %s%s%s", meant ? "did you mean \"" : "",
                    meant ? meant : "`srt config` shows all of them", meant ? "\"?" : "");
}

static void
apply_override (SrtSettings *settings, const SrtRawOption *raw, SrtCheck *check)
{
  int index = srt_decl_find (&srt_decl_settings, raw->name);

  if (index >= 0)
    srt_record_set (settings->values, (guint)index, raw, SRT_LAYER_COMMAND, NULL, check);
  else if (g_str_has_prefix (raw->name, "profiles."))
    override_record (settings->profile_records, "profile", raw->name + strlen ("profiles."), raw, check);
  else if (g_str_has_prefix (raw->name, "suites."))
    override_record (settings->suite_records, "suite", raw->name + strlen ("suites."), raw, check);
  else if (!override_plugin (settings, raw, check))
    report_unknown (raw, check);
}

void
srt_overrides_command (SrtSettings *settings, const SrtCommandLayer *command, SrtCheck *check)
{
  for (guint i = 0; command->uses && i < command->uses->len; i++)
    srt_uses_add (settings, command->uses->pdata[i], check);
  for (guint i = 0; command->overrides && i < command->overrides->len; i++)
    apply_override (settings, command->overrides->pdata[i], check);
}
