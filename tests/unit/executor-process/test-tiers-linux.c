/* SPDX-License-Identifier: MIT
 * Every tier that can be had here: nothing survives a test, a run, or its agent. Run as root and as an ordinary user.
 */
#include "as-user.h"
#include "executor-host.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS        G_GUINT64_CONSTANT (1000000)
#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define SECOND    (1000 * MS)

typedef struct {
  const char *name, *words;
} Tier;

static const Tier tiers[] = {
  { "strict", "cgroup and PID namespace" },
  { "pidns", "PID namespace" },
  { "cgroup", "cgroup and subreaper" },
  { "subreaper", "subreaper" },
};

typedef struct {
  const Tier *tier;
  void (*run) (ExecutorHost *host, const Tier *tier);
} Case;

static const char *
hostile (void)
{
  return g_getenv ("SRT_TEST_HOSTILE");
}

/* Whatever outlives its agent is our child, as the loop has made us a subreaper. */
static void
assert_nothing_left (void)
{
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

static void
run_case (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *option = g_strconcat ("tier=", test->tier->name, NULL);
  ExecutorHost *host = executor_host_new (g_getenv ("SRT_TEST_PLUGIN"), g_getenv ("SRT_TEST_LIBEXEC"), ARGV (option));

  if (g_strcmp0 (host->info.tier, test->tier->words) == 0) {
    g_assert_cmpint (host->ops->prepare (host->self, 1), ==, SRT_OK);
    test->run (host, test->tier);
    if (!host->done)
      executor_host_shut_down (host);
    assert_nothing_left ();
  } else {
    g_assert_nonnull (strstr (host->log->str, "cannot be had"));
    g_test_skip (host->log->str);
  }
  executor_host_free (host);
}

static const ExecutorEnd *
run_job (ExecutorHost *host, srt_job *job)
{
  executor_host_start (host, job);
  executor_host_wait (host, host->ends->len + 1);
  return g_ptr_array_index (host->ends, host->ends->len - 1);
}

static void
test_leaks (ExecutorHost *host, const Tier *tier)
{
  srt_job job = executor_host_job (1, 0, ARGV (hostile (), "daemons", "20"));
  const ExecutorEnd *end = run_job (host, &job);

  g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_EXITED);
  g_assert_cmpuint (end->end.leaked, ==, 20);
  g_assert_nonnull (strstr (end->leak_text, "hostile-daemon (pid "));
  g_assert_nonnull (strstr (end->leak_text, ", own session)"));
  /* The next test of the slot is not touched by how the last one was killed. */
  job = executor_host_job (2, 0, ARGV (g_getenv ("SRT_TEST_NOTHING")));
  for (; job.id < 10; job.id++) {
    end = run_job (host, &job);
    g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_EXITED);
    g_assert_cmpuint (end->end.leaked, ==, 0);
  }
}

static void
test_reforking (ExecutorHost *host, const Tier *tier)
{
  srt_job job = executor_host_job (1, 0, ARGV (hostile (), "reforking", "50"));
  const ExecutorEnd *end;

  job.timeout_ns = 200 * MS;
  job.grace_ns = 0;
  end = run_job (host, &job);
  g_assert_cmpuint (end->end.why, ==, SRT_WHY_TIMEOUT);
  g_assert_cmpuint (end->end.leaked, ==, 0);
}

static void
test_comets (ExecutorHost *host, const Tier *tier)
{
  srt_job job = executor_host_job (1, 0, ARGV (hostile (), "comets", "5"));

  g_assert_cmpuint (run_job (host, &job)->end.leaked, >=, 1);
}

static void
test_freeze (ExecutorHost *host, const Tier *tier)
{
  srt_job job = executor_host_job (1, 0, ARGV (hostile (), "reforking", "10"));

  executor_host_start (host, &job);
  g_assert_cmpint (host->ops->freeze (host->self, 1, 1), ==, SRT_OK);
  while (host->frozen != 1)
    srt_loop_turn (host->loop, SRT_NEVER);
  g_assert_cmpint (host->ops->stop (host->self, 1, 0, SRT_WHY_SHED), ==, SRT_OK);
  executor_host_wait (host, 1);
  g_assert_cmpuint (executor_host_end (host, 1)->end.why, ==, SRT_WHY_SHED);
}

/* A kept server lives on while other tests run, and not any longer. */
static void
test_keep (ExecutorHost *host, const Tier *tier)
{
  srt_job job = executor_host_job (1, 0, ARGV (hostile (), "daemons", "2"));
  g_autofree char *look = NULL;
  const ExecutorEnd *end;

  job.keep = ARGV ("hostile-daemon");
  end = run_job (host, &job);
  g_assert_cmpuint (end->end.kept, ==, 2);
  g_assert_cmpuint (end->end.leaked, ==, 0);
  job = executor_host_job (2, 0, ARGV (hostile (), "daemons", "1")); /* this one is not to be kept */
  end = run_job (host, &job);
  g_assert_cmpuint (end->end.kept, ==, 0);
  g_assert_cmpuint (end->end.leaked, ==, 1);
  look = g_strdup ("grep -slx hostile-daemon /proc/[0-9]*/comm | wc -l");
  job = executor_host_job (3, 0, ARGV ("/bin/sh", "-c", look));
  end = run_job (host, &job);
  g_assert_cmpuint (end->end.leaked, ==, 0);
  g_assert_cmpint (atoi (host->output->str), >=, 2);
}

