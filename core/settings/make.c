/* SPDX-License-Identifier: MIT
 * Records become what others see: suites, profiles, rules. */
#include "settings/state.h"

#include <signal.h>

static guint64
unsigned_of (const SrtRecord *record, guint index)
{
  return (guint64)record->values[index].number; /* the checker lets no negative one in */
}

/* The limits that RECORD (of a profile or rule) says. Returns which: bits 1 << SrtLimitKey. */
static guint32
make_limits (const SrtRecord *record, SrtLimits *ret)
{
  const SrtValue *core = &record->values[SRT_LIMIT_KEY_CORE_SIZE];
  guint32 said = 0;

  for (guint i = 0; i < SRT_N_LIMIT_KEYS; i++)
    said |= record->values[i].set ? 1u << i : 0;
  *ret = (SrtLimits){
    .memory = unsigned_of (record, SRT_LIMIT_KEY_MEMORY),
    .cpu = record->values[SRT_LIMIT_KEY_CPU].real,
    .io_ops = unsigned_of (record, SRT_LIMIT_KEY_IO_OPS),
    .cpu_time_ns = unsigned_of (record, SRT_LIMIT_KEY_CPU_TIME),
    .processes = unsigned_of (record, SRT_LIMIT_KEY_PROCESSES),
    .open_files = unsigned_of (record, SRT_LIMIT_KEY_OPEN_FILES),
    .file_size = unsigned_of (record, SRT_LIMIT_KEY_FILE_SIZE),
    .core_size = core->set ? core->number : -1,
    .nice = (int)record->values[SRT_LIMIT_KEY_NICE].number,
    .output_max = unsigned_of (record, SRT_LIMIT_KEY_OUTPUT_MAX),
  };
  return said;
}

static SrtProfile *
make_profile (const SrtRecord *record)
{
  SrtProfile *profile = g_new0 (SrtProfile, 1);
  profile->name = g_strdup (record->name);
  make_limits (record, &profile->limits);
  profile->wall_ns = unsigned_of (record, SRT_PROFILE_KEY_WALL);
  profile->executor = g_strdup (record->values[SRT_PROFILE_KEY_EXECUTOR].text);
  profile->origin = record->origin;
  return profile;
}

static int
signal_number (const char *name)
{
  static const struct {
    const char *name;
    int number;
  } rows[] = { { "TERM", SIGTERM }, { "INT", SIGINT },   { "HUP", SIGHUP },   { "QUIT", SIGQUIT },
               { "ABRT", SIGABRT }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 }, { "KILL", SIGKILL } };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].name, name))
      return rows[i].number;
  g_return_val_if_reached (SIGTERM); /* keys.h has a choice that is not above */
}

/* A value that falls back to the run's is G_MAXUINT64 when the suite does not say it. */
static guint64
said_or_max (const SrtValue *value)
{
  return value->set ? (guint64)value->number : G_MAXUINT64;
}

SrtLeaks
srt_make_leaks (const SrtValue *value)
{
  if (!value->set)
    return SRT_LEAKS_NOT_SAID;
  return g_str_equal (value->text, "fail")     ? SRT_LEAKS_FAIL
         : g_str_equal (value->text, "ignore") ? SRT_LEAKS_IGNORE
                                               : SRT_LEAKS_REPORT;
}

static SrtRule *
make_rule (const SrtRecord *record)
{
  const SrtValue *v = record->values;
  SrtRule *rule = g_new0 (SrtRule, 1);
  rule->match = g_strdupv (v[SRT_RULE_KEY_MATCH].list);
  rule->profile = g_strdup (v[SRT_RULE_KEY_PROFILE].text);
  rule->timeout_ns = said_or_max (&v[SRT_RULE_KEY_TIMEOUT]);
  rule->heartbeat_ns = unsigned_of (record, SRT_RULE_KEY_HEARTBEAT);
  rule->leaks = srt_make_leaks (&v[SRT_RULE_KEY_LEAKS]);
  rule->executor = g_strdup (v[SRT_RULE_KEY_EXECUTOR].text);
  rule->limits_said = make_limits (record, &rule->limits);
  rule->origin = record->origin;
  return rule;
}

/* The run's programs and the suite's; NULL: none. */
static char **
make_keep (char *const *of_run, char *const *of_suite)
{
  GStrvBuilder *all = g_strv_builder_new ();
  if (of_run)
    g_strv_builder_addv (all, (const char **)of_run);
  if (of_suite)
    g_strv_builder_addv (all, (const char **)of_suite);
  char **keep = g_strv_builder_end (all);
  g_strv_builder_unref (all);
  if (!*keep)
    g_clear_pointer (&keep, g_strfreev);
  return keep;
}

