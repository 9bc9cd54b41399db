/* SPDX-License-Identifier: MIT
 * The child's side: everything between its birth and exec. Without sanitizer checks, as its stack is only borrowed. */
#include "agent/spawn.h"
#include "agent/beat.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined __clang__ || defined __GNUC__
#define IN_CHILD __attribute__ ((no_sanitize ("address", "undefined")))
#else
#define IN_CHILD
#endif

#define DEFAULT_PATH     "/usr/local/bin:/usr/bin:/bin"
#define NS_A_SECOND      1000000000ull
#define CPU_TIME_GRACE_S 2

IN_CHILD const char *
srt_spawn_path_of (char *const *env)
{
  for (; *env; env++)
    if (strncmp (*env, "PATH=", 5) == 0)
      return *env + 5;
  return DEFAULT_PATH;
}

IN_CHILD bool
srt_spawn_next_candidate (const char **path, const char *name, char text[PATH_MAX])
{
  size_t name_length = strlen (name);

  while (*path != NULL) {
    const char *dir = *path;
    size_t n = strcspn (dir, ":");

    *path = dir[n] == ':' ? dir + n + 1 : NULL;
    if (n + name_length + 3 > PATH_MAX)
      continue;
    if (n == 0) { /* an empty entry of PATH is the working folder */
      text[0] = '.';
      n = 1;
    } else
      memcpy (text, dir, n);
    text[n] = '/';
    memcpy (text + n + 1, name, name_length + 1);
    return true;
  }
  return false;
}

/* The soft and the hard limit, never above the hard one that we have: it is stricter already. */
IN_CHILD static void
lower (int resource, uint64_t value)
{
  struct rlimit limit;

  if (getrlimit (resource, &limit) < 0)
    return;
  if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > value)
    limit.rlim_max = value;
  if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > limit.rlim_max)
    limit.rlim_cur = limit.rlim_max;
  setrlimit (resource, &limit);
}

/* Like lower, but raises the soft limit too as far as it may. */
IN_CHILD static void
set (int resource, uint64_t value)
{
  struct rlimit limit;

  lower (resource, value);
  if (getrlimit (resource, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit (resource, &limit);
  }
}

/* SIGXCPU says why a process ended, SIGKILL, which comes at the hard limit, does not: so that one is later. */
IN_CHILD static void
bound_cpu_time (uint64_t seconds)
{
  struct rlimit limit;

  lower (RLIMIT_CPU, seconds + CPU_TIME_GRACE_S);
  if (getrlimit (RLIMIT_CPU, &limit) < 0 || limit.rlim_cur <= seconds)
    return;
  limit.rlim_cur = seconds;
  setrlimit (RLIMIT_CPU, &limit);
}

IN_CHILD static void
apply_limits (const srt_limits *limits)
{
  if (limits->open_files > 0)
    set (RLIMIT_NOFILE, limits->open_files);
  if (limits->file_size > 0)
    lower (RLIMIT_FSIZE, limits->file_size);
  if (limits->core_size > 0)
    set (RLIMIT_CORE, limits->core_size - 1);
  if (limits->cpu_time_ns > 0)
    bound_cpu_time ((limits->cpu_time_ns + NS_A_SECOND - 1) / NS_A_SECOND);
  if (limits->nice > 0)
    setpriority (PRIO_PROCESS, 0, getpriority (PRIO_PROCESS, 0) + limits->nice);
}

/* Opened without blocking, as a FIFO would hold the agent; then made as programs expect it. */
IN_CHILD static int
open_stdin (const SrtSpawnPlan *plan)
{
  int fd;

  if (plan->stdin_path == NULL)
    return plan->null_fd;
  fd = open (plan->stdin_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd >= 0)
    fcntl (fd, F_SETFL, 0);
  return fd;
}

/* Whatever of the agent's has that number is only closed in the child. */
IN_CHILD static void
give_beat (int fd)
{
  if (fd == SRT_BEAT_FD)
    fcntl (fd, F_SETFD, 0);
  else if (fd >= 0)
    dup2 (fd, SRT_BEAT_FD);
}

IN_CHILD static void
exec_in_path (const SrtSpawnPlan *plan)
{
  const char *path = srt_spawn_path_of (plan->env);
  char candidate[PATH_MAX];
  int error = ENOENT;

  while (srt_spawn_next_candidate (&path, plan->argv[0], candidate)) {
    execve (candidate, plan->argv, plan->env);
    if (errno == EACCES)
      error = EACCES;
    else if (errno != ENOENT && errno != ENOTDIR)
      return;
  }
  errno = error;
}

IN_CHILD static ssize_t
write_to (int dirfd, const char *name, const char *text)
{
  int fd = openat (dirfd, name, O_WRONLY | O_CLOEXEC);
  ssize_t n = fd >= 0 ? write (fd, text, strlen (text)) : -1;

  if (fd >= 0)
    close (fd);
  return n;
}

IN_CHILD static void
fail (SrtSpawnFailure *ret, SrtSpawnStage stage)
{
  ret->error = errno;
  ret->stage = stage;
}

IN_CHILD void
srt_spawn_in_child (const SrtSpawnPlan *plan, SrtSpawnFailure *ret)
{
  sigset_t none;
  int in;

  setsid ();
  if (plan->join_group && write_to (plan->group_fd, "cgroup.procs", "0") < 0) {
    fail (ret, SRT_STAGE_GROUP);
    return;
  }
  if (plan->dies_first)
    write_to (AT_FDCWD, "/proc/self/oom_score_adj", "1000");
  if (chdir (plan->cwd) < 0) {
    fail (ret, SRT_STAGE_CWD);
    return;
  }
  in = open_stdin (plan);
  if (in < 0) {
    fail (ret, SRT_STAGE_STDIN);
    return;
  }
  dup2 (in, 0);
  dup2 (plan->out_fd, 1);
  dup2 (plan->err_fd, 2);
  give_beat (plan->beat_fd);
  apply_limits (plan->limits);
  if (plan->nproc > 0)
    lower (RLIMIT_NPROC, plan->nproc);
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  if (strchr (plan->argv[0], '/'))
    execve (plan->argv[0], plan->argv, plan->env);
  else
    exec_in_path (plan);
  fail (ret, SRT_STAGE_EXEC);
}
