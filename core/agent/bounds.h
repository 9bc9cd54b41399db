/* SPDX-License-Identifier: MIT
 * The limits of a test that are not rlimits: put in force before it starts, changed only where they differ from those
 * of the test before; and the evidence of what they did, read at its end.
 *
 * Held by the slot's cgroups where there are any (v2 first, then v1); where not, memory, processes and CPU time of the
 * tree are measured, and a test that is over is killed. bounds-posix.c is the portable twin, which has neither. */
#pragma once
#include "agent/arguments.h"
#include "agent/protocol.h"

#define SRT_CHECK_NS    100000000ull /* how often what is measured is looked at */
#define SRT_HELD_BY_MAX 256u
#define SRT_LEFT_MIN    (16u << 20) /* less than that is not looked for */

typedef enum { SRT_BY_NOTHING, SRT_BY_MEASURING, SRT_BY_RLIMIT, SRT_BY_V1, SRT_BY_V2 } SrtMechanism;

/* One controller: which version has it, its files (-1: none), and what was last written. */
typedef struct {
  SrtMechanism by;
  bool joined; /* v1: the agent sits in it */
  bool given;  /* made, with its limits, by somebody else; only read */
  int dir, limit, more, events, peak;
  uint64_t value;
  uint64_t device; /* io: of which disk */
} SrtController;

/* What the kernel has counted. */
typedef struct {
  uint64_t oom_kills, pids_hits, user_us, system_us;
} SrtCounters;

typedef struct {
  SrtController memory, pids, cpu, io;
  int cpu_stat;      /* v2: the tests' CPU time, and nobody else's; -1: none */
  uint64_t pids_max; /* for tests without a limit of their own */
  bool own_users;    /* RLIMIT_NPROC counts the slot's processes alone */
  uint64_t others;   /* processes of our user that RLIMIT_NPROC counts too; UINT64_MAX: it does not hold us */
  uint32_t measured; /* SRT_LIMIT_*: of the test that runs, those that measuring holds */
  SrtMechanism memory_by, pids_by; /* for the test that runs */
  uint64_t processes_max;          /* its own limit or the cap; 0: none */
  uint64_t nproc;                  /* RLIMIT_NPROC for it; 0: none */
  bool peak_known;                 /* it is counted from the start of the test that runs */
  uint64_t last_peak;              /* of the cgroup during the test before */
  uint64_t left;                   /* bytes, cache most of all, that tests before have left in the cgroup */
  srt_limits limits;               /* of the test that runs */
  SrtCounters before;
  char held_by[SRT_HELD_BY_MAX];
} SrtBounds;

void srt_bounds_open (SrtBounds *bounds, const SrtPlaces *places);

/* Put WANTED in force for a test that will run in CWD. Returns the SRT_LIMIT_* of it that nothing here holds. */
uint32_t srt_bounds_set (SrtBounds *bounds, const srt_limits *wanted, const char *cwd);
/* Do tests sit in a cgroup with the agent that has a limit on memory? Then they must go first. */
bool srt_bounds_shares_memory (const SrtBounds *bounds);
/* It is being killed: dying needs CPU too. */
void srt_bounds_lift_cpu (SrtBounds *bounds);

/* Is the tree, which uses USAGE, over what is measured? The SRT_LIMIT_* and in TEXT why, or 0. */
uint32_t srt_bounds_over (const SrtBounds *bounds, const srt_usage *usage, char *text, size_t size);
/* CPU time that the kernel has counted since the start, where it does so: replaces that of USAGE. */
void srt_bounds_count_cpu (const SrtBounds *bounds, srt_usage *usage);
/* The test has ended, and nothing of it runs: what the kernel says about it, into END, and TEXT if that is empty. */
void srt_bounds_end (SrtBounds *bounds, srt_exit *end, char *text, size_t size);
