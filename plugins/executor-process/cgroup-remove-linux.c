/* SPDX-License-Identifier: MIT
 * Kill who is in a cgroup, and remove it. */
#include "cgroups.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define TRIES   200
#define WAIT_NS 10000000

/* Is PID listed in DIR/cgroup.procs? With CALL it is also called for each number, until it returns true. */
static bool
each_process (int dir, bool (*call) (int dir, pid_t pid, void *data), void *data)
{
  int fd = openat (dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
  FILE *file = fd >= 0 ? fdopen (fd, "r") : NULL;
  bool stop = false;
  int pid;

  while (file && !stop && fscanf (file, "%d", &pid) == 1)
    stop = pid > 0 && call (dir, pid, data);
  if (file)
    fclose (file);
  return stop;
}

static bool
is_it (int dir, pid_t pid, void *data)
{
  return pid == *(pid_t *)data;
}

/* The descriptor holds on to the process; that it is still in the cgroup then proves that it is the one. */
static bool
kill_one (int dir, pid_t pid, void *data)
{
  uint32_t *killed = data;
  int fd = (int)syscall (SYS_pidfd_open, pid, 0);

  if (fd < 0)
    return false;
  if (each_process (dir, is_it, &pid) && syscall (SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) == 0)
    ++*killed;
  close (fd);
  return false;
}

static bool
count_one (int dir, pid_t pid, void *data)
{
  ++*(uint32_t *)data;
  return false;
}

/* One look at all the cgroups below DIR, children first: kill, and remove what is empty. */
static void
sweep (int dir, bool kill_each, bool remove, uint32_t *killed, uint32_t *removed)
{
  int fd = openat (dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *list = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;

  each_process (dir, kill_each ? kill_one : count_one, killed);
  while (list && (entry = readdir (list))) {
    int below = -1;

    if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
      below = openat (dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (below < 0)
      continue;
    sweep (below, kill_each, remove, killed, removed);
    close (below);
    if (remove && unlinkat (dir, entry->d_name, AT_REMOVEDIR) == 0)
      ++*removed;
  }
  if (list)
    closedir (list);
}

/* Version 2: all of it with one write. */
static bool
kill_at_once (int dir)
{
  int fd = openat (dir, "cgroup.kill", O_WRONLY | O_CLOEXEC);
  bool done = fd >= 0 && write (fd, "1", 1) == 1;

  if (fd >= 0)
    close (fd);
  return done;
}

int
cgroup_remove_tree (const char *path, uint32_t *ret_killed, uint32_t *ret_removed)
{
  const struct timespec pause = { 0, WAIT_NS };
  int dir = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  uint32_t again = 0;
  bool at_once;

  if (dir < 0)
    return errno == ENOENT ? 0 : errno;
  sweep (dir, false, false, ret_killed, ret_removed);
  at_once = *ret_killed > 0 && kill_at_once (dir);
  for (int i = 0; i < TRIES; i++) {
    sweep (dir, !at_once, true, &again, ret_removed);
    if (rmdir (path) == 0 || errno == ENOENT)
      break;
    if (errno != EBUSY || i == TRIES - 1) {
      int error = errno;

      close (dir);
      return error;
    }
    nanosleep (&pause, NULL);
  }
  close (dir);
  ++*ret_removed;
  return 0;
}
