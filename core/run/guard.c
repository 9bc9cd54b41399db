/* SPDX-License-Identifier: MIT */
#include "run/guard.h"

#include "base/units.h"
#include "guard/forecast.h"
#include "guard/recovery.h"
#include "guard/trail.h"
#include "host/source.h"
#include "run/forensics.h"

#define SECOND_NS    G_GUINT64_CONSTANT (1000000000)
#define CPU_WINDOW   (2 * SECOND_NS) /* the tests' own share of the CPU is that of so long, at least */
#define REPORT       "protected-stop.txt"
#define USAGE_MIN_NS (SECOND_NS / 16)
#define CPU_LOOK_NS  (SECOND_NS / 5) /* at the CPU: what is busy is seen by three looks, and within a second */
#define WAKE_PERCENT 10              /* of the time some task waits for memory: time to look */

struct SrtGuard {
  SrtGuardConfig config;
  SrtPolicyLimits limits;
  SrtPolicy policy;
  srt_sample sample;      /* the newest; `input` points to it */
  SrtPolicyInput input;   /* the newest */
  guint32 said_may_run;   /* as the user was told last */
  SrtGuardWord said_word; /* likewise, of a dry run */
  guint64 said_job;
  SrtTrail *trail;
  SrtForecasts *forecasts; /* NULL: nothing waits for memory that it may need */
  gboolean told_wait;      /* the user knows that tests wait */
  guint8 *told_waits;      /* by the test's index in the plan */
  SrtScope *scope;
  srt_source *timer;
  guint64 interval_ns;
  guint64 usage_period_ns;
  SrtRunningTest *running; /* `slots` of them */
  SrtPolicyTest *tests;    /* likewise */
  guint32 n_running;
  /* CPU time of the tests at two points: the share is that since the older. */
  guint64 mark_ns[2], mark_cpu_ns[2];
  gboolean dry_run, failed;
  SrtGauge stopped_by;
  char *report;
};

/* --- settings ------------------------------------------------------------------------------------------------- */

static SrtPolicyLimits
read_limits (const SrtSettings *settings, const SrtExecutors *executors)
{
  return (SrtPolicyLimits){
    .memory = srt_settings_float (settings, SRT_KEY_GUARD_MEMORY),
    .cpu = srt_settings_float (settings, SRT_KEY_GUARD_CPU),
    .run_memory = srt_settings_bytes (settings, SRT_KEY_GUARD_RUN_MEMORY),
    .sustained_ns = srt_settings_duration_ns (settings, SRT_KEY_GUARD_SUSTAINED),
    .freeze_max_ns = srt_settings_duration_ns (settings, SRT_KEY_GUARD_FREEZE_MAX),
    .shed_max = (guint32)srt_settings_int (settings, SRT_KEY_GUARD_SHED_MAX),
    .self_protect = srt_settings_bool (settings, SRT_KEY_GUARD_SELF_PROTECT),
    .hold = srt_settings_bool (settings, SRT_KEY_GUARD_HOLD),
    .freeze = srt_settings_bool (settings, SRT_KEY_GUARD_FREEZE) && srt_executors_any_local_freezes (executors),
    .shed = srt_settings_bool (settings, SRT_KEY_GUARD_SHED),
    .keep_oldest = srt_settings_bool (settings, SRT_KEY_GUARD_KEEP_OLDEST),
    .stop = srt_settings_bool (settings, SRT_KEY_GUARD_STOP),
  };
}

/* --- input of the policy -------------------------------------------------------------------------------------- */

static guint64
forecast (const SrtGuard *guard, const SrtTest *test)
{
  guint64 known = guard->forecasts ? srt_forecasts_get (guard->forecasts, test) : 0;
  if (known > 0 || !guard->forecasts)
    return known;
  guint n;
  guint64 sum = srt_scheduler_peaks (guard->config.scheduler, &n);
  return srt_forecast_of_others (sum, n);
}

