/* SPDX-License-Identifier: MIT */
#include "hostile.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double
hostile_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void
hostile_stay (void)
{
  double end = hostile_now () + HOSTILE_LIFE_S;

  while (hostile_now () < end)
    sleep (1);
  _exit (0);
}

void
hostile_ignore_all (void)
{
  for (int i = 1; i < NSIG; i++)
    signal (i, SIG_IGN);
}

pid_t
hostile_fork_staying (void)
{
  pid_t pid = fork ();

  if (pid < 0)
    hostile_give_up ("fork");
  if (pid == 0)
    hostile_stay ();
  return pid;
}

void
hostile_gate_open (HostileGate *gate)
{
  if (pipe2 (gate->fds, O_CLOEXEC) < 0)
    hostile_give_up ("pipe");
}

void
hostile_gate_pass (const HostileGate *gate)
{
  if (write (gate->fds[1], "", 1) != 1)
    _exit (1);
}

void
hostile_gate_wait (const HostileGate *gate)
{
  char byte;

  close (gate->fds[1]);
  while (read (gate->fds[0], &byte, 1) < 0 && errno == EINTR)
    continue;
  close (gate->fds[0]);
}

void
hostile_give_up (const char *what)
{
  fprintf (stderr, "hostile: %s: %s\n", what, strerror (errno));
  exit (99);
}

const char *
hostile_enter_tmpdir (void)
{
  const char *dir = getenv ("TMPDIR");

  if (dir == NULL || chdir (dir) < 0)
    hostile_give_up ("TMPDIR");
  return dir;
}

static const HostileDeed *
find (const char *name)
{
  const HostileDeed *const tables[] = { hostile_leave,  hostile_daemons,  hostile_namespaces, hostile_many,
                                        hostile_hang,   hostile_ends,     hostile_attacks,    hostile_output,
                                        hostile_litter, hostile_resources };

  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
    for (const HostileDeed *deed = tables[i]; deed->name; deed++)
      if (strcmp (deed->name, name) == 0)
        return deed;
  return NULL;
}

int
main (int argc, char **argv)
{
  const struct rlimit no_core = { 0, 0 };
  const char *slash = strrchr (argv[0], '/');
  const HostileDeed *deed = find (argc > 1 ? argv[1] : slash ? slash + 1 : argv[0]);

  if (deed == NULL) {
    fprintf (stderr, "hostile: what?\n");
    return 98;
  }
  setrlimit (RLIMIT_CORE, &no_core);
  return deed->run ();
}
