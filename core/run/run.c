/* SPDX-License-Identifier: MIT */
#include "run/run.h"

#include "base/error.h"
#include "base/text.h"
#include "run/cleaner.h"
#include "run/fingerprint.h"
#include "run/identity.h"
#include "run/guard.h"
#include "run/ledger.h"
#include "run/live.h"
#include "run/outside.h"
#include "run/parts.h"
#include "run/resume.h"
#include "run/rundir.h"
#include "run/scheduler.h"

#include <signal.h>

/* Everything that lives as long as the run; freed in the order of free_run. */
typedef struct {
  const SrtRunRequest *request;
  const SrtSettings *settings;
  char *id;
  int early_signal; /* that came before there was anybody to stop, or after */
  gboolean over;
  guint64 start_real_ns, start_ns;
  SrtLoop *loop;
  SrtRunDir *dir;
  SrtLedger *ledger;
  SrtDeadTally dead;
  SrtNotify *notify;
  SrtCheckpoint *checkpoint;
  SrtPlan *plan;
  SrtResume *resume;
  SrtCheckpointFound found;
  guint outside; /* recorded results of tests that are there and not in this plan */
  char *source;  /* state of the sources; NULL: not asked for */
  SrtSpool *spool;
  SrtHistory *history; /* NULL: none is kept */
  SrtSink sink;
  SrtHostShared shared;
  SrtParts parts;
  SrtInstance *monitor;
  const SrtModule *monitor_module;
  SrtExecutors *executors;
  char *executor_names, *tiers;
  GPtrArray *todo;
  guint suspects; /* so many of it, the last ones */
  guint32 workers;
  gboolean parallel;
  SrtScheduler *scheduler;
  SrtGuard *guard;
  char *protection;
} Run;

static void
free_run (Run *run)
{
  g_clear_pointer (&run->guard, srt_guard_free);
  if (run->executors)
    srt_executors_leave (run->executors);
  g_clear_pointer (&run->monitor, srt_instance_free);
  g_clear_pointer (&run->history, srt_history_free);
  g_clear_pointer (&run->checkpoint, srt_checkpoint_free);
  if (run->scheduler && srt_scheduler_remains (run->scheduler))
    run->dir->stays = TRUE;
  g_clear_pointer (&run->scheduler, srt_scheduler_free);
  g_clear_pointer (&run->notify, srt_notify_free);
  g_clear_pointer (&run->executors, srt_executors_free);
  g_clear_pointer (&run->todo, g_ptr_array_unref);
  g_clear_pointer (&run->resume, srt_resume_free);
  g_clear_pointer (&run->plan, srt_plan_free);
  g_clear_pointer (&run->spool, srt_spool_free);
  g_clear_pointer (&run->ledger, srt_ledger_free);
  if (run->loop)
    srt_loop_kill_strays (run->loop);
  g_clear_pointer (&run->dir, srt_rundir_close);
  g_clear_pointer (&run->loop, srt_loop_free);
  srt_checkpoint_found_clear (&run->found);
  g_free (run->source);
  g_free (run->protection);
  g_free (run->executor_names);
  g_free (run->tiers);
  g_free (run->id);
}

static void
on_signal (gpointer data, int signal_number)
{
  Run *run = data;
  if (run->scheduler && !run->over)
    srt_scheduler_signal (run->scheduler, signal_number);
  else if (signal_number == SIGINT || signal_number == SIGTERM || signal_number == SIGHUP || signal_number == SIGQUIT)
    run->early_signal = signal_number;
}

/* --- what the run stands on ----------------------------------------------------------------------------------- */

