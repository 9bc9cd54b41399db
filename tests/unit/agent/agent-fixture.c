/* SPDX-License-Identifier: MIT */
#include "agent-fixture.h"

void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  fixture->hostile = g_getenv ("SRT_TEST_HOSTILE");
}

void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *dir = g_strdup (fixture->agent->dir);

  g_assert_cmpint (agent_driver_free (fixture->agent), ==, 0);
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
}

AgentEnd
run (Fixture *fixture, const char *const *argv)
{
  srt_job job = agent_driver_job (1, argv);

  return agent_driver_run (fixture->agent, &job);
}
