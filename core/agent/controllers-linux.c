/* SPDX-License-Identifier: MIT */
#include "agent/controllers-linux.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define PERIOD_US 100000u

/* The names of one controller's files; NULL: there is none. */
typedef struct {
  const char *limit, *more, *events, *peak;
} Names;

static const Names memory_v2 = { "memory.max", "memory.swap.max", "memory.events", "memory.peak" };
static const Names memory_v1 = { "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.oom_control",
                                 "memory.max_usage_in_bytes" };
static const Names pids_any = { "pids.max", NULL, "pids.events", NULL };
static const Names cpu_v2 = { "cpu.max", NULL, NULL, NULL };
static const Names cpu_v1 = { "cpu.cfs_quota_us", "cpu.cfs_period_us", NULL, NULL };
static const Names io_v2 = { "io.max", NULL, NULL, NULL };
static const Names io_v1 = { "blkio.throttle.read_iops_device", "blkio.throttle.write_iops_device", NULL, NULL };

static bool
put (int fd, const char *text)
{
  return fd >= 0 && pwrite (fd, text, strlen (text), 0) >= 0;
}

static bool
put_number (int fd, uint64_t value, const char *none)
{
  char text[32];

  if (value == 0 || value == UINT64_MAX)
    return put (fd, none);
  snprintf (text, sizeof text, "%llu\n", (unsigned long long)value);
  return put (fd, text);
}

static int
open_file (int dir, const char *name)
{
  int fd;

  if (name == NULL)
    return -1;
  fd = openat (dir, name, O_RDWR | O_CLOEXEC);
  return fd < 0 && (errno == EACCES || errno == EROFS) ? openat (dir, name, O_RDONLY | O_CLOEXEC) : fd;
}

/* False: no such controller there. */
static bool
open_one (SrtController *c, int dir, const Names *names, SrtMechanism by)
{
  int limit = dir >= 0 ? openat (dir, names->limit, (c->given ? O_RDONLY : O_RDWR) | O_CLOEXEC) : -1;

  if (limit < 0)
    return false;
  *c = (SrtController){ .by = by, .dir = dir, .limit = limit, .given = c->given };
  c->more = open_file (dir, names->more);
  c->events = open_file (dir, names->events);
  c->peak = open_file (dir, names->peak);
  return true;
}

/* v1: whoever sits in it is held; a test inherits it from us. */
static bool
join (SrtController *c)
{
  int fd;

  if (c->by != SRT_BY_V1 || c->joined || c->given)
    return true;
  fd = openat (c->dir, "cgroup.procs", O_WRONLY | O_CLOEXEC);
  c->joined = put (fd, "0");
  if (fd >= 0)
    close (fd);
  return c->joined;
}

static void
open_controller (SrtController *c, int group, const Names *v2, const char *path, const Names *v1)
{
  int dir;

  *c = (SrtController){ .dir = -1, .limit = -1, .more = -1, .events = -1, .peak = -1, .given = c->given };
  if (open_one (c, group, v2, SRT_BY_V2) || path == NULL)
    return;
  dir = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (c->given ? 0 : O_NOFOLLOW)); /* "cpu" may be a link there */
  if (dir >= 0 && !open_one (c, dir, v1, SRT_BY_V1))
    close (dir);
}

/* What an agent that died in this slot had set. */
static void
forget_old (SrtBounds *bounds)
{
  if (bounds->memory.by == SRT_BY_V1)
    put (bounds->memory.more, "-1");
  if (bounds->memory.by != SRT_BY_NOTHING)
    put (bounds->memory.limit, bounds->memory.by == SRT_BY_V1 ? "-1" : "max");
  if (bounds->cpu.by != SRT_BY_NOTHING)
    put (bounds->cpu.limit, bounds->cpu.by == SRT_BY_V1 ? "-1" : "max");
}

