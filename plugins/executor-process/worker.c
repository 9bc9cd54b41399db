/* SPDX-License-Identifier: MIT
 * Orders to an agent. */
#include "worker.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How much longer than its grace a stop may take before the agent counts as stuck. */
#define PATIENCE_NS 5000000000ull

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

static int32_t
send_pending (Worker *worker)
{
  int32_t status =
      worker->pending.length > 0 ? agent_link_start (&worker->link, worker->link.job, &worker->pending) : SRT_OK;

  worker->pending.length = 0;
  return status;
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
  worker->state = WORKER_UP;
  worker->unsettled = 0; /* an agent begins with an empty TMPDIR */
  status = agent_link_open (&worker->link, fds[0], worker->owner->usage_period_ns);
  return status == SRT_OK ? send_pending (worker) : status;
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
  agent_link_init (&worker->link, owner->host, &worker_calls, worker);
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
worker_kill (Worker *worker)
{
  if (worker->helper)
    worker->owner->host->kill_helper (worker->helper, SIGKILL);
}

void
worker_free (Worker *worker)
{
  worker_kill (worker);
  agent_link_close (&worker->link);
  worker->owner->host->remove (worker->patience);
  free (worker->pending.bytes);
  worker_free_argv (worker);
  free (worker);
}

bool
worker_is_idle (const Worker *worker)
{
  return (worker->state == WORKER_UP || worker->state == WORKER_DYING) && worker->link.job == 0 &&
         worker->unsettled == 0;
}

/* It did not reach an agent: the next one gets it. */
static int32_t
keep_pending (Worker *worker, const srt_job *job)
{
  return agent_start_encode (&worker->pending, worker->owner->host, job);
}

int32_t
worker_start (Worker *worker, const srt_job *job)
{
  Process *owner = worker->owner;
  int32_t status = agent_start_encode (&owner->start, owner->host, job);

  if (status == SRT_OK)
    status = agent_link_start (&worker->link, job->id, &owner->start);
  if (status == SRT_OK && (worker->state == WORKER_DYING || worker->link.stream.broken))
    status = keep_pending (worker, job);
  if (status != SRT_OK)
    worker->link.job = 0;
  return status;
}

int32_t
worker_stop (Worker *worker, uint64_t grace_ns, uint32_t why)
{
  int32_t status = agent_link_stop (&worker->link, grace_ns, why);

  if (status == SRT_OK)
    worker->owner->host->set_timer (worker->patience,
                                    grace_ns < SRT_NEVER - PATIENCE_NS ? grace_ns + PATIENCE_NS : SRT_NEVER);
  return status;
}

int32_t
worker_settle (Worker *worker, const char *keep_dir)
{
  uint64_t job = worker->unsettled;

  worker->unsettled = 0;
  return agent_link_settle (&worker->link, job, keep_dir);
}

void
worker_leave (Worker *worker)
{
  if (worker->state != WORKER_UP)
    return;
  worker->state = WORKER_LEAVING;
  agent_link_leave (&worker->link);
}
