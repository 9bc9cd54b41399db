/* SPDX-License-Identifier: MIT
 * One look at the machine and at our cgroups. All files stay open and all memory is taken beforehand; only when we are
 * moved to another cgroup is the chain looked up anew. */
#pragma once
#include "cgroup.h"
#include "share.h"

enum { SRT_STALL_MEMORY, SRT_STALL_CPU, SRT_STALL_IO, SRT_N_STALLS };

typedef struct {
  int root; /* the folder that is taken for "/" */
  int proc;
  SrtFile meminfo, stat, groups, pressure[SRT_N_STALLS];
  SrtScratch scratch;
  char groups_text[4096]; /* /proc/self/cgroup that the chains were opened for */
  SrtChain chains[SRT_N_ROLES];
  SrtWindow machine_cpu, group_cpu[SRT_CHAIN_LEVELS];
  SrtStall stalls[SRT_N_STALLS];
  char source[PATH_MAX]; /* srt_sample.memory_source */
} SrtSampler;

/* Opens ROOT; NULL (errno says why) when there is no "proc" in it, or no memory. */
SrtSampler *srt_sampler_new (const char *root);
void srt_sampler_free (SrtSampler *sampler);

/* Fills SAMPLE but `size`; NOW_NS is its time. `memory_source` lives until the next sample. */
void srt_sampler_take (SrtSampler *sampler, uint64_t now_ns, srt_sample *sample);
