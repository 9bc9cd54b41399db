/* SPDX-License-Identifier: MIT */
#include "http.h"
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAX (16u << 20) /* an engine that says more is broken */
#define NS_A_MS  1000000ull

typedef struct Call Call;
struct Call {
  Http *http;
  CURL *easy;
  HttpFn fn; /* NULL: somebody waits for it */
  void *data;
  char *body;
  size_t length, size;
  char error[CURL_ERROR_SIZE];
  Call *next, **back; /* of all that are under way */
};

struct Http {
  const srt_host *host;
  char *socket;
  CURLM *multi;
  struct curl_slist *headers;
  srt_source *timer;
  Call *calls;
  Call *asked; /* the last that was waited for */
};

/* --- one call ------------------------------------------------------------------------------------------------- */

static size_t
take_body (char *bytes, size_t size, size_t n, void *data)
{
  Call *call = data;
  size_t wanted = call->length + n + 1;
  char *body;

  if (wanted > BODY_MAX)
    return 0;
  if (wanted > call->size) {
    body = realloc (call->body, wanted * 2);
    if (body == NULL)
      return 0;
    call->body = body;
    call->size = wanted * 2;
  }
  memcpy (call->body + call->length, bytes, n);
  call->length += n;
  call->body[call->length] = '\0';
  return n;
}

static void
call_free (Call *call)
{
  if (call == NULL)
    return;
  if (call->back) {
    *call->back = call->next;
    if (call->next)
      call->next->back = call->back;
    curl_multi_remove_handle (call->http->multi, call->easy);
  }
  curl_easy_cleanup (call->easy);
  free (call->body);
  free (call);
}

