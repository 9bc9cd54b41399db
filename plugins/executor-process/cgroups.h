/* SPDX-License-Identifier: MIT
 * The cgroups of a run: "srt-RUN_ID" below our own cgroup in each hierarchy, and in it "slot-N" for each slot. Below
 * our own, never beside or above it. Version 2 is asked first for every controller; what it has not got, version 1 may.
 * Everything is tried by doing it, and why something cannot be had is kept. cgroups-posix.c is the twin for systems
 * that have none. */
#pragma once
#include <limits.h>
#include <srt/srt-plugin.h>
#include <stdbool.h>

/* The controllers that limits need; in both versions. */
typedef enum { CONTROLLER_MEMORY, CONTROLLER_PIDS, CONTROLLER_CPU, CONTROLLER_IO, N_CONTROLLERS } Controller;

typedef struct {
  unsigned version;    /* 0: nowhere */
  bool handed_down;    /* v2: by us, from our own cgroup to the run's */
  char path[PATH_MAX]; /* v1: the run's cgroup */
  char why[256];       /* version 0: why not */
} ControllerPlace;

typedef struct {
  char group[PATH_MAX]; /* v2: the run's cgroup; "" none */
  char own[PATH_MAX];   /* v2: ours, where we have stepped aside from it; "" */
  char why_no_group[256];
  ControllerPlace controllers[N_CONTROLLERS];
  char leaf[128]; /* name of the run's cgroups */
} Cgroups;

/* What to make. */
enum { CGROUPS_GROUP = 1u << 0, CGROUPS_LIMITS = 1u << 1 };

/* Make them, each after its line in the ledger. Never fails: what is not there says why. RUN_ID "": only to try. */
void cgroups_make (Cgroups *cgroups, const srt_host *host, uint32_t what);
/* False (errno): one of the slot's could not be made. */
bool cgroups_make_slot (Cgroups *cgroups, uint32_t slot);
/* Kill who is still in them, and remove them. What there was, and why not, stays to be read. */
void cgroups_remove (Cgroups *cgroups);

/* One cgroup with all below it: kill and remove. *RET_KILLED is raised by the processes, *RET_REMOVED by the cgroups.
 * 0, or an errno value. */
int cgroup_remove_tree (const char *path, uint32_t *ret_killed, uint32_t *ret_removed);

/* cgroup-v2-linux.c, cgroup-v1-linux.c: the parts of cgroups_make. OWN: our own cgroup's folder. False: why is said. */
bool cgroup_v2_make (Cgroups *cgroups, const char *own, const srt_host *host);
bool cgroup_v2_delegate (Cgroups *cgroups, const char *own, Controller controller);
bool cgroup_v1_make (Cgroups *cgroups, const char *own, Controller controller, const srt_host *host);

/* '+': the children of DIR get CONTROLLER; '-': they have it no more. 0, or an errno value. */
int cgroup_v2_hand (const char *dir, char sign, Controller controller);

/* cgroup-step-linux.c: our own cgroup must not hold us if it is to hand down controllers. False: we cannot leave it, as
 * others are in it too, or cannot come back. */
bool cgroup_step_aside (Cgroups *cgroups, const char *own);
bool cgroup_step_back (Cgroups *cgroups);

/* Name in each version: "memory", "pids", "cpu", "io" / "blkio". */
const char *controller_name (Controller controller, unsigned version);

/* mkdir with its ledger line before it; 0, or an errno value. Into PATH: its path. */
int cgroup_make_dir (const srt_host *host, const char *own, const char *leaf, char path[PATH_MAX]);
