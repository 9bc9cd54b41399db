/* SPDX-License-Identifier: MIT
 * The helper program of test-loop: does or reports what its first argument says. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REPORT_FD = 7, MAX_FD = 256 };

/* What it was given, one fact a line, to REPORT_FD. */
static void
report (void)
{
  char cwd[4096];
  sigset_t mask;
  int blocked = 0, ignored = 0;
  sigprocmask (SIG_SETMASK, NULL, &mask);
  for (int number = 1; number < SIGRTMIN; number++) {
    struct sigaction action;
    blocked += sigismember (&mask, number) == 1;
    ignored += sigaction (number, NULL, &action) == 0 && action.sa_handler != SIG_DFL;
  }
  dprintf (REPORT_FD, "fds");
  for (int fd = 0; fd < MAX_FD; fd++)
    if (fcntl (fd, F_GETFD) != -1)
      dprintf (REPORT_FD, " %d", fd);
  dprintf (REPORT_FD, "\nnull");
  for (int fd = 0; fd < 2; fd++) {
    struct stat given, null;
    if (fstat (fd, &given) == 0 && stat ("/dev/null", &null) == 0 && given.st_rdev == null.st_rdev)
      dprintf (REPORT_FD, " %d", fd);
  }
  dprintf (REPORT_FD, "\nsession %d\nblocked %d\nignored %d\ncwd %s\nWORD %s\n", getsid (0) == getpid (), blocked,
           ignored, getcwd (cwd, sizeof cwd), getenv ("WORD") != NULL ? getenv ("WORD") : "unset");
}

/* Copy one byte from descriptor IN to OUT. */
static void
copy (int in, int out)
{
  char byte;
  if (read (in, &byte, 1) == 1 && write (out, &byte, 1) == 1)
    return;
  exit (1);
}

/* Leave N grandchildren that end after us. */
static void
orphan (int n)
{
  int fds[2];
  if (pipe (fds) != 0)
    exit (1);
  for (int i = 0; i < n; i++)
    if (fork () == 0) {
      char byte;
      close (fds[1]);
      _exit (read (fds[0], &byte, 1) == 0 ? 0 : 1); /* end of file: the parent is gone */
    }
}

/* Leave a chain of N processes, each the child of the one before, that nothing but a signal ends. */
static void
leave (int n)
{
  if (fork () != 0)
    return;
  while (--n > 0 && fork () == 0)
    continue;
  for (;;)
    pause ();
}

int
main (int argc, char **argv)
{
  if (strcmp (argv[1], "exit") == 0)
    return atoi (argv[2]);
  if (strcmp (argv[1], "report") == 0)
    report ();
  else if (strcmp (argv[1], "copy") == 0)
    copy (atoi (argv[2]), atoi (argv[3]));
  else if (strcmp (argv[1], "orphan") == 0)
    orphan (atoi (argv[2]));
  else if (strcmp (argv[1], "leave") == 0)
    leave (atoi (argv[2]));
  else if (strcmp (argv[1], "sleep") == 0)
    for (;;)
      pause ();
  return 0;
}
