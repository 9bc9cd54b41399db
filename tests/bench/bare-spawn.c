/* SPDX-License-Identifier: MIT
 * The bare loop that srt is measured against: posix_spawn, two pipes and a pidfd for each program, one poll.
 *
 *     bare-spawn N WIDE PROGRAM [ARGUMENT…] */
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define WIDE_MAX 64

typedef struct {
  pid_t pid; /* 0: free */
  int pidfd, out, err;
} Slot;

static double
now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
die (const char *what)
{
  perror (what);
  exit (1);
}

static void
start (Slot *slot, char **argv)
{
  posix_spawn_file_actions_t actions;
  int out[2], err[2], error;

  if (pipe2 (out, O_CLOEXEC) < 0 || pipe2 (err, O_CLOEXEC) < 0)
    die ("pipe2");
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2 (&actions, out[1], 1);
  posix_spawn_file_actions_adddup2 (&actions, err[1], 2);
  error = posix_spawn (&slot->pid, argv[0], &actions, NULL, argv, environ);
  posix_spawn_file_actions_destroy (&actions);
  if (error != 0)
    die (argv[0]);
  close (out[1]);
  close (err[1]);
  slot->out = out[0];
  slot->err = err[0];
  slot->pidfd = (int)syscall (SYS_pidfd_open, slot->pid, 0);
}

/* Read to the end; closes and forgets the pipe there. */
static void
drain (int *fd, short events)
{
  char bytes[65536];

  if (events != 0 && read (*fd, bytes, sizeof bytes) == 0) {
    close (*fd);
    *fd = -1;
  }
}

/* True when the slot is free again. */
static int
handle (Slot *slot, const struct pollfd fds[3])
{
  int status;

  drain (&slot->out, fds[1].revents);
  drain (&slot->err, fds[2].revents);
  if (fds[0].revents && slot->pidfd >= 0) {
    waitpid (slot->pid, &status, 0);
    close (slot->pidfd);
    slot->pidfd = -1;
    if (status != 0)
      fprintf (stderr, "status %d\n", status);
  }
  if (slot->pidfd >= 0 || slot->out >= 0 || slot->err >= 0)
    return 0;
  slot->pid = 0;
  return 1;
}

static void
run (long n, int wide, char **argv)
{
  Slot slots[WIDE_MAX] = { { 0 } };
  struct pollfd fds[3 * WIDE_MAX];
  long started = 0, ended = 0;

  while (ended < n) {
    for (int i = 0; i < wide; i++) {
      if (slots[i].pid == 0 && started < n) {
        start (&slots[i], argv);
        started++;
      }
      fds[3 * i] = (struct pollfd){ .fd = slots[i].pid ? slots[i].pidfd : -1, .events = POLLIN };
      fds[3 * i + 1] = (struct pollfd){ .fd = slots[i].pid ? slots[i].out : -1, .events = POLLIN };
      fds[3 * i + 2] = (struct pollfd){ .fd = slots[i].pid ? slots[i].err : -1, .events = POLLIN };
    }
    poll (fds, (nfds_t)(3 * wide), -1);
    for (int i = 0; i < wide; i++)
      if (slots[i].pid != 0)
        ended += handle (&slots[i], fds + 3 * i);
  }
}

int
main (int argc, char **argv)
{
  long n = argc > 3 ? atol (argv[1]) : 0;
  int wide = argc > 3 ? atoi (argv[2]) : 0;
  double begin = now ();

  if (n < 1 || wide < 1 || wide > WIDE_MAX) {
    fprintf (stderr, "usage: bare-spawn N WIDE PROGRAM [ARGUMENT…], WIDE at most %d\n", WIDE_MAX);
    return 2;
  }
  run (n, wide, argv + 3);
  printf ("bare: %.0f tests/s\n", (double)n / (now () - begin));
  return 0;
}
