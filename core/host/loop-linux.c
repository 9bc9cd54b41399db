/* SPDX-License-Identifier: MIT */
#include "host/loop-os.h"
#include "base/error.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

struct SrtSignals {
  int fd;
  sigset_t mask, old_mask;
};

SrtSignals *
srt_signals_new (const int *numbers, guint n, GError **error)
{
  SrtSignals *signals = g_new0 (SrtSignals, 1);
  sigemptyset (&signals->mask);
  for (guint i = 0; i < n; i++)
    sigaddset (&signals->mask, numbers[i]);
  sigprocmask (SIG_BLOCK, &signals->mask, &signals->old_mask);
  signals->fd = signalfd (-1, &signals->mask, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals->fd < 0) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "cannot watch signals: %s", g_strerror (errno));
    sigprocmask (SIG_SETMASK, &signals->old_mask, NULL);
    g_free (signals);
    return NULL;
  }
  return signals;
}

void
srt_signals_free (SrtSignals *signals)
{
  if (signals == NULL)
    return;
  close (signals->fd);
  sigprocmask (SIG_SETMASK, &signals->old_mask, NULL);
  g_free (signals);
}

void
srt_signals_free_deaf (SrtSignals *signals)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (sigismember (&signals->mask, numbers[i]))
      sigaddset (&signals->old_mask, numbers[i]);
  srt_signals_free (signals);
}

int
srt_signals_fd (const SrtSignals *signals)
{
  return signals->fd;
}

guint
srt_signals_read (SrtSignals *signals, int *ret_numbers, guint max)
{
  struct signalfd_siginfo infos[16];
  gssize got = read (signals->fd, infos, MIN (max, G_N_ELEMENTS (infos)) * sizeof infos[0]);
  guint n = got < 0 ? 0 : (guint)((gsize)got / sizeof infos[0]);
  for (guint i = 0; i < n; i++)
    ret_numbers[i] = (int)infos[i].ssi_signo;
  return n;
}

gboolean
srt_os_become_subreaper (void)
{
  return prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
}

/* The parent in the text of a /proc/PID/stat: behind the name, which may hold anything. */
static pid_t
parent_of (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", pid);
  char text[512];
  int parent = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize got = fd >= 0 ? read (fd, text, sizeof text - 1) : -1;
  if (fd >= 0)
    close (fd);
  text[MAX (got, 0)] = '\0';
  const char *behind = strrchr (text, ')');
  if (behind == NULL || sscanf (behind, ") %*c %d", &parent) != 1)
    return 0;
  return parent;
}

guint
srt_os_children (pid_t *ret_pids, guint max)
{
  guint n = 0;
  DIR *proc = opendir ("/proc");
  struct dirent *entry;
  while (proc != NULL && n < max && (entry = readdir (proc)) != NULL)
    if (g_ascii_isdigit (entry->d_name[0]) && parent_of (entry->d_name) == getpid ())
      ret_pids[n++] = (pid_t)strtol (entry->d_name, NULL, 10);
  if (proc != NULL)
    closedir (proc);
  return n;
}

int
srt_os_pidfd_open (pid_t pid)
{
  return (int)syscall (SYS_pidfd_open, pid, 0); /* close-on-exec by itself; ENOSYS before Linux 5.3 */
}

int
srt_os_kill (int pidfd, pid_t pid, int signal_number)
{
  long result = pidfd >= 0 ? syscall (SYS_pidfd_send_signal, pidfd, signal_number, NULL, 0) : kill (pid, signal_number);
  return result == 0 ? 0 : errno;
}
