/* SPDX-License-Identifier: MIT
 * Inside srt-agent: its one struct, and what its parts do with it. Made once at the start; nothing is allocated for a
 * test. */
#pragma once
#include "agent/beat.h"
#include "agent/capture.h"
#include "agent/contain.h"
#include "agent/bounds.h"
#include "agent/link.h"
#include "agent/litter.h"
#include "agent/spawn.h"
#include "agent/tmpdir.h"
#include <sys/resource.h>

/* What the agent is doing. */
typedef enum {
  SRT_STATE_IDLE,     /* no test */
  SRT_STATE_RUNNING,  /* a test runs */
  SRT_STATE_FROZEN,   /* it stands still, and so does its clock */
  SRT_STATE_ENDING,   /* it got its termination signal; grace runs */
  SRT_STATE_LINGER,   /* its main process ended by itself; what it left has a moment to go */
  SRT_STATE_KILLING,  /* everything gets SIGKILL until nothing is left */
  SRT_STATE_DRAINING, /* nothing is left; its last output waits for credit */
  SRT_STATE_LEAVING,  /* as KILLING, but the runner is gone: then the agent leaves too */
  SRT_STATE_GONE,     /* left */
  SRT_N_STATES
} SrtState;

/* What can happen. */
typedef enum {
  SRT_EVENT_START,    /* the runner sent START (decoded: agent.start) */
  SRT_EVENT_STOP,     /* … STOP (agent.order) */
  SRT_EVENT_FREEZE,   /* … FREEZE */
  SRT_EVENT_THAW,     /* … FREEZE (0) */
  SRT_EVENT_MAIN,     /* the main process was reaped */
  SRT_EVENT_EMPTY,    /* proof: no process of the test is left */
  SRT_EVENT_DEADLINE, /* the state's deadline has passed */
  SRT_EVENT_SILENT,   /* its heartbeat has stopped */
  SRT_EVENT_DRY,      /* all output is queued */
  SRT_EVENT_LEAVE,    /* the runner is gone, broke the protocol, or said SHUTDOWN */
  SRT_N_EVENTS
} SrtEvent;

#define SRT_NO_DEADLINE UINT64_MAX

/* The test that runs, or the last one. */
typedef struct {
  uint64_t id; /* the job; 0: none yet */
  pid_t main;  /* 0: reaped */
  uint32_t flags;
  uint32_t n_keep;
  const char *keep; /* names, one behind the other; in start_bytes */
  int32_t term_signal;
  uint64_t timeout_ns, grace_ns;
  uint64_t cpu_time_ns, file_size; /* limits whose signal is srt's doing */
  uint64_t started_ns, ended_ns;   /* ended: when the main process was reaped */
  uint64_t frozen_since_ns;
  uint64_t kill_since_ns, kill_pause_ns;
  int main_status; /* as from wait(2) */
  uint32_t why;    /* srt_why: NONE while srt has not ended it */
  int kill_error;  /* errno value with which a process could not be killed, or 0 */
  bool sampled;
  srt_exit end; /* what EXITED will say, as it becomes known */
  char message[SRT_TEXT_MAX];
  char leak_text[SRT_TEXT_MAX];
} SrtJobState;

typedef struct SrtAgent {
  SrtState state;
  uint64_t deadline_ns; /* of the state; SRT_NO_DEADLINE: none */
  uint64_t usage_period_ns, usage_next_ns;
  uint64_t check_next_ns; /* of the limits that are measured */
  uint32_t credit;        /* bytes of output that may be sent */
  bool by_order;          /* leaves because of SHUTDOWN: the run's folder is the runner's business then */
  bool refused;           /* leaves because something made no sense */
  pid_t self;
  int null_fd;
  bool born_in_group; /* else a test has to go there itself */
  SrtJobState job;
  SrtStart start; /* of the START that is being handled; points into start_bytes */
  struct {
    uint64_t grace_ns;
    uint32_t why;
  } order;
  SrtLink link;
  SrtCapture capture;
  SrtBeat beat;
  SrtTmpdir tmpdir;
  SrtLitter litter; /* what tests leave elsewhere */
  SrtContain *contain;
  SrtBounds bounds;
  SrtPlaces places;
  char **base_env;
  char tmpdir_entry[PATH_MAX + 8]; /* "TMPDIR=…" */
  char period_entry[48];           /* "SRT_HEARTBEAT_MS=…" */
  uint32_t start_length;
  uint8_t start_bytes[SRT_START_MAX];
  char *argv[SRT_START_STRINGS];
  char *env[2 * SRT_START_STRINGS];
  char stack[SRT_SPAWN_STACK] __attribute__ ((aligned (64)));
} SrtAgent;

/* states.c: the state table. */
void srt_agent_handle (SrtAgent *agent, SrtEvent event);

/* frames.c: what the runner says, handed to the table; leaves when it makes no sense. */
void srt_agent_read (SrtAgent *agent);
void srt_agent_refuse (SrtAgent *agent, const char *reason);

/* job.c: the parts of a test's life that the table's actions are made of. */
void srt_job_forget_own_names (void);  /* once: in our own environment they are of a test that runs srt */
bool srt_job_spawn (SrtAgent *agent);  /* false: not started, and reported */
void srt_job_reap (SrtAgent *agent);   /* wait for whoever has ended; raises MAIN and EMPTY */
void srt_job_sample (SrtAgent *agent); /* measure, and tell the runner */
void srt_job_check (SrtAgent *agent);  /* measure, and end a test that is over its limits */
void srt_job_report (SrtAgent *agent); /* EXITED */
