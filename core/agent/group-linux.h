/* SPDX-License-Identifier: MIT
 * The cgroup (v2) of a slot, in which its tests are born: stopped and killed by one write each, and empty by the word
 * of the kernel. The agent itself stays outside, or cgroup.kill would hit it. */
#pragma once
#include <stdbool.h>

typedef struct {
  int dir; /* -1: there is none */
  int kill, freeze, events;
} SrtGroup;

/* PATH may be NULL. What a dead agent left in it is killed and thawed: nothing may be started into a frozen one. 0, or
 * an errno value: then it is as with NULL. */
int srt_group_open (SrtGroup *group, const char *path);
/* 0, or an errno value. */
int srt_group_kill (const SrtGroup *group);
/* False: it does not stand still within its time, or cannot be told to. */
bool srt_group_freeze (const SrtGroup *group, bool frozen);
bool srt_group_is_empty (const SrtGroup *group);
