/* SPDX-License-Identifier: MIT
 * Tests that do not end, each with a reason why asking them to is not enough. */
#include "hostile.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int
hang_deaf (void)
{
  hostile_ignore_all ();
  hostile_stay ();
}

static int
hang_stopped (void)
{
  raise (SIGSTOP);
  hostile_stay ();
}

static int
hang_group_stopped (void)
{
  hostile_fork_staying ();
  kill (0, SIGSTOP);
  hostile_stay ();
}

/* Stopped and deaf: it neither sees the request nor does the continuing help. */
static int
hang_stopped_deaf (void)
{
  double end = hostile_now () + HOSTILE_LIFE_S;

  hostile_ignore_all ();
  while (hostile_now () < end)
    raise (SIGSTOP);
  return 0;
}

static void
pass_on_signal (int number)
{
  _exit (0);
}

static int
hang_passes_in_grace (void)
{
  signal (SIGTERM, pass_on_signal);
  hostile_stay ();
}

static void
abort_on_signal (int number)
{
  abort ();
}

static int
hang_aborts_in_grace (void)
{
  signal (SIGTERM, abort_on_signal);
  hostile_stay ();
}

static void
fork_on_signal (int number)
{
  if (fork () > 0)
    _exit (0);
}

static int
hang_forks_in_grace (void)
{
  signal (SIGTERM, fork_on_signal);
  hostile_stay ();
}

/* It would end at once; its children do not. */
static int
hang_deaf_children (void)
{
  for (int i = 0; i < 10; i++)
    if (fork () == 0)
      hang_deaf ();
  hostile_stay ();
}

/* The kernel holds the parent until the child has another image: it shows as D. */
static int
hang_vfork (void)
{
  hostile_ignore_all ();
  if (vfork () == 0)
    hostile_stay ();
  return 0;
}

static void *
stay_in_thread (void *data)
{
  hostile_stay ();
}

static int
hang_main_gone (void)
{
  pthread_t thread;

  hostile_ignore_all ();
  if (pthread_create (&thread, NULL, stay_in_thread, NULL) != 0)
    hostile_give_up ("thread");
  pthread_exit (NULL);
}

static void *
exec_in_thread (void *data)
{
  char *const argv[] = { (char *)"hang-deaf", NULL }, *const env[] = { NULL };

  execve ("/proc/self/exe", argv, env);
  _exit (98);
}

static int
hang_thread_execs (void)
{
  pthread_t thread;

  if (pthread_create (&thread, NULL, exec_in_thread, NULL) != 0)
    hostile_give_up ("thread");
  hostile_stay ();
}

static int
hang_busy (void)
{
  double end = hostile_now () + HOSTILE_LIFE_S;

  hostile_ignore_all ();
  while (hostile_now () < end)
    continue;
  return 0;
}

static int
hang_fifo (void)
{
  hostile_enter_tmpdir ();
  if (mkfifo ("fifo", 0600) < 0)
    hostile_give_up ("mkfifo");
  return open ("fifo", O_RDONLY) < 0;
}

static int
hang_closed_streams (void)
{
  for (int i = 0; i < 3; i++)
    close (i);
  hostile_ignore_all ();
  hostile_stay ();
}

static int
hang_flood (void)
{
  static char block[65536];
  double end = hostile_now () + HOSTILE_LIFE_S;

  hostile_ignore_all ();
  memset (block, '\n', sizeof block);
  while (hostile_now () < end && write (1, block, sizeof block) > 0)
    continue;
  return 0;
}

/* Passed, it says; but it does not go. */
static int
hang_after_passing (void)
{
  puts ("1..1\nok 1");
  fflush (stdout);
  hostile_stay ();
}

const HostileDeed hostile_hang[] = {
  { "hang-deaf", hang_deaf },
  { "hang-stopped", hang_stopped },
  { "hang-group-stopped", hang_group_stopped },
  { "hang-stopped-deaf", hang_stopped_deaf },
  { "hang-passes-in-grace", hang_passes_in_grace },
  { "hang-aborts-in-grace", hang_aborts_in_grace },
  { "hang-forks-in-grace", hang_forks_in_grace },
  { "hang-deaf-children", hang_deaf_children },
  { "hang-vfork", hang_vfork },
  { "hang-main-gone", hang_main_gone },
  { "hang-thread-execs", hang_thread_execs },
  { "hang-busy", hang_busy },
  { "hang-fifo", hang_fifo },
  { "hang-closed-streams", hang_closed_streams },
  { "hang-flood", hang_flood },
  { "hang-after-passing", hang_after_passing },
  { NULL, NULL },
};
