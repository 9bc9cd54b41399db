/* SPDX-License-Identifier: MIT
 * Calls to an engine's API over its Unix socket, with libcurl on the host's loop. Each call is answered once, in any
 * case in its time; nothing blocks but http_ask. */
#pragma once
#include <srt/srt-plugin.h>
#include <stdbool.h>

/* What came back. STATUS 0: nothing did, and ERROR says why. BODY has a NUL behind it; all live until the call's
 * function returns. */
typedef struct {
  long status;
  const char *body;
  size_t length;
  const char *error;
  bool away; /* nobody listens, or has hung up: the call may have been heard or not */
} HttpReply;

typedef void (*HttpFn) (void *data, const HttpReply *reply);

typedef struct Http Http;

/* NULL: out of memory. SOCKET: path. */
Http *http_new (const srt_host *host, const char *socket);
/* Calls that are under way are dropped: nobody is told; not from within one's function. NULL is ignored. */
void http_drop_calls (Http *http);
/* With its calls. NULL is ignored. */
void http_free (Http *http);

/* BODY: JSON, or NULL. FN is never called from within this. False: out of memory. */
bool http_call (Http *http, const char *method, const char *path, const char *body, uint64_t timeout_ns, HttpFn fn,
                void *data);
/* The same, waiting for the answer. It lives until the next. Only where a run has not begun, or must be cleaned up. */
HttpReply http_ask (Http *http, const char *method, const char *path, const char *body, uint64_t timeout_ns);
