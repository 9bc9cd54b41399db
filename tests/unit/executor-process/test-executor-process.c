/* SPDX-License-Identifier: MIT
 * The process executor in the real host. */
#include "executor-host.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS        G_GUINT64_CONSTANT (1000000)
#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })

typedef struct {
  ExecutorHost *host;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer slots)
{
  fixture->host = executor_host_new (g_getenv ("SRT_TEST_PLUGIN"), g_getenv ("SRT_TEST_LIBEXEC"), NULL);
  g_assert_cmpint (fixture->host->ops->prepare (fixture->host->self, GPOINTER_TO_UINT (slots)), ==, SRT_OK);
}

/* The loop has made us a subreaper: what outlives its agent is our child. Only tests that killed their agent may do so,
 * and they end by themselves; with anything else this would not return. */
static void
tear_down (Fixture *fixture, gconstpointer slots)
{
  executor_host_shut_down (fixture->host);
  while (waitpid (-1, NULL, 0) > 0)
    continue;
  g_assert_cmpint (errno, ==, ECHILD);
  executor_host_free (fixture->host);
}

static void
start_next (ExecutorHost *host, const ExecutorEnd *end)
{
  srt_job job = executor_host_job (end->job + 2, (guint32)(end->job % 2), ARGV (g_getenv ("SRT_TEST_NOTHING")));

  if (job.id <= 500)
    executor_host_start (host, &job);
}

/* Each end starts the next test from within. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  ExecutorHost *host = fixture->host;
  srt_job first = executor_host_job (1, 1, ARGV (g_getenv ("SRT_TEST_NOTHING")));
  srt_job second = executor_host_job (2, 0, ARGV (g_getenv ("SRT_TEST_NOTHING")));

  host->on_end = start_next;
  executor_host_start (host, &first);
  executor_host_start (host, &second);
  executor_host_wait (host, 500);
  for (guint64 job = 1; job <= 500; job++) {
    const ExecutorEnd *end = executor_host_end (host, job);

    g_assert_nonnull (end);
    g_assert_cmpstr (end->message, ==, "");
    g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_EXITED);
    g_assert_cmpint (end->end.code, ==, 0);
  }
}

static void
test_output (Fixture *fixture, gconstpointer data)
{
  srt_job job = executor_host_job (1, 0, ARGV (g_getenv ("SRT_TEST_HOSTILE"), "flood", "20000000"));

  executor_host_start (fixture->host, &job);
  executor_host_wait (fixture->host, 1);
  g_assert_cmpuint (fixture->host->output_bytes, ==, 20000000);
}

static void
wait_for_output (ExecutorHost *host)
{
  while (host->output->len == 0)
    srt_loop_turn (host->loop, SRT_NEVER);
}

static void
test_stop (Fixture *fixture, gconstpointer data)
{
  ExecutorHost *host = fixture->host;
  srt_job job = executor_host_job (1, 0, ARGV (g_getenv ("SRT_TEST_HOSTILE"), "deaf"));
  const ExecutorEnd *end;

  executor_host_start (host, &job);
  wait_for_output (host);
  g_assert_cmpint (host->ops->stop (host->self, 1, 1000000 * MS, SRT_WHY_STOP), ==, SRT_OK);
  g_assert_cmpint (host->ops->stop (host->self, 1, 0, SRT_WHY_STOP), ==, SRT_OK);
  executor_host_wait (host, 1);
  end = executor_host_end (host, 1);
  g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_KILLED);
  g_assert_cmpuint (end->end.why, ==, SRT_WHY_STOP);
  g_assert_cmpint (host->ops->stop (host->self, 1, 0, SRT_WHY_STOP), ==, SRT_E_NOT_FOUND);
}

static void
test_freeze_and_usage (Fixture *fixture, gconstpointer data)
{
  ExecutorHost *host = fixture->host;
  srt_job job = executor_host_job (1, 0, ARGV (g_getenv ("SRT_TEST_HOSTILE"), "polite"));

  host->ops->set_usage_period (host->self, 10 * MS);
  executor_host_start (host, &job);
  wait_for_output (host);
  while (host->usages < 2)
    srt_loop_turn (host->loop, SRT_NEVER);
  g_assert_cmpint (host->ops->freeze (host->self, 1, 1), ==, SRT_OK);
  while (host->frozen != 1)
    srt_loop_turn (host->loop, SRT_NEVER);
  g_assert_cmpint (host->ops->freeze (host->self, 1, 0), ==, SRT_OK);
  while (host->frozen != 0)
    srt_loop_turn (host->loop, SRT_NEVER);
  host->ops->stop (host->self, 1, 100000 * MS, SRT_WHY_SHED);
  executor_host_wait (host, 1);
  g_assert_cmpuint (executor_host_end (host, 1)->end.usage.frozen_ns, >, 0);
}

static void
test_settle (Fixture *fixture, gconstpointer data)
{
  ExecutorHost *host = fixture->host;
  srt_job job = executor_host_job (1, 0, ARGV ("/bin/sh", "-c", "echo x > $TMPDIR/file"));
  g_autofree char *keep_dir = g_build_filename (host->run_dir, "kept", NULL);
  g_autofree char *file = g_build_filename (keep_dir, "file", NULL);

  executor_host_start (host, &job);
  executor_host_wait (host, 1);
  g_assert_cmpuint (executor_host_end (host, 1)->end.tmp_touched, ==, 1);
  g_assert_cmpint (host->ops->settle (host->self, 1, 0, keep_dir), ==, SRT_OK);
  job = executor_host_job (2, 0, ARGV ("/bin/sh", "-c", "ls -A $TMPDIR"));
  executor_host_start (host, &job);
  executor_host_wait (host, 2);
  g_assert_cmpuint (host->output->len, ==, 0);
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
}

/* A test that kills its agent is lost; the next agent goes on, three times. Its own process is ours then. */
static void
kill_agent (Fixture *fixture, guint64 id)
{
  ExecutorHost *host = fixture->host;
  srt_job job = executor_host_job (id, 0, ARGV ("/bin/sh", "-c", "kill -KILL $PPID"));
  const ExecutorEnd *end;

  executor_host_start (host, &job);
  executor_host_wait (host, (guint)id);
  end = executor_host_end (host, id);
  g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_LOST);
  g_assert_cmpstr (end->message, ==, "agent of slot 0 died of signal 9");
}

