/* SPDX-License-Identifier: MIT
 * One agent for each test of the agent: SRT_TEST_AGENT, and SRT_TEST_HOSTILE to run in it. */
#pragma once
#include "agent-driver.h"

#define MS        G_GUINT64_CONSTANT (1000000)
#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })

typedef struct {
  AgentDriver *agent;
  const char *hostile;
} Fixture;

void set_up (Fixture *fixture, gconstpointer data);
/* Every test ends with an agent that is still there, leaves when asked to, and leaves nothing. */
void tear_down (Fixture *fixture, gconstpointer data);
AgentEnd run (Fixture *fixture, const char *const *argv);