static SrtSuite *
make_suite (const SrtSettings *settings, const SrtRecord *record)
{
  const SrtValue *v = record->values;
  SrtSuite *suite = g_new0 (SrtSuite, 1);

  suite->name = g_strdup (record->name);
  suite->level = g_strdup (v[SRT_SUITE_KEY_LEVEL].set ? v[SRT_SUITE_KEY_LEVEL].text : "");
  suite->from = g_str_equal (v[SRT_SUITE_KEY_FROM].text, "paths") ? SRT_FROM_PATHS : SRT_FROM_INSTALLED_TESTS;
  suite->paths = g_strdupv (v[SRT_SUITE_KEY_PATHS].list);
  suite->patterns = g_strdupv (v[SRT_SUITE_KEY_PATTERNS].list);
  suite->exclude = g_strdupv (v[SRT_SUITE_KEY_EXCLUDE].list);
  suite->command = g_strdupv (v[SRT_SUITE_KEY_COMMAND].list);
  suite->env = g_strdupv (v[SRT_SUITE_KEY_ENV].list);
  suite->cwd = g_strdup (v[SRT_SUITE_KEY_CWD].text);
  suite->stdin_path = g_strdup (v[SRT_SUITE_KEY_STDIN].text);
  suite->timeout_ns = said_or_max (&v[SRT_SUITE_KEY_TIMEOUT]);
  suite->heartbeat_ns = unsigned_of (record, SRT_SUITE_KEY_HEARTBEAT);
  suite->grace_ns = said_or_max (&v[SRT_SUITE_KEY_GRACE]);
  suite->output_max = said_or_max (&v[SRT_SUITE_KEY_OUTPUT_MAX]);
  suite->format_set = v[SRT_SUITE_KEY_FORMAT].set;
  suite->format =
      suite->format_set && g_str_equal (v[SRT_SUITE_KEY_FORMAT].text, "tap") ? SRT_FORMAT_TAP : SRT_FORMAT_EXIT;
  suite->merged = g_str_equal (v[SRT_SUITE_KEY_CAPTURE].text, "merged");
  suite->all_executables = v[SRT_SUITE_KEY_ALL_EXECUTABLES].flag;
  suite->optional = v[SRT_SUITE_KEY_OPTIONAL].flag;
  suite->exclusive = v[SRT_SUITE_KEY_EXCLUSIVE].flag;
  suite->rerunnable = v[SRT_SUITE_KEY_RERUNNABLE].flag;
  suite->term_signal = signal_number (v[SRT_SUITE_KEY_TERM_SIGNAL].text);
  suite->profile = g_strdup (v[SRT_SUITE_KEY_PROFILE].text);
  suite->leaks = v[SRT_SUITE_KEY_LEAKS].set ? srt_make_leaks (&v[SRT_SUITE_KEY_LEAKS]) : srt_settings_leaks (settings);
  suite->keep = make_keep (settings->values->values[SRT_KEY_RUN_KEEP].list, v[SRT_SUITE_KEY_KEEP].list);
  suite->executor = g_strdup (v[SRT_SUITE_KEY_EXECUTOR].text);
  suite->executor_options =
      v[SRT_SUITE_KEY_EXECUTOR].set ? g_ptr_array_ref (v[SRT_SUITE_KEY_EXECUTOR].options) : g_ptr_array_new ();
  suite->origin = record->origin;
  return suite;
}

void
srt_make (SrtSettings *settings)
{
  for (guint i = 0; i < settings->profile_records->len; i++)
    g_ptr_array_add (settings->profiles, make_profile (settings->profile_records->pdata[i]));
  for (guint i = 0; i < settings->suite_records->len; i++)
    g_ptr_array_add (settings->suites, make_suite (settings, settings->suite_records->pdata[i]));
  for (guint i = 0; i < settings->rule_records->len; i++)
    g_ptr_array_add (settings->rules, make_rule (settings->rule_records->pdata[i]));
}

void
srt_make_profile_free (gpointer data)
{
  SrtProfile *profile = data;
  g_free (profile->name);
  g_free (profile->executor);
  g_free (profile);
}

void
srt_make_rule_free (gpointer data)
{
  SrtRule *rule = data;
  g_strfreev (rule->match);
  g_free (rule->profile);
  g_free (rule->executor);
  g_free (rule);
}

void
srt_make_suite_free (gpointer data)
{
  SrtSuite *suite = data;
  g_free (suite->name);
  g_free (suite->level);
  g_strfreev (suite->paths);
  g_strfreev (suite->patterns);
  g_strfreev (suite->exclude);
  g_strfreev (suite->command);
  g_strfreev (suite->env);
  g_free (suite->cwd);
  g_free (suite->stdin_path);
  g_free (suite->profile);
  g_strfreev (suite->keep);
  g_free (suite->executor);
  g_ptr_array_unref (suite->executor_options);
  g_free (suite);
}
