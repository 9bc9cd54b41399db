/* SPDX-License-Identifier: MIT */
#include "catalog/terms.h"

#include <string.h>

#include "catalog/names.h"

/* What the rules that match a test say together. */
typedef struct {
  const char *profile, *executor;
  guint64 timeout_ns;   /* G_MAXUINT64: not said */
  guint64 heartbeat_ns; /* 0: not said */
  SrtLeaks leaks;
  SrtLimits limits;
  guint32 limits_said;
} Said;

/* The limits of FROM that are named in SAID go over those of TO. */
static void
overlay (SrtLimits *to, const SrtLimits *from, guint32 said)
{
#define TAKE(ID, FIELD) to->FIELD = said & 1u << SRT_LIMIT_KEY_##ID ? from->FIELD : to->FIELD
  TAKE (MEMORY, memory);
  TAKE (CPU, cpu);
  TAKE (IO_OPS, io_ops);
  TAKE (CPU_TIME, cpu_time_ns);
  TAKE (PROCESSES, processes);
  TAKE (OPEN_FILES, open_files);
  TAKE (FILE_SIZE, file_size);
  TAKE (CORE_SIZE, core_size);
  TAKE (NICE, nice);
  TAKE (OUTPUT_MAX, output_max);
#undef TAKE
}

/* By its id, its name in the suite, or the last part of that. */
static gboolean
matches (const SrtRule *rule, const srt_test *test)
{
  const char *slash = strrchr (test->name, '/');
  return srt_names_match (rule->match, test->id, test->name) ||
         srt_names_match (rule->match, slash ? slash + 1 : test->name, NULL);
}

/* The later rule wins, key by key. */
static void
ask_rules (const SrtTest *test, const SrtSettings *settings, Said *ret)
{
  const GPtrArray *rules = srt_settings_rules (settings);
  *ret = (Said){ .timeout_ns = G_MAXUINT64, .leaks = SRT_LEAKS_NOT_SAID, .limits.core_size = -1 };
  for (guint i = 0; i < rules->len; i++) {
    const SrtRule *rule = rules->pdata[i];
    if (!matches (rule, &test->pub))
      continue;
    ret->profile = rule->profile ? rule->profile : ret->profile;
    ret->executor = rule->executor ? rule->executor : ret->executor;
    ret->timeout_ns = rule->timeout_ns != G_MAXUINT64 ? rule->timeout_ns : ret->timeout_ns;
    ret->heartbeat_ns = rule->heartbeat_ns > 0 ? rule->heartbeat_ns : ret->heartbeat_ns;
    ret->leaks = rule->leaks != SRT_LEAKS_NOT_SAID ? rule->leaks : ret->leaks;
    overlay (&ret->limits, &rule->limits, rule->limits_said);
    ret->limits_said |= rule->limits_said;
  }
}

/* The nearest to the test that says where: a rule, its profile, the suite, its profile, the run. The suite's options
 * are for its own executor alone. No limit, so --no-limits does not lift it. */
static void
set_executor (SrtTest *test, const SrtSettings *settings, const Said *said)
{
  const char *of_suite = srt_settings_suite_executor (settings, test->suite);
  const SrtProfile *profile = said->profile ? srt_settings_profile (settings, said->profile) : NULL;
  test->executor = said->executor ? said->executor : profile && profile->executor ? profile->executor : of_suite;
  test->executor_options = g_str_equal (test->executor, of_suite) ? test->suite->executor_options : NULL;
}

/* The nearest to the test that says something: a rule, its profile, the suite, its profile, the run. OF_PROFILE: 0 is
 * not said. */
static guint64
nearest (const Said *said, guint64 of_rule, guint64 of_suite, guint64 of_profile, guint64 of_run)
{
  if (of_rule != G_MAXUINT64)
    return of_rule;
  if (said->profile && of_profile > 0)
    return of_profile;
  if (of_suite != G_MAXUINT64)
    return of_suite;
  return of_profile > 0 ? of_profile : of_run;
}

static void
set_times (SrtTest *test, const SrtSettings *settings, const Said *said)
{
  const SrtSuite *suite = test->suite;
  const SrtProfile *profile = test->profile;
  gboolean lifted = srt_settings_bool (settings, SRT_KEY_RUN_NO_LIMITS);
  gboolean has_output = said->limits_said & 1u << SRT_LIMIT_KEY_OUTPUT_MAX;

  test->timeout_ns = lifted ? 0
                            : nearest (said, said->timeout_ns, suite->timeout_ns, profile ? profile->wall_ns : 0,
                                       srt_settings_duration_ns (settings, SRT_KEY_RUN_TIMEOUT));
  test->heartbeat_ns = lifted ? 0 : said->heartbeat_ns > 0 ? said->heartbeat_ns : suite->heartbeat_ns;
  test->output_max =
      nearest (said, has_output ? said->limits.output_max : G_MAXUINT64, suite->output_max,
               profile ? profile->limits.output_max : 0, srt_settings_bytes (settings, SRT_KEY_RUN_OUTPUT_MAX));
  test->grace_ns =
      suite->grace_ns != G_MAXUINT64 ? suite->grace_ns : srt_settings_duration_ns (settings, SRT_KEY_RUN_GRACE);
}

void
srt_terms_set (SrtTest *test, const SrtSettings *settings)
{
  static const SrtLimits none = { .core_size = -1 };
  Said said;

  ask_rules (test, settings, &said);
  gboolean lifted = srt_settings_bool (settings, SRT_KEY_RUN_NO_LIMITS);
  const char *profile = said.profile ? said.profile : test->suite->profile;
  test->profile = lifted ? NULL : srt_settings_choose_profile (settings, profile);
  test->limits = test->profile ? test->profile->limits : none;
  if (!lifted)
    overlay (&test->limits, &said.limits, said.limits_said);
  test->leaks = said.leaks != SRT_LEAKS_NOT_SAID ? said.leaks : test->suite->leaks;
  test->term_signal = test->suite->term_signal;
  set_executor (test, settings, &said);
  set_times (test, settings, &said);
}
