/* SPDX-License-Identifier: MIT
 * What an engine answers, read. Pure. Whatever is not there, or is of another type, reads as nothing. Strings are to be
 * freed with free(). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* How a container is, as "inspect" says it. */
typedef struct {
  bool running, oom;
  int exit_code;
} ReplyState;

/* What an engine is, as "version" and "info" say it. */
typedef struct {
  bool podman, rootless;
  bool many_ids;        /* rootless podman: it has more users than our own to give */
  char *version, *root; /* ROOT: where it keeps everything: which store it is */
  char *cgroup_driver, *cgroup_version, *runtime;
  bool memory, swap, cpu, pids;
  bool bridge; /* it has such a network driver */
} ReplyEngine;

char *reply_id (const char *body);      /* of "create"; NULL: it has none */
char *reply_message (const char *body); /* of an error: what it says, else the beginning of the body */
bool reply_state (const char *body, ReplyState *ret);
/* The ids in a list of containers, ended by NULL; each and the array to be freed. NULL: it is no list. */
char **reply_ids (const char *body);
/* Fills what the answer says, and leaves the rest. False: not understood. */
bool reply_version (const char *body, ReplyEngine *engine);
bool reply_info (const char *body, ReplyEngine *engine);
/* Podman's own "info", which says more. */
bool reply_podman_info (const char *body, ReplyEngine *engine);
void reply_engine_clear (ReplyEngine *engine);
