/* SPDX-License-Identifier: MIT
 * A worker: one agent, and the at most one job that it runs. When the agent dies its job is LOST and another agent
 * takes its place, WORKER_RESTARTS times. */
#pragma once
#include "containment.h"
#include "../shared/agent-link.h"

#define WORKER_RESTARTS 3
#define WORKER_ARGV_MAX 12

typedef struct Process Process;

typedef enum {
  WORKER_UP,      /* an agent is there */
  WORKER_DYING,   /* it makes no sense any more, or has hung up; its exit status is awaited */
  WORKER_LEAVING, /* it was told to leave */
  WORKER_GONE     /* no agent, and none will come */
} WorkerState;

typedef struct {
  Process *owner;
  uint32_t slot; /* its number: of its TMPDIR */
  WorkerState state;
  uint32_t restarts;
  uint64_t unsettled;   /* a job that left something in TMPDIR and waits for settle; 0: none */
  AgentStart pending;   /* waits for the next agent, as this one died idle; its length is 0: nothing does */
  srt_helper *helper;   /* the agent's process */
  srt_source *patience; /* runs while a stop is obeyed */
  const char *argv[WORKER_ARGV_MAX]; /* of the agent; all but the first are its own */
  AgentLink link;
} Worker;

/* What all workers of an instance share. */
struct Process {
  const srt_host *host;
  const srt_executor_events *events;
  const char *agent; /* path of srt-agent */
  Containment containment;
  uint64_t usage_period_ns;
  uint32_t n_workers;
  Worker **workers;
  AgentStart start;     /* as it is made */
  srt_source *deadline; /* of the shutdown */
  srt_post_fn done;
  void *done_data;
};

/* SRT_OK, or why there can be no agent. */
int32_t worker_open (Process *owner, uint32_t slot, Worker **ret);
/* Whatever still runs is killed. */
void worker_free (Worker *worker);

/* Can it take a job now? One whose agent has just died can: the next agent starts it. */
bool worker_is_idle (const Worker *worker);
int32_t worker_start (Worker *worker, const srt_job *job);
int32_t worker_stop (Worker *worker, uint64_t grace_ns, uint32_t why);
int32_t worker_settle (Worker *worker, const char *keep_dir);
void worker_leave (Worker *worker);
void worker_kill (Worker *worker);

/* worker-events.c */
extern const AgentLinkCalls worker_calls;
void worker_on_exit (void *data, srt_helper *helper, int status);
void worker_on_patience (void *data);
/* worker.c, for the above */
int32_t worker_spawn (Worker *worker);

/* worker-argv.c: what an agent is told when it is started. False: out of memory. */
bool worker_build_argv (Worker *worker);
void worker_free_argv (Worker *worker);

/* executor-process.c: a worker is gone for good. */
void process_worker_gone (Process *process);
