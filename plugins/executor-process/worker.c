/* SPDX-License-Identifier: MIT
 * Orders to an agent. */
#include "worker.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How much longer than its grace a stop may take before the agent counts as stuck. */
#define PATIENCE_NS 5000000000ull

bool
worker_send (Worker *worker, SrtFrameType type, uint64_t job, const void *payload, size_t length)
{
  const srt_host *host = worker->owner->host;

  if (!stream_put (&worker->stream, type, job, payload, length))
    return false;
  if (stream_flush (&worker->stream) && worker->source)
    host->modify_fd (worker->source, SRT_FD_READ | SRT_FD_WRITE);
  return true;
}

static int32_t
out_of_memory (const Worker *worker)
{
  worker->owner->host->set_errorf (worker->owner->host, "out of memory");
  return SRT_E_NO_MEMORY;
}

void
worker_set_usage_period (Worker *worker)
{
  uint8_t payload[8];
  SrtPut put = { payload, payload + sizeof payload, false };

  srt_put_u64 (&put, worker->owner->usage_period_ns);
  if (worker->state == WORKER_UP)
    worker_send (worker, SRT_FRAME_USAGE_PERIOD, 0, payload, sizeof payload);
}

static void
greet (Worker *worker)
{
  uint8_t payload[5];
  SrtPut put = { payload, payload + sizeof payload, false };

  srt_put_u32 (&put, SRT_AGENT_VERSION);
  srt_put_string (&put, NULL);
  worker_send (worker, SRT_FRAME_HELLO, 0, payload, sizeof payload);
  if (worker->owner->usage_period_ns > 0)
    worker_set_usage_period (worker);
}

static int32_t
spawn_agent (Worker *worker, int fd)
{
  const srt_host *host = worker->owner->host;
  const srt_fd_map map = { fd, SRT_AGENT_FD };
  const srt_spawn spawn = {
    .size = sizeof spawn, .flags = SRT_SPAWN_SESSION, .argv = worker->argv, .fds = &map, .n_fds = 1
  };

  return host->spawn (host, &spawn, worker_on_exit, worker, &worker->helper);
}

static void
send_pending (Worker *worker)
{
  worker_send (worker, SRT_FRAME_START, worker->job, worker->pending, worker->pending_length);
  free (worker->pending);
  worker->pending = NULL;
}

int32_t
worker_spawn (Worker *worker)
{
  const srt_host *host = worker->owner->host;
  int32_t status;
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
    host->set_errorf (host, "no socket for an agent: %s", strerror (errno));
    return SRT_E_FAILED;
  }
  status = spawn_agent (worker, fds[1]);
  close (fds[1]);
  if (status < 0) {
    close (fds[0]);
    return status;
  }
  stream_open (&worker->stream, fds[0]);
  worker->source = host->add_fd (host, fds[0], SRT_FD_READ, worker_on_stream, worker);
  worker->state = WORKER_UP;
  worker->last_words[0] = '\0';
  worker->owed = 0;
  worker->unsettled = 0; /* an agent begins with an empty TMPDIR */
  greet (worker);
  if (worker->pending)
    send_pending (worker);
  return SRT_OK;
}

int32_t
worker_open (Process *owner, uint32_t slot, Worker **ret)
{
  Worker *worker = calloc (1, sizeof *worker);
  int32_t status;

  if (worker == NULL)
    return SRT_E_NO_MEMORY;
  worker->owner = owner;
  worker->slot = slot;
  worker->stream.fd = -1;
  if (!worker_build_argv (worker)) {
    worker_free_argv (worker);
    free (worker);
    return SRT_E_NO_MEMORY;
  }
  worker->patience = owner->host->add_timer (owner->host, SRT_NEVER, worker_on_patience, worker);
  status = worker_spawn (worker);
  if (status < 0) {
    worker_free (worker);
    return status;
  }
  *ret = worker;
  return SRT_OK;
}

void
worker_stop_listening (Worker *worker)
{
  worker->owner->host->remove (worker->source);
  worker->source = NULL;
  stream_close (&worker->stream);
}

