/* SPDX-License-Identifier: MIT
 * The container engine: which one, where it listens, what it is. Podman and docker speak the same API here. */
#pragma once
#include "disk.h"
#include "http.h"
#include "reply.h"
#include "service.h"

#define ENGINE_DISKS 2

typedef struct {
  const srt_host *host;
  Http *http;
  ReplyEngine what;
  Service service; /* where we had to start it */
  uint64_t timeout_ns;
  char socket[SERVICE_SOCKET_MAX];
  char disks[ENGINE_DISKS][DISK_PATH_MAX]; /* of the working folder and the engine's store: "" none */
  const char *no_io;                       /* why operations of disks are not held; NULL: they are */
} Engine;

/* By the options runtime and socket of HOST, and by what there is. Waits for its answers, some seconds at most. SRT_OK,
 * or why there is none, and what would help. */
int32_t engine_open (Engine *engine, const srt_host *host);
void engine_close (Engine *engine);

/* Is IMAGE there? SRT_OK, or an error: with the command that makes it. Waits for the answer. */
int32_t engine_check_image (Engine *engine, const char *image);

/* SRT_LIMIT_*: that it says it holds. */
uint64_t engine_limits (const Engine *engine);
/* Why it does not hold LIMIT (one bit, not among these); constant. */
const char *engine_why_not (const Engine *engine, uint32_t limit);

/* Remove every container of RUN_ID. Waits for it. *RET_REMOVED is raised by each. */
int32_t engine_remove_run (Engine *engine, const char *run_id, uint32_t *ret_removed);

/* "podman", "docker" */
const char *engine_name (const Engine *engine);
