/* SPDX-License-Identifier: MIT
 * The portable twin: no cgroups, and no way to measure a tree. Only rlimits hold. */
#include "agent/bounds.h"
#include <stdio.h>
#include <string.h>

void
srt_bounds_open (SrtBounds *bounds, const SrtPlaces *places)
{
  memset (bounds, 0, sizeof *bounds);
}

uint32_t
srt_bounds_set (SrtBounds *bounds, const srt_limits *wanted, const char *cwd)
{
  bool any = wanted->open_files > 0 || wanted->file_size > 0 || wanted->core_size > 0 || wanted->nice > 0;
  uint32_t missing = 0;

  snprintf (bounds->held_by, sizeof bounds->held_by, "%s", any ? "rlimits" : "");
  missing |= wanted->memory > 0 ? SRT_LIMIT_MEMORY : 0;
  missing |= wanted->cpu_milli > 0 ? SRT_LIMIT_CPU : 0;
  missing |= wanted->cpu_time_ns > 0 ? SRT_LIMIT_CPU_TIME : 0;
  missing |= wanted->io_ops > 0 ? SRT_LIMIT_IO : 0;
  missing |= wanted->processes > 0 ? SRT_LIMIT_PROCESSES : 0;
  return missing;
}

bool
srt_bounds_shares_memory (const SrtBounds *bounds)
{
  return false;
}

void
srt_bounds_lift_cpu (SrtBounds *bounds)
{
}

uint32_t
srt_bounds_over (const SrtBounds *bounds, const srt_usage *usage, char *text, size_t size)
{
  return 0;
}

void
srt_bounds_count_cpu (const SrtBounds *bounds, srt_usage *usage)
{
}

void
srt_bounds_end (SrtBounds *bounds, srt_exit *end, char *text, size_t size)
{
  end->held_by = bounds->held_by;
}
