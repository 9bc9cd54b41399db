/* SPDX-License-Identifier: MIT
 * Each limit bites, and says by what it was held. Run as root and as an ordinary user, who has other means. */
#include "as-user.h"
#include "executor-host.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS        G_GUINT64_CONSTANT (1000000)
#define MIB       G_GUINT64_CONSTANT (1048576)
#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })

typedef struct {
  const char *name;
  const char *const *options;
  void (*run) (ExecutorHost *host);
} Case;

static ExecutorHost *
open_host (const char *const *options)
{
  return executor_host_new (g_getenv ("SRT_TEST_PLUGIN"), g_getenv ("SRT_TEST_LIBEXEC"), options);
}

static void
run_case (gconstpointer data)
{
  const Case *test = data;
  ExecutorHost *host = open_host (test->options);

  g_assert_cmpint (host->ops->prepare (host->self, 1), ==, SRT_OK);
  test->run (host);
  executor_host_shut_down (host);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
  executor_host_free (host);
}

static const ExecutorEnd *
run_with (ExecutorHost *host, const char *deed, const char *n, const srt_limits *limits)
{
  srt_job job = executor_host_job (host->ends->len + 1, 0, ARGV (g_getenv ("SRT_TEST_HOSTILE"), deed, n));

  job.limits = limits;
  executor_host_start (host, &job);
  executor_host_wait (host, host->ends->len + 1);
  if (executor_host_end (host, job.id)->end.tmp_touched)
    g_assert_cmpint (host->ops->settle (host->self, job.id, 0, NULL), ==, SRT_OK);
  return executor_host_end (host, job.id);
}

static gboolean
is_held_by_group (const ExecutorEnd *end)
{
  return strstr (end->held_by, ": cgroup v") != NULL;
}

static void
assert_killed_for (const ExecutorEnd *end, guint32 limit)
{
  g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_KILLED);
  g_assert_cmpuint (end->end.why, ==, SRT_WHY_LIMIT);
  g_assert_cmpuint (end->end.limit, ==, limit);
  g_assert_nonnull (strstr (end->message, "limit"));
}

/* By the kernel where there is a cgroup, told by its counter; else by the agent, which has seen it. */
static void
test_memory (ExecutorHost *host)
{
  const srt_limits limits = { .size = sizeof limits, .memory = 64 * MIB };
  const ExecutorEnd *end = run_with (host, "eat", "200", &limits);

  g_assert_true (g_str_has_prefix (end->held_by, "memory: "));
  g_assert_cmpuint (end->end.limit, ==, SRT_LIMIT_MEMORY);
  if (!is_held_by_group (end)) {
    assert_killed_for (end, SRT_LIMIT_MEMORY);
    return;
  }
  g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_SIGNALLED);
  g_assert_cmpint (end->end.code, ==, SIGKILL);
  g_assert_cmpuint (end->end.oom, ==, 1);
  g_assert_true (g_str_has_prefix (end->message, "memory over its limit of 64 MB (cgroup v"));
}

/* A test that kills itself with the same signal ran out of nothing. */
static void
test_no_oom (ExecutorHost *host)
{
  const srt_limits limits = { .size = sizeof limits, .memory = 64 * MIB };
  srt_job job = executor_host_job (1, 0, ARGV ("/bin/sh", "-c", "kill -KILL $$"));

  job.limits = &limits;
  executor_host_start (host, &job);
  executor_host_wait (host, 1);
  g_assert_cmpint (executor_host_end (host, 1)->end.code, ==, SIGKILL);
  g_assert_cmpuint (executor_host_end (host, 1)->end.oom, ==, 0);
  g_assert_cmpuint (executor_host_end (host, 1)->end.limit, ==, 0);
}

