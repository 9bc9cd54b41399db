/* SPDX-License-Identifier: MIT
 * The portable twin of loop-linux.c; also built and tested on Linux, so that it does not rot. */
#include "host/loop-os.h"
#include "base/error.h"
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

enum { MAX_SIGNAL = 64 };

/* A signal handler has no argument of ours, so these two cannot be anywhere else: the pipe that wakes the loop, and
 * which signals came. The pipe alone would lose some when it is full. */
static volatile sig_atomic_t wake_fd = -1;
static volatile sig_atomic_t came[MAX_SIGNAL + 1];

struct SrtSignals {
  int fds[2];
  guint n;
  int numbers[MAX_SIGNAL];
  struct sigaction old[MAX_SIGNAL];
};

static void
on_signal (int number)
{
  int saved = errno;
  came[number] = 1;
  /* When the pipe is full the loop has its wake-up already. */
  gssize written = write (wake_fd, "", 1);
  (void)written;
  errno = saved;
}

SrtSignals *
srt_signals_new (const int *numbers, guint n, GError **error)
{
  g_return_val_if_fail (n <= MAX_SIGNAL && wake_fd == -1, NULL);
  SrtSignals *signals = g_new0 (SrtSignals, 1);
  if (!g_unix_open_pipe (signals->fds, FD_CLOEXEC, error)) {
    g_free (signals);
    return NULL;
  }
  g_unix_set_fd_nonblocking (signals->fds[0], TRUE, NULL);
  g_unix_set_fd_nonblocking (signals->fds[1], TRUE, NULL);
  wake_fd = signals->fds[1];
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART | SA_NOCLDSTOP };
  sigfillset (&action.sa_mask);
  for (signals->n = 0; signals->n < n; signals->n++) {
    g_assert (numbers[signals->n] <= MAX_SIGNAL);
    signals->numbers[signals->n] = numbers[signals->n];
    sigaction (numbers[signals->n], &action, &signals->old[signals->n]);
  }
  return signals;
}

void
srt_signals_free (SrtSignals *signals)
{
  if (signals == NULL)
    return;
  for (guint i = 0; i < signals->n; i++) {
    sigaction (signals->numbers[i], &signals->old[i], NULL);
    came[signals->numbers[i]] = 0;
  }
  wake_fd = -1;
  close (signals->fds[0]);
  close (signals->fds[1]);
  g_free (signals);
}

void
srt_signals_free_deaf (SrtSignals *signals)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
  for (guint i = 0; i < signals->n; i++)
    for (guint j = 0; j < G_N_ELEMENTS (numbers); j++)
      if (signals->numbers[i] == numbers[j])
        signals->old[i].sa_handler = SIG_IGN;
  srt_signals_free (signals);
}

int
srt_signals_fd (const SrtSignals *signals)
{
  return signals->fds[0];
}

guint
srt_signals_read (SrtSignals *signals, int *ret_numbers, guint max)
{
  char bytes[256];
  while (read (signals->fds[0], bytes, sizeof bytes) == (gssize)sizeof bytes)
    ;
  guint n = 0;
  for (guint i = 0; i < signals->n && n < max; i++) {
    int number = signals->numbers[i];
    if (came[number]) {
      came[number] = 0; /* before it is handed out: one that comes now counts anew */
      ret_numbers[n++] = number;
    }
  }
  return n;
}

gboolean
srt_os_become_subreaper (void)
{
  return FALSE;
}

guint
srt_os_children (pid_t *ret_pids, guint max)
{
  return 0;
}

int
srt_os_pidfd_open (pid_t pid)
{
  return -1;
}

int
srt_os_kill (int pidfd, pid_t pid, int signal_number)
{
  return kill (pid, signal_number) == 0 ? 0 : errno;
}