static gboolean
make_ground (Run *run, const SrtRunRequest *request, GError **error)
{
  const char *tmp_dir = srt_settings_string (request->settings, SRT_KEY_RUN_TMP_DIR);
  run->request = request;
  run->settings = request->settings;
  run->id = srt_rundir_new_id ();
  run->start_real_ns = (guint64)g_get_real_time () * 1000;
  run->start_ns = srt_loop_now_ns ();
  run->loop = srt_loop_new (error);
  if (!run->loop)
    return FALSE;
  srt_loop_on_signal (run->loop, on_signal, run);
  run->dir = srt_rundir_open (tmp_dir && *tmp_dir ? tmp_dir : NULL, srt_settings_project_dir (run->settings), run->id,
                              request->resume, error);
  if (!run->dir)
    return FALSE;
  run->ledger = srt_ledger_new (run->dir->path);
  run->notify = srt_notify_new (srt_settings_bool (run->settings, SRT_KEY_RUN_VERBOSE));
  run->checkpoint = srt_checkpoint_new (run->notify);
  run->plan = srt_plan_new (request->catalog);
  run->resume = srt_resume_new (run->plan);
  run->spool = srt_spool_new (run->dir->path);
  srt_sink_init (&run->sink, run->notify, run->checkpoint, run->plan->tests->len);
  run->shared = (SrtHostShared){
    .loop = run->loop,
    .run_id = run->id,
    .run_dir = run->dir->path,
    .libexec_dir = request->libexec_dir,
    .log = srt_notify_log,
    .log_data = run->notify,
    .read_output = srt_output_read,
    .ledger = srt_ledger_write,
    .ledger_data = run->ledger,
  };
  run->parts = (SrtParts){ .settings = run->settings, .loader = request->loader, .shared = &run->shared };
  return TRUE;
}

static gboolean
add_notifiers (Run *run, GError **error)
{
  const GPtrArray *uses = srt_settings_plugins (run->settings, SRT_KIND_NOTIFIER);
  for (guint i = 0; i < uses->len; i++) {
    const SrtModule *module;
    SrtInstance *instance = srt_parts_make (&run->parts, g_ptr_array_index (uses, i), NULL, NULL, &module, error);
    if (!instance)
      return FALSE;
    srt_notify_add (run->notify, instance, &module->ops.notifier);
  }
  return TRUE;
}

/* How many tests at once; the monitor knows what the machine really gives. Without one the run goes on, and says so. */
static gboolean
make_monitor (Run *run, GError **error)
{
  const SrtPluginUse *use = srt_parts_use (&run->parts, SRT_KIND_MONITOR);
  srt_sample sample = { .size = sizeof sample };
  if (use) {
    run->monitor = srt_parts_make (&run->parts, use, &srt_guard_events, &run->guard, &run->monitor_module, error);
    if (!run->monitor)
      return FALSE;
    int32_t status = run->monitor_module->ops.monitor.sample (srt_instance_self (run->monitor), &sample);
    if (status != SRT_OK) {
      g_autoptr (GError) why = NULL;
      srt_instance_take_error (run->monitor, status, "measure the machine", &why);
      srt_notify_log (run->notify, SRT_LOG_WARNING, "", why->message);
    }
  }
  gint64 jobs = srt_settings_int (run->settings, SRT_KEY_RUN_JOBS);
  run->parallel = srt_settings_bool (run->settings, SRT_KEY_RUN_PARALLEL);
  run->workers = srt_parts_workers (run->parallel, run->parallel ? jobs : 1, sample.cpu_milli);
  return TRUE;
}

static gboolean
make_checkpoint (Run *run, const SrtPluginUse *use, GError **error)
{
  const char *const *fingerprint = srt_settings_list (run->settings, SRT_KEY_RUN_FINGERPRINT);
  const SrtModule *module;
  SrtInstance *instance = srt_parts_make (&run->parts, use, &srt_checkpoint_table, run->checkpoint, &module, error);
  if (!instance)
    return FALSE;
  srt_checkpoint_attach (run->checkpoint, instance, &module->progress);
  if (srt_history_is_wanted (run->settings))
    run->sink.history = run->history = srt_history_new (instance, &module->history);
  const SrtFingerprintPlace place = {
    .loop = run->loop,
    .dir = srt_settings_project_dir (run->settings),
    .notify = run->notify,
    .signal_number = &run->early_signal,
  };
  return srt_fingerprint_take (&place, fingerprint, &run->source, error);
}

static void
say_names (Run *run, const char *what, const char *const *names, guint n)
{
  g_autofree char *text = srt_text_names (names, n, 5);
  if (n > 0)
    srt_notify_logf (run->notify, SRT_LOG_INFO, "%s: %s", what, text);
}

