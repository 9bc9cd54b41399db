/* SPDX-License-Identifier: MIT */
#include "guard/policy.h"

#include "guard/forecast.h"

#define MS            G_GUINT64_CONSTANT (1000000)
#define SECOND        (1000 * MS)
#define STALE_NS      SECOND       /* an older sample says nothing about now */
#define GAP_NS        (3 * SECOND) /* between two samples nobody knows what was */
#define OTHERS_NS     (2 * SECOND) /* and twice that at most, to believe that memory is not the tests' */
#define MIN_SAMPLES   3u
#define CALM_NS       (2 * SECOND)
#define URGENT_GAP_NS (50 * MS)
#define LAST_WAIT_NS  (5 * SECOND) /* for kills without effect, beyond `sustained` */
#define SHED_SHARE    20           /* of the memory of all tests: who has less frees nothing */
#define MIN_SLEEP_NS  (20 * MS)
#define WATCH_NS      (100 * MS) /* between looks while something is held */
#define CPU_WATCH_NS  (200 * MS)
#define CPU_NEAR      20.0
#define FILL_RATE     (4.0 * (1 << 30)) /* bytes a second that a program can take: for a look in time */

/* What each gauge may do. */
static const struct {
  const char *word;
  guint32 may_run;       /* while it holds */
  guint samples_to_hold; /* the CPU is busy for a moment again and again, memory is not */
  gboolean freezes, sheds, stops, needs_self_protect;
} gauges[SRT_N_GAUGES] = {
  [SRT_GAUGE_MEMORY] = { "memory", 0, 1, TRUE, TRUE, TRUE, FALSE },
  [SRT_GAUGE_RUN_MEMORY] = { "memory of the tests", 0, 1, TRUE, TRUE, TRUE, FALSE },
  [SRT_GAUGE_PRESSURE] = { "memory pressure", 0, 1, TRUE, FALSE, FALSE, FALSE },
  [SRT_GAUGE_CPU] = { "cpu", 1, MIN_SAMPLES, FALSE, FALSE, FALSE, FALSE },
  [SRT_GAUGE_CPU_OTHERS] = { "cpu", 1, MIN_SAMPLES, TRUE, FALSE, TRUE, TRUE },
};

const char *
srt_policy_gauge (SrtGauge gauge)
{
  return gauges[gauge].word;
}

const char *
srt_policy_word (SrtGuardWord word)
{
  static const char *const words[] = { "run", "hold", "freeze", "shed", "keep-oldest", "stop" };
  return words[word];
}

/* --- clocks of the gauges ------------------------------------------------------------------------------------- */

static void
count_over (SrtGaugeState *state, guint64 now_ns, guint needed)
{
  if (state->over_since_ns == 0) {
    state->over_since_ns = now_ns;
    state->samples = 0;
  }
  state->samples++;
  state->calm_since_ns = 0;
  state->held = state->held || state->samples >= needed;
}

static void
count_calm (SrtGaugeState *state, guint64 now_ns)
{
  if (state->calm_since_ns == 0) {
    state->calm_since_ns = now_ns;
    state->samples = 0;
  }
  state->samples++;
  if (now_ns - state->calm_since_ns >= CALM_NS && state->samples >= MIN_SAMPLES)
    state->held = FALSE;
}

static void
count_reading (SrtGaugeState *state, const SrtReading *reading, guint64 now_ns, guint needed)
{
  if (reading->over) {
    count_over (state, now_ns, needed);
    return;
  }
  state->over_since_ns = 0;
  if (reading->calm)
    count_calm (state, now_ns);
  else
    state->calm_since_ns = 0;
}

/* Tests tell what they use later than the machine does. So what seems to be others' may still be theirs: it counts as
 * others' only as far as it has stayed. */
static void
follow_others (SrtPolicy *policy, const SrtPolicyInput *input, guint64 used)
{
  guint64 tests = srt_policy_tests_memory (input), now = input->sample->time_ns;
  double seen = (double)(used - MIN (tests, used)), *least = policy->others_least;
  if (policy->sample_ns == 0)
    least[1] = seen;
  if (policy->sample_ns == 0 || now >= policy->others_since_ns + OTHERS_NS) {
    least[0] = policy->sample_ns == 0 ? seen : least[1];
    least[1] = seen;
    policy->others_since_ns = now;
  }
  least[1] = MIN (least[1], seen);
  policy->others = MIN (least[0], least[1]);
}

