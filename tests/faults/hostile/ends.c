/* SPDX-License-Identifier: MIT
 * Ways to end. */
#include "hostile.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXITS(STATUS)                                                                                                  \
  static int exits_##STATUS (void)                                                                                     \
  {                                                                                                                    \
    _exit (STATUS);                                                                                                    \
  }
EXITS (0)
EXITS (1)
EXITS (77)
EXITS (99)
EXITS (126)
EXITS (127)
EXITS (255)
EXITS (256)

#define DIES_OF(NAME)                                                                                                  \
  static int dies_of_##NAME (void)                                                                                     \
  {                                                                                                                    \
    signal (NAME, SIG_DFL);                                                                                            \
    kill (getpid (), NAME);                                                                                            \
    hostile_stay ();                                                                                                   \
  }
DIES_OF (SIGHUP)
DIES_OF (SIGINT)
DIES_OF (SIGQUIT)
DIES_OF (SIGILL)
DIES_OF (SIGTRAP)
DIES_OF (SIGBUS)
DIES_OF (SIGFPE)
DIES_OF (SIGKILL)
DIES_OF (SIGALRM)
DIES_OF (SIGTERM)
DIES_OF (SIGXCPU)
DIES_OF (SIGXFSZ)
DIES_OF (SIGSYS)
DIES_OF (SIGRTMAX)

static int
aborts (void)
{
  abort ();
}

static int
breaks (void)
{
  volatile char *wall = mmap (NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  *wall = 1;
  return 0;
}

/* The default for SIGPIPE must be there: a runner that ignores it must not hand that on. */
static int
writes_into_nothing (void)
{
  int fds[2];

  if (pipe (fds) < 0)
    hostile_give_up ("pipe");
  close (fds[0]);
  if (write (fds[1], "x", 1) < 0)
    return 1;
  return 2;
}

static void *
end_in_thread (void *data)
{
  usleep (50000);
  _exit (0);
}

/* The first thread leaves early; the other passes. */
static int
main_thread_gone (void)
{
  pthread_t thread;

  if (pthread_create (&thread, NULL, end_in_thread, NULL) != 0)
    hostile_give_up ("thread");
  pthread_exit (NULL);
}

/* Ends together with the signal for the child's end. */
static int
ends_with_child (void)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  for (int i = 0; i < 20; i++)
    if (fork () == 0)
      _exit (0);
  _exit (0);
}

/* Its child is told to die by its end, and does: no leak. */
static int
child_dies_along (void)
{
  HostileGate gate;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    hostile_gate_pass (&gate);
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  return 0;
}

const HostileDeed hostile_ends[] = {
  { "exit-0", exits_0 },
  { "exit-1", exits_1 },
  { "exit-77", exits_77 },
  { "exit-99", exits_99 },
  { "exit-126", exits_126 },
  { "exit-127", exits_127 },
  { "exit-255", exits_255 },
  { "exit-256", exits_256 },
  { "dies-of-hup", dies_of_SIGHUP },
  { "dies-of-int", dies_of_SIGINT },
  { "dies-of-quit", dies_of_SIGQUIT },
  { "dies-of-ill", dies_of_SIGILL },
  { "dies-of-trap", dies_of_SIGTRAP },
  { "dies-of-bus", dies_of_SIGBUS },
  { "dies-of-fpe", dies_of_SIGFPE },
  { "dies-of-kill", dies_of_SIGKILL },
  { "dies-of-alrm", dies_of_SIGALRM },
  { "dies-of-term", dies_of_SIGTERM },
  { "dies-of-xcpu", dies_of_SIGXCPU },
  { "dies-of-xfsz", dies_of_SIGXFSZ },
  { "dies-of-sys", dies_of_SIGSYS },
  { "dies-of-rtmax", dies_of_SIGRTMAX },
  { "aborts", aborts },
  { "breaks", breaks },
  { "writes-into-nothing", writes_into_nothing },
  { "main-thread-gone", main_thread_gone },
  { "ends-with-child", ends_with_child },
  { "child-dies-along", child_dies_along },
  { NULL, NULL },
};
