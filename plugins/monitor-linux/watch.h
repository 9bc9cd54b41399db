/* SPDX-License-Identifier: MIT
 * Being woken when tasks wait for memory: a trigger on a pressure file of the kernel, of the machine or of our cgroup.
 */
#pragma once
#include "sample.h"

enum { SRT_WATCH_MACHINE, SRT_WATCH_GROUP, SRT_N_WATCHES };

/* A descriptor that shows POLLPRI when some task waited for memory for PERCENT of a window, and POLLERR when the file
 * is gone for good; the caller closes it. -1 (errno says why): there is no such file, or it takes no trigger. */
int srt_watch_open (SrtSampler *sampler, unsigned which, uint32_t percent);
