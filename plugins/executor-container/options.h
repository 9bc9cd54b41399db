/* SPDX-License-Identifier: MIT
 * What the settings ask for: the options of this plugin, and a container's spec from them. */
#pragma once
#include "engine.h"
#include "spec.h"
#include <limits.h>

#define OPTIONS_LIST_MAX 64
#define OPTIONS_ULIMITS  16

#define OPTIONS_N 17
extern const srt_option options_table[OPTIONS_N];

/* What a spec that was filled points into. */
typedef struct {
  Spec spec;
  uint32_t reuse; /* tests that one container takes, one after the other */
  char user[32];
  char workspace[PATH_MAX];
  const char *mounts[OPTIONS_LIST_MAX + 1], *env[OPTIONS_LIST_MAX + 1], *caps[OPTIONS_LIST_MAX + 1],
      *devices[OPTIONS_LIST_MAX + 1];
  const char *disks[ENGINE_DISKS + 1];
  SpecUlimit ulimits[OPTIONS_ULIMITS + 1];
} Wanted;

/* No limit is to be held. */
bool options_off (const srt_host *host);

/* How many tests a container of the instance takes, where a suite does not say it. */
uint32_t options_reuse (const srt_host *host);

/* Everything of JOB's container but the places of agent and link. SRT_OK, or what makes no sense. */
int32_t options_fill (Wanted *wanted, const srt_host *host, const Engine *engine, const srt_job *job);

/* Caps that the level of isolation puts on JOB, where LIMITS has none. */
void options_limit (srt_limits *limits, const srt_host *host, const srt_job *job);

/* Could tests with OPTIONS of their suite (NULL: none) be started, and is their image there? Waits for the engine. */
int32_t options_check (const srt_host *host, Engine *engine, const srt_values *options);
