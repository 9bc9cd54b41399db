/* SPDX-License-Identifier: MIT
 * Tests that pass and leave a process behind. */
#include "hostile.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int
orphan_holds_stdout (void)
{
  hostile_fork_staying ();
  puts ("the test is done");
  return 0;
}

static int
orphan_floods (void)
{
  static char block[65536];
  double end = hostile_now () + HOSTILE_LIFE_S;

  memset (block, 'x', sizeof block);
  if (fork () == 0) {
    while (hostile_now () < end && write (1, block, sizeof block) > 0)
      continue;
    _exit (0);
  }
  return 0;
}

static int
stopped_child (void)
{
  pid_t pid = hostile_fork_staying ();

  kill (pid, SIGSTOP);
  waitpid (pid, NULL, WUNTRACED);
  return 0;
}

static int
deaf_child (void)
{
  HostileGate gate;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    hostile_ignore_all ();
    hostile_gate_pass (&gate);
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  return 0;
}

static int
blocked_signals (void)
{
  sigset_t all;

  sigfillset (&all);
  sigprocmask (SIG_BLOCK, &all, NULL);
  hostile_fork_staying ();
  return 0;
}

static int
own_group (void)
{
  pid_t pid = hostile_fork_staying ();

  return setpgid (pid, pid) < 0;
}

static int
own_session (void)
{
  HostileGate gate;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    setsid ();
    hostile_gate_pass (&gate);
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  return 0;
}

/* A chain: each the child of the one before. */
static int
chain (void)
{
  HostileGate gate;

  hostile_gate_open (&gate);
  for (int depth = 0; depth < 50; depth++) {
    pid_t pid = fork ();

    if (pid < 0)
      hostile_give_up ("fork");
    if (pid > 0 && depth > 0)
      hostile_stay ();
    if (pid > 0) {
      hostile_gate_wait (&gate);
      return 0;
    }
  }
  hostile_gate_pass (&gate);
  hostile_stay ();
}

static int
listener (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM, 0);

  if (fd < 0 || bind (fd, (struct sockaddr *)&address, sizeof address) < 0 || listen (fd, 5) < 0)
    hostile_give_up ("a port of the loopback");
  hostile_fork_staying ();
  return 0;
}

static int
unix_listener (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  hostile_enter_tmpdir ();
  if (fd < 0 || bind (fd, (struct sockaddr *)&address, sizeof address) < 0 || listen (fd, 5) < 0)
    hostile_give_up ("a socket in TMPDIR");
  hostile_fork_staying ();
  return 0;
}

/* Watches its TMPDIR, with descriptors in each other. */
static int
watcher (void)
{
  struct epoll_event event = { .events = EPOLLIN };
  int notes = inotify_init (), poll = epoll_create1 (0), outer = epoll_create1 (0);

  hostile_enter_tmpdir ();
  if (inotify_add_watch (notes, ".", IN_ALL_EVENTS) < 0 || epoll_ctl (poll, EPOLL_CTL_ADD, notes, &event) < 0 ||
      epoll_ctl (outer, EPOLL_CTL_ADD, poll, &event) < 0)
    hostile_give_up ("inotify and epoll");
  if (fork () == 0) {
    double end = hostile_now () + HOSTILE_LIFE_S;

    while (hostile_now () < end)
      epoll_wait (outer, &event, 1, 1000);
    _exit (0);
  }
  return 0;
}

/* What writes when the verdict should be long given: it waits for the test's end first. */
static int
late_writer (void)
{
  const char *bait = getenv ("HOSTILE_BAIT");
  pid_t parent = getpid ();

  puts ("1..1\nok 1 - early");
  fflush (stdout);
  if (fork () > 0)
    return 0;
  while (getppid () == parent)
    usleep (1000);
  sleep (2);
  puts ("not ok 1 - late");
  fflush (stdout);
  if (bait && chdir (bait) == 0)
    close (open ("written-late", O_CREAT | O_WRONLY, 0600));
  hostile_stay ();
}

static void
fork_at_exit (void)
{
  hostile_fork_staying ();
}

static int
exit_forks (void)
{
  return atexit (fork_at_exit) != 0;
}

static void *
thread_stays (void *data)
{
  hostile_stay ();
}

/* The child's first thread is gone, and so it looks dead. */
static int
looks_dead (void)
{
  HostileGate gate;
  pthread_t thread;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    pthread_create (&thread, NULL, thread_stays, NULL);
    hostile_gate_pass (&gate);
    pthread_exit (NULL);
  }
  hostile_gate_wait (&gate);
  usleep (20000);
  return 0;
}

static void *
thread_forks (void *data)
{
  hostile_fork_staying ();
  return NULL;
}

/* A child that a second thread has made, which lives on in a left process: it stands in that thread's list alone. */
static void *
thread_forks_and_stays (void *data)
{
  hostile_fork_staying ();
  hostile_gate_pass (data);
  hostile_stay ();
}

static int
thread_of_left_forks (void)
{
  HostileGate gate;
  pthread_t thread;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    if (pthread_create (&thread, NULL, thread_forks_and_stays, &gate) != 0)
      hostile_give_up ("thread");
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  return 0;
}

static int
thread_leaves (void)
{
  pthread_t thread;

  if (pthread_create (&thread, NULL, thread_forks, NULL) != 0)
    hostile_give_up ("thread");
  pthread_join (thread, NULL);
  return 0;
}

/* Least important to the kernel: slow to die. */
static int
idle_child (void)
{
  const struct sched_param none = { 0 };

  if (setpriority (PRIO_PROCESS, 0, 19) < 0 || sched_setscheduler (0, SCHED_IDLE, &none) < 0)
    hostile_give_up ("nice");
  if (fork () == 0) {
    double end = hostile_now () + HOSTILE_LIFE_S;

    while (hostile_now () < end)
      continue;
    _exit (0);
  }
  return 0;
}

/* It takes in its own orphans, so they do not come to the agent while it lives. */
static int
other_subreaper (void)
{
  HostileGate gate;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    prctl (PR_SET_CHILD_SUBREAPER, 1);
    for (int i = 0; i < 5; i++)
      if (fork () == 0) {
        setsid ();
        hostile_fork_staying ();
        _exit (0);
      }
    for (int i = 0; i < 5; i++)
      wait (NULL);
    hostile_gate_pass (&gate);
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  return 0;
}

static int
fails_and_leaves (void)
{
  hostile_fork_staying ();
  return 1;
}

static int
skips_and_leaves (void)
{
  hostile_fork_staying ();
  return 77;
}

static int
crashes_and_leaves (void)
{
  hostile_fork_staying ();
  raise (SIGSEGV);
  return 0;
}

const HostileDeed hostile_leave[] = {
  { "orphan-holds-stdout", orphan_holds_stdout },
  { "orphan-floods", orphan_floods },
  { "stopped-child", stopped_child },
  { "deaf-child", deaf_child },
  { "blocked-signals", blocked_signals },
  { "own-group", own_group },
  { "own-session", own_session },
  { "chain", chain },
  { "listener", listener },
  { "unix-listener", unix_listener },
  { "watcher", watcher },
  { "late-writer", late_writer },
  { "exit-forks", exit_forks },
  { "looks-dead", looks_dead },
  { "thread-leaves", thread_leaves },
  { "thread-of-left-forks", thread_of_left_forks },
  { "idle-child", idle_child },
  { "other-subreaper", other_subreaper },
  { "fails-and-leaves", fails_and_leaves },
  { "skips-and-leaves", skips_and_leaves },
  { "crashes-and-leaves", crashes_and_leaves },
  { NULL, NULL },
};
