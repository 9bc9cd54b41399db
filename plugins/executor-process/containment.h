/* SPDX-License-Identifier: MIT
 * How an instance contains its tests: the tier that was got by trying, the run's cgroups, and which limits are really
 * held by what. Made by describe, before anything is started; nothing is made where there is no run. */
#pragma once
#include "cgroups.h"
#include "tiers.h"

typedef struct {
  Tier tier;
  Want enforcement;
  uint64_t pids_max; /* for tests without a limit of their own; 0: none */
  bool opened;
  Cgroups cgroups;
} Containment;

/* The options containment, tier, enforcement and pids_max of HOST. What is asked for and cannot be had is said once, or
 * where it is required an error. AGENT: path of srt-agent. */
int32_t containment_open (Containment *containment, const srt_host *host, const char *agent);
/* Kill who is left in the run's cgroups and remove them. */
void containment_close (Containment *containment);

/* SRT_LIMIT_*: held by the kernel or by measuring. */
uint64_t containment_limits (const Containment *containment);
/* Why LIMIT (one bit) is not; NULL when it is. */
const char *containment_why_not (const Containment *containment, uint32_t limit);

/* May a test with LIMITS (NULL: none) be started? SRT_E_UNSUPPORTED where enforcement is required and one is not held.
 */
int32_t containment_check (const Containment *containment, const srt_host *host, const srt_limits *limits);

/* Say of each tier and each controller whether it can be had here, and why not. Changes nothing. */
void containment_tell (const srt_host *host, const char *agent);