static void
open_own (SrtBounds *bounds, const SrtPlaces *places)
{
  int group = places->group ? open (places->group, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;

  open_controller (&bounds->memory, group, &memory_v2, places->memory, &memory_v1);
  open_controller (&bounds->pids, group, &pids_any, places->pids, &pids_any);
  open_controller (&bounds->cpu, group, &cpu_v2, places->cpu, &cpu_v1);
  open_controller (&bounds->io, group, &io_v2, places->blkio, &io_v1);
  bounds->cpu_stat = group >= 0 ? openat (group, "cpu.stat", O_RDONLY | O_CLOEXEC) : -1;
  if (!join (&bounds->memory))
    bounds->memory.by = SRT_BY_NOTHING;
  if (!join (&bounds->pids))
    bounds->pids.by = SRT_BY_NOTHING;
  forget_old (bounds);
  if (bounds->memory.by == SRT_BY_V2) { /* all of a test dies, not only its largest process */
    int fd = openat (group, "memory.oom.group", O_WRONLY | O_CLOEXEC);

    put (fd, "1");
    if (fd >= 0)
      close (fd);
  }
}

/* The controllers below GIVEN: of version 2 in it, of version 1 each in a folder of its own. */
static void
open_given (SrtBounds *bounds, const char *given)
{
  const struct {
    SrtController *controller;
    const Names *v2, *v1;
    const char *name;
  } all[] = { { &bounds->memory, &memory_v2, &memory_v1, "memory" },
              { &bounds->pids, &pids_any, &pids_any, "pids" },
              { &bounds->cpu, &cpu_v2, &cpu_v1, "cpu" },
              { &bounds->io, &io_v2, &io_v1, "blkio" } };
  int group = open (given, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  char path[PATH_MAX];

  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    snprintf (path, sizeof path, "%s/%s", given, all[i].name);
    all[i].controller->given = true;
    open_controller (all[i].controller, group, all[i].v2, path, all[i].v1);
  }
  bounds->cpu_stat = -1; /* it counts us too */
}

void
srt_controllers_open (SrtBounds *bounds, const SrtPlaces *places)
{
  if (places->given)
    open_given (bounds, places->given);
  else
    open_own (bounds, places);
}

/* v1: the limit of memory must never be above that of memory and swap, so that one is lifted first. Without swap
 * accounting there is none. */
static bool
write_memory (SrtController *c, uint64_t bytes)
{
  if (c->by == SRT_BY_V2) {
    put (c->more, bytes > 0 ? "0" : "max"); /* no swap: it would only make the test slow before it dies */
    return put_number (c->limit, bytes, "max");
  }
  put (c->more, "-1");
  if (!put_number (c->limit, bytes, "-1"))
    return false;
  if (bytes > 0)
    put_number (c->more, bytes, "-1");
  return true;
}

/* Reads FD into TEXT. */
static const char *
get (int fd, char text[1024])
{
  ssize_t n = fd >= 0 ? pread (fd, text, 1023, 0) : -1;

  text[n > 0 ? n : 0] = '\0';
  return text;
}

/* Is a limit in force there that is at most WANTED? */
static bool
is_within (const SrtController *c, uint64_t wanted)
{
  char text[1024], *end;
  unsigned long long value = strtoull (get (c->limit, text), &end, 10);

  return end != text && *text != '-' && value <= wanted;
}

bool
srt_controllers_memory (SrtBounds *bounds, uint64_t bytes)
{
  SrtController *c = &bounds->memory;

  if (c->by == SRT_BY_NOTHING)
    return false;
  if (c->given)
    return bytes == 0 || is_within (c, bytes);
  if (c->value == bytes)
    return true;
  if (!write_memory (c, bytes)) {
    c->value = UINT64_MAX; /* nobody knows what it is now */
    return false;
  }
  c->value = bytes;
  return true;
}

bool
srt_controllers_pids (SrtBounds *bounds, uint64_t n)
{
  SrtController *c = &bounds->pids;
  uint64_t ours = c->by == SRT_BY_V1 ? 1 : 0; /* under v1 the agent counts too */

  if (c->by == SRT_BY_NOTHING)
    return false;
  if (c->given)
    return n == UINT64_MAX || is_within (c, n + 1); /* there the agent always counts */
  if (c->value == n)
    return true;
  c->value = n;
  return put_number (c->limit, n == UINT64_MAX ? n : n + ours, "max");
}

/* Thousandths of a core that the kernel gives there; UINT64_MAX: no limit. */
static uint64_t
given_cpu (const SrtController *c)
{
  char text[1024], *end;
  unsigned long long quota = strtoull (get (c->limit, text), &end, 10), period;

  if (end == text || *text == '-') /* "max", "-1" */
    return UINT64_MAX;
  period = strtoull (c->by == SRT_BY_V2 ? end : get (c->more, text), NULL, 10);
  return period > 0 ? (quota * 1000 + period - 1) / period : UINT64_MAX;
}

bool
srt_controllers_cpu (SrtBounds *bounds, uint64_t milli)
{
  SrtController *c = &bounds->cpu;
  char text[64];

  if (c->given)
    return milli == 0 || (c->by != SRT_BY_NOTHING && given_cpu (c) <= milli);
  if (c->value == milli && c->by != SRT_BY_NOTHING)
    return true;
  if (c->by == SRT_BY_NOTHING || !join (c))
    return false;
  c->value = milli;
  if (c->by == SRT_BY_V2) {
    snprintf (text, sizeof text, "%llu %u\n", (unsigned long long)(milli * PERIOD_US / 1000), PERIOD_US);
    return put (c->limit, milli > 0 ? text : "max");
  }
  put_number (c->more, PERIOD_US, NULL);
  return put_number (c->limit, milli * PERIOD_US / 1000, "-1");
}

/* The whole disk that the file system of PATH is on; 0: on none (tmpfs, overlay, network). */
static uint64_t
disk_of (const char *path)
{
  char name[128], text[32] = "";
  struct stat st;
  unsigned major, minor;
  int fd;

  if (stat (path, &st) < 0 || major (st.st_dev) == 0)
    return 0;
  snprintf (name, sizeof name, "/sys/dev/block/%u:%u/partition", major (st.st_dev), minor (st.st_dev));
  if (access (name, F_OK) < 0)
    return st.st_dev;
  snprintf (name, sizeof name, "/sys/dev/block/%u:%u/../dev", major (st.st_dev), minor (st.st_dev));
  fd = open (name, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  if (read (fd, text, sizeof text - 1) < 0 || sscanf (text, "%u:%u", &major, &minor) != 2)
    major = minor = 0;
  close (fd);
  return major > 0 ? makedev (major, minor) : 0;
}

/* 0 operations: none. */
static bool
write_io (const SrtController *c, uint64_t device, uint64_t operations)
{
  char text[128], number[32] = "max";

  if (operations > 0)
    snprintf (number, sizeof number, "%llu", (unsigned long long)operations);
  if (c->by == SRT_BY_V2) {
    snprintf (text, sizeof text, "%u:%u riops=%s wiops=%s\n", major (device), minor (device), number, number);
    return put (c->limit, text);
  }
  snprintf (text, sizeof text, "%u:%u %s\n", major (device), minor (device), operations > 0 ? number : "0");
  return put (c->limit, text) && put (c->more, text);
}

/* Whoever made it knew for which device. */
static bool
has_throttle (const SrtController *c)
{
  char text[1024];

  return *get (c->limit, text) != '\0';
}

bool
srt_controllers_io (SrtBounds *bounds, uint64_t operations, const char *cwd)
{
  SrtController *c = &bounds->io;
  uint64_t device = operations > 0 ? disk_of (cwd) : 0;

  if (c->by == SRT_BY_NOTHING)
    return false;
  if (c->given)
    return operations == 0 || has_throttle (c);
  if (c->value > 0 && (device != c->device || operations == 0) && !write_io (c, c->device, 0))
    return false;
  if (operations > 0 && (device == 0 || !join (c)))
    return false;
  if (operations > 0 && (c->value != operations || c->device != device) && !write_io (c, device, operations))
    return false;
  c->value = operations;
  c->device = device;
  return true;
}

void
srt_controllers_release (const SrtBounds *bounds, pid_t pid)
{
  const SrtController *const all[] = { &bounds->memory, &bounds->pids, &bounds->cpu, &bounds->io };
  char text[32];

  snprintf (text, sizeof text, "%d", (int)pid);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    int fd = all[i]->joined ? openat (all[i]->dir, "../cgroup.procs", O_WRONLY | O_CLOEXEC) : -1;

    put (fd, text);
    if (fd >= 0)
      close (fd);
  }
}

/* The number behind "KEY " at the beginning of a line; 0: none. */
static uint64_t
field (const char *text, const char *key)
{
  size_t n = strlen (key);

  for (const char *line = text; line != NULL; line = strchr (line, '\n')) {
    line += *line == '\n';
    if (strncmp (line, key, n) == 0 && line[n] == ' ')
      return strtoull (line + n + 1, NULL, 10);
  }
  return 0;
}

void
srt_controllers_count (const SrtBounds *bounds, SrtCounters *ret)
{
  char text[1024];

  *ret = (SrtCounters){ 0 };
  if (bounds->memory.by != SRT_BY_NOTHING)
    ret->oom_kills = field (get (bounds->memory.events, text), "oom_kill");
  if (bounds->pids.by != SRT_BY_NOTHING)
    ret->pids_hits = field (get (bounds->pids.events, text), "max");
  if (bounds->cpu_stat >= 0) {
    get (bounds->cpu_stat, text);
    ret->user_us = field (text, "user_usec");
    ret->system_us = field (text, "system_usec");
  }
}

bool
srt_controllers_reset_peak (SrtBounds *bounds)
{
  SrtController *c = &bounds->memory;

  if (c->given && c->peak >= 0 && c->value == 0) { /* of the first test that is so; after that nobody can reset it */
    c->value = 1;
    return true;
  }
  return c->by != SRT_BY_NOTHING && !c->given && put (c->peak, "0");
}

uint64_t
srt_controllers_peak (const SrtBounds *bounds)
{
  char text[1024];

  return strtoull (get (bounds->memory.peak, text), NULL, 10);
}
