/* SPDX-License-Identifier: MIT
 * What every executor says to an agent and hears from it, whatever the agent runs in: one stream, at most one job.
 * What is heard of the job goes to the core; what concerns the agent itself goes to the owner of the link. */
#pragma once
#include "stream.h"
#include "srt/srt-plugin.h"

/* How the owner is told. None of these is called from within an order. */
typedef struct {
  /* The job has ended; the link has none any more. The owner tells the core. */
  void (*exited) (void *data, uint64_t job, const srt_exit *end);
  /* Output that has gone to the core. May be NULL. */
  void (*output) (void *data, const void *bytes, size_t length);
  /* The answer to settle: ERROR is an errno value, or 0. NULL: the user is told of an error. */
  void (*settled) (void *data, uint32_t error);
  /* The agent says that it is about to leave; why is in last_words. */
  void (*leaving) (void *data);
  /* It makes no sense any more (last_words), and nothing that it says is listened to from now on. */
  void (*condemned) (void *data);
  /* The end of the stream; the link is closed. */
  void (*ended) (void *data);
} AgentLinkCalls;

typedef struct {
  const srt_host *host;
  const srt_executor_events *events;
  const AgentLinkCalls *calls;
  void *data;
  uint64_t job;         /* that runs; 0: none */
  uint32_t owed;        /* output taken since the last credit */
  bool deaf;            /* condemned, or about to leave */
  srt_source *source;   /* NULL: closed */
  char last_words[256]; /* why it leaves, or why it is not listened to any more */
  Stream stream;
} AgentLink;

/* A START as bytes. Zeroed: empty; to be freed. */
typedef struct {
  uint8_t *bytes;
  size_t length, size;
} AgentStart;

/* CALLS stays. Nothing is open then. */
void agent_link_init (AgentLink *link, const srt_host *host, const AgentLinkCalls *calls, void *data);
/* FD, which is the link's from now on, leads to an agent: greet it. SRT_OK, or NO_MEMORY: then FD is closed. */
int32_t agent_link_open (AgentLink *link, int fd, uint64_t usage_period_ns);
void agent_link_close (AgentLink *link);

/* What the agent would refuse is refused here, as it would cost the agent: INVALID. Else NO_MEMORY. */
int32_t agent_start_encode (AgentStart *start, const srt_host *host, const srt_job *job);

/* Orders. A link that is closed swallows them: its end has been told. SRT_OK or NO_MEMORY. */
int32_t agent_link_start (AgentLink *link, uint64_t job, const AgentStart *start);
int32_t agent_link_stop (AgentLink *link, uint64_t grace_ns, uint32_t why);
int32_t agent_link_freeze (AgentLink *link, uint32_t frozen);
int32_t agent_link_settle (AgentLink *link, uint64_t job, const char *keep_dir); /* NULL: throw it away */
int32_t agent_link_set_usage_period (AgentLink *link, uint64_t period_ns);
int32_t agent_link_leave (AgentLink *link);

/* Whatever it says next is not listened to; as when it made no sense. */
void agent_link_condemn (AgentLink *link, const char *why);

/* Read and handle what is there: 1; 0 nothing now; -1 the end. Only for an owner that cannot wait for the loop. */
int agent_link_listen (AgentLink *link);
