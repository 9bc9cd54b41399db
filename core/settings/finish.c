/* SPDX-License-Identifier: MIT
 * The last step of loading: what one value says about another. */
#include "settings/state.h"

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
  push_down (timeout, settings->rule_records, SRT_RULE_KEY_TIMEOUT);
}

static void
push_down_all (SrtSettings *settings)
{
  const SrtValue *values = settings->values->values;

  push_down_timeout (settings);
  push_down (&values[SRT_KEY_RUN_GRACE], settings->suite_records, SRT_SUITE_KEY_GRACE);
  push_down (&values[SRT_KEY_RUN_PROFILE], settings->suite_records, SRT_SUITE_KEY_PROFILE);
  push_down (&values[SRT_KEY_RUN_PROFILE], settings->rule_records, SRT_RULE_KEY_PROFILE);
  push_down (&values[SRT_KEY_RUN_LEAKS], settings->suite_records, SRT_SUITE_KEY_LEAKS);
  push_down (&values[SRT_KEY_RUN_LEAKS], settings->rule_records, SRT_RULE_KEY_LEAKS);
  push_down (&values[SRT_KEY_RUN_OUTPUT_MAX], settings->suite_records, SRT_SUITE_KEY_OUTPUT_MAX);
  push_down (&values[SRT_KEY_RUN_OUTPUT_MAX], settings->profile_records, SRT_PROFILE_KEY_OUTPUT_MAX);
  push_down (&values[SRT_KEY_RUN_OUTPUT_MAX], settings->rule_records, SRT_RULE_KEY_OUTPUT_MAX);
}

/* A flag that is set, or a number that is not "none". */
static gboolean
asks (const SrtValue *value)
{
  return value->flag || value->number > 0;
}

/* Two settings that ask for the opposite of each other: whoever says it later means it. WORDS: what the first of them
 * does and the second asks for. */
static void
choose_between (SrtSettings *settings, SrtKey first, SrtKey second, const char *words, SrtCheck *check)
{
  SrtValue *one = &settings->values->values[first], *other = &settings->values->values[second];

  if (!asks (one) || !asks (other))
    return;
  if (other->layer != one->layer) {
    SrtValue *earlier = other->layer > one->layer ? one : other, *later = earlier == one ? other : one;
    earlier->flag = FALSE;
    earlier->number = 0;
    earlier->origin = later->origin;
  } else {
    g_autofree char *place = srt_origin_text (&other->origin);
    srt_problems_add (&check->problems, &one->origin, srt_decl_settings.rows[first].name,
                      "%s, and %s asks for %s: only one of them can be", words, place,
                      srt_decl_settings.rows[second].name);
  }
}

static void
choose_modes (SrtSettings *settings, SrtCheck *check)
{
  choose_between (settings, SRT_KEY_RUN_NO_LIMITS, SRT_KEY_RUN_SAFE_MODE, "lifts all limits", check);
  choose_between (settings, SRT_KEY_GUARD_OFF, SRT_KEY_GUARD_SELF_PROTECT, "switches the guard off", check);
  choose_between (settings, SRT_KEY_GUARD_OFF, SRT_KEY_GUARD_AUTO_RESUME, "switches the guard off", check);
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
  for (guint i = 0; i < settings->rule_records->len; i++) {
    const SrtRecord *rule = settings->rule_records->pdata[i];
    g_autofree char *key = g_strconcat (rule->name, ".profile", NULL);
    check_profile (settings, &rule->values[SRT_RULE_KEY_PROFILE], key, check);
  }
}

void
srt_finish (SrtSettings *settings, SrtCheck *check)
{
  imply_parallel (settings);
  choose_modes (settings, check);
  check_profiles (settings, check);
  push_down_all (settings);
  srt_executors_finish (settings);
  srt_make (settings);
}
