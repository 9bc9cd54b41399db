/* SPDX-License-Identifier: MIT
 * Processes where they are hard to see or to reach: in namespaces, traced, of another user. */
#include "hostile.h"
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

static int
enter_pid_namespace (void)
{
  return unshare (geteuid () == 0 ? CLONE_NEWPID : CLONE_NEWUSER | CLONE_NEWPID);
}

static int
probe_namespaces (void)
{
  return enter_pid_namespace () < 0;
}

/* An init of its own namespace that ignores everything, with children. */
static int
pid_namespace (void)
{
  HostileGate gate;

  hostile_gate_open (&gate);
  if (enter_pid_namespace () < 0)
    hostile_give_up ("unshare");
  if (fork () == 0) {
    hostile_ignore_all ();
    for (int i = 0; i < 3; i++)
      hostile_fork_staying ();
    hostile_gate_pass (&gate);
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  return 0;
}

static int
user_namespace (void)
{
  HostileGate gate;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    if (unshare (CLONE_NEWUSER) < 0)
      hostile_give_up ("unshare");
    hostile_gate_pass (&gate);
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  return 0;
}

static int
probe_user_namespace (void)
{
  return unshare (CLONE_NEWUSER) < 0;
}

/* "All processes", said where that is harmless: by the init of a namespace that holds only its own children. */
static int
kill_all_in_namespace (void)
{
  int status = 0;
  pid_t pid;

  if (enter_pid_namespace () < 0)
    hostile_give_up ("unshare");
  pid = fork ();
  if (pid == 0) {
    if (getpid () != 1)
      _exit (98);
    for (int i = 0; i < 3; i++)
      hostile_fork_staying ();
    _exit (kill (-1, SIGKILL) < 0);
  }
  waitpid (pid, &status, 0);
  return status != 0;
}

/* The test's first process is left with a namespace whose init is still there: TIMEOUT must reach into it. */
static int
hang_in_namespace (void)
{
  if (enter_pid_namespace () < 0)
    hostile_give_up ("unshare");
  hostile_fork_staying ();
  hostile_ignore_all ();
  hostile_stay ();
}

static int
probe_trace (void)
{
  pid_t pid = fork ();
  int status = 0;

  if (pid == 0)
    _exit (ptrace (PTRACE_TRACEME, 0, NULL, NULL) < 0);
  waitpid (pid, &status, 0);
  return status != 0;
}

/* A tracer that never waits, and what it traces: dead, that stays a zombie until the tracer is dead too. */
static int
traced_child (void)
{
  HostileGate gate;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    pid_t pid = fork ();

    if (pid == 0) {
      ptrace (PTRACE_TRACEME, 0, NULL, NULL);
      raise (SIGSTOP);
      hostile_stay ();
    }
    waitpid (pid, NULL, WUNTRACED);
    hostile_gate_pass (&gate);
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  return 0;
}

/* The test itself, held by its own child in a stop that no SIGCONT ends. */
static int
hang_traced (void)
{
  pid_t parent = getpid ();

  prctl (PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  if (fork () == 0) {
    if (ptrace (PTRACE_ATTACH, parent, NULL, NULL) < 0)
      hostile_give_up ("ptrace");
    waitpid (parent, NULL, __WALL);
    hostile_stay ();
  }
  hostile_stay ();
}

/* A child of another user, deaf. As root only. */
static int
setuid_child (void)
{
  HostileGate gate;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    if (setgid (NOBODY) < 0 || setuid (NOBODY) < 0)
      hostile_give_up ("setuid");
    hostile_ignore_all ();
    hostile_gate_pass (&gate);
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  return 0;
}

/* The test itself becomes another user and hangs. */
static int
hang_setuid (void)
{
  if (setgid (NOBODY) < 0 || setuid (NOBODY) < 0)
    hostile_give_up ("setuid");
  hostile_ignore_all ();
  hostile_stay ();
}

const HostileDeed hostile_namespaces[] = {
  { "probe-namespaces", probe_namespaces },
  { "probe-user-namespace", probe_user_namespace },
  { "probe-trace", probe_trace },
  { "pid-namespace", pid_namespace },
  { "user-namespace", user_namespace },
  { "kill-all-in-namespace", kill_all_in_namespace },
  { "hang-in-namespace", hang_in_namespace },
  { "traced-child", traced_child },
  { "hang-traced", hang_traced },
  { "setuid-child", setuid_child },
  { "hang-setuid", hang_setuid },
  { NULL, NULL },
};
