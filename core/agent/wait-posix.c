/* SPDX-License-Identifier: MIT
 * The portable twin: pselect in place of ppoll. */
#include "agent/wait.h"
#include "agent/clock.h"
#include <errno.h>
#include <signal.h>
#include <sys/select.h>

/* Only there so that SIGCHLD ends the sleep. */
static void
on_child (int signal_number)
{
}

void
srt_wait_open (void)
{
  struct sigaction action = { .sa_handler = SIG_DFL };
  sigset_t all;

  for (int i = 1; i < NSIG; i++)
    sigaction (i, &action, NULL); /* what tests inherit */
  action.sa_handler = on_child;
  action.sa_flags = SA_NOCLDSTOP;
  sigaction (SIGCHLD, &action, NULL);
  sigfillset (&all);
  sigprocmask (SIG_SETMASK, &all, NULL);
}

static int
fill_sets (const struct pollfd *fds, nfds_t n, fd_set *reads, fd_set *writes)
{
  int top = -1;

  FD_ZERO (reads);
  FD_ZERO (writes);
  for (nfds_t i = 0; i < n; i++) {
    if (fds[i].fd < 0 || fds[i].fd >= FD_SETSIZE)
      continue;
    if (fds[i].events & POLLIN)
      FD_SET (fds[i].fd, reads);
    if (fds[i].events & POLLOUT)
      FD_SET (fds[i].fd, writes);
    if (fds[i].fd > top)
      top = fds[i].fd;
  }
  return top;
}

static void
take_sets (struct pollfd *fds, nfds_t n, const fd_set *reads, const fd_set *writes)
{
  for (nfds_t i = 0; i < n; i++) {
    fds[i].revents = 0;
    if (fds[i].fd < 0 || fds[i].fd >= FD_SETSIZE)
      continue;
    if (FD_ISSET (fds[i].fd, reads))
      fds[i].revents |= POLLIN;
    if (FD_ISSET (fds[i].fd, writes))
      fds[i].revents |= POLLOUT;
  }
}

bool
srt_wait_events (struct pollfd *fds, nfds_t n, uint64_t deadline_ns)
{
  uint64_t now = deadline_ns == UINT64_MAX ? 0 : srt_clock_now ();
  uint64_t left = deadline_ns > now ? deadline_ns - now : 0;
  struct timespec timeout = { (time_t)(left / 1000000000), (long)(left % 1000000000) };
  fd_set reads, writes;
  sigset_t mask;
  int top = fill_sets (fds, n, &reads, &writes);

  sigfillset (&mask);
  sigdelset (&mask, SIGCHLD);
  if (pselect (top + 1, &reads, &writes, NULL, deadline_ns == UINT64_MAX ? NULL : &timeout, &mask) < 0) {
    FD_ZERO (&reads);
    FD_ZERO (&writes);
    take_sets (fds, n, &reads, &writes);
    return true;
  }
  take_sets (fds, n, &reads, &writes);
  return false;
}
