/* SPDX-License-Identifier: MIT
 * Heartbeats of real tests under srt-agent. Periods of a minute are for tests that must not be ended, however slow the
 * machine is; where a test has to beat first and fall silent then, the period grows until it came to that. */
#include "agent-fixture.h"
#include <signal.h>
#include <string.h>

#define LONG  (60000 * MS)
#define SHORT (100 * MS)

static srt_job
shell_job (const char *script, guint64 heartbeat_ns)
{
  static const char *argv[] = { "/bin/sh", "-c", NULL, NULL };
  srt_job job;

  argv[2] = script;
  job = agent_driver_job (1, argv);
  job.heartbeat_ns = heartbeat_ns;
  return job;
}

static AgentEnd
run_shell (Fixture *fixture, const char *script, guint64 heartbeat_ns)
{
  srt_job job = shell_job (script, heartbeat_ns);

  return agent_driver_run (fixture->agent, &job);
}

static void
assert_hung (const AgentEnd *end)
{
  g_assert_cmpuint (end->end.kind, ==, SRT_EXIT_KILLED);
  g_assert_cmpuint (end->end.why, ==, SRT_WHY_HEARTBEAT);
}

static void
test_environment (Fixture *fixture, gconstpointer data)
{
  static const char script[] = "echo ${SRT_HEARTBEAT_FD-no} ${SRT_HEARTBEAT_MS-no}; ls /proc/self/fd | grep -c 8";
  srt_job job = shell_job (script, LONG);
  AgentEnd end;

  job.env = ARGV ("SRT_HEARTBEAT_FD=1", "SRT_HEARTBEAT_MS");
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpstr (end.out->str, ==, "8 60000\n1\n");
  agent_end_clear (&end);
  /* The next has none, whatever the one before had, and a runner that is a test itself. */
  job.heartbeat_ns = 0;
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpstr (end.out->str, ==, "no no\n0\n");
  agent_end_clear (&end);
}

static void
test_silent (Fixture *fixture, gconstpointer data)
{
  AgentEnd end = run_shell (fixture, "exec sleep 1000", SHORT);

  assert_hung (&end);
  g_assert_cmpint (end.end.code, ==, SIGTERM);
  g_assert_cmpstr (end.message, ==, "not one since its start");
  g_assert_cmpuint (end.end.usage.wall_ns, >=, SHORT);
  agent_end_clear (&end);
}

/* Nobody has the descriptor any more: that is silence too. */
static void
test_closed (Fixture *fixture, gconstpointer data)
{
  AgentEnd end = run_shell (fixture, "exec 8>&-; exec sleep 1000", SHORT);

  assert_hung (&end);
  g_assert_cmpstr (end.message, ==, "not one since its start");
  agent_end_clear (&end);
}

/* Its termination signal, its grace, then SIGKILL. */
static void
test_deaf (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "deaf"));
  AgentEnd end;

  job.heartbeat_ns = SHORT;
  job.grace_ns = SHORT;
  end = agent_driver_run (fixture->agent, &job);
  assert_hung (&end);
  g_assert_cmpint (end.end.code, ==, SIGKILL);
  g_assert_cmpuint (end.end.usage.wall_ns, >=, 2 * SHORT);
  agent_end_clear (&end);
}

/* What beats once, by itself or by a descendant, and never again. */
static void
test_falls_silent (Fixture *fixture, gconstpointer data)
{
  for (guint64 period = SHORT;; period *= 2) {
    AgentEnd end = run_shell (fixture, data, period);
    gboolean beaten = strstr (end.message, "the last of 1 came ") != NULL;

    assert_hung (&end);
    g_assert_cmpuint (end.end.usage.wall_ns, >=, period);
    agent_end_clear (&end);
    if (beaten)
      return;
  }
}

static void
test_beats (Fixture *fixture, gconstpointer data)
{
  AgentEnd end = run_shell (fixture, "for i in 1 2 3; do echo $i >&\"$SRT_HEARTBEAT_FD\"; done; echo done", LONG);

  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_EXITED);
  g_assert_cmpint (end.end.code, ==, 0);
  g_assert_cmpstr (end.out->str, ==, "done\n");
  g_assert_cmpstr (end.err->str, ==, "");
  g_assert_cmpstr (end.message, ==, "");
  agent_end_clear (&end);
}

