/* SPDX-License-Identifier: MIT
 * Daemons that hide: a session of their own, no parent, no environment, another name. */
#include "hostile.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Forked twice, in a session of its own; then LIFE, and it stays. Waits until LIFE is through. */
static int
daemonize (void (*life) (void))
{
  HostileGate gate;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    setsid ();
    if (fork () > 0)
      _exit (0);
    life ();
    hostile_gate_pass (&gate);
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  wait (NULL);
  return 0;
}

static void
be_quiet (void)
{
  hostile_ignore_all ();
  if (chdir ("/") < 0 || !freopen ("/dev/null", "r+", stdin) || !freopen ("/dev/null", "w", stdout) ||
      !freopen ("/dev/null", "w", stderr))
    _exit (1);
  umask (0);
}

static int
daemon_deaf (void)
{
  return daemonize (be_quiet);
}

/* A new program image: what it was started with and as is gone. Stops being recognised by anything but its parents. */
static void
change_skin (void)
{
  char *const argv[] = { (char *)"[kworker/0:1]", (char *)"stays", NULL }, *const env[] = { NULL };

  be_quiet ();
  execve ("/proc/self/exe", argv, env);
  _exit (1);
}

static int
daemon_no_environment (void)
{
  return daemonize (change_skin);
}

static int
stays (void)
{
  prctl (PR_SET_NAME, "kworker/0:1");
  hostile_stay ();
}

/* Its files in /proc are root's now. */
static void
undumpable (void)
{
  be_quiet ();
  prctl (PR_SET_DUMPABLE, 0);
}

static int
daemon_undumpable (void)
{
  return daemonize (undumpable);
}

static void
rename_badly (void)
{
  prctl (PR_SET_NAME, "\033[31m\n\r\xff\xc3x");
}

static int
name_escapes (void)
{
  return daemonize (rename_badly);
}

/* As if its state and parent stood there, for whoever looks for the first ')'. */
static void
rename_like_stat (void)
{
  prctl (PR_SET_NAME, "x) Z 1 1 (y) Z");
}

static int
name_like_stat (void)
{
  return daemonize (rename_like_stat);
}

/* Another program image as fast as it can. */
static int
exec_again (void)
{
  const char *left = getenv ("HOSTILE_LEFT");
  char *const argv[] = { (char *)"again", NULL };
  char next[32], *const env[] = { next, NULL };

  snprintf (next, sizeof next, "HOSTILE_LEFT=%d", left ? atoi (left) - 1 : 0);
  if (left && atoi (left) > 0)
    execve ("/proc/self/exe", argv, env);
  hostile_stay ();
}

static int
exec_loop (void)
{
  if (fork () > 0)
    return 0;
  setenv ("HOSTILE_LEFT", "20000", 1);
  return exec_again ();
}

/* Fills TMPDIR for as long as it can, also while that is taken away. */
static void
fill_tmpdir (void)
{
  double end = hostile_now () + HOSTILE_LIFE_S;
  const char *dir = hostile_enter_tmpdir ();
  HostileGate gate;

  hostile_gate_open (&gate);
  if (fork () > 0) {
    hostile_gate_wait (&gate);
    return;
  }
  for (unsigned i = 0; hostile_now () < end; i++) {
    char name[32];

    snprintf (name, sizeof name, "file-%u", i % 500);
    close (open (name, O_CREAT | O_WRONLY, 0600));
    mkdir (dir, 0700);
    if (i == 10)
      hostile_gate_pass (&gate);
  }
  _exit (0);
}

static int
daemon_fills_tmpdir (void)
{
  return daemonize (fill_tmpdir);
}

/* All three streams closed, then other files in their place. */
static void
close_streams (void)
{
  for (int i = 0; i < 3; i++)
    close (i);
  for (int i = 0; i < 3; i++)
    if (open ("/dev/null", O_RDWR) != i)
      _exit (1);
}

static int
daemon_other_streams (void)
{
  return daemonize (close_streams);
}

/* When one dies the other starts it again. */
static void
guard_each_other (void)
{
  double end = hostile_now () + HOSTILE_LIFE_S;
  pid_t pid = fork ();

  hostile_ignore_all ();
  signal (SIGCHLD, SIG_DFL);
  if (pid == 0)
    for (pid_t parent = getppid (); hostile_now () < end;) {
      usleep (500);
      if (getppid () == parent)
        continue;
      if (fork () > 0)
        _exit (0);
      parent = getppid ();
    }
}

static int
daemon_pair (void)
{
  return daemonize (guard_each_other);
}

/* Forks anew when it is asked to end. */
static void
on_signal (int number)
{
  if (fork () > 0)
    _exit (0);
}

static void
answer_by_fork (void)
{
  for (int i = 1; i < NSIG; i++)
    if (i != SIGCHLD && i != SIGSEGV)
      signal (i, on_signal);
}

static int
daemon_forks_on_signal (void)
{
  return daemonize (answer_by_fork);
}

const HostileDeed hostile_daemons[] = {
  { "daemon-deaf", daemon_deaf },
  { "daemon-no-environment", daemon_no_environment },
  { "stays", stays },
  { "daemon-undumpable", daemon_undumpable },
  { "name-escapes", name_escapes },
  { "name-like-stat", name_like_stat },
  { "exec-loop", exec_loop },
  { "again", exec_again },
  { "daemon-fills-tmpdir", daemon_fills_tmpdir },
  { "daemon-other-streams", daemon_other_streams },
  { "daemon-pair", daemon_pair },
  { "daemon-forks-on-signal", daemon_forks_on_signal },
  { NULL, NULL },
};
