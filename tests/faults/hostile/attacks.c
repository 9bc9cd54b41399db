/* SPDX-License-Identifier: MIT
 * Signals to those around it: its own group, and the agent that started it. Nobody else. */
#include "hostile.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Our parent, which must be the agent: without srt around it this program does nothing. */
static pid_t
find_agent (void)
{
  pid_t parent = getppid ();
  char path[64], name[32] = "";
  FILE *file;

  snprintf (path, sizeof path, "/proc/%d/comm", (int)parent);
  file = fopen (path, "r");
  /* in a container it is mounted under a shorter name */
  if (file == NULL || fgets (name, sizeof name, file) == NULL ||
      (strcmp (name, "srt-agent\n") != 0 && !(parent == 1 && strcmp (name, "agent\n") == 0))) {
    fprintf (stderr, "hostile: not started by srt-agent\n");
    exit (99);
  }
  fclose (file);
  return parent;
}

static int
kills_own_group (void)
{
  hostile_fork_staying ();
  kill (0, SIGKILL);
  return 1;
}

static int
terminates_own_group (void)
{
  hostile_fork_staying ();
  kill (0, SIGTERM);
  return 1;
}

/* All that can be caught. */
static int
signals_agent (void)
{
  pid_t agent = find_agent ();

  for (int i = 1; i <= SIGRTMAX; i++)
    if (i != SIGKILL && i != SIGSTOP)
      kill (agent, i);
  return 0;
}

/* Each of them a false "your child has ended". */
static int
lies_to_agent (void)
{
  pid_t agent = find_agent ();

  for (int i = 0; i < 10000; i++)
    kill (agent, SIGCHLD);
  return 0;
}

static int
kills_agent (void)
{
  kill (find_agent (), SIGKILL);
  return 0;
}

/* What the dead agent would have killed must go too. */
static int
kills_agent_and_stays (void)
{
  hostile_ignore_all ();
  if (fork () == 0) {
    setsid ();
    hostile_fork_staying ();
    hostile_stay ();
  }
  kill (find_agent (), SIGKILL);
  hostile_stay ();
}

static int
stops_agent (void)
{
  kill (find_agent (), SIGSTOP);
  hostile_stay ();
}

/* No descriptor for the pipes of the next test. */
static int
starves_agent (void)
{
  const struct rlimit few = { 4, 4 };

  return prlimit (find_agent (), RLIMIT_NOFILE, &few, NULL) < 0;
}

const HostileDeed hostile_attacks[] = {
  { "kills-own-group", kills_own_group },
  { "terminates-own-group", terminates_own_group },
  { "signals-agent", signals_agent },
  { "lies-to-agent", lies_to_agent },
  { "kills-agent", kills_agent },
  { "kills-agent-and-stays", kills_agent_and_stays },
  { "stops-agent", stops_agent },
  { "starves-agent", starves_agent },
  { NULL, NULL },
};