/* Tests that run elsewhere neither take nor free anything here. */
static void
look_at_tests (SrtGuard *guard)
{
  guint32 n = srt_scheduler_running (guard->config.scheduler, guard->running, guard->config.slots);
  guard->n_running = 0;
  for (guint32 i = 0; i < n; i++) {
    const SrtRunningTest *row = &guard->running[i];
    if (!row->local)
      continue;
    guard->running[guard->n_running] = *row;
    guard->tests[guard->n_running++] = (SrtPolicyTest){
      .job = row->job,
      .memory = row->usage->memory_now,
      .forecast = forecast (guard, row->test),
      .frozen_since_ns = row->frozen_since_ns,
      .thawed_ns = row->thawed_ns,
      .sheds = row->sheds,
      .rerunnable = row->test->suite->rerunnable,
      .ending = row->ending,
      .unfreezable = row->unfreezable,
    };
  }
}

/* What the tests take of the CPU that we may use, in percent. */
static double
own_cpu (SrtGuard *guard, const srt_sample *sample)
{
  guint64 now = sample->time_ns, cpu_ns = srt_scheduler_cpu_ns (guard->config.scheduler);
  if (srt_executors_n_local (guard->config.executors) == 0)
    return 0;
  if (guard->mark_ns[1] == 0 || now - guard->mark_ns[1] >= CPU_WINDOW) {
    guard->mark_ns[0] = guard->mark_ns[1];
    guard->mark_cpu_ns[0] = guard->mark_cpu_ns[1];
    guard->mark_ns[1] = now;
    guard->mark_cpu_ns[1] = cpu_ns;
  }
  guint oldest = guard->mark_ns[0] > 0 ? 0 : 1;
  guint64 wall_ns = now - guard->mark_ns[oldest], used_ns = cpu_ns - MIN (cpu_ns, guard->mark_cpu_ns[oldest]);
  if (wall_ns == 0)
    return 100;
  double cores = (double)MAX (sample->cpu_milli, 1) / 1000;
  return MIN (100 * (double)used_ns / ((double)wall_ns * cores), 100);
}

/* --- output ---------------------------------------------------------------------------------------------------- */

/* A hold is told when it begins, changes and ends; one that changes nothing for a run of so few slots is none. */
static void
say_hold (SrtGuard *guard, const SrtPolicyVerdict *verdict)
{
  guint32 may_run = verdict->may_run < guard->config.slots ? verdict->may_run : G_MAXUINT32;
  char reason[SRT_POLICY_REASON_SIZE];
  if (may_run == guard->said_may_run)
    return;
  guard->said_may_run = may_run;
  srt_policy_reason (&guard->policy, &guard->limits, &guard->input, verdict->hold_gauge, reason, sizeof reason);
  if (may_run == G_MAXUINT32)
    srt_notify_log (guard->config.notify, SRT_LOG_INFO, "", "guard: goes on");
  else
    srt_notify_logf (guard->config.notify, SRT_LOG_INFO, "guard: %s, %s: %s", guard->dry_run ? "would hold" : "holds",
                     may_run == 0 ? "nothing new is started" : "one test at a time", reason);
}

/* What a dry run does not do is told here; else who does it tells it. */
static void
say_step (SrtGuard *guard, const SrtPolicyVerdict *verdict, const char *reason)
{
  gboolean same = verdict->word == guard->said_word && verdict->job == guard->said_job;
  if (!guard->dry_run || same || verdict->word <= SRT_GUARD_HOLD)
    return;
  guard->said_word = verdict->word;
  guard->said_job = verdict->job;
  srt_notify_logf (guard->config.notify, SRT_LOG_INFO, "guard: would %s: %s", srt_policy_word (verdict->word), reason);
}

static void
freeze (SrtGuard *guard, const SrtPolicyVerdict *verdict, const char *reason)
{
  for (guint32 i = guard->n_running; i > 0; i--) {
    const SrtPolicyTest *test = &guard->tests[i - 1];
    gboolean meant =
        verdict->all ? srt_policy_may_freeze (&guard->limits, &guard->input, test) : test->job == verdict->job;
    if (meant)
      srt_scheduler_freeze (guard->config.scheduler, test->job, reason);
  }
}

static void
shed_all_but (SrtGuard *guard, guint64 job, const char *reason)
{
  for (guint32 i = 0; i < guard->n_running; i++) {
    const SrtPolicyTest *test = &guard->tests[i];
    if (test->job != job && test->rerunnable && test->sheds < guard->limits.shed_max)
      srt_scheduler_shed (guard->config.scheduler, test->job, reason);
  }
}

