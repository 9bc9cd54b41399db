/* SPDX-License-Identifier: MIT
 * An executor to begin with: a process a test; its output is thrown away, and it gets neither its suite's environment
 * nor a TMPDIR. Put your own "where" into start. */
#include <srt/srt-plugin.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { SLOTS = 16 };

typedef struct {
  const srt_host *host;
  uint64_t id, grace_ns, start_ns; /* id 0: the slot is free */
  srt_helper *helper;
  srt_source *timer; /* the timeout, then the grace */
  uint32_t why;      /* srt_why: what we end it for */
} Job;

/* Told exactly once, with our own state in order before: the core may start the slot's next job from within. */
static void report (Job *job, uint32_t kind, int32_t code)
{
  const srt_host *host = job->host;
  const srt_executor_events *events = host->events;
  srt_exit end = { .size = sizeof end, .kind = kind, .code = code, .why = job->why };
  uint64_t id = job->id;

  end.usage = (srt_usage){ .size = sizeof end.usage, .wall_ns = host->now_ns () - job->start_ns };
  host->remove (job->timer);
  *job = (Job){ .host = host };
  events->exited (host, id, &end);
}

static void on_end (void *data, srt_helper *helper, int status)
{
  Job *job = data;
  uint32_t kind = job->why ? SRT_EXIT_KILLED : WIFEXITED (status) ? SRT_EXIT_EXITED : SRT_EXIT_SIGNALLED;

  report (job, kind, WIFSIGNALED (status) ? WTERMSIG (status) : job->why ? -1 : WEXITSTATUS (status));
}

static void not_started (void *data)
{
  report (data, SRT_EXIT_NOT_STARTED, ENOENT);
}

static int32_t end_job (Job *job, uint64_t grace_ns, uint32_t why)
{
  job->why = job->why ? job->why : why;
  job->host->set_timer (job->timer, grace_ns ? grace_ns : SRT_NEVER);
  return job->host->kill_helper (job->helper, grace_ns ? SIGTERM : SIGKILL);
}

static void on_time (void *data)
{
  end_job (data, ((Job *) data)->why ? 0 : ((Job *) data)->grace_ns, SRT_WHY_TIMEOUT);
}

static int32_t start (void *self, const srt_job *from)
{
  const srt_spawn spawn = { .size = sizeof spawn, .flags = SRT_SPAWN_SESSION, .argv = from->argv, .cwd = from->cwd };
  Job *job = (Job *) self + from->slot;
  const srt_host *host = job->host;

  *job = (Job){ .host = host, .id = from->id, .grace_ns = from->grace_ns, .start_ns = host->now_ns () };
  job->timer = host->add_timer (host, from->timeout_ns ? from->timeout_ns : SRT_NEVER, on_time, job);
  if (host->spawn (host, &spawn, on_end, job, &job->helper) != SRT_OK)
    host->post (host, not_started, job); /* no report from within start */
  return SRT_OK;
}

static int32_t stop (void *self, uint64_t id, uint64_t grace_ns, uint32_t why)
{
  for (Job *job = self; job < (Job *) self + SLOTS; job++)
    if (job->id == id && job->helper)
      return end_job (job, grace_ns, why);
  return SRT_E_NOT_FOUND;
}

static int32_t describe (void *self, srt_executor_info *info)
{
  info->domain = SRT_DOMAIN_LOCAL;
  info->slots = SLOTS;
  return SRT_OK;
}

static int32_t create (const srt_host *host, void **ret_self)
{
  Job *jobs = calloc (SLOTS, sizeof *jobs);

  for (int i = 0; jobs && i < SLOTS; i++)
    jobs[i].host = host;
  *ret_self = jobs;
  return jobs ? SRT_OK : SRT_E_NO_MEMORY;
}

static const srt_executor_ops ops = { .size = sizeof ops, .describe = describe, .start = start, .stop = stop };
SRT_PLUGIN_REGISTER (SRT_KIND_EXECUTOR, "template", "1.0", "A process a test", NULL, 0, &ops, NULL, create, free);
