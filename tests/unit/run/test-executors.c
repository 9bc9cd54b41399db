/* SPDX-License-Identifier: MIT
 * Several executors in one run, below the real scheduler: "a" and "b" live in this program, start nothing, and do what
 * the test says. */
#include "host/instance.h"
#include "run/scheduler.h"

#include <signal.h>
#include <string.h>

enum { MANY = 80 };

typedef struct Fake {
  const srt_host *host;
  GQueue jobs;          /* ids that run */
  GString *slots;       /* "0 1 0 ": of each start */
  guint64 stopped;      /* the last job that it was told to stop */
  struct Fake *behind;  /* ends nothing before all of that one's tests have ended */
  guint32 n_tests;      /* all of them */
  guint32 ended, most;  /* of its jobs; the most that ran at once */
  struct Fake *other;   /* NULL: none */
  guint32 all_slots;    /* of both together */
  guint32 prepared;     /* slots */
  guint64 period_ns;    /* of usage */
  gboolean holds;       /* ends nothing unless it is told to stop */
  gboolean breaks;      /* with its first end */
  gboolean meddles;     /* tells of the end of jobs that are not its own */
  gboolean leaves_late; /* and says so twice, where it does so at once */
  gboolean has_left;
  srt_post_fn done;
  void *done_data;
} Fake;

typedef struct {
  SrtLoop *loop;
  SrtHostShared shared;
  SrtSuite suite;
  SrtTest tests[MANY];
  GPtrArray *todo;
  SrtNotify *notify;
  SrtCheckpoint *checkpoint;
  SrtSpool *spool;
  SrtSink sink;
  SrtExecutors *executors;
  SrtScheduler *scheduler;
  Fake *a, *b; /* NULL: no test is its own */
} World;

/* --- the fake ------------------------------------------------------------------------------------------------- */

static void
tell_end (Fake *fake, guint64 job, guint32 kind)
{
  const srt_executor_events *events = fake->host->events;
  srt_exit end = { .size = sizeof end, .kind = kind, .why = kind == SRT_EXIT_KILLED ? SRT_WHY_STOP : SRT_WHY_NONE };
  end.usage = (srt_usage){ .size = sizeof end.usage, .user_ns = 1000000000, .wall_ns = 2000000000, .memory_peak = 7 };
  if (fake->breaks) {
    events->capacity (fake->host, 0);
    events->broken (fake->host, "the engine is gone");
  }
  fake->ended++;
  events->exited (fake->host, job, &end);
}

static void
end_one (void *data)
{
  Fake *fake = data;
  if (fake->behind && fake->behind->ended < fake->behind->n_tests)
    fake->host->post (fake->host, end_one, fake);
  else if (!fake->holds)
    tell_end (fake, GPOINTER_TO_SIZE (g_queue_pop_head (&fake->jobs)), SRT_EXIT_EXITED);
}

static int32_t
fake_start (void *self, const srt_job *job)
{
  Fake *fake = self;
  const srt_executor_events *events = fake->host->events;
  const srt_exit end = { .size = sizeof end, .kind = SRT_EXIT_EXITED, .code = 1 };
  g_queue_push_tail (&fake->jobs, GSIZE_TO_POINTER (job->id));
  g_assert_cmpuint (fake->jobs.length + (fake->other ? fake->other->jobs.length : 0), <=, fake->all_slots);
  g_string_append_printf (fake->slots, "%u ", job->slot);
  fake->most = MAX (fake->most, fake->jobs.length);
  for (GList *theirs = fake->meddles ? fake->other->jobs.head : NULL; theirs; theirs = theirs->next)
    events->exited (fake->host, GPOINTER_TO_SIZE (theirs->data), &end);
  fake->host->post (fake->host, end_one, fake);
  return SRT_OK;
}

static int32_t
fake_stop (void *self, uint64_t job, uint64_t grace_ns, uint32_t why)
{
  Fake *fake = self;
  fake->stopped = job;
  g_queue_remove (&fake->jobs, GSIZE_TO_POINTER (job));
  tell_end (fake, job, SRT_EXIT_KILLED);
  return SRT_OK;
}

static int32_t
fake_prepare (void *self, uint32_t slots)
{
  ((Fake *)self)->prepared = slots;
  return SRT_OK;
}

static void
leave (void *data)
{
  Fake *fake = data;
  fake->has_left = TRUE;
  fake->done (fake->done_data);
}