/* The peak of a large test is not that of the next one. */
static void
test_peak (ExecutorHost *host)
{
  const srt_limits limits = { .size = sizeof limits, .memory = 1024 * MIB };
  guint32 source = run_with (host, "daemons", "0", &limits)->end.usage.source;
  const ExecutorEnd *end;
  srt_job job =
      executor_host_job (2, 0, ARGV ("/bin/sh", "-c", "$0 eat 100 & sleep 1; kill $!", g_getenv ("SRT_TEST_HOSTILE")));

  executor_host_start (host, &job);
  executor_host_wait (host, 2);
  g_assert_cmpuint (executor_host_end (host, 2)->end.usage.memory_peak, >=, 100 * MIB);
  end = run_with (host, "daemons", "0", &limits);
  g_assert_cmpuint (end->end.usage.source, ==, source);
  g_assert_cmpuint (end->end.usage.memory_peak, <, 50 * MIB);
  g_assert_cmpuint (end->end.usage.memory_peak, >, 0);
}

/* What it leaves in the cache is not used by the next one either. */
static void
test_cache (ExecutorHost *host)
{
  g_autofree char *keep_dir = g_build_filename (host->run_dir, "kept", NULL); /* as long as the file is, its cache is */
  srt_job job = executor_host_job (1, 0, ARGV ("/bin/sh", "-c", "head -c 60000000 /dev/zero > $TMPDIR/data"));

  executor_host_start (host, &job);
  executor_host_wait (host, 1);
  g_assert_cmpuint (executor_host_end (host, 1)->end.tmp_touched, ==, 1);
  g_assert_cmpint (host->ops->settle (host->self, 1, 0, keep_dir), ==, SRT_OK);
  g_assert_cmpuint (run_with (host, "daemons", "0", NULL)->end.usage.memory_peak, <, 50 * MIB);
}

/* LIMITS: the test's own; NULL: the cap of the executor. */
static void
assert_few (ExecutorHost *host, const srt_limits *limits)
{
  const ExecutorEnd *end = run_with (host, "many", "200", limits);
  int made = atoi (host->output->str);

  if (strstr (host->info.tier, "PID namespace") != NULL && !is_held_by_group (end)) {
    g_assert_cmpint (made, <=, 20); /* exact, by RLIMIT_NPROC in a user namespace of its own */
    return;
  }
  g_assert_cmpuint (end->end.limit, ==, SRT_LIMIT_PROCESSES);
  g_assert_nonnull (strstr (end->message, limits ? "limit of 20" : "cap of 20"));
  if (end->end.why != SRT_WHY_LIMIT) /* else it was measured, and is dead */
    g_assert_cmpint (made, ==, 19);
}

static void
test_processes (ExecutorHost *host)
{
  const srt_limits limits = { .size = sizeof limits, .processes = 20 };

  assert_few (host, &limits);
}

static void
test_cap (ExecutorHost *host)
{
  assert_few (host, NULL);
  g_assert_cmpuint (run_with (host, "daemons", "0", NULL)->end.limit, ==, 0);
}

/* Two processes that want two cores get a fifth of one. */
static void
test_cpu (ExecutorHost *host)
{
  const srt_limits limits = { .size = sizeof limits, .cpu_milli = 200 };
  const ExecutorEnd *end;

  if (!(host->info.limits & SRT_LIMIT_CPU)) {
    g_test_skip (host->ops->why_not (host->self, SRT_LIMIT_CPU));
    return;
  }
  end = run_with (host, "burn", "150", &limits);
  g_assert_true (is_held_by_group (end));
  g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_EXITED);
  g_assert_cmpuint (end->end.usage.wall_ns, >=, 3 * (end->end.usage.user_ns + end->end.usage.system_ns));
}

static void
test_cpu_time (ExecutorHost *host)
{
  const srt_limits limits = { .size = sizeof limits, .cpu_time_ns = 300 * MS };
  const ExecutorEnd *end = run_with (host, "burn", "60000", &limits);

  assert_killed_for (end, SRT_LIMIT_CPU_TIME);
  g_assert_cmpstr (end->held_by, ==, "cpu_time: measured, rlimit");
}

