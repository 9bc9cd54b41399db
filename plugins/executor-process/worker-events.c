/* SPDX-License-Identifier: MIT
 * What comes from an agent: its frames, and its end. */
#include "worker.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* How long an agent may take to kill what is hard to kill before it leaves. */
#define LEAVE_NS 15000000000ull

/* The worker is free before the core hears of it, as it may start the next test from within. */
static void
report (Worker *worker, uint64_t job, const srt_exit *end)
{
  worker->link.job = 0;
  worker->unsettled = end->tmp_touched ? job : 0;
  worker->owner->host->set_timer (worker->patience, SRT_NEVER);
  worker->owner->events->exited (worker->owner->host, job, end);
}

static void
on_exited (void *data, uint64_t job, const srt_exit *end)
{
  report (data, job, end);
}

/* What it runs is lost. Its exit status, which comes next, ends the matter. */
static void
on_condemned (void *data)
{
  Worker *worker = data;

  if (worker->state == WORKER_UP)
    worker->state = WORKER_DYING;
  worker_kill (worker);
}

/* It leaves by itself, after killing its test; only if it does not do so is it killed. */
static void
on_leaving (void *data)
{
  Worker *worker = data;

  worker->state = WORKER_DYING;
  worker->owner->host->set_timer (worker->patience, LEAVE_NS);
}

static void
on_ended (void *data)
{
  Worker *worker = data;

  if (worker->state == WORKER_UP)
    on_condemned (worker);
}

const AgentLinkCalls worker_calls = {
  .exited = on_exited,
  .condemned = on_condemned,
  .leaving = on_leaving,
  .ended = on_ended,
};

/* Seconds after its grace a test has not ended: the agent itself hangs. */
void
worker_on_patience (void *data)
{
  agent_link_condemn (&((Worker *)data)->link, "it did not obey");
}

static void
describe_end (const Worker *worker, int status, char *text, size_t size)
{
  int n = WIFSIGNALED (status)
              ? snprintf (text, size, "agent of slot %u died of signal %d", worker->slot, WTERMSIG (status))
              : snprintf (text, size, "agent of slot %u exited with status %d", worker->slot, WEXITSTATUS (status));

  if (worker->link.last_words[0] && n > 0 && (size_t)n < size)
    snprintf (text + n, size - (size_t)n, ": %s", worker->link.last_words);
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
  if (worker->link.job != 0)
    report (worker, worker->link.job, &end);
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
  while (worker->link.source && !worker->link.deaf && agent_link_listen (&worker->link) > 0)
    continue; /* its last frames may tell the end of its job */
  agent_link_close (&worker->link);
  worker->owner->host->set_timer (worker->patience, SRT_NEVER);
  describe_end (worker, status, text, sizeof text);
  worker->state = leaving ? WORKER_GONE : WORKER_DYING;
  lost = worker->pending.length == 0 ? worker->link.job : 0;
  if (!leaving)
    start_again (worker, text);
  if (lost != 0 || worker->state == WORKER_GONE)
    report_lost (worker, leaving && status == 0, text);
  if (worker->state == WORKER_GONE)
    process_worker_gone (worker->owner);
}