/* Far more than the pipe holds: it waits for the agent, and gets on. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  AgentEnd end = run_shell (fixture, "head -c 1000000 /dev/zero >&8 && echo done", LONG);

  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_EXITED);
  g_assert_cmpint (end.end.code, ==, 0);
  g_assert_cmpstr (end.out->str, ==, "done\n");
  agent_end_clear (&end);
}

/* A flood that never ends hides neither the timeout nor the end. */
static void
test_flood_timeout (Fixture *fixture, gconstpointer data)
{
  srt_job job = shell_job ("exec cat /dev/zero >&8", LONG);
  AgentEnd end;

  job.timeout_ns = 300 * MS;
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpuint (end.end.why, ==, SRT_WHY_TIMEOUT);
  agent_end_clear (&end);
  end = run_shell (fixture, "cat /dev/zero >&8 & exit 5", LONG);
  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_EXITED);
  g_assert_cmpint (end.end.code, ==, 5);
  agent_end_clear (&end);
}

/* Whoever holds it after the test's end holds up nothing, and is a leak like any other. */
static void
test_held_after_end (Fixture *fixture, gconstpointer data)
{
  AgentEnd end = run_shell (fixture, "sleep 1000 >&- 2>&- & exit 4", LONG);

  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_EXITED);
  g_assert_cmpint (end.end.code, ==, 4);
  agent_end_clear (&end);
}

/* Starts polite with such a period and freezes it; FALSE when it had hung before that. */
static gboolean
freeze_in_time (Fixture *fixture, guint64 period)
{
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "polite"));
  SrtFrame frame;

  job.heartbeat_ns = period;
  agent_driver_start (fixture->agent, &job);
  agent_driver_expect (fixture->agent, SRT_FRAME_OUTPUT);
  agent_driver_freeze (fixture->agent, 1, 1);
  do
    g_assert_true (agent_driver_next (fixture->agent, &frame));
  while (frame.type != SRT_FRAME_FROZEN && frame.type != SRT_FRAME_EXITED);
  if (frame.type == SRT_FRAME_EXITED)
    return FALSE;
  if (frame.payload[0] == 0)
    agent_driver_expect (fixture->agent, SRT_FRAME_EXITED);
  return frame.payload[0] == 1;
}

/* A frozen test cannot beat, so it need not. */
static void
test_frozen (Fixture *fixture, gconstpointer data)
{
  guint64 period = SHORT;
  AgentEnd end;

  while (!freeze_in_time (fixture, period))
    period *= 2;
  /* Longer than its period: the very thing that must not count. Not twice as long: that an agent takes for its own. */
  g_usleep (period / 4 * 5 / 1000);
  agent_driver_freeze (fixture->agent, 1, 0);
  end = agent_driver_wait (fixture->agent, 1, 100);
  assert_hung (&end);
  g_assert_cmpuint (end.end.usage.frozen_ns, >=, period / 4 * 5);
  g_assert_cmpuint (end.end.usage.wall_ns, >=, end.end.usage.frozen_ns + period);
  agent_end_clear (&end);
}

#define ADD(NAME, FN, DATA) g_test_add ("/agent/heartbeat/" NAME, Fixture, DATA, set_up, FN, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("SRT_HEARTBEAT_FD", "1", TRUE); /* as where srt runs under srt */
  ADD ("environment", test_environment, NULL);
  ADD ("silent", test_silent, NULL);
  ADD ("closed", test_closed, NULL);
  ADD ("deaf", test_deaf, NULL);
  ADD ("falls-silent", test_falls_silent, "echo >&8; exec sleep 1000");
  ADD ("descendant", test_falls_silent, "sh -c 'echo >&8'; exec sleep 1000");
  ADD ("by-path", test_falls_silent, "echo > /dev/fd/$SRT_HEARTBEAT_FD; exec sleep 1000");
  ADD ("beats", test_beats, NULL);
  ADD ("flood", test_flood, NULL);
  ADD ("flood-timeout", test_flood_timeout, NULL);
  ADD ("held-after-end", test_held_after_end, NULL);
  ADD ("frozen", test_frozen, NULL);
  return g_test_run ();
}