static void
run_true (Fixture *fixture, guint64 id)
{
  srt_job job = executor_host_job (id, 0, ARGV ("true"));

  executor_host_start (fixture->host, &job);
  executor_host_wait (fixture->host, (guint)id);
  g_assert_cmpuint (executor_host_end (fixture->host, id)->end.kind, ==, SRT_EXIT_EXITED);
}

static void
test_agent_dies (Fixture *fixture, gconstpointer data)
{
  ExecutorHost *host = fixture->host;
  srt_job job = executor_host_job (9, 0, ARGV ("true"));

  for (guint64 id = 1; id < 6; id += 2) {
    kill_agent (fixture, id);
    run_true (fixture, id + 1);
  }
  g_assert_nonnull (strstr (host->log->str, "agent of slot 0 died of signal 9; started again (3 of 3)\n"));
  g_assert_cmpint (host->capacity, ==, -1);
  kill_agent (fixture, 7);
  g_assert_cmpstr (host->broken->str, ==, "agent of slot 0 died of signal 9\n");
  g_assert_cmpint (host->capacity, ==, 0);
  g_assert_cmpint (host->ops->start (host->self, &job), ==, SRT_E_LOST);
}

static gint64
agent_of (ExecutorHost *host)
{
  srt_job job = executor_host_job (1, 0, ARGV ("/bin/sh", "-c", "echo $PPID"));

  executor_host_start (host, &job);
  executor_host_wait (host, 1);
  return g_ascii_strtoll (host->output->str, NULL, 10);
}

/* It dies between two tests: the next test must not notice, whether or not the death was noticed. */
static void
test_agent_dies_idle (Fixture *fixture, gconstpointer data)
{
  ExecutorHost *host = fixture->host;
  gint64 pid = agent_of (host);
  siginfo_t info;
  srt_job job = executor_host_job (2, 0, ARGV ("true"));

  kill ((pid_t)pid, SIGKILL);
  g_assert_cmpint (waitid (P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), ==, 0);
  executor_host_start (host, &job);
  executor_host_wait (host, 2);
  g_assert_cmpuint (executor_host_end (host, 2)->end.kind, ==, SRT_EXIT_EXITED);
}

/* One of two slots is gone for good: the other takes what is started for either. */
static void
test_slot_gone (Fixture *fixture, gconstpointer data)
{
  for (guint64 id = 1; id <= 4; id++)
    kill_agent (fixture, id);
  g_assert_cmpint (fixture->host->capacity, ==, 1);
  run_true (fixture, 5);
}

/* What makes no sense is refused before it can cost an agent. */
static void
test_invalid (Fixture *fixture, gconstpointer data)
{
  ExecutorHost *host = fixture->host;
  g_autofree char *large = g_strnfill (3 << 20, 'x');
  srt_job job = executor_host_job (1, 0, ARGV ("true"));

  job.cwd = "relative";
  g_assert_cmpint (host->ops->start (host->self, &job), ==, SRT_E_INVALID);
  job = executor_host_job (1, 0, ARGV ("true", large));
  g_assert_cmpint (host->ops->start (host->self, &job), ==, SRT_E_INVALID);
  run_true (fixture, 1);
}

/* The run ends while tests run: they are killed, and told. */
static void
test_shut_down_running (Fixture *fixture, gconstpointer data)
{
  ExecutorHost *host = fixture->host;
  srt_job job = executor_host_job (1, 0, ARGV (g_getenv ("SRT_TEST_HOSTILE"), "deaf"));

  executor_host_start (host, &job);
  wait_for_output (host);
  executor_host_shut_down (host);
  g_assert_cmpuint (host->ends->len, ==, 1);
  g_assert_cmpuint (executor_host_end (host, 1)->end.kind, ==, SRT_EXIT_KILLED);
}

static void
test_describe (Fixture *fixture, gconstpointer data)
{
  ExecutorHost *host = fixture->host;

  g_assert_cmpuint (host->info.domain, ==, SRT_DOMAIN_LOCAL);
  g_assert_cmpuint (host->info.can_freeze, ==, 1);
  for (guint32 limit = 1; limit <= SRT_LIMIT_NICE; limit <<= 1)
    g_assert_true (!(host->info.limits & limit) == (host->ops->why_not (host->self, limit) != NULL));
}

#define ADD(NAME, SLOTS, FN)                                                                                           \
  g_test_add ("/executor-process/" NAME, Fixture, GUINT_TO_POINTER (SLOTS), set_up, FN, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("many", 2, test_many);
  ADD ("output", 1, test_output);
  ADD ("stop", 1, test_stop);
  ADD ("freeze-and-usage", 1, test_freeze_and_usage);
  ADD ("settle", 1, test_settle);
  ADD ("agent-dies", 1, test_agent_dies);
  ADD ("agent-dies-idle", 1, test_agent_dies_idle);
  ADD ("slot-gone", 2, test_slot_gone);
  ADD ("invalid", 1, test_invalid);
  ADD ("shut-down-running", 1, test_shut_down_running);
  ADD ("describe", 1, test_describe);
  return g_test_run ();
}