/* What of the rows that were read still counts, and what is left to do. */
static void
sift_rows (Run *run)
{
  const char *const *running = (const char *const *)run->found.running;
  const SrtIdentityNow now = {
    .source = run->source,
    .force = run->request->resume_force,
    .now_real_ns = run->start_real_ns,
  };
  if (!run->found.resumed)
    srt_resume_forget (run->resume);
  const GPtrArray *gone = srt_resume_gone (run->resume);
  say_names (run, "running when it was stopped, so run again", running, g_strv_length (run->found.running));
  say_names (run, "recorded, but not in this plan", (const char *const *)gone->pdata, gone->len);
  if (run->request->selected)
    run->outside = srt_outside_count_tests (gone, run->settings, run->request->cwd);
  srt_identity_check (run->resume, &now, run->notify);
  run->todo = srt_resume_todo (run->resume, run->request->next_round ? &run->suspects : NULL);
}

static gboolean
open_checkpoint (Run *run, GError **error)
{
  const SrtPluginUse *use = srt_parts_use (&run->parts, SRT_KIND_CHECKPOINT);
  if (use && !make_checkpoint (run, use, error))
    return FALSE;
  if (!use && run->request->resume) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "--resume: this run has no checkpoint (checkpoint = \"none\")");
    return FALSE;
  }
  const SrtCheckpointOpening opening = {
    .run_id = run->id,
    .settings_digest = srt_settings_digest (run->settings),
    .source = run->source ? run->source : "",
    .start_real_ns = run->start_real_ns,
    .total = run->plan->tests->len,
    .resume = run->request->resume,
    .insist = use && srt_parts_is_asked_for (use),
  };
  if (!srt_checkpoint_open (run->checkpoint, &opening, srt_resume_row, run->resume, &run->found, error))
    return FALSE;
  run->sink.history_since_real_ns = run->found.killed_since_real_ns;
  sift_rows (run);
  return TRUE;
}

static void
make_scheduler (Run *run)
{
  g_autoptr (GError) keep_error = NULL;
  const char *keep = srt_settings_string (run->settings, SRT_KEY_RUN_KEEP_TMP);
  guint32 keep_max = (guint32)srt_settings_int (run->settings, SRT_KEY_RUN_KEEP_TMP_MAX);
  gboolean keeps = g_strcmp0 (keep, "never") != 0 && keep_max > 0;
  guint32 slots = CLAMP (run->workers, 1, MAX (run->todo->len, 1));
  run->executors = srt_executors_new (run->todo, run->plan->tests->len, slots);
  SrtSchedulerConfig config = {
    .loop = run->loop,
    .sink = &run->sink,
    .spool = run->spool,
    .todo = run->todo,
    .suspects = run->suspects,
    .run_id = run->id,
    .executors = run->executors,
    .slots = slots,
    .slow_after = srt_settings_float (run->settings, SRT_KEY_RUN_SLOW_AFTER),
    .fail_fast = srt_settings_bool (run->settings, SRT_KEY_RUN_FAIL_FAST),
    .batch_timeout_ns = run->parallel ? srt_settings_duration_ns (run->settings, SRT_KEY_RUN_PARALLEL_TIMEOUT) : 0,
    .grace_ns = srt_settings_duration_ns (run->settings, SRT_KEY_RUN_GRACE),
    .keep_dir = keeps ? srt_rundir_keep (run->dir, &keep_error) : NULL,
    .keep_passed = g_strcmp0 (keep, "always") == 0,
    .keep_max = keep_max,
  };
  if (keep_error)
    srt_notify_log (run->notify, SRT_LOG_WARNING, "", keep_error->message);
  run->scheduler = srt_scheduler_new (&config);
}

/* --- its beginning and its end -------------------------------------------------------------------------------- */

static const char *const *
suite_names (const SrtPlan *plan)
{
  GPtrArray *names = g_ptr_array_new ();
  for (guint i = 0; i < plan->tests->len; i++) {
    const SrtTest *test = g_ptr_array_index (plan->tests, i);
    if (names->len == 0 || g_strcmp0 (g_ptr_array_index (names, names->len - 1), test->pub.suite) != 0)
      g_ptr_array_add (names, (gpointer)test->pub.suite);
  }
  g_ptr_array_add (names, NULL);
  return (const char *const *)g_ptr_array_free (names, FALSE);
}

