/* SPDX-License-Identifier: MIT
 * Start one test: a session and process group of its own, signals at their defaults and unblocked, 0, 1, 2, its
 * heartbeat's if it has one, and no other descriptor (all of the agent's are close-on-exec), rlimits, working folder,
 * then exec.
 *
 * A program without '/' is looked up in the PATH of the *test's* environment; a relative path is seen from its working
 * folder. A script needs a #! line: no shell is tried in its place, since a test that runs under another interpreter
 * than it thinks is worse than one that does not start. */
#pragma once
#include <limits.h>
#include <sys/types.h>
#include "agent/protocol.h"

#define SRT_SPAWN_STACK (64u * 1024)

typedef struct {
  char **argv;
  char **env;
  const char *cwd;
  const char *stdin_path; /* NULL: null_fd */
  pid_t agent;            /* our own number */
  int null_fd, out_fd, err_fd;
  int beat_fd;     /* to be SRT_BEAT_FD in the test; -1: none */
  int group_fd;    /* the cgroup (v2) to be born in; -1: the one of the agent */
  bool join_group; /* it cannot be born in it, and goes there by itself before anything else */
  bool dies_first; /* when memory runs out, before the agent */
  const srt_limits *limits;
  uint64_t nproc; /* RLIMIT_NPROC; 0: as it is */
  void *stack;    /* SRT_SPAWN_STACK bytes for the child until it execs */
} SrtSpawnPlan;

typedef enum { SRT_STAGE_FORK, SRT_STAGE_GROUP, SRT_STAGE_STDIN, SRT_STAGE_CWD, SRT_STAGE_EXEC } SrtSpawnStage;

typedef struct {
  int error; /* errno value */
  SrtSpawnStage stage;
} SrtSpawnFailure;

/* The process that was started, or -1 and why; then nothing is left of it but a child to be reaped, if it came that
 * far. In spawn-linux.c the child borrows our memory until it execs (as fast as it gets); spawn-posix.c forks. */
pid_t srt_spawn_start (SrtSpawnPlan *plan, SrtSpawnFailure *ret);

/* Can a child be born in PLAN's cgroup (its group_fd and stack are enough), and does it live? Not before Linux 5.7; and
 * some kernels (seen: 6.18) kill it at once when our own cgroup was the target of a cgroup.kill some day. */
bool srt_spawn_is_born_in (const SrtSpawnPlan *plan);

/* Once, at the start: close what the agent was not meant to inherit, from FIRST up. */
void srt_spawn_close_inherited (int first);

/* The way of the child from its birth to exec. Returns only on failure. It may run in the parent's memory: no
 * allocation, nothing that is kept. */
void srt_spawn_in_child (const SrtSpawnPlan *plan, SrtSpawnFailure *ret);

/* "tests/x: its interpreter /usr/bin/foo is missing". Looks at the files again, so it is for people, not for decisions.
 */
void srt_spawn_explain (const SrtSpawnPlan *plan, const SrtSpawnFailure *failure, char *text, size_t size);

const char *srt_spawn_path_of (char *const *env); /* PATH as the lookup uses it */
/* Put the next candidate "DIR/NAME" of *PATH into TEXT and step on; false at the end. Too long ones are left out. */
bool srt_spawn_next_candidate (const char **path, const char *name, char text[PATH_MAX]);
