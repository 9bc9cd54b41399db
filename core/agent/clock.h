/* SPDX-License-Identifier: MIT
 * CLOCK_MONOTONIC in nanoseconds. */
#pragma once
#include <stdint.h>
#include <time.h>

static inline uint64_t
srt_clock_now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