static void
tell_start (Run *run, const srt_run *facts)
{
  srt_notify_run_started (run->notify, facts);
  g_autofree char *cleaned = srt_dead_tally_text (&run->dead);
  if (cleaned)
    srt_notify_log (run->notify, SRT_LOG_INFO, "", cleaned);
  srt_resume_tell (run->resume, &run->sink);
}

static void
make_guard (Run *run)
{
  const SrtGuardConfig config = {
    .settings = run->settings,
    .loop = run->loop,
    .notify = run->notify,
    .scheduler = run->scheduler,
    .monitor = run->monitor,
    .ops = run->monitor ? &run->monitor_module->ops.monitor : NULL,
    .executors = run->executors,
    .plan = run->plan,
    .todo = run->todo,
    .n_todo = run->todo->len - run->suspects,
    .history = run->history,
    .run_id = run->id,
    .slots = run->workers,
  };
  run->guard = srt_guard_new (&config);
}

static void
fill_facts (Run *run, srt_run *facts)
{
  const SrtPluginUse *own = srt_parts_use (&run->parts, SRT_KIND_EXECUTOR);
  run->executor_names = srt_executors_names (run->executors, own->name);
  run->tiers = srt_executors_tiers (run->executors);
  run->protection = srt_guard_words (run->settings, run->monitor != NULL);
  *facts = (srt_run){
    .size = sizeof *facts,
    .workers = run->workers,
    .id = run->id,
    .mode = run->parallel ? "parallel" : "sequential",
    .executor = run->executor_names,
    .tier = run->tiers,
    .cwd = run->request->cwd,
    .suites = suite_names (run->plan),
    /* srt_test is the first member of SrtTest, so the plan's pointers are the public ones. */
    .tests = (const srt_test *const *)run->plan->tests->pdata,
    .start_real_ns = run->start_real_ns,
    .resumed = run->found.resumed,
    .verbose = srt_settings_bool (run->settings, SRT_KEY_RUN_VERBOSE),
    .stop_reason = run->found.stop_reason,
    .checkpoint = run->found.path,
    .protection = run->protection,
    .earlier = { .size = sizeof facts->earlier, .total = run->plan->tests->len },
  };
  srt_resume_counts (run->resume, &facts->earlier);
}

/* A row of the last round for each test without a final result. */
static void
tell_unfinished (Run *run)
{
  const char *reason = srt_scheduler_stop_reason (run->scheduler);
  g_autofree char *text = g_strdup_printf ("not finished: %s", *reason ? reason : "the run broke off");
  for (guint i = 0; i < run->todo->len; i++) {
    const SrtTest *test = g_ptr_array_index (run->todo, i);
    if (!srt_scheduler_has_result (run->scheduler, test))
      srt_notify_test_unfinished (run->notify, &test->pub, text);
  }
}

static int
exit_code_of (Run *run)
{
  const srt_counts *counts = &run->sink.counts;
  gboolean complete = counts->finished == counts->total;
  guint failures =
      counts->fail + counts->error + counts->crash + counts->timeout + counts->oom + counts->limit + counts->hung;
  if (g_str_equal (srt_settings_string (run->settings, SRT_KEY_RUN_PRESSURE), "fail"))
    failures += counts->pressure;
  int code = srt_scheduler_exit_code (run->scheduler);
  if (code == 0 && (failures > 0 || !complete))
    code = 1;
  if (code == 0 && srt_checkpoint_state (run->checkpoint) == SRT_CHECKPOINT_BROKEN)
    code = SRT_ERROR_INTERNAL;
  return code;
}

static void
keep_history (Run *run)
{
  g_autoptr (GError) why = NULL;
  if (run->history && !srt_history_store (run->history, &why))
    srt_notify_log (run->notify, SRT_LOG_WARNING, "", why->message);
}

