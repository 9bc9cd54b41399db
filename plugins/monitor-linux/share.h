/* SPDX-License-Identifier: MIT
 * From counters that only grow to what happened lately. Pure. */
#pragma once
#include <srt/srt-plugin.h>
#include <stdbool.h>

/* How much of something was used, of how much there was, both since some beginning. */
typedef struct {
  uint64_t time_ns, used, total;
} SrtCount;

/* Remembers two earlier counts that are at least SRT_WINDOW_NS apart: over less than that the kernel's clock ticks
 * would be too coarse for a share. */
#define SRT_WINDOW_NS UINT64_C (200000000)
typedef struct {
  SrtCount older, newer;
  bool begun;
} SrtWindow;

/* The share, 0 to 100, from the older count (with samples slow enough: the one before) to NOW, and remember NOW. False:
 * nothing to compare with yet, or counters that went backwards. */
bool srt_window_share (SrtWindow *window, const SrtCount *now, float *ret_percent);

/* Pressure of the machine and of our own cgroup made one: the higher of the averages, and totals that grow by the
 * larger growth of the two since the first reading, so that a stall in either is seen. A NULL reading is not there; one
 * of the two must be. */
typedef struct {
  bool have_machine, have_group; /* ever */
  srt_pressure machine, group;   /* last readings */
  uint64_t some_total_ns, full_total_ns;
} SrtStall;
void srt_stall_merge (SrtStall *stall, const srt_pressure *machine, const srt_pressure *group, srt_pressure *ret);
