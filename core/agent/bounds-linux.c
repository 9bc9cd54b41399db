/* SPDX-License-Identifier: MIT */
#include "agent/bounds.h"
#include "agent/controllers-linux.h"
#include "agent/tree-linux.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB 1048576.0

/* Threads of our user, as RLIMIT_NPROC counts them. */
static uint64_t
count_own (void)
{
  DIR *dir = opendir ("/proc");
  struct dirent *entry;
  uint64_t n = 0;
  struct stat st;
  SrtProc proc;

  while (dir && (entry = readdir (dir)))
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
        fstatat (dirfd (dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_uid == getuid () &&
        srt_proc_read (atoi (entry->d_name), &proc))
      n += proc.threads;
  if (dir)
    closedir (dir);
  return n;
}

void
srt_bounds_open (SrtBounds *bounds, const SrtPlaces *places)
{
  srt_controllers_open (bounds, places);
  bounds->pids_max = places->pids_max;
  bounds->own_users = places->own_users;
  bounds->others = UINT64_MAX;
  if (bounds->pids.by == SRT_BY_NOTHING && !bounds->own_users && places->given == NULL && getuid () != 0)
    bounds->others = count_own ();
  srt_controllers_count (bounds, &bounds->before);
}

static void
say (SrtBounds *bounds, const char *limit, const char *mechanism)
{
  size_t n = strlen (bounds->held_by);

  snprintf (bounds->held_by + n, sizeof bounds->held_by - n, "%s%s: %s", n > 0 ? ", " : "", limit, mechanism);
}

static const char *
word_of (SrtMechanism by)
{
  static const char *const words[] = { "nothing", "measured", "rlimit", "cgroup v1", "cgroup v2" };

  return words[by];
}

/* Those that the kernel holds for each process by itself. */
static void
say_rlimits (SrtBounds *bounds)
{
  const srt_limits *wanted = &bounds->limits;

  if (wanted->open_files > 0)
    say (bounds, "open_files", "rlimit");
  if (wanted->file_size > 0)
    say (bounds, "file_size", "rlimit");
  if (wanted->core_size > 0)
    say (bounds, "core_size", "rlimit");
  if (wanted->nice > 0)
    say (bounds, "nice", "setpriority");
}

/* By the cgroup, or else by measuring. */
static SrtMechanism
choose (SrtBounds *bounds, uint64_t wanted, uint32_t bit, SrtMechanism cgroup, bool written)
{
  if (wanted == 0)
    return SRT_BY_NOTHING;
  if (written)
    return cgroup;
  bounds->measured |= bit;
  return SRT_BY_MEASURING;
}

static void
set_memory (SrtBounds *bounds)
{
  uint64_t wanted = bounds->limits.memory;
  bool written = srt_controllers_memory (bounds, wanted);

  bounds->memory_by = choose (bounds, wanted, SRT_LIMIT_MEMORY, bounds->memory.by, written);
  if (wanted > 0)
    say (bounds, "memory", word_of (bounds->memory_by));
}

/* Without a cgroup for it. In a user namespace of its own RLIMIT_NPROC counts the slot alone, with the agent and the
 * process that waits for it. Otherwise it counts all of the user's: then it is only there to stop, some time, what
 * multiplies faster than it is measured. */
static SrtMechanism
hold_pids (SrtBounds *bounds, uint64_t wanted)
{
  if (wanted == 0)
    return SRT_BY_NOTHING;
  if (bounds->own_users) {
    bounds->nproc = wanted + 2;
    return SRT_BY_RLIMIT;
  }
  if (bounds->others != UINT64_MAX)
    bounds->nproc = bounds->others + 2 * wanted;
  bounds->measured |= SRT_LIMIT_PROCESSES;
  return SRT_BY_MEASURING;
}

static void
set_pids (SrtBounds *bounds)
{
  uint64_t wanted = bounds->limits.processes > 0 ? bounds->limits.processes : bounds->pids_max;

  bounds->nproc = 0;
  bounds->processes_max = wanted;
  if (srt_controllers_pids (bounds, wanted > 0 ? wanted : UINT64_MAX))
    bounds->pids_by = wanted > 0 ? bounds->pids.by : SRT_BY_NOTHING;
  else
    bounds->pids_by = hold_pids (bounds, wanted);
  if (bounds->limits.processes > 0)
    say (bounds, "processes", word_of (bounds->pids_by));
}

uint32_t
srt_bounds_set (SrtBounds *bounds, const srt_limits *wanted, const char *cwd)
{
  uint32_t missing = 0;

  bounds->limits = *wanted;
  bounds->measured = 0;
  bounds->held_by[0] = '\0';
  set_memory (bounds);
  set_pids (bounds);
  if (!srt_controllers_cpu (bounds, wanted->cpu_milli) && wanted->cpu_milli > 0)
    missing |= SRT_LIMIT_CPU;
  else if (wanted->cpu_milli > 0)
    say (bounds, "cpu", word_of (bounds->cpu.by));
  if (wanted->cpu_time_ns > 0) {
    bounds->measured |= SRT_LIMIT_CPU_TIME;
    say (bounds, "cpu_time", "measured, rlimit");
  }
  if (!srt_controllers_io (bounds, wanted->io_ops, cwd) && wanted->io_ops > 0)
    missing |= SRT_LIMIT_IO;
  else if (wanted->io_ops > 0)
    say (bounds, "io_ops", bounds->io.by == SRT_BY_V1 ? "cgroup v1 (not buffered writes)" : word_of (bounds->io.by));
  say_rlimits (bounds);
  bounds->peak_known = srt_controllers_reset_peak (bounds);
  bounds->left = 0;
  if (bounds->peak_known && bounds->last_peak >= SRT_LEFT_MIN)
    bounds->left = srt_controllers_peak (bounds); /* the peak begins with what there is */
  return missing;
}

bool
srt_bounds_shares_memory (const SrtBounds *bounds)
{
  return bounds->memory_by == SRT_BY_V1 || (bounds->memory_by == SRT_BY_V2 && bounds->memory.given);
}

void
srt_bounds_lift_cpu (SrtBounds *bounds)
{
  if (bounds->limits.cpu_milli > 0)
    srt_controllers_cpu (bounds, 0);
}

uint32_t
srt_bounds_over (const SrtBounds *bounds, const srt_usage *usage, char *text, size_t size)
{
  const srt_limits *wanted = &bounds->limits;
  uint64_t cpu_ns = usage->user_ns + usage->system_ns;

  if ((bounds->measured & SRT_LIMIT_MEMORY) && usage->memory_now > wanted->memory) {
    snprintf (text, size, "memory %.0f MB over its limit of %.0f MB (measured)", (double)usage->memory_now / MIB,
              (double)wanted->memory / MIB);
    return SRT_LIMIT_MEMORY;
  }
  if ((bounds->measured & SRT_LIMIT_PROCESSES) && usage->threads > bounds->processes_max) {
    snprintf (text, size, "%u processes and threads, over its %s of %llu (measured)", usage->threads,
              wanted->processes > 0 ? "limit" : "cap", (unsigned long long)bounds->processes_max);
    return SRT_LIMIT_PROCESSES;
  }
  if ((bounds->measured & SRT_LIMIT_CPU_TIME) && cpu_ns > wanted->cpu_time_ns) {
    snprintf (text, size, "CPU time %.1f s over its limit of %.1f s (measured)", (double)cpu_ns / 1e9,
              (double)wanted->cpu_time_ns / 1e9);
    return SRT_LIMIT_CPU_TIME;
  }
  return 0;
}

void
srt_bounds_count_cpu (const SrtBounds *bounds, srt_usage *usage)
{
  SrtCounters now;

  if (bounds->cpu_stat < 0)
    return;
  srt_controllers_count (bounds, &now);
  usage->user_ns = (now.user_us - bounds->before.user_us) * 1000;
  usage->system_ns = (now.system_us - bounds->before.system_us) * 1000;
}

/* The kernel killed something of the test: for the test's own limit, or because the machine had no more? Its peak tells
 * where it is known; the limit of the cgroup is in whole pages. */
static void
tell_oom (const SrtBounds *bounds, uint64_t peak, srt_exit *end, char *text, size_t size)
{
  uint64_t limit = bounds->memory_by > SRT_BY_MEASURING ? bounds->limits.memory : 0;
  bool own = limit > 0 && (peak == 0 || peak >= limit - limit / 16);

  if (own)
    end->limit |= SRT_LIMIT_MEMORY;
  if (*text != '\0')
    return;
  if (own)
    snprintf (text, size, "memory over its limit of %.0f MB (%s)", (double)limit / MIB, word_of (bounds->memory_by));
  else
    snprintf (text, size, "killed by the kernel because the machine or a cgroup above had no memory left");
}

/* What the kernel refused or killed. */
static void
tell (const SrtBounds *bounds, const SrtCounters *now, uint64_t peak, srt_exit *end, char *text, size_t size)
{
  const SrtCounters *before = &bounds->before;
  const char *given = bounds->limits.processes > 0 ? "limit" : "cap";

  if (now->oom_kills > before->oom_kills) {
    end->oom = 1;
    tell_oom (bounds, peak, end, text, size);
  }
  if (now->pids_hits > before->pids_hits) {
    end->limit |= SRT_LIMIT_PROCESSES;
    if (*text == '\0')
      snprintf (text, size, "hit its %s of %llu processes", given, (unsigned long long)bounds->processes_max);
  }
}

void
srt_bounds_end (SrtBounds *bounds, srt_exit *end, char *text, size_t size)
{
  SrtCounters now;
  uint64_t peak = bounds->peak_known ? srt_controllers_peak (bounds) : 0;

  srt_controllers_count (bounds, &now);
  /* That of all tests so far is no measure of this one, but where it is low none was over the limit. */
  tell (bounds, &now, bounds->memory.given ? srt_controllers_peak (bounds) : peak, end, text, size);
  if (bounds->cpu_stat >= 0) {
    end->usage.user_ns = (now.user_us - bounds->before.user_us) * 1000;
    end->usage.system_ns = (now.system_us - bounds->before.system_us) * 1000;
  }
  if (peak > 0) {
    uint64_t own = peak > bounds->left ? peak - bounds->left : 0;

    if (own > end->usage.memory_peak || bounds->left == 0)
      end->usage.memory_peak = own;
    end->usage.source = SRT_USAGE_CGROUP;
  }
  bounds->last_peak = peak;
  end->held_by = bounds->held_by;
  bounds->before = now;
}