/* Is the sample new and of now? Takes it in. */
static gboolean
take_sample (SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input)
{
  const srt_sample *sample = input->sample;
  if (!sample || sample->time_ns <= policy->sample_ns || input->now_ns > sample->time_ns + STALE_NS)
    return FALSE;
  guint64 used = srt_policy_used (sample), since_ns = sample->time_ns - policy->sample_ns;
  gboolean grows = policy->sample_ns > 0 && used > policy->used;
  policy->fill_rate = grows ? (double)(used - policy->used) * (double)SECOND / (double)since_ns : 0;
  follow_others (policy, input, used);
  if (since_ns > GAP_NS)
    for (guint i = 0; i < SRT_N_GAUGES; i++)
      policy->gauges[i].over_since_ns = policy->gauges[i].calm_since_ns = 0;
  srt_policy_read (policy, limits, input, policy->readings);
  for (guint i = 0; i < SRT_N_GAUGES; i++)
    count_reading (&policy->gauges[i], &policy->readings[i], sample->time_ns, gauges[i].samples_to_hold);
  policy->sample_ns = sample->time_ns;
  policy->used = used;
  return TRUE;
}

/* --- who ------------------------------------------------------------------------------------------------------ */

static const SrtPolicyTest *
oldest_of (const SrtPolicyInput *input)
{
  for (guint i = 0; i < input->n; i++)
    if (!input->tests[i].ending)
      return &input->tests[i];
  return NULL;
}

static gboolean
any_ending (const SrtPolicyInput *input)
{
  for (guint i = 0; i < input->n; i++)
    if (input->tests[i].ending)
      return TRUE;
  return FALSE;
}

/* Who was thawed lately must first get on. */
gboolean
srt_policy_may_freeze (const SrtPolicyLimits *limits, const SrtPolicyInput *input, const SrtPolicyTest *test)
{
  gboolean rested = test->thawed_ns == 0 || input->now_ns >= test->thawed_ns + 3 * limits->freeze_max_ns;
  return test != oldest_of (input) && !test->ending && !test->unfreezable && test->frozen_since_ns == 0 && rested;
}

/* The youngest that may be frozen. */
static const SrtPolicyTest *
to_freeze (const SrtPolicyLimits *limits, const SrtPolicyInput *input)
{
  for (guint i = input->n; i > 0; i--)
    if (srt_policy_may_freeze (limits, input, &input->tests[i - 1]))
      return &input->tests[i - 1];
  return NULL;
}

static gboolean
may_shed (const SrtPolicyLimits *limits, const SrtPolicyInput *input, const SrtPolicyTest *test)
{
  return test != oldest_of (input) && !test->ending && test->rerunnable && test->sheds < limits->shed_max;
}

/* The largest above its forecast, else the largest. NULL: there is nobody whose end would free something. */
static const SrtPolicyTest *
to_shed (const SrtPolicyLimits *limits, const SrtPolicyInput *input)
{
  const SrtPolicyTest *best = NULL;
  guint64 least = srt_policy_tests_memory (input) / SHED_SHARE;
  for (guint i = 0; i < input->n; i++) {
    const SrtPolicyTest *test = &input->tests[i];
    if (!may_shed (limits, input, test) || test->memory < least)
      continue;
    gboolean above = srt_forecast_is_exceeded (test), best_above = best && srt_forecast_is_exceeded (best);
    if (!best || (above == best_above ? test->memory > best->memory : above))
      best = test;
  }
  return best;
}

static gboolean
any_to_shed (const SrtPolicyLimits *limits, const SrtPolicyInput *input)
{
  for (guint i = 0; i < input->n; i++)
    if (may_shed (limits, input, &input->tests[i]))
      return TRUE;
  return FALSE;
}

/* Has stood still for long enough, or is the oldest now, or there is no reason any more. */
static guint64
to_thaw (const SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input)
{
  const SrtPolicyTest *oldest = oldest_of (input);
  gboolean wanted = FALSE;
  for (guint i = 0; i < SRT_N_GAUGES; i++)
    wanted = wanted || (policy->gauges[i].held && gauges[i].freezes);
  for (guint i = 0; i < input->n; i++) {
    const SrtPolicyTest *test = &input->tests[i];
    gboolean long_enough = input->now_ns >= test->frozen_since_ns + limits->freeze_max_ns;
    if (test->frozen_since_ns > 0 && !test->ending && (!wanted || long_enough || test == oldest))
      return test->job;
  }
  return 0;
}

