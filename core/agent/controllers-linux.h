/* SPDX-License-Identifier: MIT
 * The files of the slot's cgroups: which there are, what is written to them, what they count. */
#pragma once
#include "agent/bounds.h"
#include <sys/types.h>

/* Open what PLACES have; the agent joins the v1 cgroups of memory and processes. */
void srt_controllers_open (SrtBounds *bounds, const SrtPlaces *places);

/* Write where it differs from what was written last; 0 (of pids UINT64_MAX): none. False: it could not be written. */
bool srt_controllers_memory (SrtBounds *bounds, uint64_t bytes);
bool srt_controllers_pids (SrtBounds *bounds, uint64_t n);
bool srt_controllers_cpu (SrtBounds *bounds, uint64_t milli);
/* Of the disk that CWD is on. */
bool srt_controllers_io (SrtBounds *bounds, uint64_t operations, const char *cwd);

/* v1: PID, which outlives its test, goes out of the slot's cgroups into those of the run. */
void srt_controllers_release (const SrtBounds *bounds, pid_t pid);

void srt_controllers_count (const SrtBounds *bounds, SrtCounters *ret);
/* The peak of memory is counted anew from here. False: the kernel cannot. */
bool srt_controllers_reset_peak (SrtBounds *bounds);
uint64_t srt_controllers_peak (const SrtBounds *bounds);
