/* SPDX-License-Identifier: MIT
 * The last step of loading: what one value says about another, and the suites and profiles as others see them. */
#include "settings/state.h"

#include <signal.h>

/* Several jobs mean parallel, unless the same or a later layer says something on that itself. */
static void
imply_parallel (SrtSettings *settings)
{
  const SrtValue *jobs = &settings->values->values[SRT_KEY_RUN_JOBS];
  SrtValue *parallel = &settings->values->values[SRT_KEY_RUN_PARALLEL];

  if (jobs->number > 1 && jobs->layer > parallel->layer) {
    parallel->flag = TRUE;
    parallel->layer = jobs->layer;
    parallel->origin = jobs->origin;
  }
}

/* A value that the command line gives for all tests goes over what single suites and profiles say, unless the command
 * line said that too. */
static void
push_down (const SrtValue *from, const GPtrArray *records, guint index)
{
  if (from->layer != SRT_LAYER_COMMAND)
    return;
  for (guint i = 0; i < records->len; i++) {
    SrtValue *value = &((SrtRecord *)records->pdata[i])->values[index];
    if (value->set && value->layer != SRT_LAYER_COMMAND)
      srt_value_copy (value, from);
  }
}

/* Only profiles that bound the wall time: 0 leaves it to run.timeout anyway. */
static void
push_down_timeout (SrtSettings *settings)
{
  const SrtValue *timeout = &settings->values->values[SRT_KEY_RUN_TIMEOUT];
  g_autoptr (GPtrArray) bounded = g_ptr_array_new ();

  for (guint i = 0; i < settings->profile_records->len; i++) {
    SrtRecord *profile = settings->profile_records->pdata[i];
    if (profile->values[SRT_PROFILE_KEY_WALL].number > 0)
      g_ptr_array_add (bounded, profile);
  }
  push_down (timeout, bounded, SRT_PROFILE_KEY_WALL);
  push_down (timeout, settings->suite_records, SRT_SUITE_KEY_TIMEOUT);
}

static void
check_profile (const SrtSettings *settings, const SrtValue *value, const char *key, SrtCheck *check)
{
  if (!value->set || value->text[0] == '\0' || srt_state_find (settings->profile_records, value->text))
    return;
  g_autofree const char **names = srt_state_names (settings->profile_records);
  g_autofree char *all = g_strjoinv (", ", (char **)names);
  srt_problems_add (&check->problems, &value->origin, key, "there is no profile \"%s\"; there are %s", value->text,
                    all);
}

static void
check_profiles (const SrtSettings *settings, SrtCheck *check)
{
  check_profile (settings, &settings->values->values[SRT_KEY_RUN_PROFILE], "run.profile", check);
  for (guint i = 0; i < settings->suite_records->len; i++) {
    const SrtRecord *suite = settings->suite_records->pdata[i];
    g_autofree char *key = g_strconcat ("suites.", suite->name, ".profile", NULL);
    check_profile (settings, &suite->values[SRT_SUITE_KEY_PROFILE], key, check);
  }
}

static guint64
unsigned_of (const SrtRecord *record, guint index)
{
  return (guint64)record->values[index].number; /* the checker lets no negative one in */
}

static SrtProfile *
make_profile (const SrtRecord *record)
{
  SrtProfile *profile = g_new0 (SrtProfile, 1);
  const SrtValue *core = &record->values[SRT_PROFILE_KEY_CORE_SIZE];

  profile->name = g_strdup (record->name);
  profile->memory = unsigned_of (record, SRT_PROFILE_KEY_MEMORY);
  profile->cpu = record->values[SRT_PROFILE_KEY_CPU].real;
  profile->wall_ns = unsigned_of (record, SRT_PROFILE_KEY_WALL);
  profile->io_ops = unsigned_of (record, SRT_PROFILE_KEY_IO_OPS);
  profile->cpu_time_ns = unsigned_of (record, SRT_PROFILE_KEY_CPU_TIME);
  profile->processes = unsigned_of (record, SRT_PROFILE_KEY_PROCESSES);
  profile->open_files = unsigned_of (record, SRT_PROFILE_KEY_OPEN_FILES);
  profile->file_size = unsigned_of (record, SRT_PROFILE_KEY_FILE_SIZE);
  profile->core_size = core->set ? core->number : -1;
  profile->nice = (int)record->values[SRT_PROFILE_KEY_NICE].number;
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

static SrtSuite *
make_suite (const SrtRecord *record)
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
  suite->grace_ns = said_or_max (&v[SRT_SUITE_KEY_GRACE]);
  suite->output_max = said_or_max (&v[SRT_SUITE_KEY_OUTPUT_MAX]);
  suite->format_set = v[SRT_SUITE_KEY_FORMAT].set;
  suite->format =
      suite->format_set && g_str_equal (v[SRT_SUITE_KEY_FORMAT].text, "tap") ? SRT_FORMAT_TAP : SRT_FORMAT_EXIT;
  suite->merged = g_str_equal (v[SRT_SUITE_KEY_CAPTURE].text, "merged");
  suite->all_executables = v[SRT_SUITE_KEY_ALL_EXECUTABLES].flag;
  suite->optional = v[SRT_SUITE_KEY_OPTIONAL].flag;
  suite->exclusive = v[SRT_SUITE_KEY_EXCLUSIVE].flag;
  suite->term_signal = signal_number (v[SRT_SUITE_KEY_TERM_SIGNAL].text);
  suite->profile = g_strdup (v[SRT_SUITE_KEY_PROFILE].text);
  suite->executor_options =
      v[SRT_SUITE_KEY_EXECUTOR].set ? g_ptr_array_ref (v[SRT_SUITE_KEY_EXECUTOR].options) : g_ptr_array_new ();
  suite->origin = record->origin;
  return suite;
}

void
srt_finish (SrtSettings *settings, SrtCheck *check)
{
  const SrtValue *values = settings->values->values;

  imply_parallel (settings);
  check_profiles (settings, check);
  push_down_timeout (settings);
  push_down (&values[SRT_KEY_RUN_GRACE], settings->suite_records, SRT_SUITE_KEY_GRACE);
  push_down (&values[SRT_KEY_RUN_OUTPUT_MAX], settings->suite_records, SRT_SUITE_KEY_OUTPUT_MAX);
  for (guint i = 0; i < settings->profile_records->len; i++)
    g_ptr_array_add (settings->profiles, make_profile (settings->profile_records->pdata[i]));
  for (guint i = 0; i < settings->suite_records->len; i++)
    g_ptr_array_add (settings->suites, make_suite (settings->suite_records->pdata[i]));
}