static void
fake_shutdown (void *self, uint64_t deadline_ns, srt_post_fn done, void *data)
{
  Fake *fake = self;
  fake->done = done;
  fake->done_data = data;
  if (fake->leaves_late) {
    fake->host->post (fake->host, leave, fake);
  } else {
    leave (fake);
    leave (fake);
  }
}

static void
fake_set_usage_period (void *self, uint64_t period_ns)
{
  ((Fake *)self)->period_ns = period_ns;
}

static int32_t
fake_create (const srt_host *host, void **ret_self)
{
  Fake *fake = g_new0 (Fake, 1);
  fake->host = host;
  fake->slots = g_string_new (NULL);
  *ret_self = fake;
  return SRT_OK;
}

static void
fake_destroy (void *self)
{
  Fake *fake = self;
  g_assert_cmpuint (fake->jobs.length, ==, 0);
  g_string_free (fake->slots, TRUE);
  g_free (fake);
}

static const srt_executor_ops ops = {
  .size = sizeof ops,
  .prepare = fake_prepare,
  .start = fake_start,
  .stop = fake_stop,
  .set_usage_period = fake_set_usage_period,
  .shutdown = fake_shutdown,
};
static const srt_plugin plugin = { .size = sizeof plugin,
                                   .kind = SRT_KIND_EXECUTOR,
                                   .name = "fake",
                                   .ops = &ops,
                                   .create = fake_create,
                                   .destroy = fake_destroy };

/* --- the world ------------------------------------------------------------------------------------------------ */

/* A test for each letter of EXECUTORS, in their order; nothing is made yet. */
static void
plan (World *w, const char *executors)
{
  w->todo = g_ptr_array_new ();
  w->suite = (SrtSuite){ .name = (char *)"s", .rerunnable = TRUE };
  for (guint i = 0; executors[i]; i++) {
    SrtTest *test = &w->tests[i];
    g_assert_cmpuint (i, <, MANY);
    *test = (SrtTest){ .suite = &w->suite, .executor = executors[i] == 'a' ? "a" : "b", .limits.core_size = -1 };
    test->pub = (srt_test){ .size = sizeof test->pub, .index = i, .suite = "s", .name = "t" };
    test->pub.id = g_strdup_printf ("s/%u", i);
    g_ptr_array_add (w->todo, test);
  }
}

static Fake *
make_fake (World *w, const char *name, guint32 slots, const srt_executor_info *info)
{
  for (guint i = 0; i < srt_executors_n (w->executors); i++) {
    SrtExecutor *executor = srt_executors_get (w->executors, i);
    if (!g_str_equal (executor->name, name))
      continue;
    SrtInstance *instance = srt_instance_new (&w->shared, &plugin, NULL, &srt_scheduler_events, executor, NULL);
    srt_executor_attach (executor, instance, &ops, info, g_hash_table_new (NULL, NULL));
    Fake *fake = srt_instance_self (instance);
    fake->n_tests = executor->tests->len;
    fake->all_slots = slots;
    return fake;
  }
  return NULL;
}

/* SLOTS run at once; A and B are what the two can do. */
static void
begin (World *w, const char *executors, guint32 slots, const srt_executor_info *a, const srt_executor_info *b)
{
  plan (w, executors);
  w->loop = srt_loop_new (NULL);
  w->shared = (SrtHostShared){ .loop = w->loop };
  w->notify = srt_notify_new (FALSE);
  w->checkpoint = srt_checkpoint_new (w->notify);
  w->spool = srt_spool_new (g_get_tmp_dir ());
  srt_sink_init (&w->sink, w->notify, w->checkpoint, w->todo->len);
  w->executors = srt_executors_new (w->todo, w->todo->len, slots);
  const SrtSchedulerConfig config = {
    .loop = w->loop,
    .sink = &w->sink,
    .spool = w->spool,
    .todo = w->todo,
    .executors = w->executors,
    .run_id = "r",
    .slots = slots,
    .grace_ns = 1000000000,
  };
  w->scheduler = srt_scheduler_new (&config);
  w->a = make_fake (w, "a", slots, a);
  w->b = make_fake (w, "b", slots, b);
  if (w->a)
    w->a->other = w->b;
  if (w->b)
    w->b->other = w->a;
}

static void
run (World *w)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (srt_scheduler_run (w->scheduler, &error));
  g_assert_no_error (error);
}

