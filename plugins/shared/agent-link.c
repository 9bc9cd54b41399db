/* SPDX-License-Identifier: MIT */
#include "agent-link.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- orders --------------------------------------------------------------------------------------------------- */

static int32_t
order (AgentLink *link, SrtFrameType type, uint64_t job, const void *payload, size_t length)
{
  if (!stream_put (&link->stream, type, job, payload, length)) {
    link->host->set_errorf (link->host, "out of memory");
    return SRT_E_NO_MEMORY;
  }
  if (stream_flush (&link->stream) && link->source)
    link->host->modify_fd (link->source, SRT_FD_READ | SRT_FD_WRITE);
  return SRT_OK;
}

int32_t
agent_link_start (AgentLink *link, uint64_t job, const AgentStart *start)
{
  int32_t status = order (link, SRT_FRAME_START, job, start->bytes, start->length);

  if (status == SRT_OK)
    link->job = job;
  return status;
}

int32_t
agent_link_stop (AgentLink *link, uint64_t grace_ns, uint32_t why)
{
  uint8_t payload[12];
  SrtPut put = { payload, payload + sizeof payload, false };

  srt_put_u64 (&put, grace_ns);
  srt_put_u32 (&put, why);
  return order (link, SRT_FRAME_STOP, link->job, payload, sizeof payload);
}

int32_t
agent_link_freeze (AgentLink *link, uint32_t frozen)
{
  uint8_t payload[4];
  SrtPut put = { payload, payload + sizeof payload, false };

  srt_put_u32 (&put, frozen);
  return order (link, SRT_FRAME_FREEZE, link->job, payload, sizeof payload);
}

int32_t
agent_link_settle (AgentLink *link, uint64_t job, const char *keep_dir)
{
  const char *text = keep_dir ? keep_dir : "";

  return order (link, SRT_FRAME_SETTLE, job, text, strlen (text) + 1);
}

int32_t
agent_link_set_usage_period (AgentLink *link, uint64_t period_ns)
{
  uint8_t payload[8];
  SrtPut put = { payload, payload + sizeof payload, false };

  srt_put_u64 (&put, period_ns);
  return order (link, SRT_FRAME_USAGE_PERIOD, 0, payload, sizeof payload);
}

int32_t
agent_link_leave (AgentLink *link)
{
  return order (link, SRT_FRAME_SHUTDOWN, 0, NULL, 0);
}

static int32_t
grow (AgentStart *start, const srt_host *host, size_t n)
{
  uint8_t *bytes = n <= start->size ? start->bytes : realloc (start->bytes, n);

  if (bytes == NULL) {
    host->set_errorf (host, "out of memory");
    return SRT_E_NO_MEMORY;
  }
  start->bytes = bytes;
  start->size = n > start->size ? n : start->size;
  start->length = n;
  return SRT_OK;
}

int32_t
agent_start_encode (AgentStart *start, const srt_host *host, const srt_job *job)
{
  size_t n = srt_start_size (job);
  const char *reason;
  SrtStart decoded;
  int32_t status;

  if (n > SRT_START_MAX) {
    host->set_errorf (host, "its arguments and environment take %zu bytes; at most %u can be passed", n, SRT_START_MAX);
    return SRT_E_INVALID;
  }
  status = grow (start, host, n);
  if (status < 0)
    return status;
  srt_start_encode (job, start->bytes, n);
  reason = srt_start_decode (start->bytes, n, &decoded);
  if (reason == NULL)
    return SRT_OK;
  host->set_errorf (host, "%s", reason);
  return SRT_E_INVALID;
}

/* --- what is heard -------------------------------------------------------------------------------------------- */

void
agent_link_condemn (AgentLink *link, const char *why)
{
  if (link->last_words[0] == '\0')
    snprintf (link->last_words, sizeof link->last_words, "%s", why);
  link->deaf = true;
  link->calls->condemned (link->data);
}

static void
on_output (AgentLink *link, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  uint32_t stream = srt_get_u32 (&get);
  size_t n = (size_t)(get.end - get.at);
  uint8_t payload[4];
  SrtPut put = { payload, payload + sizeof payload, false };

  link->events->output (link->host, frame->job, stream, get.at, n);
  if (link->calls->output)
    link->calls->output (link->data, get.at, n);
  link->owed += (uint32_t)n;
  if (link->owed < SRT_AGENT_WINDOW / 2)
    return;
  srt_put_u32 (&put, link->owed);
  link->owed = 0;
  if (order (link, SRT_FRAME_CREDIT, 0, payload, sizeof payload) < 0)
    agent_link_condemn (link, "out of memory");
}