/* Instead of stopping the run: is it one suspect alone that takes the machine? Then that one has failed. */
static gboolean
blame (SrtGuard *guard, SrtGauge gauge, const char *reason)
{
  double line = srt_settings_float (guard->config.settings, SRT_KEY_GUARD_RECOVERY);
  if (!srt_recovery_blames (&guard->input, gauge, line))
    return FALSE;
  g_autofree char *own = srt_units_format_size (guard->tests[0].memory >> 20 << 20);
  g_autofree char *words =
      g_strdup_printf ("takes the machine over its threshold, also alone: %s; %s of it are this test's", reason, own);
  return srt_scheduler_blame (guard->config.scheduler, guard->tests[0].job, words);
}

/* Killing comes first: what is written down was looked at before. */
static void
protect (SrtGuard *guard, const SrtPolicyVerdict *verdict, const char *reason)
{
  const SrtForensics forensics = {
    .run_id = guard->config.run_id,
    .reason = reason,
    .sample = &guard->sample,
    .trail = guard->trail,
    .running = guard->running,
    .n_running = guard->n_running,
    .monitor = guard->config.monitor,
    .ops = guard->config.ops,
    .now_ns = guard->sample.time_ns,
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = srt_forensics_text (&forensics);
  guard->stopped_by = verdict->gauge;
  if (!blame (guard, verdict->gauge, reason))
    srt_scheduler_protect (guard->config.scheduler, srt_policy_gauge (verdict->gauge));
  if (!srt_forensics_write (srt_settings_project_dir (guard->config.settings), REPORT, text, &guard->report, &error))
    srt_notify_log (guard->config.notify, SRT_LOG_WARNING, "", error->message);
}

static void
act (SrtGuard *guard, const SrtPolicyVerdict *verdict, const char *reason)
{
  SrtScheduler *scheduler = guard->config.scheduler;
  srt_scheduler_bound (scheduler, verdict->may_run);
  if (verdict->thaw > 0)
    srt_scheduler_thaw (scheduler, verdict->thaw);
  if (verdict->word == SRT_GUARD_FREEZE)
    freeze (guard, verdict, reason);
  else if (verdict->word == SRT_GUARD_SHED)
    srt_scheduler_shed (scheduler, verdict->job, reason);
  else if (verdict->word == SRT_GUARD_KEEP_OLDEST)
    shed_all_but (guard, verdict->job, reason);
  else if (verdict->word == SRT_GUARD_STOP)
    protect (guard, verdict, reason);
}

static void
remember (SrtGuard *guard, SrtGuardWord word)
{
  const srt_sample *sample = &guard->sample;
  const SrtTrailRow row = {
    .time_ns = sample->time_ns,
    .used = srt_policy_used (sample),
    .total = sample->memory_total,
    .tests_memory = srt_policy_tests_memory (&guard->input),
    .cpu_busy = sample->cpu_busy,
    .cpu_own = (float)guard->input.cpu_own,
    .memory_stall = sample->memory_pressure.some_avg10,
    .cpu_stall = sample->cpu_pressure.some_avg10,
    .io_stall = sample->io_pressure.some_avg10,
    .running = guard->n_running,
    .word = word,
  };
  srt_trail_add (guard->trail, &row);
}

/* Executors look at their tests about half as often as the guard at the machine. In powers of two, so that a period is
 * not sent to all of them again and again. */
static void
follow_with_usage (SrtGuard *guard, guint64 interval_ns)
{
  guint64 period_ns = guard->limits.run_memory > 0 ? SECOND_NS / 2 : 2 * SECOND_NS;
  while (period_ns > USAGE_MIN_NS && period_ns >= 4 * interval_ns)
    period_ns /= 2;
  if (period_ns == guard->usage_period_ns)
    return;
  guard->usage_period_ns = period_ns;
  srt_scheduler_set_usage_period (guard->config.scheduler, period_ns);
}

/* --- admission ------------------------------------------------------------------------------------------------- */

/* The user is told once for each test, and the first time for all to see. */
static void
say_wait (SrtGuard *guard, const SrtTest *test, guint64 need)
{
  guint8 *told = &guard->told_waits[test->pub.index];
  if (*told)
    return;
  *told = TRUE;
  g_autofree char *size = srt_units_format_size (need >> 20 << 20);
  srt_notify_logf (guard->config.notify, guard->told_wait ? SRT_LOG_DEBUG : SRT_LOG_INFO,
                   "guard: %s waits until there is room for the %s of memory that it may need", test->pub.id, size);
  guard->told_wait = TRUE;
}

/* SrtFitsFn: is there room for what TEST will need, beside what runs? */
static gboolean
fits (gpointer data, const SrtTest *test)
{
  SrtGuard *guard = data;
  if (!srt_executor_is_local (srt_executors_of (guard->config.executors, test)))
    return TRUE;
  look_at_tests (guard);
  guard->input.tests = guard->tests;
  guard->input.n = guard->n_running;
  guint64 need = forecast (guard, test);
  if (srt_forecast_fits (&guard->limits, &guard->input, (guint64)guard->policy.others, need))
    return TRUE;
  say_wait (guard, test, need);
  return FALSE;
}

/* Where what is known of the tests says that they do not fit beside each other, they begin in the order that is over
 * soonest. Not where some of them run elsewhere: their memory is not ours. */
static void
arrange (SrtGuard *guard)
{
  guint64 line = (guint64)((double)guard->sample.memory_total * guard->limits.memory / 100);
  SrtPackingRoom room = { line - MIN ((guint64)guard->policy.others, line), guard->config.slots };
  SrtPackingGain gain;
  guint n;
  if (srt_executors_n_local (guard->config.executors) < srt_executors_n (guard->config.executors))
    return;
  if (guard->limits.run_memory > 0)
    room.memory = MIN (room.memory, guard->limits.run_memory);
  g_autofree guint *order =
      srt_forecasts_order (guard->forecasts, guard->config.todo, guard->config.n_todo, &room, &n, &gain);
  if (!order || !(guard->sample.valid & SRT_SAMPLE_MEMORY))
    return;
  g_autofree char *given = srt_units_format_duration (gain.given_ns / SECOND_NS * SECOND_NS);
  g_autofree char *best = srt_units_format_duration (gain.best_ns / SECOND_NS * SECOND_NS);
  srt_scheduler_arrange (guard->config.scheduler, order, n);
  srt_notify_logf (guard->config.notify, SRT_LOG_INFO,
                   "guard: not all tests fit in memory at once, so large and long ones begin first: by their history "
                   "%s in place of %s",
                   best, given);
}

/* --- the beat -------------------------------------------------------------------------------------------------- */

static gboolean
measure (SrtGuard *guard)
{
  g_autoptr (GError) why = NULL;
  guard->sample = (srt_sample){ .size = sizeof guard->sample };
  int32_t status = guard->config.ops->sample (srt_instance_self (guard->config.monitor), &guard->sample);
  if (status == SRT_OK)
    return TRUE;
  srt_instance_take_error (guard->config.monitor, status, "measure the machine", &why);
  if (!guard->failed)
    srt_notify_logf (guard->config.notify, SRT_LOG_WARNING, "%s: the guard is blind", why->message);
  guard->failed = TRUE;
  return FALSE;
}

/* One look. Returns how long until the next. */
static guint64
look (SrtGuard *guard)
{
  SrtPolicyVerdict verdict;
  char reason[SRT_POLICY_REASON_SIZE];
  if (!measure (guard))
    return guard->interval_ns;
  look_at_tests (guard);
  guard->input = (SrtPolicyInput){
    .now_ns = srt_loop_now_ns (),
    .sample = &guard->sample,
    .tests = guard->tests,
    .n = guard->n_running,
    .cpu_own = own_cpu (guard, &guard->sample),
  };
  srt_policy_step (&guard->policy, &guard->limits, &guard->input, &verdict);
  srt_policy_reason (&guard->policy, &guard->limits, &guard->input, verdict.gauge, reason, sizeof reason);
  remember (guard, verdict.word);
  say_hold (guard, &verdict);
  say_step (guard, &verdict, reason);
  if (verdict.under_pressure)
    srt_scheduler_note_pressure (guard->config.scheduler);
  if (!guard->dry_run)
    act (guard, &verdict, reason);
  return srt_policy_interval (&guard->policy, &guard->limits, &guard->sample, guard->interval_ns);
}

/* The run is being stopped. Tests that take more and more memory meanwhile get no time to end by themselves. */
static guint64
look_at_end (SrtGuard *guard)
{
  SrtPolicyVerdict unused;
  if (!measure (guard))
    return guard->interval_ns;
  look_at_tests (guard);
  guard->input = (SrtPolicyInput){ srt_loop_now_ns (), &guard->sample, guard->tests, guard->n_running, 0 };
  srt_policy_step (&guard->policy, &guard->limits, &guard->input, &unused);
  const SrtReading *memory = &guard->policy.readings[SRT_GAUGE_MEMORY];
  if (memory->over && memory->urgent && guard->policy.fill_rate > 0 && !guard->dry_run)
    srt_scheduler_protect (guard->config.scheduler, srt_policy_gauge (SRT_GAUGE_MEMORY));
  return srt_policy_interval (&guard->policy, &guard->limits, &guard->sample, guard->interval_ns);
}

static void
beat (gpointer data)
{
  SrtGuard *guard = data;
  gboolean ending = srt_scheduler_is_ending (guard->config.scheduler);
  guint64 interval_ns = ending ? look_at_end (guard) : look (guard);
  if (!ending)
    follow_with_usage (guard, interval_ns);
  srt_source_set_timer (guard->timer, guard->limits.cpu < 100 ? MIN (interval_ns, CPU_LOOK_NS) : interval_ns);
}

/* Where the monitor cannot wake us, there is the timer; `srt doctor` says why. */
static void
ask_for_wakes (SrtGuard *guard)
{
  g_autoptr (GError) why = NULL;
  if (!guard->config.ops->watch)
    return;
  int32_t status = guard->config.ops->watch (srt_instance_self (guard->config.monitor), WAKE_PERCENT);
  if (status == SRT_OK)
    return;
  srt_instance_take_error (guard->config.monitor, status, "watch for pressure", &why);
  srt_notify_log (guard->config.notify, SRT_LOG_DEBUG, "", why->message);
}

/* Tasks wait for memory: look at once. */
static void
on_pressure (const srt_host *host)
{
  SrtGuard *const *guard = srt_instance_owner (host);
  if (*guard)
    srt_source_set_timer ((*guard)->timer, 0);
}

const srt_monitor_events srt_guard_events = { .size = sizeof srt_guard_events, .pressure = on_pressure };

SrtGuard *
srt_guard_new (const SrtGuardConfig *config)
{
  if (!config->monitor || srt_settings_bool (config->settings, SRT_KEY_GUARD_OFF))
    return NULL;
  SrtGuard *guard = g_new0 (SrtGuard, 1);
  guard->config = *config;
  guard->limits = read_limits (config->settings, config->executors);
  guard->interval_ns = srt_settings_duration_ns (config->settings, SRT_KEY_GUARD_INTERVAL);
  guard->dry_run = srt_settings_bool (config->settings, SRT_KEY_GUARD_DRY_RUN);
  guard->said_may_run = G_MAXUINT32;
  guard->trail = srt_trail_new ();
  if (srt_settings_bool (config->settings, SRT_KEY_GUARD_FORECAST) && !guard->dry_run &&
      srt_executors_n_local (config->executors) > 0) {
    guard->forecasts = srt_forecasts_new (config->plan, config->history, config->notify);
    srt_scheduler_set_fits (config->scheduler, fits, guard);
  }
  guard->running = g_new0 (SrtRunningTest, config->slots);
  guard->tests = g_new0 (SrtPolicyTest, config->slots);
  guard->told_waits = g_new0 (guint8, MAX (config->plan->tests->len, 1));
  look (guard); /* before the first test asks whether it fits */
  if (guard->forecasts)
    arrange (guard);
  guard->scope = srt_scope_new (srt_loop_sources (config->loop));
  guard->timer = srt_source_add_timer (guard->scope, 0, beat, guard);
  ask_for_wakes (guard);
  return guard;
}

void
srt_guard_free (SrtGuard *guard)
{
  if (!guard)
    return;
  srt_scheduler_set_fits (guard->config.scheduler, NULL, NULL);
  g_clear_pointer (&guard->forecasts, srt_forecasts_free);
  srt_scope_free (guard->scope);
  srt_trail_free (guard->trail);
  g_free (guard->running);
  g_free (guard->tests);
  g_free (guard->told_waits);
  g_free (guard->report);
  g_free (guard);
}

SrtGauge
srt_guard_stopped_by (const SrtGuard *guard)
{
  return guard->stopped_by;
}

const char *
srt_guard_report (const SrtGuard *guard)
{
  return guard ? guard->report : NULL;
}
