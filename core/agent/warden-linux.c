/* SPDX-License-Identifier: MIT
 * srt-warden: runs a container engine's service for one run of srt, and ends with it.
 *
 *     srt-warden LOCK PROGRAM [ARGUMENT…] 0<PIPE
 *
 * It is between the two for two reasons. srt takes whatever loses its parent for the litter of a test and kills it, but
 * the monitors of containers are meant to lose theirs: they become children of the warden, which only reaps them. And
 * when srt dies, which shows as the end of standard input, the warden ends the service and leaves when it has ended; as
 * long as it holds the lock on the file LOCK, that run may still make containers. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 10000 /* from SIGTERM to SIGKILL; and for what the service has left */

typedef struct {
  pid_t service; /* 0: ended */
  int status;
  int signals;
  bool ending, alone; /* ALONE: no child is left */
} Warden;

static int
complain (const char *what)
{
  fprintf (stderr, "srt-warden: %s: %s\n", what, strerror (errno));
  return 2;
}

static bool
take_lock (const char *path)
{
  int fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

  return fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0;
}

static bool
watch_signals (Warden *warden, sigset_t *ret_before)
{
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, SIGCHLD);
  sigaddset (&set, SIGTERM);
  sigprocmask (SIG_BLOCK, &set, ret_before);
  signal (SIGINT, SIG_IGN);
  signal (SIGHUP, SIG_IGN);
  warden->signals = signalfd (-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  return warden->signals >= 0;
}

static bool
start (Warden *warden, char **argv, const sigset_t *before)
{
  pid_t parent = getpid ();

  warden->service = fork ();
  if (warden->service != 0)
    return warden->service > 0;
  prctl (PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
  if (getppid () != parent)
    _exit (2);
  signal (SIGINT, SIG_DFL);
  signal (SIGHUP, SIG_DFL);
  sigprocmask (SIG_SETMASK, before, NULL);
  dup2 (open ("/dev/null", O_RDWR), 0);
  execvp (argv[0], argv);
  complain (argv[0]);
  _exit (127);
}

static void
end_service (Warden *warden, int signal_number)
{
  if (warden->service > 0)
    kill (warden->service, signal_number);
  warden->ending = true;
}

static void
reap (Warden *warden)
{
  int status;
  pid_t pid;

  while ((pid = waitpid (-1, &status, WNOHANG)) > 0)
    if (pid == warden->service) {
      warden->service = 0;
      warden->status = status;
    }
  warden->alone = pid < 0 && errno == ECHILD;
}

static void
serve (Warden *warden)
{
  struct pollfd fds[2] = { { .fd = 0, .events = POLLIN }, { .fd = warden->signals, .events = POLLIN } };
  struct signalfd_siginfo info;

  /* What the service has left, such as the cleaning up behind containers that have just ended, has its time too. */
  while (!warden->alone) {
    int n = poll (fds, 2, warden->ending || warden->service == 0 ? PATIENCE_MS : -1);

    if (n == 0 && warden->service == 0)
      return;
    if (n == 0)
      end_service (warden, SIGKILL);
    while (read (warden->signals, &info, sizeof info) == sizeof info)
      if (info.ssi_signo == SIGTERM)
        end_service (warden, SIGTERM);
    if (n > 0 && fds[0].revents && !warden->ending) {
      end_service (warden, SIGTERM);
      fds[0].fd = -1;
    }
    reap (warden);
  }
}

int
main (int argc, char **argv)
{
  Warden warden = { 0 };
  sigset_t before;

  if (argc < 3) {
    fprintf (stderr, "usage: srt-warden LOCK PROGRAM [ARGUMENT…] 0<PIPE\nIt is started by srt, not by hand.\n");
    return 2;
  }
  if (!take_lock (argv[1]))
    return complain (argv[1]);
  if (!watch_signals (&warden, &before) || prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
    return complain ("signals");
  if (!start (&warden, argv + 2, &before))
    return complain ("fork");
  serve (&warden);
  return WIFEXITED (warden.status) ? WEXITSTATUS (warden.status) : 128 + WTERMSIG (warden.status);
}
