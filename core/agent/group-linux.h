/* SPDX-License-Identifier: MIT
 * The cgroup (v2) in which a slot's tests are born: stopped and killed by one write each, and empty by the word of the
 * kernel. The agent itself stays outside, or cgroup.kill would hit it.
 *
 * It lies below the slot's own cgroup, which has the limits, and is made anew after each cgroup.kill: some kernels
 * (seen: 6.18) also kill whoever is born (CLONE_INTO_CGROUP) in a cgroup that was killed once by a parent outside. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct {
  int slot; /* the slot's cgroup; -1: there is none */
  int dir;  /* the one below it; -1: there is none */
  int kill, freeze, events;
  uint32_t number; /* of the one below */
  bool killed;     /* it cannot be used again */
} SrtGroup;

/* PATH: the slot's cgroup, or NULL. What a dead agent left in it is killed and removed. 0, or an errno value: then it
 * is as with NULL. */
int srt_group_open (SrtGroup *group, const char *path);
/* *RET_FD: the folder in which the next test is to be born, -1 where there is no cgroup. Only when nothing is left of
 * the last one. 0, or an errno value: it could not be made. */
int srt_group_next (SrtGroup *group, int *ret_fd);
/* 0, or an errno value. */
int srt_group_kill (SrtGroup *group);
/* PID goes to the cgroup of the run that is for those who outlive their test. False: it cannot. */
bool srt_group_release (const SrtGroup *group, pid_t pid);
/* False: it does not stand still within its time, or cannot be told to. */
bool srt_group_freeze (const SrtGroup *group, bool frozen);
bool srt_group_is_empty (const SrtGroup *group);
