/* SPDX-License-Identifier: MIT */
#include "agent/wait.h"
#include "agent/clock.h"
#include <errno.h>
#include <signal.h>

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

bool
srt_wait_events (struct pollfd *fds, nfds_t n, uint64_t deadline_ns)
{
  uint64_t now = deadline_ns == UINT64_MAX ? 0 : srt_clock_now ();
  uint64_t left = deadline_ns > now ? deadline_ns - now : 0;
  struct timespec timeout = { (time_t)(left / 1000000000), (long)(left % 1000000000) };
  sigset_t mask;

  sigfillset (&mask);
  sigdelset (&mask, SIGCHLD);
  if (ppoll (fds, n, deadline_ns == UINT64_MAX ? NULL : &timeout, &mask) >= 0)
    return false;
  for (nfds_t i = 0; i < n; i++)
    fds[i].revents = 0;
  return errno == EINTR;
}
