/* SPDX-License-Identifier: MIT
 * The portable twin: fork, and a pipe that tells why exec failed or, by its end, that it did not. */
#include "agent/spawn.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t
fork_child (SrtSpawnPlan *plan, const int fds[2])
{
  SrtSpawnFailure failure = { 0, SRT_STAGE_EXEC };
  pid_t pid = fork ();

  if (pid != 0)
    return pid;
  srt_spawn_in_child (plan, &failure);
  _exit (write (fds[1], &failure, sizeof failure) == sizeof failure ? 127 : 126);
}

bool
srt_spawn_is_born_in (const SrtSpawnPlan *plan)
{
  return false;
}

pid_t
srt_spawn_start (SrtSpawnPlan *plan, SrtSpawnFailure *ret)
{
  SrtSpawnFailure failure = { 0, SRT_STAGE_FORK };
  int fds[2];
  pid_t pid;

  if (pipe2 (fds, O_CLOEXEC) < 0) {
    *ret = (SrtSpawnFailure){ errno, SRT_STAGE_FORK };
    return -1;
  }
  pid = fork_child (plan, fds);
  if (pid < 0)
    failure.error = errno;
  close (fds[1]);
  if (pid > 0 && read (fds[0], &failure, sizeof failure) == sizeof failure)
    waitpid (pid, NULL, 0);
  close (fds[0]);
  if (failure.error == 0)
    return pid;
  *ret = failure;
  return -1;
}

void
srt_spawn_close_inherited (int first)
{
  long end = sysconf (_SC_OPEN_MAX);

  for (int fd = first; fd < end; fd++)
    close (fd);
}
