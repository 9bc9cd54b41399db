/* SPDX-License-Identifier: MIT
 * What a test writes, through the agent: its streams, bounds and credit. Runs with the portable twin too. */
#include "agent-fixture.h"
#include <stdio.h>
#include <unistd.h>

static void
test_streams (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV ("/bin/sh", "-c", "for i in 1 2 3; do echo o$i; echo e$i >&2; done"));
  AgentEnd end = agent_driver_run (fixture->agent, &job);

  g_assert_cmpstr (end.out->str, ==, "o1\no2\no3\n");
  g_assert_cmpstr (end.err->str, ==, "e1\ne2\ne3\n");
  agent_end_clear (&end);
  job.flags = SRT_JOB_MERGED;
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpstr (end.out->str, ==, "o1\ne1\no2\ne2\no3\ne3\n");
  g_assert_cmpstr (end.err->str, ==, "");
  agent_end_clear (&end);
}

static guint64
resident_of (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/statm", pid);
  g_autofree char *text = NULL;
  guint64 pages;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*u %" G_GUINT64_FORMAT, &pages), ==, 1);
  return pages * (guint64)sysconf (_SC_PAGESIZE);
}

/* One line of 256 MiB goes through; the agent stays small. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "flood", "268435456"));
  AgentEnd end;

  job.timeout_ns = 0;
  agent_driver_start (fixture->agent, &job);
  end = agent_driver_wait (fixture->agent, 1, 16);
  g_assert_cmpuint (end.bytes, ==, 268435456);
  g_assert_cmpuint (end.last_byte, ==, '!');
  g_assert_cmpuint (end.end.dropped, ==, 0);
  g_assert_cmpuint (resident_of (fixture->agent->pid), <, 8 << 20);
  agent_end_clear (&end);
}

static void
test_output_max (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "flood", "1073741824"));
  AgentEnd end;

  job.timeout_ns = 0;
  job.output_max = 100001;
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpuint (end.bytes, ==, 100001);
  g_assert_cmpuint (end.end.dropped, ==, 1073741824 - 100001);
  g_assert_cmpuint (resident_of (fixture->agent->pid), <, 8 << 20);
  agent_end_clear (&end);
}

/* Without credit no more than the window comes, but orders are obeyed all the same. */
static void
test_credit (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "flood", "10000000"));
  guint64 bytes = 0;
  SrtFrame frame;
  AgentEnd end;

  agent_driver_start (fixture->agent, &job);
  while (bytes < SRT_AGENT_WINDOW) {
    frame = agent_driver_expect (fixture->agent, SRT_FRAME_OUTPUT);
    bytes += frame.length - 4;
  }
  g_assert_cmpuint (bytes, ==, SRT_AGENT_WINDOW);
  agent_driver_freeze (fixture->agent, 1, 1);
  agent_driver_next (fixture->agent, &frame);
  g_assert_cmpuint (frame.type, ==, SRT_FRAME_FROZEN);
  agent_driver_freeze (fixture->agent, 1, 0);
  agent_driver_next (fixture->agent, &frame);
  g_assert_cmpuint (frame.type, ==, SRT_FRAME_FROZEN);
  agent_driver_credit (fixture->agent, SRT_AGENT_WINDOW);
  end = agent_driver_wait (fixture->agent, 1, 0);
  g_assert_cmpuint (bytes + end.bytes, ==, 10000000);
  agent_end_clear (&end);
}

static void
test_close_stdio (Fixture *fixture, gconstpointer data)
{
  AgentEnd end = run (fixture, ARGV (fixture->hostile, "close-stdio"));

  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_EXITED);
  g_assert_cmpint (end.end.code, ==, 5);
  agent_end_clear (&end);
}

#define ADD(NAME, FN) g_test_add ("/agent/output/" NAME, Fixture, NULL, set_up, FN, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("streams", test_streams);
  ADD ("flood", test_flood);
  ADD ("output-max", test_output_max);
  ADD ("credit", test_credit);
  ADD ("close-stdio", test_close_stdio);
  return g_test_run ();
}