/* Our children, as numbers. */
static char **
list_children (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", getpid ());
  g_autofree char *children = NULL;

  g_assert_true (g_file_get_contents (path, &children, NULL, NULL));
  return g_strsplit (g_strstrip (children), " ", 0);
}

static pid_t
find_agent (void)
{
  g_auto (GStrv) pids = list_children ();

  for (guint i = 0; pids[i]; i++) {
    g_autofree char *file = g_strdup_printf ("/proc/%s/comm", pids[i]);
    g_autofree char *comm = NULL;

    if (g_file_get_contents (file, &comm, NULL, NULL) && g_str_has_prefix (comm, "srt-agent"))
      return atoi (pids[i]);
  }
  g_error ("there is no agent");
}

static void
kill_children (void)
{
  g_auto (GStrv) pids = list_children ();

  for (guint i = 0; pids[i]; i++)
    if (*pids[i] != '\0')
      kill (atoi (pids[i]), SIGKILL);
}

/* Its test is lost. A namespace and a cgroup lose nobody with it; a subreaper's orphans are its runner's, that is ours,
 * but the test itself is not among them: it dies with its agent. */
static void
test_agent_killed (ExecutorHost *host, const Tier *tier)
{
  srt_job job = executor_host_job (1, 0, ARGV ("/bin/sh", "-c", "$0 daemons 3; exec $0 deaf", hostile ()));

  executor_host_start (host, &job);
  while (host->output->len == 0)
    srt_loop_turn (host->loop, SRT_NEVER);
  kill (find_agent (), SIGKILL);
  executor_host_wait (host, 1);
  g_assert_cmpuint (executor_host_end (host, 1)->end.kind, ==, SRT_EXIT_LOST);
  job = executor_host_job (2, 0, ARGV (g_getenv ("SRT_TEST_NOTHING")));
  g_assert_cmpuint (run_job (host, &job)->end.kind, ==, SRT_EXIT_EXITED);
  executor_host_shut_down (host);
  if (g_str_equal (tier->name, "subreaper"))
    kill_children ();
  while (waitpid (-1, NULL, 0) > 0) /* for ever, if anybody who should be dead is not */
    continue;
}

/* Silent is silent in every tier; and what beats gets on. */
static void
test_heartbeat (ExecutorHost *host, const Tier *tier)
{
  srt_job job = executor_host_job (1, 0, ARGV ("/bin/sh", "-c", "exec sleep 1000"));
  const ExecutorEnd *end;

  g_assert_cmpuint (host->info.can_heartbeat, ==, 1);
  job.heartbeat_ns = 100 * MS;
  end = run_job (host, &job);
  g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_KILLED);
  g_assert_cmpuint (end->end.why, ==, SRT_WHY_HEARTBEAT);
  g_assert_cmpstr (end->message, ==, "not one since its start");
  job = executor_host_job (2, 0, ARGV ("/bin/sh", "-c", "echo >&$SRT_HEARTBEAT_FD && exit 6"));
  job.heartbeat_ns = 60 * SECOND;
  end = run_job (host, &job);
  g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_EXITED);
  g_assert_cmpint (end->end.code, ==, 6);
}

/* What the test can do to its agent. */
static void
test_kill_parent (ExecutorHost *host, const Tier *tier)
{
  srt_job job = executor_host_job (1, 0, ARGV ("/bin/sh", "-c", "kill -KILL $PPID; sleep 0.1; exit 3"));
  const ExecutorEnd *end = run_job (host, &job);

  if (strstr (tier->words, "namespace") != NULL) {
    g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_EXITED);
    g_assert_cmpint (end->end.code, ==, 3);
  } else
    g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_LOST);
  executor_host_shut_down (host);
  while (waitpid (-1, NULL, 0) > 0) /* the test itself, which dies with its agent */
    continue;
}

static const struct {
  const char *name;
  void (*run) (ExecutorHost *host, const Tier *tier);
} scenes[] = {
  { "leaks", test_leaks },
  { "reforking", test_reforking },
  { "comets", test_comets },
  { "freeze", test_freeze },
  { "keep", test_keep },
  { "heartbeat", test_heartbeat },
  { "agent-killed", test_agent_killed },
  { "kill-parent", test_kill_parent },
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
  for (guint i = 0; i < G_N_ELEMENTS (tiers); i++)
    for (guint j = 0; j < G_N_ELEMENTS (scenes); j++) {
      g_autofree char *path = g_strdup_printf ("/executor-process/tier/%s/%s", tiers[i].name, scenes[j].name);
      Case *test = g_new (Case, 1);

      *test = (Case){ &tiers[i], scenes[j].run };
      g_test_add_data_func_full (path, test, run_case, g_free);
    }
  return g_test_run ();
}
