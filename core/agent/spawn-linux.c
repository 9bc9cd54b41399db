/* SPDX-License-Identifier: MIT
 * The child shares our memory, and we stand still until it has called exec or ended: its failure is simply there, and
 * nothing is copied. All signals are blocked in the agent, so no handler runs in the child. */
#include "agent/spawn.h"
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  const SrtSpawnPlan *plan;
  SrtSpawnFailure *failure;
} Birth;

static int
child (void *data)
{
  Birth *birth = data;

  srt_spawn_in_child (birth->plan, birth->failure);
  return 127; /* clone() ends the child with _exit */
}

pid_t
srt_spawn_start (SrtSpawnPlan *plan, SrtSpawnFailure *ret)
{
  SrtSpawnFailure failure = { 0, SRT_STAGE_FORK };
  Birth birth = { plan, &failure };
  pid_t pid = clone (child, (char *)plan->stack + SRT_SPAWN_STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, &birth);

  if (pid < 0)
    failure.error = errno;
  else if (failure.error == 0)
    return pid;
  if (pid > 0)
    waitpid (pid, NULL, 0);
  *ret = failure;
  return -1;
}

void
srt_spawn_close_inherited (int first)
{
  if (syscall (SYS_close_range, (unsigned)first, ~0u, 0) == 0)
    return;
  for (int fd = first; fd < (int)sysconf (_SC_OPEN_MAX); fd++) /* before Linux 5.9 */
    close (fd);
}