static int
finish (Run *run)
{
  const srt_counts *counts = &run->sink.counts;
  gboolean whole = srt_scheduler_is_whole (run->scheduler);
  run->over = TRUE;
  srt_loop_go_deaf (run->loop); /* how the run ended stands from here on: a whole one has no checkpoint to resume */
  srt_loop_on_signal (run->loop, on_signal, run); /* only whoever wants to go on asks for a signal yet */
  srt_loop_kill_strays (run->loop);
  gboolean resumable = !whole && srt_checkpoint_state (run->checkpoint) == SRT_CHECKPOINT_GOOD;
  srt_summary summary = {
    .size = sizeof summary,
    .complete = counts->finished == counts->total,
    .cleaned = srt_scheduler_leaked (run->scheduler) + srt_loop_strays (run->loop),
    .elapsed_ns = srt_loop_now_ns () - run->start_ns,
    .counts = counts,
    .stop_reason = srt_scheduler_stop_reason (run->scheduler),
    .resume_hint = resumable ? run->request->resume_hint : "",
  };
  tell_unfinished (run);
  if (srt_guard_report (run->guard))
    srt_notify_logf (run->notify, SRT_LOG_WARNING, "who took the machine: %s", srt_guard_report (run->guard));
  summary.exit_code = exit_code_of (run);
  srt_notify_run_finished (run->notify, &summary);
  /* The very last: until every report is written and every agent gone, a sudden death must find the checkpoint. */
  srt_executors_leave (run->executors);
  keep_history (run);
  if (whole && run->outside > 0) {
    srt_checkpoint_stopped (run->checkpoint, "all that was selected has run");
    srt_notify_logf (run->notify, SRT_LOG_INFO,
                     "the checkpoint stays: it has results of %u tests that were not selected", run->outside);
  } else if (whole) {
    srt_checkpoint_remove (run->checkpoint);
  }
  return summary.exit_code;
}

static void
fill_stop (const Run *run, SrtRunStop *stop)
{
  const char *const *running = srt_scheduler_stopped (run->scheduler);
  srt_counts earlier = { .size = sizeof earlier };
  srt_resume_counts (run->resume, &earlier);
  stop->finished = run->sink.counts.finished - earlier.finished;
  stop->gauge = srt_guard_stopped_by (run->guard);
  stop->running = srt_text_names (running, g_strv_length ((char **)running), 5);
  stop->report = g_strdup (srt_guard_report (run->guard));
}

void
srt_run_stop_clear (SrtRunStop *stop)
{
  g_clear_pointer (&stop->running, g_free);
  g_clear_pointer (&stop->report, g_free);
}

static int
run_tests (Run *run, const SrtRunRequest *request, SrtRunStop *ret_stop, GError **error)
{
  srt_run facts;
  if (!make_ground (run, request, error) || !add_notifiers (run, error) || !make_monitor (run, error) ||
      !open_checkpoint (run, error))
    return (*error)->code;
  srt_cleaner_run (&run->parts, run->dir->base_fd, &run->dead);
  make_scheduler (run);
  if (!srt_executors_make (run->executors, &run->parts, &srt_scheduler_events, run->notify, error))
    return (*error)->code;
  fill_facts (run, &facts);
  tell_start (run, &facts);
  g_autoptr (SrtLive) live = srt_live_new (run->loop, &run->sink, run->scheduler, run->workers, run->monitor,
                                           run->monitor ? &run->monitor_module->ops.monitor : NULL);
  make_guard (run);
  if (run->early_signal != 0)
    srt_scheduler_signal (run->scheduler, run->early_signal);
  gboolean ran = srt_scheduler_run (run->scheduler, error);
  g_clear_pointer (&live, srt_live_free);
  int code = ran ? finish (run) : (*error)->code;
  if (code == SRT_EXIT_STATUS_PROTECTED)
    fill_stop (run, ret_stop);
  g_free ((gpointer)facts.suites);
  return code;
}

int
srt_run_tests (const SrtRunRequest *request, SrtRunStop *ret_stop, GError **error)
{
  Run run = { 0 };
  int code = run_tests (&run, request, ret_stop, error);
  free_run (&run);
  ret_stop->signal_number = run.early_signal;
  return code;
}