static void
end (World *w)
{
  srt_executors_leave (w->executors);
  srt_checkpoint_free (w->checkpoint);
  srt_scheduler_free (w->scheduler);
  srt_notify_free (w->notify);
  srt_executors_free (w->executors);
  srt_spool_free (w->spool);
  srt_loop_free (w->loop);
  for (guint i = 0; i < w->todo->len; i++)
    g_free ((char *)w->tests[i].pub.id);
  g_ptr_array_unref (w->todo);
}

static const srt_executor_info any = { .size = sizeof any, .domain = SRT_DOMAIN_LOCAL };
static const srt_executor_info one = { .size = sizeof one, .domain = SRT_DOMAIN_LOCAL, .slots = 1, .tier = "alone" };
static const srt_executor_info far = { .size = sizeof far, .domain = SRT_DOMAIN_REMOTE, .can_freeze = 1 };

/* --- the tests ------------------------------------------------------------------------------------------------ */

/* "a" takes one test at once, and ends none before the last of "b": however many of its own stand before them, those of
 * "b" all pass. */
static void
test_bound (void)
{
  World w = { 0 };
  g_autofree char *first = g_strnfill (MANY / 2, 'a'), *last = g_strnfill (MANY / 2, 'b');
  g_autofree char *all = g_strconcat (first, last, NULL);
  begin (&w, all, 3, &one, &any);
  w.a->behind = w.b;
  run (&w);
  g_assert_cmpuint (w.sink.counts.pass, ==, MANY);
  g_assert_cmpint (srt_scheduler_exit_code (w.scheduler), ==, 0);
  g_assert_cmpuint (w.a->most, ==, 1);
  g_assert_cmpuint (w.b->most, ==, 2);
  g_assert_cmpuint (w.a->prepared, ==, 1);
  g_assert_cmpuint (w.b->prepared, ==, 3);
  g_assert_true (g_str_has_prefix (w.a->slots->str, "0 0 0 "));
  g_assert_true (g_str_has_prefix (w.b->slots->str, "0 1 0 1 0 "));
  end (&w);
}

/* Slots of the run are common: never more than so many at once, and each has the slots that its tests can fill. */
static void
test_common_slots (void)
{
  World w = { 0 };
  begin (&w, "ababb", 4, &any, &any);
  run (&w);
  g_assert_cmpuint (w.sink.counts.pass, ==, 5);
  g_assert_cmpuint (w.a->prepared, ==, 2);
  g_assert_cmpuint (w.b->prepared, ==, 3);
  g_assert_cmpuint (w.a->most, ==, 2);
  g_assert_cmpuint (w.b->most, >=, 2);
  end (&w);
}

/* What no test needs is not there. */
static void
test_unused (void)
{
  World w = { 0 };
  begin (&w, "bbb", 2, &any, &one);
  g_assert_cmpuint (srt_executors_n (w.executors), ==, 1);
  g_assert_null (w.a);
  run (&w);
  g_assert_cmpuint (w.sink.counts.pass, ==, 3);
  end (&w);
  World nothing = { 0 };
  begin (&nothing, "", 1, &any, &any);
  run (&nothing);
  g_assert_cmpint (srt_scheduler_exit_code (nothing.scheduler), ==, 0);
  end (&nothing);
}

/* The run has ended when both have left; what one says twice counts once. */
static void
test_shutdown (void)
{
  World w = { 0 };
  begin (&w, "ab", 2, &any, &any);
  w.b->leaves_late = TRUE;
  run (&w);
  g_assert_true (w.a->has_left && w.b->has_left);
  g_autofree char *staying = srt_executors_staying (w.executors);
  g_assert_cmpstr (staying, ==, "");
  end (&w);
}

/* The engine of "b" goes in the middle: the tests of "a" all run, then the run says what is missing. */
static void
test_broken (void)
{
  World w = { 0 };
  begin (&w, "bbbaaa", 1, &any, &any);
  w.b->breaks = TRUE;
  run (&w);
  g_assert_cmpuint (w.a->ended, ==, 3);
  g_assert_cmpuint (w.b->ended, ==, 1);
  g_assert_cmpuint (w.sink.counts.finished, ==, 4);
  g_assert_cmpstr (srt_scheduler_stop_reason (w.scheduler), ==, "executor");
  g_assert_cmpint (srt_scheduler_exit_code (w.scheduler), ==, 3);
  g_assert_false (srt_scheduler_has_result (w.scheduler, &w.tests[1]));
  g_assert_true (srt_scheduler_has_result (w.scheduler, &w.tests[5]));
  end (&w);
}