/* --- the ladder ----------------------------------------------------------------------------------------------- */

typedef struct {
  SrtPolicy *policy;
  const SrtPolicyLimits *limits;
  const SrtPolicyInput *input;
  SrtGauge gauge;
  guint64 age_ns; /* over its line for so long */
  gboolean urgent, critical, ours;
} Look;

/* Is it time for a step that comes after TENTHS of `sustained`, or after URGENT_TENTHS where there is no time? */
static gboolean
is_due (const Look *look, guint tenths, guint urgent_tenths)
{
  guint64 wait_ns = look->limits->sustained_ns / 10 * (look->urgent ? urgent_tenths : tenths);
  return look->age_ns >= wait_ns;
}

static gboolean
wants_stop (const Look *look)
{
  gboolean waits = any_ending (look->input) && look->age_ns < look->limits->sustained_ns + LAST_WAIT_NS;
  if (!look->limits->stop || !gauges[look->gauge].stops || waits || !is_due (look, 10, 2) ||
      look->policy->gauges[look->gauge].samples < MIN_SAMPLES)
    return FALSE;
  if (look->limits->self_protect)
    return TRUE;
  gboolean can_shed = (look->limits->shed || look->limits->keep_oldest) && any_to_shed (look->limits, look->input);
  return look->ours && !can_shed;
}

static gboolean
wants_keep_oldest (const Look *look)
{
  return look->limits->keep_oldest && gauges[look->gauge].sheds && look->ours && !any_ending (look->input) &&
         is_due (look, 8, 8) && any_to_shed (look->limits, look->input);
}

static const SrtPolicyTest *
wants_shed (const Look *look)
{
  if (!look->limits->shed || !gauges[look->gauge].sheds || !look->ours || any_ending (look->input) ||
      !is_due (look, 5, look->critical ? 0 : 5))
    return NULL;
  return to_shed (look->limits, look->input);
}

static const SrtPolicyTest *
wants_freeze (const Look *look)
{
  if (!look->limits->freeze || !gauges[look->gauge].freezes || !is_due (look, 1, 0))
    return NULL;
  return to_freeze (look->limits, look->input);
}

static SrtGuardWord
choose (const Look *look, guint64 *ret_job)
{
  const SrtPolicyTest *oldest = oldest_of (look->input), *test;
  *ret_job = oldest ? oldest->job : 0;
  if (wants_stop (look))
    return SRT_GUARD_STOP;
  if (wants_keep_oldest (look))
    return SRT_GUARD_KEEP_OLDEST;
  /* Where memory runs out, standing still comes first: it works at once. */
  if (look->urgent && (test = wants_freeze (look))) {
    *ret_job = test->job;
    return SRT_GUARD_FREEZE;
  }
  if ((test = wants_shed (look))) {
    *ret_job = test->job;
    return SRT_GUARD_SHED;
  }
  if ((test = wants_freeze (look))) {
    *ret_job = test->job;
    return SRT_GUARD_FREEZE;
  }
  return SRT_GUARD_RUN;
}

/* May GAUGE ask for a step now, after the one before? */
static gboolean
may_step (const Look *look)
{
  const SrtGaugeState *state = &look->policy->gauges[look->gauge];
  guint64 gap_ns = look->urgent ? URGENT_GAP_NS : look->limits->sustained_ns / 10;
  if (state->over_since_ns == 0 || (gauges[look->gauge].needs_self_protect && !look->limits->self_protect))
    return FALSE;
  if (state->samples < MIN_SAMPLES && !look->urgent)
    return FALSE;
  return look->policy->step_ns == 0 || look->policy->sample_ns >= look->policy->step_ns + gap_ns;
}

static void
look_at (const Look *look, SrtPolicyVerdict *ret)
{
  guint64 job;
  if (!may_step (look))
    return;
  SrtGuardWord word = choose (look, &job);
  if (word <= ret->word)
    return;
  ret->word = word;
  ret->all = word == SRT_GUARD_FREEZE && look->urgent;
  ret->gauge = look->gauge;
  ret->job = job;
}

