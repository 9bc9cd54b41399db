/* SPDX-License-Identifier: MIT
 * Podman's API service on a socket of our own, started below srt-warden, where none runs already. It ends with us,
 * however we end. */
#pragma once
#include <limits.h>
#include <srt/srt-plugin.h>
#include <stdbool.h>

#define SERVICE_SOCKET_MAX 108 /* bytes of a Unix socket's path, with its NUL */

typedef struct {
  const srt_host *host;
  srt_helper *helper; /* the warden; NULL: none */
  int alive;          /* what the warden waits for the end of; -1: none */
  bool ending;
  bool own_dir; /* DIR is ours to remove */
  uint32_t restarts;
  srt_post_fn done; /* of the end that was asked for */
  void *done_data;
  char dir[PATH_MAX];
  char socket[SERVICE_SOCKET_MAX];
} Service;

/* SRT_OK, or why it cannot be started; it does not answer yet. */
int32_t service_start (Service *service, const srt_host *host);
/* Not started, or ended already? *RET_WORDS: its last ones, with the size of TEXT. */
bool service_has_ended (const Service *service, char *text, size_t size);
/* In the background; DONE may come from within this call. */
void service_stop (Service *service, srt_post_fn done, void *data);
/* Whatever still runs is killed. */
void service_close (Service *service);

/* The dead run whose folder was DIR may still have a service that makes containers. Wait for its end, some seconds.
 * False: it does not end. */
bool service_wait_for_dead (const char *dir);
