/* SPDX-License-Identifier: MIT */
#include "agent/group-linux.h"
#include "agent/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NS_A_MS       1000000ull
#define FREEZE_MAX_NS (200 * NS_A_MS) /* longer only with processes in the kernel's hands */
#define EMPTY_MAX_NS  (2000 * NS_A_MS)

static int
write_one (int fd, const char *text)
{
  return pwrite (fd, text, strlen (text), 0) < 0 ? errno : 0;
}

/* Does cgroup.events say LINE ("frozen 1")? */
static bool
says (const SrtGroup *group, const char *line)
{
  char text[256];
  ssize_t n = pread (group->events, text, sizeof text - 1, 0);

  text[n > 0 ? n : 0] = '\0';
  return strstr (text, line) != NULL;
}

/* The kernel wakes whoever polls cgroup.events when it changes. */
static bool
wait_until (const SrtGroup *group, const char *line, uint64_t max_ns)
{
  uint64_t end = srt_clock_now () + max_ns;
  struct pollfd change = { .fd = group->events, .events = POLLPRI };

  while (!says (group, line)) {
    uint64_t now = srt_clock_now ();

    if (now >= end)
      return false;
    poll (&change, 1, (int)((end - now) / NS_A_MS) + 1);
  }
  return true;
}

static void
close_below (SrtGroup *group)
{
  int *const fds[] = { &group->dir, &group->kill, &group->freeze, &group->events };

  for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
    if (*fds[i] >= 0)
      close (*fds[i]);
    *fds[i] = -1;
  }
}

static void
name_of (const SrtGroup *group, char name[32])
{
  snprintf (name, 32, "tests-%u", group->number);
}

/* 0, or an errno value. */
static int
open_below (SrtGroup *group)
{
  char name[32];
  int error;

  name_of (group, name);
  if (mkdirat (group->slot, name, 0755) < 0)
    return errno;
  group->dir = openat (group->slot, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (group->dir >= 0) {
    group->kill = openat (group->dir, "cgroup.kill", O_WRONLY | O_CLOEXEC);
    group->freeze = openat (group->dir, "cgroup.freeze", O_WRONLY | O_CLOEXEC);
    group->events = openat (group->dir, "cgroup.events", O_RDONLY | O_CLOEXEC);
  }
  if (group->dir >= 0 && group->kill >= 0 && group->freeze >= 0 && group->events >= 0)
    return 0;
  error = errno;
  close_below (group);
  return error;
}

/* Should it not go, as whoever is dead has not left it yet, it goes with the run's cgroup. */
static void
remove_below (SrtGroup *group)
{
  char name[32];

  name_of (group, name);
  close_below (group);
  unlinkat (group->slot, name, AT_REMOVEDIR);
  group->number++;
  group->killed = false;
}

/* The agent that was here before us died: its tests do not survive it. */
static void
remove_old (SrtGroup *group)
{
  SrtGroup old = { .slot = group->slot, .dir = -1, .kill = -1, .freeze = -1, .events = -1 };

  old.events = openat (old.slot, "cgroup.events", O_RDONLY | O_CLOEXEC);
  old.kill = openat (old.slot, "cgroup.kill", O_WRONLY | O_CLOEXEC);
  if (!srt_group_is_empty (&old)) {
    write_one (old.kill, "1");
    wait_until (&old, "populated 0", EMPTY_MAX_NS);
  }
  close_below (&old);
}

int
srt_group_open (SrtGroup *group, const char *path)
{
  int error;

  *group = (SrtGroup){ .slot = -1, .dir = -1, .kill = -1, .freeze = -1, .events = -1 };
  if (path == NULL)
    return 0;
  group->slot = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (group->slot < 0)
    return errno;
  remove_old (group);
  while ((error = open_below (group)) == EEXIST)
    remove_below (group);
  if (error != 0) {
    close (group->slot);
    group->slot = -1;
  }
  return error;
}

int
srt_group_next (SrtGroup *group, int *ret_fd)
{
  int error = 0;

  if (group->killed)
    remove_below (group);
  if (group->slot >= 0 && group->dir < 0)
    error = open_below (group);
  *ret_fd = group->dir;
  return error;
}

int
srt_group_kill (SrtGroup *group)
{
  int error = write_one (group->kill, "1");

  group->killed = true;
  write_one (group->freeze, "0"); /* on kernels that do not let the frozen die */
  return error;
}

bool
srt_group_release (const SrtGroup *group, pid_t pid)
{
  char text[32];
  int fd, error;

  if (group->slot < 0)
    return true;
  snprintf (text, sizeof text, "%d", (int)pid);
  fd = openat (group->slot, "../kept/cgroup.procs", O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  error = write_one (fd, text);
  close (fd);
  return error == 0;
}

bool
srt_group_freeze (const SrtGroup *group, bool frozen)
{
  if (write_one (group->freeze, frozen ? "1" : "0") != 0)
    return false;
  return wait_until (group, frozen ? "frozen 1" : "frozen 0", FREEZE_MAX_NS);
}

bool
srt_group_is_empty (const SrtGroup *group)
{
  return says (group, "populated 0");
}
