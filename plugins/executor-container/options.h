/* SPDX-License-Identifier: MIT
 * What the settings ask for: the options of this plugin, and a container's spec from them. */
#pragma once
#include "engine.h"
#include "spec.h"
#include <limits.h>

#define OPTIONS_LIST_MAX 64
#define OPTIONS_ULIMITS  16

#define OPTIONS_N 15
extern const srt_option options_table[OPTIONS_N];

/* What a spec that was filled points into. */
typedef struct {
  Spec spec;
  char user[32];
  char workspace[PATH_MAX];
  const char *mounts[OPTIONS_LIST_MAX + 1], *env[OPTIONS_LIST_MAX + 1], *caps[OPTIONS_LIST_MAX + 1],
      *devices[OPTIONS_LIST_MAX + 1];
  const char *disks[ENGINE_DISKS + 1];
  SpecUlimit ulimits[OPTIONS_ULIMITS + 1];
} Wanted;

/* The image that the instance asks for, for all; NULL: none. */
const char *options_image (const srt_host *host);

/* Everything of JOB's container but the places of agent and link. SRT_OK, or what makes no sense. */
int32_t options_fill (Wanted *wanted, const srt_host *host, const Engine *engine, const srt_job *job);