void
worker_kill (Worker *worker)
{
  if (worker->helper)
    worker->owner->host->kill_helper (worker->helper, SIGKILL);
}

void
worker_free (Worker *worker)
{
  worker_kill (worker);
  worker_stop_listening (worker);
  worker->owner->host->remove (worker->patience);
  free (worker->pending);
  worker_free_argv (worker);
  free (worker);
}

bool
worker_is_idle (const Worker *worker)
{
  return (worker->state == WORKER_UP || worker->state == WORKER_DYING) && worker->job == 0 && worker->unsettled == 0;
}

static int32_t
grow_scratch (Worker *worker, size_t n)
{
  Process *owner = worker->owner;
  uint8_t *scratch;

  if (n <= owner->scratch_size)
    return SRT_OK;
  scratch = realloc (owner->scratch, n);
  if (scratch == NULL)
    return out_of_memory (worker);
  owner->scratch = scratch;
  owner->scratch_size = n;
  return SRT_OK;
}

/* The START in the scratch buffer did not reach an agent: the next one gets it. */
static bool
keep_pending (Worker *worker, size_t n)
{
  worker->pending = malloc (n);
  worker->pending_length = n;
  if (worker->pending)
    memcpy (worker->pending, worker->owner->scratch, n);
  return worker->pending != NULL;
}

int32_t
worker_start (Worker *worker, const srt_job *job)
{
  Process *owner = worker->owner;
  size_t n = srt_start_size (job);
  const char *reason;
  SrtStart start;
  int32_t status;

  if (n > SRT_START_MAX) {
    owner->host->set_errorf (owner->host, "its arguments and environment take %zu bytes; at most %u can be passed", n,
                             SRT_START_MAX);
    return SRT_E_INVALID;
  }
  status = grow_scratch (worker, n);
  if (status < 0)
    return status;
  srt_start_encode (job, owner->scratch, n);
  reason = srt_start_decode (owner->scratch, n, &start); /* what the agent would refuse would cost the agent */
  if (reason != NULL) {
    owner->host->set_errorf (owner->host, "%s", reason);
    return SRT_E_INVALID;
  }
  if (!worker_send (worker, SRT_FRAME_START, job->id, owner->scratch, n))
    return out_of_memory (worker);
  if ((worker->state == WORKER_DYING || worker->stream.broken) && !keep_pending (worker, n))
    return out_of_memory (worker);
  worker->job = job->id;
  return SRT_OK;
}

int32_t
worker_stop (Worker *worker, uint64_t grace_ns, uint32_t why)
{
  uint8_t payload[12];
  SrtPut put = { payload, payload + sizeof payload, false };

  srt_put_u64 (&put, grace_ns);
  srt_put_u32 (&put, why);
  if (!worker_send (worker, SRT_FRAME_STOP, worker->job, payload, sizeof payload))
    return out_of_memory (worker);
  worker->owner->host->set_timer (worker->patience,
                                  grace_ns < SRT_NEVER - PATIENCE_NS ? grace_ns + PATIENCE_NS : SRT_NEVER);
  return SRT_OK;
}

int32_t
worker_freeze (Worker *worker, uint32_t frozen)
{
  uint8_t payload[4];
  SrtPut put = { payload, payload + sizeof payload, false };

  srt_put_u32 (&put, frozen);
  return worker_send (worker, SRT_FRAME_FREEZE, worker->job, payload, sizeof payload) ? SRT_OK : out_of_memory (worker);
}

int32_t
worker_settle (Worker *worker, const char *keep_dir)
{
  uint64_t job = worker->unsettled;
  const char *text = keep_dir ? keep_dir : "";

  worker->unsettled = 0;
  return worker_send (worker, SRT_FRAME_SETTLE, job, text, strlen (text) + 1) ? SRT_OK : out_of_memory (worker);
}

void
worker_leave (Worker *worker)
{
  if (worker->state != WORKER_UP)
    return;
  worker->state = WORKER_LEAVING;
  worker_send (worker, SRT_FRAME_SHUTDOWN, 0, NULL, 0);
}