static void
send_signal (void *data)
{
  srt_scheduler_signal (data, SIGINT);
}

/* Each is told to stop its own. */
static void
test_stop (void)
{
  World w = { 0 };
  begin (&w, "ab", 2, &any, &any);
  w.a->holds = w.b->holds = TRUE;
  w.a->host->post (w.a->host, send_signal, w.scheduler);
  run (&w);
  g_assert_cmpuint (w.a->stopped, !=, 0);
  g_assert_cmpuint (w.b->stopped, !=, 0);
  g_assert_cmpuint (w.a->stopped, !=, w.b->stopped);
  g_assert_cmpint (srt_scheduler_exit_code (w.scheduler), ==, 128 + SIGINT);
  end (&w);
}

/* What one says of the other's tests is nobody's result. */
static void
test_meddler (void)
{
  World w = { 0 };
  begin (&w, "aabbab", 4, &any, &any);
  w.a->behind = w.b;
  w.b->meddles = TRUE;
  run (&w);
  g_assert_cmpuint (w.sink.counts.pass, ==, 6);
  end (&w);
}

/* The guard counts what runs on this machine. */
static void
test_domains (void)
{
  World w = { 0 };
  guint n = 0;
  begin (&w, "abb", 3, &any, &far);
  g_assert_cmpuint (srt_executors_n_local (w.executors), ==, 1);
  g_assert_false (srt_executors_any_local_freezes (w.executors));
  srt_scheduler_set_usage_period (w.scheduler, 5);
  g_assert_cmpuint (w.a->period_ns, ==, 5);
  g_assert_cmpuint (w.b->period_ns, ==, 5);
  run (&w);
  g_assert_cmpuint (srt_scheduler_cpu_ns (w.scheduler), ==, 1000000000);
  g_assert_cmpuint (srt_scheduler_peaks (w.scheduler, &n), ==, 7);
  g_assert_cmpuint (n, ==, 1);
  end (&w);
}

static void
see_rows (void *data)
{
  World *w = data;
  SrtRunningTest rows[3];
  g_assert_cmpuint (srt_scheduler_running (w->scheduler, rows, 3), ==, 2);
  for (guint i = 0; i < 2; i++) {
    gboolean is_a = rows[i].test == &w->tests[0];
    g_assert_cmpint (rows[i].local, ==, is_a);
    g_assert_cmpint (rows[i].unfreezable, ==, is_a);
  }
  send_signal (w->scheduler);
}

static void
test_rows (void)
{
  World w = { 0 };
  begin (&w, "ab", 2, &any, &far);
  w.a->holds = w.b->holds = TRUE;
  w.a->host->post (w.a->host, see_rows, &w);
  run (&w);
  end (&w);
}

static void
test_words (void)
{
  World w = { 0 };
  begin (&w, "ba", 2, &one, &any);
  g_autofree char *names = srt_executors_names (w.executors, "own"), *tiers = srt_executors_tiers (w.executors);
  g_autofree char *staying = srt_executors_staying (w.executors);
  g_assert_cmpstr (names, ==, "b + a");
  g_assert_cmpstr (tiers, ==, "not told + alone");
  g_assert_cmpstr (staying, ==, "executor b, executor a");
  end (&w);
  World single = { 0 };
  begin (&single, "a", 2, &one, &any);
  g_autofree char *tier = srt_executors_tiers (single.executors);
  g_assert_cmpstr (tier, ==, "alone");
  end (&single);
  World nothing = { 0 };
  begin (&nothing, "", 2, &any, &any);
  g_autofree char *own = srt_executors_names (nothing.executors, "own");
  g_assert_cmpstr (own, ==, "own");
  end (&nothing);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/executors/bound", test_bound);
  g_test_add_func ("/run/executors/common-slots", test_common_slots);
  g_test_add_func ("/run/executors/unused", test_unused);
  g_test_add_func ("/run/executors/shutdown", test_shutdown);
  g_test_add_func ("/run/executors/broken", test_broken);
  g_test_add_func ("/run/executors/stop", test_stop);
  g_test_add_func ("/run/executors/meddler", test_meddler);
  g_test_add_func ("/run/executors/domains", test_domains);
  g_test_add_func ("/run/executors/rows", test_rows);
  g_test_add_func ("/run/executors/words", test_words);
  return g_test_run ();
}
