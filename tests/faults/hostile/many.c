/* SPDX-License-Identifier: MIT
 * Many processes at once. Each deed has a hard cap on their number; those that go on for ever do so for some seconds.
 */
#include "hostile.h"
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMETS = 10, COMET_FORKS = 2000, BOMB = 200, REFORKING = 100, FIVE_HUNDRED = 500, ZOMBIES = 100 };

/* What all processes of a deed share: how many more of them may be made. Also the dead count, as they keep their
 * numbers until somebody waits for them. */
static atomic_int *
make_cap (int n)
{
  atomic_int *cap = mmap (NULL, sizeof *cap, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  if (cap == MAP_FAILED)
    hostile_give_up ("mmap");
  atomic_store (cap, n);
  return cap;
}

/* A child, then its own end, again and again: whoever looks is a step behind. */
static void
comet (atomic_int *cap, useconds_t pause)
{
  while (atomic_fetch_sub (cap, 1) > 0) {
    usleep (pause);
    if (fork () > 0)
      _exit (0);
  }
  hostile_stay ();
}

static void
comets (int n, useconds_t pause)
{
  atomic_int *cap = make_cap (COMET_FORKS);

  for (int i = 0; i < n; i++)
    if (fork () == 0)
      comet (cap, pause);
}

static int
one_comet (void)
{
  comets (1, 0);
  return 0;
}

static int
many_comets (void)
{
  comets (COMETS, 100);
  return 0;
}

/* Slower, so that they still fly when the time is up. */
static int
hang_comets (void)
{
  comets (COMETS, 5000);
  hostile_stay ();
}

/* Doubles until the cap. */
static int
fork_bomb (void)
{
  atomic_int *cap = make_cap (BOMB);
  pid_t first = getpid ();

  while (atomic_fetch_sub (cap, 1) > 0)
    if (fork () < 0)
      break;
  if (getpid () == first)
    return 0;
  hostile_stay ();
}

static int
hang_fork_bomb (void)
{
  fork_bomb ();
  hostile_stay ();
}

/* Each starts another anew as soon as the last is dead, which killing makes more frequent. */
static void
refork (atomic_int *cap)
{
  while (atomic_fetch_sub (cap, 1) > 0) {
    if (fork () == 0) {
      usleep (200000);
      _exit (0);
    }
    wait (NULL);
  }
  hostile_stay ();
}

static int
reforking (void)
{
  atomic_int *cap = make_cap (REFORKING * 10);

  for (int i = 0; i < REFORKING; i++)
    if (fork () == 0)
      refork (cap);
  return 0;
}

static int
hang_reforking (void)
{
  reforking ();
  hostile_stay ();
}

/* Tells the FIFO "started" when all are there. Ends by its cap and its life, should nobody kill it. */
static int
five_hundred (void)
{
  atomic_int *cap = make_cap (FIVE_HUNDRED * 20);
  int fd;

  for (int i = 0; i < FIVE_HUNDRED; i++) {
    pid_t pid = fork ();

    if (pid < 0)
      hostile_give_up ("fork");
    if (pid == 0)
      refork (cap);
  }
  fd = open ("started", O_WRONLY);
  if (fd < 0)
    hostile_give_up ("started");
  close (fd);
  hostile_stay ();
}

static void
make_zombies (void)
{
  for (int i = 0; i < ZOMBIES; i++)
    if (fork () == 0)
      _exit (i % 256);
}

static int
zombies (void)
{
  make_zombies ();
  usleep (10000);
  return 0;
}

static int
left_with_zombies (void)
{
  HostileGate gate;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    make_zombies ();
    hostile_gate_pass (&gate);
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  return 0;
}

static int
many_left (void)
{
  for (int i = 0; i < BOMB; i++)
    hostile_fork_staying ();
  return 0;
}

const HostileDeed hostile_many[] = {
  { "comet", one_comet },
  { "comets", many_comets },
  { "hang-comets", hang_comets },
  { "fork-bomb", fork_bomb },
  { "hang-fork-bomb", hang_fork_bomb },
  { "reforking", reforking },
  { "hang-reforking", hang_reforking },
  { "five-hundred", five_hundred },
  { "zombies", zombies },
  { "left-with-zombies", left_with_zombies },
  { "many-left", many_left },
  { NULL, NULL },
};
