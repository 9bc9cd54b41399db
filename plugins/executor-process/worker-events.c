/* SPDX-License-Identifier: MIT
 * What comes from an agent: its frames, and its end. */
#include "worker.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* How long an agent may take to kill what is hard to kill before it leaves. */
#define LEAVE_NS 15000000000ull

/* It makes no sense any more: what it runs is lost. Its exit status, which comes next, ends the matter. */
static void
condemn (Worker *worker, const char *why)
{
  if (worker->last_words[0] == '\0')
    snprintf (worker->last_words, sizeof worker->last_words, "%s", why);
  if (worker->state == WORKER_UP)
    worker->state = WORKER_DYING;
  worker_kill (worker);
}

static void
on_output (Worker *worker, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  uint32_t stream = srt_get_u32 (&get);
  size_t n = (size_t)(get.end - get.at);
  uint8_t payload[4];
  SrtPut put = { payload, payload + sizeof payload, false };

  worker->owner->events->output (worker->owner->host, frame->job, stream, get.at, n);
  worker->owed += (uint32_t)n;
  if (worker->owed < SRT_AGENT_WINDOW / 2)
    return;
  srt_put_u32 (&put, worker->owed);
  worker->owed = 0;
  if (!worker_send (worker, SRT_FRAME_CREDIT, 0, payload, sizeof payload))
    condemn (worker, "out of memory");
}

/* The worker is free before the core hears of it, as it may start the next test from within. */
static void
report (Worker *worker, const srt_exit *end)
{
  uint64_t job = worker->job;

  worker->job = 0;
  worker->unsettled = end->tmp_touched ? job : 0;
  worker->owner->host->set_timer (worker->patience, SRT_NEVER);
  worker->owner->events->exited (worker->owner->host, job, end);
}

static void
on_exited (Worker *worker, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  srt_exit end;

  if (srt_exit_decode (&get, &end))
    report (worker, &end);
  else
    condemn (worker, "EXITED: malformed");
}

static void
on_usage (Worker *worker, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  srt_usage usage;

  srt_usage_decode (&get, &usage);
  if (worker->owner->events->usage)
    worker->owner->events->usage (worker->owner->host, frame->job, &usage);
}

static void
on_settled (Worker *worker, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  const srt_host *host = worker->owner->host;
  uint32_t error = srt_get_u32 (&get);
  const char *text = srt_get_string (&get);

  if (error != 0)
    host->logf (host, SRT_LOG_WARNING, "the TMPDIR of a test in slot %u could not be kept or removed: %s", worker->slot,
                text ? text : "");
}

static void
on_hello (Worker *worker, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };

  if (srt_get_u32 (&get) != SRT_AGENT_VERSION)
    condemn (worker, "it is of another version than this plugin");
}

/* It leaves by itself, after killing its test; only if it does not do so is it killed. */
static void
on_error (Worker *worker, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  const char *text = srt_get_string (&get);

  snprintf (worker->last_words, sizeof worker->last_words, "%s", text ? text : "it said an error without words");
  worker->state = WORKER_DYING;
  worker->owner->host->set_timer (worker->patience, LEAVE_NS);
}

/* Frames about a test must be about the one that runs. */
static void
on_frame (Worker *worker, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };

  if (frame->type == SRT_FRAME_HELLO)
    on_hello (worker, frame);
  else if (frame->type == SRT_FRAME_ERROR)
    on_error (worker, frame);
  else if (frame->type == SRT_FRAME_SETTLED)
    on_settled (worker, frame);
  else if (frame->job != worker->job)
    condemn (worker, "it spoke of a test that it does not run");
  else if (frame->type == SRT_FRAME_OUTPUT)
    on_output (worker, frame);
  else if (frame->type == SRT_FRAME_EXITED)
    on_exited (worker, frame);
  else if (frame->type == SRT_FRAME_USAGE)
    on_usage (worker, frame);
  else if (frame->type == SRT_FRAME_FROZEN)
    worker->owner->events->frozen (worker->owner->host, frame->job, srt_get_u32 (&get));
}

/* Read and handle what is there: as stream_fill. */
static int
listen_once (Worker *worker)
{
  int got = stream_fill (&worker->stream);
  const char *reason = NULL;
  SrtFrame frame;
  int next = 0;

  while (worker->state != WORKER_DYING && (next = stream_next (&worker->stream, &frame, &reason)) > 0)
    on_frame (worker, &frame);
  if (next < 0)
    condemn (worker, reason);
  return got;
}

void
worker_on_stream (void *data, int fd, uint32_t events)
{
  Worker *worker = data;
  int got = 0;

  if ((events & SRT_FD_WRITE) && !stream_flush (&worker->stream))
    worker->owner->host->modify_fd (worker->source, SRT_FD_READ);
  if (events & (SRT_FD_READ | SRT_FD_HANGUP | SRT_FD_ERROR))
    got = listen_once (worker);
  if (got < 0 && worker->state == WORKER_UP)
    condemn (worker, "");
  if (got < 0 || worker->state == WORKER_DYING)
    worker_stop_listening (worker);
}

/* Seconds after its grace a test has not ended: the agent itself hangs. */
void
worker_on_patience (void *data)
{
  condemn (data, "it did not obey");
}

static void
describe_end (const Worker *worker, int status, char *text, size_t size)
{
  int n = WIFSIGNALED (status)
              ? snprintf (text, size, "agent of slot %u died of signal %d", worker->slot, WTERMSIG (status))
              : snprintf (text, size, "agent of slot %u exited with status %d", worker->slot, WEXITSTATUS (status));

  if (worker->last_words[0] && n > 0 && (size_t)n < size)
    snprintf (text + n, size - (size_t)n, ": %s", worker->last_words);
}

/* The job of an agent that is no more. One that left by order had killed it before. */
static void
report_lost (Worker *worker, bool by_order, const char *text)
{
  srt_exit end = { .size = sizeof end, .kind = SRT_EXIT_LOST, .message = text };

  end.usage.size = sizeof end.usage;
  if (by_order) {
    end.kind = SRT_EXIT_KILLED;
    end.why = SRT_WHY_STOP;
    end.code = SIGKILL;
    end.message = NULL;
  }
  if (worker->job != 0)
    report (worker, &end);
}

static void
start_again (Worker *worker, const char *text)
{
  const srt_host *host = worker->owner->host;

  if (worker->restarts < WORKER_RESTARTS && worker_spawn (worker) == SRT_OK) {
    worker->restarts++;
    host->logf (host, SRT_LOG_WARNING, "%s; started again (%u of %u)", text, worker->restarts, WORKER_RESTARTS);
    return;
  }
  worker->state = WORKER_GONE;
  worker->owner->events->broken (host, text);
}

void
worker_on_exit (void *data, srt_helper *helper, int status)
{
  Worker *worker = data;
  bool leaving = worker->state == WORKER_LEAVING || worker->owner->done;
  char text[512];
  uint64_t lost;

  worker->helper = NULL;
  while (worker->source && worker->state != WORKER_DYING && listen_once (worker) > 0)
    continue; /* its last frames may tell the end of its job */
  worker_stop_listening (worker);
  worker->owner->host->set_timer (worker->patience, SRT_NEVER);
  describe_end (worker, status, text, sizeof text);
  worker->state = leaving ? WORKER_GONE : WORKER_DYING;
  lost = worker->pending == NULL ? worker->job : 0;
  if (!leaving)
    start_again (worker, text);
  if (lost != 0 || worker->state == WORKER_GONE)
    report_lost (worker, leaving && status == 0, text);
  if (worker->state == WORKER_GONE)
    process_worker_gone (worker->owner);
}
