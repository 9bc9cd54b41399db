/* SPDX-License-Identifier: MIT
 * The command line of srt-agent. Pure: nothing is opened. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* How a test's processes are held together; each but the first rests on the one before. */
typedef enum {
  SRT_HOLD_NOTHING,   /* orphans go where they like */
  SRT_HOLD_SUBREAPER, /* orphans become the agent's children */
  SRT_HOLD_NAMESPACE  /* and the agent is init of a PID namespace: its end is the end of all */
} SrtHolding;

/* Where the slot's cgroups are; NULL: there is none. */
typedef struct {
  const char *group;                       /* v2: tests are born in it, the agent stays outside */
  const char *memory, *pids, *cpu, *blkio; /* v1: the agent sits in it, and tests with it */
  uint64_t pids_max;                       /* for tests without a limit of their own; 0: none */
  bool required;                           /* a limit that is not held is a reason not to start the test */
  const char *given;                       /* where the cgroups are mounted that somebody else has made for us and the
                                              test, limits and all: they are only read */
  bool own_users;                          /* in a user namespace of the slot's own; not an argument, but found out */
} SrtPlaces;

typedef struct {
  const char *dir;     /* the run's folder */
  const char *connect; /* the socket at which the runner waits; NULL: the stream is there already */
  const char *clean;   /* folders that are as at the beginning after SETTLE, colons between; NULL: none */
  uint32_t slot;
  SrtHolding holding;
  bool is_init;       /* of a PID namespace that somebody else has made: a container */
  bool try_namespace; /* only try whether a PID namespace can be made, and say why not */
  SrtPlaces places;
} SrtArguments;

bool srt_arguments_parse (int argc, char **argv, SrtArguments *ret);