static void
on_exited (AgentLink *link, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  srt_exit end;

  if (!srt_exit_decode (&get, &end)) {
    agent_link_condemn (link, "EXITED: malformed");
    return;
  }
  link->job = 0; /* the core may start the next test from within */
  link->calls->exited (link->data, frame->job, &end);
}

static void
on_usage (AgentLink *link, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  srt_usage usage;

  srt_usage_decode (&get, &usage);
  if (link->events->usage)
    link->events->usage (link->host, frame->job, &usage);
}

static void
on_settled (AgentLink *link, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  uint32_t error = srt_get_u32 (&get);
  const char *text = srt_get_string (&get);

  if (link->calls->settled)
    link->calls->settled (link->data, error);
  else if (error != 0)
    link->host->logf (link->host, SRT_LOG_WARNING, "the TMPDIR of a test could not be kept or removed: %s",
                      text ? text : "");
}

static void
on_hello (AgentLink *link, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };

  if (srt_get_u32 (&get) != SRT_AGENT_VERSION)
    agent_link_condemn (link, "it is of another version than this plugin");
}

static void
on_error (AgentLink *link, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  const char *text = srt_get_string (&get);

  snprintf (link->last_words, sizeof link->last_words, "%s", text ? text : "it said an error without words");
  link->deaf = true;
  link->calls->leaving (link->data);
}

/* Frames about a test must be about the one that runs. */
static void
on_frame (AgentLink *link, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };

  if (frame->type == SRT_FRAME_HELLO)
    on_hello (link, frame);
  else if (frame->type == SRT_FRAME_ERROR)
    on_error (link, frame);
  else if (frame->type == SRT_FRAME_SETTLED)
    on_settled (link, frame);
  else if (frame->job != link->job)
    agent_link_condemn (link, "it spoke of a test that it does not run");
  else if (frame->type == SRT_FRAME_OUTPUT)
    on_output (link, frame);
  else if (frame->type == SRT_FRAME_EXITED)
    on_exited (link, frame);
  else if (frame->type == SRT_FRAME_USAGE)
    on_usage (link, frame);
  else if (frame->type == SRT_FRAME_FROZEN)
    link->events->frozen (link->host, frame->job, srt_get_u32 (&get));
}

int
agent_link_listen (AgentLink *link)
{
  int got = stream_fill (&link->stream);
  const char *reason = NULL;
  SrtFrame frame;
  int next = 0;

  while (!link->deaf && (next = stream_next (&link->stream, &frame, &reason)) > 0)
    on_frame (link, &frame);
  if (next < 0)
    agent_link_condemn (link, reason);
  return got;
}

static void
on_stream (void *data, int fd, uint32_t events)
{
  AgentLink *link = data;
  int got = 0;

  if ((events & SRT_FD_WRITE) && !stream_flush (&link->stream))
    link->host->modify_fd (link->source, SRT_FD_READ);
  if (events & (SRT_FD_READ | SRT_FD_HANGUP | SRT_FD_ERROR))
    got = agent_link_listen (link);
  if (got >= 0 && !link->deaf)
    return;
  agent_link_close (link);
  if (got < 0)
    link->calls->ended (link->data);
}

/* --- life ----------------------------------------------------------------------------------------------------- */

void
agent_link_init (AgentLink *link, const srt_host *host, const AgentLinkCalls *calls, void *data)
{
  link->host = host;
  link->events = host->events;
  link->calls = calls;
  link->data = data;
  link->stream.fd = -1;
}

int32_t
agent_link_open (AgentLink *link, int fd, uint64_t usage_period_ns)
{
  uint8_t payload[5];
  SrtPut put = { payload, payload + sizeof payload, false };
  int32_t status;

  stream_open (&link->stream, fd);
  link->owed = 0;
  link->deaf = false;
  link->last_words[0] = '\0';
  link->source = link->host->add_fd (link->host, fd, SRT_FD_READ, on_stream, link);
  srt_put_u32 (&put, SRT_AGENT_VERSION);
  srt_put_string (&put, NULL);
  status = order (link, SRT_FRAME_HELLO, 0, payload, sizeof payload);
  if (status == SRT_OK && usage_period_ns > 0)
    status = agent_link_set_usage_period (link, usage_period_ns);
  if (status != SRT_OK)
    agent_link_close (link);
  return status;
}

void
agent_link_close (AgentLink *link)
{
  link->host->remove (link->source);
  link->source = NULL;
  stream_close (&link->stream);
}