static Call *
call_new (Http *http, const char *method, const char *path, const char *body, uint64_t timeout_ns)
{
  Call *call = calloc (1, sizeof *call);
  char url[4096];

  if (call == NULL)
    return NULL;
  call->http = http;
  call->easy = curl_easy_init ();
  if (call->easy == NULL) {
    free (call);
    return NULL;
  }
  snprintf (url, sizeof url, "http://localhost%s", path);
  curl_easy_setopt (call->easy, CURLOPT_URL, url);
  curl_easy_setopt (call->easy, CURLOPT_UNIX_SOCKET_PATH, http->socket);
  curl_easy_setopt (call->easy, CURLOPT_CUSTOMREQUEST, method);
  curl_easy_setopt (call->easy, CURLOPT_HTTPHEADER, http->headers);
  curl_easy_setopt (call->easy, CURLOPT_PROXY, "");
  curl_easy_setopt (call->easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (call->easy, CURLOPT_TIMEOUT_MS, (long)(timeout_ns / NS_A_MS + 1));
  curl_easy_setopt (call->easy, CURLOPT_ERRORBUFFER, call->error);
  curl_easy_setopt (call->easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt (call->easy, CURLOPT_WRITEDATA, call);
  curl_easy_setopt (call->easy, CURLOPT_PRIVATE, call);
  if (body || strcmp (method, "POST") == 0)
    curl_easy_setopt (call->easy, CURLOPT_COPYPOSTFIELDS, body ? body : "");
  return call;
}

static HttpReply
reply_of (Call *call, CURLcode code)
{
  HttpReply reply = { .body = call->body ? call->body : "",
                      .length = call->length,
                      .away = code != CURLE_OK && code != CURLE_OPERATION_TIMEDOUT };

  if (code == CURLE_OK)
    curl_easy_getinfo (call->easy, CURLINFO_RESPONSE_CODE, &reply.status);
  else if (code == CURLE_OPERATION_TIMEDOUT)
    reply.error = "it did not answer in time";
  else
    reply.error = call->error[0] ? call->error : curl_easy_strerror (code);
  return reply;
}

/* --- on the host's loop --------------------------------------------------------------------------------------- */

/* Who is told may make new calls, but never frees all of it. */
static void
finish_calls (Http *http)
{
  CURLMsg *message;
  int left;

  while ((message = curl_multi_info_read (http->multi, &left))) {
    CURLcode code = message->data.result;
    HttpReply reply;
    Call *call;

    if (message->msg != CURLMSG_DONE)
      continue;
    curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
    reply = reply_of (call, code);
    call->fn (call->data, &reply);
    call_free (call);
  }
}

static void
on_fd (void *data, int fd, uint32_t events)
{
  Http *http = data;
  int mask = (events & SRT_FD_READ ? CURL_CSELECT_IN : 0) | (events & SRT_FD_WRITE ? CURL_CSELECT_OUT : 0) |
             (events & (SRT_FD_HANGUP | SRT_FD_ERROR) ? CURL_CSELECT_IN | CURL_CSELECT_ERR : 0);
  int running;

  curl_multi_socket_action (http->multi, fd, mask, &running);
  finish_calls (http);
}

static void
on_timer (void *data)
{
  Http *http = data;
  int running;

  curl_multi_socket_action (http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  finish_calls (http);
}

static int
watch_socket (CURL *easy, curl_socket_t fd, int what, void *data, void *socket_data)
{
  Http *http = data;
  srt_source *source = socket_data;
  uint32_t events = (what & CURL_POLL_IN ? SRT_FD_READ : 0) | (what & CURL_POLL_OUT ? SRT_FD_WRITE : 0);

  if (what == CURL_POLL_REMOVE) {
    http->host->remove (source);
    curl_multi_assign (http->multi, fd, NULL);
  } else if (source)
    http->host->modify_fd (source, events);
  else
    curl_multi_assign (http->multi, fd, http->host->add_fd (http->host, fd, events, on_fd, http));
  return 0;
}

static int
set_timer (CURLM *multi, long timeout_ms, void *data)
{
  Http *http = data;

  http->host->set_timer (http->timer, timeout_ms < 0 ? SRT_NEVER : (uint64_t)timeout_ms * NS_A_MS);
  return 0;
}

bool
http_call (Http *http, const char *method, const char *path, const char *body, uint64_t timeout_ns, HttpFn fn,
           void *data)
{
  Call *call = call_new (http, method, path, body, timeout_ns);

  if (call == NULL)
    return false;
  call->fn = fn;
  call->data = data;
  call->next = http->calls;
  call->back = &http->calls;
  if (call->next)
    call->next->back = &call->next;
  http->calls = call;
  if (curl_multi_add_handle (http->multi, call->easy) == CURLM_OK)
    return true;
  call_free (call);
  return false;
}

HttpReply
http_ask (Http *http, const char *method, const char *path, const char *body, uint64_t timeout_ns)
{
  Call *call = call_new (http, method, path, body, timeout_ns);

  call_free (http->asked);
  http->asked = call;
  if (call == NULL)
    return (HttpReply){ .error = "out of memory", .body = "" };
  return reply_of (call, curl_easy_perform (call->easy));
}

/* --- life ----------------------------------------------------------------------------------------------------- */

Http *
http_new (const srt_host *host, const char *socket)
{
  Http *http = calloc (1, sizeof *http);

  if (http == NULL || curl_global_init (CURL_GLOBAL_NOTHING) != CURLE_OK) {
    free (http);
    return NULL;
  }
  http->host = host;
  http->socket = strdup (socket);
  http->multi = curl_multi_init ();
  http->headers = curl_slist_append (NULL, "Content-Type: application/json");
  http->timer = host->add_timer (host, SRT_NEVER, on_timer, http);
  if (!http->socket || !http->multi || !http->headers || !http->timer) {
    http_free (http);
    return NULL;
  }
  curl_multi_setopt (http->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
  curl_multi_setopt (http->multi, CURLMOPT_SOCKETDATA, http);
  curl_multi_setopt (http->multi, CURLMOPT_TIMERFUNCTION, set_timer);
  curl_multi_setopt (http->multi, CURLMOPT_TIMERDATA, http);
  return http;
}

void
http_drop_calls (Http *http)
{
  while (http && http->calls)
    call_free (http->calls);
}

void
http_free (Http *http)
{
  if (http == NULL)
    return;
  http_drop_calls (http);
  call_free (http->asked);
  if (http->multi)
    curl_multi_cleanup (http->multi);
  http->host->remove (http->timer);
  curl_slist_free_all (http->headers);
  free (http->socket);
  free (http);
  curl_global_cleanup ();
}
