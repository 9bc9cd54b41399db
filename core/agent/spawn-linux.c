/* SPDX-License-Identifier: MIT
 * The child shares our memory, and we stand still until it has called exec or ended: its failure is simply there, and
 * nothing is copied. All signals are blocked in the agent, so no handler runs in the child.
 *
 * With a cgroup it is born in it (clone3, CLONE_INTO_CGROUP, Linux 5.7), which costs nearly nothing; the C library has
 * no call for that. Elsewhere the child moves itself, which waits for a grace period of the kernel's. */
#include "agent/spawn.h"
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BIRTH_FLAGS (CLONE_VM | CLONE_VFORK)
#define INTO_CGROUP 0x200000000ull /* CLONE_INTO_CGROUP */
#define NOT_FROM_US (-2)           /* clone3 is not to be had */

typedef struct {
  const SrtSpawnPlan *plan;
  SrtSpawnFailure *failure;
} Birth;

static int
child (void *data)
{
  Birth *birth = data;

  /* When the agent is killed the test goes with it; it may have been killed before the kernel knew that. */
  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid () == birth->plan->agent)
    srt_spawn_in_child (birth->plan, birth->failure);
  return 127; /* clone() ends the child with _exit */
}

#if defined __x86_64__ && defined SYS_clone3
/* struct clone_args of the kernel, in its third version. */
typedef struct {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
} CloneArgs;

/* The child comes back on a stack of its own, where nothing of this function is: it calls FN and ends. */
static long
call_clone3 (CloneArgs *args, int (*fn) (void *), void *data)
{
  long ret;

  __asm__ volatile("syscall\n\t"
                   "testq %%rax, %%rax\n\t"
                   "jnz 1f\n\t"
                   "movq %[data], %%rdi\n\t"
                   "callq *%[fn]\n\t"
                   "movl %%eax, %%edi\n\t"
                   "movl %[exit], %%eax\n\t"
                   "syscall\n"
                   "1:"
                   : "=&a"(ret)
                   : "0"((long)SYS_clone3), "D"(args),
                     "S"(sizeof *args), [fn] "b"(fn), [data] "d"(data), [exit] "i"(SYS_exit)
                   : "rcx", "r11", "cc", "memory");
  return ret;
}

static pid_t
born_in_group (const SrtSpawnPlan *plan, int (*fn) (void *), void *data)
{
  CloneArgs args = { .flags = BIRTH_FLAGS | INTO_CGROUP,
                     .exit_signal = SIGCHLD,
                     .stack = (uintptr_t)plan->stack,
                     .stack_size = SRT_SPAWN_STACK,
                     .cgroup = (uint64_t)plan->group_fd };
  long pid = call_clone3 (&args, fn, data);

  if (pid == -ENOSYS || pid == -E2BIG || pid == -EINVAL || pid == -EPERM)
    return NOT_FROM_US;
  if (pid < 0)
    errno = (int)-pid;
  return pid < 0 ? -1 : (pid_t)pid;
}
#else
static pid_t
born_in_group (const SrtSpawnPlan *plan, int (*fn) (void *), void *data)
{
  return NOT_FROM_US;
}
#endif

static pid_t
give_birth (SrtSpawnPlan *plan, Birth *birth)
{
  if (plan->group_fd >= 0 && !plan->join_group)
    return born_in_group (plan, child, birth);
  return clone (child, (char *)plan->stack + SRT_SPAWN_STACK, BIRTH_FLAGS | SIGCHLD, birth);
}

static int
do_nothing (void *data)
{
  return 0;
}

bool
srt_spawn_is_born_in (const SrtSpawnPlan *plan)
{
  pid_t pid = born_in_group (plan, do_nothing, NULL);
  int status = -1;

  if (pid > 0)
    while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
      continue;
  return status == 0;
}

pid_t
srt_spawn_start (SrtSpawnPlan *plan, SrtSpawnFailure *ret)
{
  SrtSpawnFailure failure = { 0, SRT_STAGE_FORK };
  Birth birth = { plan, &failure };
  pid_t pid = give_birth (plan, &birth);

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
