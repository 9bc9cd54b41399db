/* SPDX-License-Identifier: MIT
 * Tier D, the subreaper: what tests leave behind does not survive them, and the agent says who it was. */
#include "agent-driver.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS        G_GUINT64_CONSTANT (1000000)
#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const char *
hostile (void)
{
  return g_getenv ("SRT_TEST_HOSTILE");
}

/* The test process is a subreaper too, so that whatever got away from the agent would be ours now. */
static void
assert_nothing_left (AgentDriver *agent, int exit_status)
{
  int status = agent_driver_free (agent);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, exit_status);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

typedef struct {
  const char *deed, *n;
  guint leaked;
  const char *text; /* in leak_text */
} Row;

static const Row rows[] = {
  { "daemons", "1", 1, "hostile-daemon (pid " },
  { "daemons", "60", 60, ", hostile-daemon (pid " },
  { "hold-output", "1", 1, "hostile (pid " },
  { "stopped-child", "1", 1, "hostile (pid " },
};

static void
test_leaks (gconstpointer data)
{
  const Row *row = data;
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  srt_job job = agent_driver_job (1, ARGV (hostile (), row->deed, row->n));
  AgentEnd end = agent_driver_run (agent, &job);

  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_EXITED);
  g_assert_cmpint (end.end.code, ==, 0);
  g_assert_cmpuint (end.end.leaked, ==, row->leaked);
  g_assert_nonnull (strstr (end.leak_text, row->text));
  agent_end_clear (&end);
  assert_nothing_left (agent, 0);
}

/* What goes by itself at once is no leak, and what it still writes is heard. */
static void
test_late_writer (void)
{
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  srt_job job = agent_driver_job (1, ARGV ("/bin/sh", "-c", "(echo late) & exit 0"));

  for (guint i = 0; i < 50; i++) {
    AgentEnd end;

    job.id = i + 1;
    end = agent_driver_run (agent, &job);
    g_assert_cmpstr (end.out->str, ==, "late\n");
    g_assert_cmpuint (end.end.leaked, ==, 0);
    agent_end_clear (&end);
  }
  assert_nothing_left (agent, 0);
}

/* Processes that are never the same twice. */
static void
test_comets (void)
{
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  srt_job job = agent_driver_job (1, ARGV (hostile (), "comets", "5"));
  AgentEnd end = agent_driver_run (agent, &job);

  g_assert_cmpint (end.end.code, ==, 0);
  g_assert_cmpuint (end.end.leaked, >=, 1);
  agent_end_clear (&end);
  assert_nothing_left (agent, 0);
}

static void
test_reforking (void)
{
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  srt_job job = agent_driver_job (1, ARGV (hostile (), "reforking", "50"));
  AgentEnd end;

  job.timeout_ns = 200 * MS;
  job.grace_ns = 0;
  end = agent_driver_run (agent, &job);
  g_assert_cmpuint (end.end.why, ==, SRT_WHY_TIMEOUT);
  g_assert_cmpuint (end.end.leaked, ==, 0); /* srt ended it: that is no leak */
  agent_end_clear (&end);
  assert_nothing_left (agent, 0);
}

/* The whole tree gets the termination signal, not only the group. */
static void
test_terminate_tree (void)
{
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  srt_job job = agent_driver_job (1, ARGV ("/bin/sh", "-c", "setsid $0 polite & wait", hostile ()));
  AgentEnd end;

  job.grace_ns = 100000 * MS;
  agent_driver_start (agent, &job);
  agent_driver_expect (agent, SRT_FRAME_OUTPUT);
  agent_driver_stop (agent, 1, 100000 * MS, SRT_WHY_STOP);
  end = agent_driver_wait (agent, 1, 100);
  g_assert_cmpstr (end.out->str, ==, "term\n");
  agent_end_clear (&end);
  assert_nothing_left (agent, 0);
}

/* The runner is gone: nothing must be left, whatever was running. */
static void
test_runner_gone (void)
{
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  g_autofree char *dir = g_strdup (agent->dir);
  srt_job job = agent_driver_job (1, ARGV ("/bin/sh", "-c", "$0 daemons 20; $0 litter; exec $0 deaf", hostile ()));

  agent_driver_start (agent, &job);
  agent_driver_expect (agent, SRT_FRAME_OUTPUT);
  assert_nothing_left (agent, 0);
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
}

/* Signals that a test sends to its group, its parent or everybody's favourite number. */
static void
test_signals_to_agent (void)
{
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  srt_job job =
      agent_driver_job (1, ARGV ("/bin/sh", "-c",
                                 "for s in TERM INT HUP QUIT PIPE USR1 ALRM TSTP TTIN; do kill -$s $PPID; done;"
                                 "echo alive; kill -KILL 0"));
  AgentEnd end = agent_driver_run (agent, &job);

  g_assert_cmpstr (end.out->str, ==, "alive\n");
  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_SIGNALLED);
  g_assert_cmpint (end.end.code, ==, SIGKILL);
  agent_end_clear (&end);
  assert_nothing_left (agent, 0);
}

static void
test_oom_score (void)
{
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  srt_job job = agent_driver_job (1, ARGV ("/bin/cat", "/proc/self/oom_score_adj"));
  AgentEnd end = agent_driver_run (agent, &job);

  g_assert_cmpint (atoi (end.out->str), >=, 500);
  agent_end_clear (&end);
  assert_nothing_left (agent, 0);
}

/* Its memory does not grow with the number of tests. */
static void
test_steady_state (void)
{
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  srt_job job = agent_driver_job (1, ARGV (g_getenv ("SRT_TEST_NOTHING")));
  g_autofree char *path = g_strdup_printf ("/proc/%d/statm", agent->pid);
  g_autofree char *before = NULL, *after = NULL;

  for (guint i = 0; i < 600; i++) {
    AgentEnd end = agent_driver_run (agent, &job);

    g_assert_cmpint (end.end.code, ==, 0);
    agent_end_clear (&end);
    if (i == 99)
      g_assert_true (g_file_get_contents (path, &before, NULL, NULL));
  }
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (before, ==, after);
  assert_nothing_left (agent, 0);
}

int
main (int argc, char **argv)
{
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("/agent/leak/%s-%s", rows[i].deed, rows[i].n);

    g_test_add_data_func (path, &rows[i], test_leaks);
  }
  g_test_add_func ("/agent/late-writer", test_late_writer);
  g_test_add_func ("/agent/comets", test_comets);
  g_test_add_func ("/agent/reforking", test_reforking);
  g_test_add_func ("/agent/terminate-tree", test_terminate_tree);
  g_test_add_func ("/agent/runner-gone", test_runner_gone);
  g_test_add_func ("/agent/signals-to-agent", test_signals_to_agent);
  g_test_add_func ("/agent/oom-score", test_oom_score);
  g_test_add_func ("/agent/steady-state", test_steady_state);
  return g_test_run ();
}