static void
climb (SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input, SrtPolicyVerdict *ret)
{
  for (guint i = 0; i < SRT_N_GAUGES; i++) {
    const SrtGaugeState *state = &policy->gauges[i];
    const Look look = {
      .policy = policy,
      .limits = limits,
      .input = input,
      .gauge = i,
      .age_ns = state->over_since_ns > 0 ? policy->sample_ns - state->over_since_ns : 0,
      .urgent = policy->readings[i].urgent,
      .critical = policy->readings[i].critical,
      .ours = policy->readings[i].ours,
    };
    look_at (&look, ret);
  }
  if (ret->word > SRT_GUARD_HOLD || any_ending (input))
    policy->step_ns = policy->sample_ns;
}

/* --- hold ----------------------------------------------------------------------------------------------------- */

/* What may run under the holds that there are. A hold for memory that has stopped everything lets one test at a time
 * through after a while, so that a run gets on beside somebody who never gives memory back. */
static void
hold (SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input, SrtPolicyVerdict *ret)
{
  gboolean urgent = FALSE;
  for (guint i = SRT_N_GAUGES; i > 0; i--) {
    SrtGauge gauge = i - 1;
    if (!policy->gauges[gauge].held || !limits->hold)
      continue;
    if (gauges[gauge].may_run <= ret->may_run)
      ret->hold_gauge = gauge;
    ret->may_run = MIN (ret->may_run, gauges[gauge].may_run);
    urgent = urgent || policy->readings[gauge].urgent;
    if (ret->word == SRT_GUARD_RUN || ret->word == SRT_GUARD_HOLD) {
      ret->word = SRT_GUARD_HOLD;
      ret->gauge = gauge;
    }
  }
  if (ret->may_run > 0) {
    policy->idle_since_ns = 0;
    policy->crawl = FALSE;
    return;
  }
  if (input->n > 0)
    policy->idle_since_ns = 0;
  else if (policy->idle_since_ns == 0)
    policy->idle_since_ns = input->now_ns;
  else if (input->now_ns >= policy->idle_since_ns + limits->sustained_ns)
    policy->crawl = TRUE;
  if (policy->crawl && !urgent)
    ret->may_run = 1;
}

/* What the run alone does to the CPU is no pressure. */
static gboolean
is_under_pressure (const SrtPolicy *policy)
{
  for (guint i = 0; i < SRT_N_GAUGES; i++) {
    const SrtGaugeState *state = &policy->gauges[i];
    if (i != SRT_GAUGE_CPU && state->over_since_ns > 0 && state->samples >= gauges[i].samples_to_hold)
      return TRUE;
  }
  return FALSE;
}

void
srt_policy_step (SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input, SrtPolicyVerdict *ret)
{
  *ret = (SrtPolicyVerdict){ .word = SRT_GUARD_RUN, .may_run = G_MAXUINT32 };
  if (take_sample (policy, limits, input))
    climb (policy, limits, input, ret);
  hold (policy, limits, input, ret);
  ret->thaw = to_thaw (policy, limits, input);
  ret->under_pressure = is_under_pressure (policy);
}

guint64
srt_policy_interval (const SrtPolicy *policy, const SrtPolicyLimits *limits, const srt_sample *sample, guint64 rest_ns)
{
  double line = (double)sample->memory_total * limits->memory / 100;
  double headroom = MAX (line - (double)srt_policy_used (sample), 0);
  guint64 sleep_ns = (guint64)(headroom / MAX (FILL_RATE, policy->fill_rate) * (double)SECOND);
  gboolean held = FALSE;
  if (!(sample->valid & SRT_SAMPLE_MEMORY))
    sleep_ns = rest_ns;
  for (guint i = 0; i < SRT_N_GAUGES; i++)
    held = held || policy->gauges[i].held;
  if (held && !policy->readings[SRT_GAUGE_MEMORY].urgent)
    sleep_ns = MAX (MIN (sleep_ns, WATCH_NS), WATCH_NS / 2);
  else if ((sample->valid & SRT_SAMPLE_CPU) && (double)sample->cpu_busy >= limits->cpu - CPU_NEAR)
    sleep_ns = MIN (sleep_ns, CPU_WATCH_NS);
  return CLAMP (sleep_ns, MIN_SLEEP_NS, MAX (rest_ns, MIN_SLEEP_NS));
}