/* One process alone: the kernel sees the end of its time before the agent looks. */
static void
test_cpu_alone (ExecutorHost *host)
{
  const srt_limits limits = { .size = sizeof limits, .cpu_time_ns = 1000 * MS };
  srt_job job = executor_host_job (1, 0, ARGV ("/bin/sh", "-c", "while :; do :; done"));

  job.limits = &limits;
  executor_host_start (host, &job);
  executor_host_wait (host, 1);
  assert_killed_for (executor_host_end (host, 1), SRT_LIMIT_CPU_TIME);
}

/* 40 reads at 20 a second. */
static void
test_io (ExecutorHost *host)
{
  const srt_limits limits = { .size = sizeof limits, .io_ops = 20 };
  const ExecutorEnd *end = run_with (host, "read-directly", "40", &limits);

  if (strstr (end->held_by, "io_ops: ") == NULL || end->end.code == 77) {
    g_test_skip (end->end.code == 77 ? "the folder for temporary files is on no disk" : "no cgroup holds I/O here");
    return;
  }
  g_assert_cmpuint (end->end.usage.wall_ns, >=, 1000 * MS);
  /* It is gone for the next test. */
  g_assert_cmpuint (run_with (host, "read-directly", "40", NULL)->end.usage.wall_ns, <, end->end.usage.wall_ns);
}

static void
test_required (ExecutorHost *host)
{
  const srt_limits limits = { .size = sizeof limits, .io_ops = 1000 };
  srt_job job = executor_host_job (1, 0, ARGV ("true"));

  job.limits = &limits;
  if (host->info.limits & SRT_LIMIT_IO)
    g_test_skip ("I/O limits are held here");
  else
    g_assert_cmpint (host->ops->start (host->self, &job), ==, SRT_E_UNSUPPORTED);
}

static void
test_off (ExecutorHost *host)
{
  const srt_limits limits = { .size = sizeof limits, .memory = 16 * MIB, .cpu_time_ns = 1 * MS, .open_files = 10 };
  srt_job job =
      executor_host_job (1, 0, ARGV ("/bin/sh", "-c", "$0 eat 64 & sleep 0.5; kill $!", g_getenv ("SRT_TEST_HOSTILE")));

  g_assert_cmpuint (host->info.limits, ==, 0);
  job.limits = &limits;
  executor_host_start (host, &job);
  executor_host_wait (host, 1);
  g_assert_cmpuint (executor_host_end (host, 1)->end.limit, ==, 0);
  g_assert_cmpstr (executor_host_end (host, 1)->held_by, ==, "");
}

static const char *const pidns[] = { "tier=pidns", NULL };
static const char *const subreaper[] = { "tier=subreaper", NULL };
static const char *const cap[] = { "pids_max=20", NULL };
static const char *const required[] = { "enforcement=required", NULL };
static const char *const off[] = { "enforcement=off", NULL };

static const Case cases[] = {
  { "memory", NULL, test_memory },
  { "memory/subreaper", subreaper, test_memory },
  { "memory/pidns", pidns, test_memory },
  { "no-oom", NULL, test_no_oom },
  { "peak", NULL, test_peak },
  { "cache", NULL, test_cache },
  { "processes", NULL, test_processes },
  { "processes/pidns", pidns, test_processes },
  { "processes/cap", cap, test_cap },
  { "cpu", NULL, test_cpu },
  { "cpu-time", NULL, test_cpu_time },
  { "cpu-time/alone", NULL, test_cpu_alone },
  { "io", NULL, test_io },
  { "required", required, test_required },
  { "off", off, test_off },
};

int
main (int argc, char **argv)
{
  const char *why_not = as_user ();

  g_test_init (&argc, &argv, NULL);
  if (why_not != NULL) {
    g_print ("1..0 # SKIP %s\n", why_not);
    return 0;
  }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/executor-process/limit/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], run_case);
  }
  return g_test_run ();
}
