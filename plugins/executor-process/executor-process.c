/* SPDX-License-Identifier: MIT
 * executor-process: tests as processes of this machine, each slot's under an srt-agent of its own. */
#include "cleanup.h"
#include "worker.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const srt_option options[] = {
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_PATH,
    .name = "agent",
    .help = "The srt-agent to use; without it the one that was installed with srt" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_CHOICE,
    .name = "containment",
    .def = "if_available",
    .choices = "required|if_available|off",
    .help = "Hold a test's processes together; required: do not run where the tier cannot be had" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_CHOICE,
    .name = "tier",
    .def = "auto",
    .choices = "auto|strict|pidns|cgroup|subreaper",
    .help = "How; auto: the best that tests do not notice (cgroup, else subreaper)" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_CHOICE,
    .name = "enforcement",
    .def = "if_available",
    .choices = "required|if_available|off",
    .help = "Hold the limits of tests; required: do not start a test with a limit that cannot be held" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_INT,
    .name = "pids_max",
    .def = "2048",
    .help = "Processes and threads of a test that has no such limit of its own; 0: no cap" },
};

static int32_t
find_agent (const srt_host *host, char **ret_path)
{
  const char *given = host->get_string (host->options, "agent");
  size_t size = strlen (host->libexec_dir) + sizeof "/srt-agent";
  char *path = given ? strdup (given) : malloc (size);

  if (path == NULL)
    return SRT_E_NO_MEMORY;
  if (given == NULL) {
    strcpy (path, host->libexec_dir);
    strcat (path, "/srt-agent");
  }
  if (access (path, X_OK) < 0) {
    host->set_errorf (host, "%s: %s", path, strerror (errno));
    free (path);
    return given ? SRT_E_INVALID : SRT_E_NOT_FOUND;
  }
  *ret_path = path;
  return SRT_OK;
}

static int32_t
probe (const srt_host *host)
{
  char *path;
  int32_t status = find_agent (host, &path);

  if (status < 0)
    return status;
  containment_tell (host, path);
  free (path);
  return SRT_OK;
}

static int32_t
create (const srt_host *host, void **ret_self)
{
  Process *process = calloc (1, sizeof *process);
  char *agent;
  int32_t status = process ? find_agent (host, &agent) : SRT_E_NO_MEMORY;

  if (status < 0) {
    free (process);
    return status;
  }
  process->host = host;
  process->events = host->events;
  process->agent = agent;
  *ret_self = process;
  return SRT_OK;
}

static void
destroy (void *self)
{
  Process *process = self;

  for (uint32_t i = 0; i < process->n_workers; i++)
    worker_free (process->workers[i]);
  process->host->remove (process->deadline);
  containment_close (&process->containment);
  free (process->workers);
  free (process->start.bytes);
  free ((char *)process->agent);
  free (process);
}

static int32_t
describe (void *self, srt_executor_info *info)
{
  Process *process = self;
  int32_t status = containment_open (&process->containment, process->host, process->agent);

  if (status < 0)
    return status;
  info->domain = SRT_DOMAIN_LOCAL;
  info->slots = 0;
  info->can_freeze = 1;
  info->limits = containment_limits (&process->containment);
  info->tier = tier_words (process->containment.tier);
  if (SRT_HAS (srt_executor_info, info, can_heartbeat))
    info->can_heartbeat = 1;
  return SRT_OK;
}

static const char *
why_not (void *self, uint32_t limit)
{
  return containment_why_not (&((Process *)self)->containment, limit);
}

static int32_t
make_slot (Process *process, uint32_t slot)
{
  if (cgroups_make_slot (&process->containment.cgroups, slot))
    return SRT_OK;
  process->host->set_errorf (process->host, "the cgroup of slot %u cannot be made: %s", slot, strerror (errno));
  return SRT_E_FAILED;
}

/* Where the kernel holds them together nothing else needs to be known about a dead run's processes. */
static bool
tell_ledger (const Process *process)
{
  const srt_host *host = process->host;
  Tier tier = process->containment.tier;

  if (tier_has_group (tier) || tier_has_namespace (tier) || !SRT_HAS (srt_host, host, ledger) || host->ledger == NULL)
    return true;
  return host->ledger (host, CLEANUP_PROCESSES, strlen (CLEANUP_PROCESSES)) == SRT_OK;
}

static int32_t
prepare (void *self, uint32_t slots)
{
  Process *process = self;

  if (process->host->run_dir == NULL) {
    process->host->set_errorf (process->host, "there is no run and so no folder for it");
    return SRT_E_UNSUPPORTED;
  }
  if (!tell_ledger (process))
    return SRT_E_FAILED;
  process->workers = calloc (slots, sizeof *process->workers);
  if (process->workers == NULL)
    return SRT_E_NO_MEMORY;
  for (uint32_t i = 0; i < slots; i++) {
    int32_t status = make_slot (process, i);

    if (status == SRT_OK)
      status = worker_open (process, i, &process->workers[i]);

    if (status < 0)
      return status;
    process->n_workers++;
  }
  return SRT_OK;
}

static Worker *
find_job (const Process *process, uint64_t job)
{
  for (uint32_t i = 0; i < process->n_workers; i++)
    if (process->workers[i]->link.job == job)
      return process->workers[i];
  return NULL;
}

/* The worker of the slot; where that one is gone for good, any that is idle. */
static Worker *
worker_for (const Process *process, uint32_t slot)
{
  if (slot < process->n_workers && worker_is_idle (process->workers[slot]))
    return process->workers[slot];
  for (uint32_t i = 0; i < process->n_workers; i++)
    if (worker_is_idle (process->workers[i]))
      return process->workers[i];
  return NULL;
}

/* As far as the core knows it, and with the limits that may be set. */
static srt_job
copy_job (const srt_job *job, const srt_limits *limits)
{
  srt_job copy = { 0 };

  memcpy (&copy, job, job->size < sizeof copy ? job->size : sizeof copy);
  copy.limits = limits;
  return copy;
}

static int32_t
accepts (void *self, const srt_limits *limits)
{
  Process *process = self;

  return containment_check (&process->containment, process->host, limits);
}

static int32_t
start (void *self, const srt_job *job)
{
  Process *process = self;
  Worker *worker = worker_for (process, job->slot);
  srt_job copy = copy_job (job, process->containment.enforcement != WANT_OFF ? job->limits : NULL);
  int32_t status = containment_check (&process->containment, process->host, copy.limits);

  if (status < 0)
    return status;
  if (worker != NULL)
    return worker_start (worker, &copy);
  process->host->set_errorf (process->host, "no agent is left for slot %u", job->slot);
  return SRT_E_LOST;
}

static int32_t
stop (void *self, uint64_t job, uint64_t grace_ns, uint32_t why)
{
  Worker *worker = find_job (self, job);

  return worker ? worker_stop (worker, grace_ns, why) : SRT_E_NOT_FOUND;
}

static int32_t
freeze (void *self, uint64_t job, uint32_t frozen)
{
  Worker *worker = find_job (self, job);

  return worker ? agent_link_freeze (&worker->link, frozen) : SRT_E_NOT_FOUND;
}

static int32_t
settle (void *self, uint64_t job, uint32_t slot, const char *keep_dir)
{
  Process *process = self;

  for (uint32_t i = 0; i < process->n_workers; i++)
    if (process->workers[i]->unsettled == job)
      return worker_settle (process->workers[i], keep_dir);
  return SRT_E_NOT_FOUND; /* its agent died since, and the new one has cleaned up */
}

static void
set_usage_period (void *self, uint64_t period_ns)
{
  Process *process = self;

  process->usage_period_ns = period_ns;
  for (uint32_t i = 0; i < process->n_workers; i++)
    if (process->workers[i]->state == WORKER_UP)
      agent_link_set_usage_period (&process->workers[i]->link, period_ns);
}

static uint32_t
count_workers (const Process *process)
{
  uint32_t n = 0;

  for (uint32_t i = 0; i < process->n_workers; i++)
    n += process->workers[i]->state != WORKER_GONE;
  return n;
}

static void
finish_shutdown (Process *process)
{
  srt_post_fn done = process->done;

  process->done = NULL;
  process->host->remove (process->deadline);
  process->deadline = NULL;
  done (process->done_data);
}

void
process_worker_gone (Process *process)
{
  uint32_t n = count_workers (process);

  if (process->done == NULL)
    process->events->capacity (process->host, n);
  else if (n == 0)
    finish_shutdown (process);
}

static void
kill_workers (void *data)
{
  Process *process = data;

  for (uint32_t i = 0; i < process->n_workers; i++)
    worker_kill (process->workers[i]);
}

/* Agents that have not left after three quarters of the time are killed, so that their end is still seen. */
static void
shut_down (void *self, uint64_t deadline_ns, srt_post_fn done, void *data)
{
  Process *process = self;

  process->done = done;
  process->done_data = data;
  for (uint32_t i = 0; i < process->n_workers; i++)
    worker_leave (process->workers[i]);
  if (count_workers (process) == 0)
    finish_shutdown (process);
  else
    process->deadline = process->host->add_timer (process->host, deadline_ns / 4 * 3, kill_workers, process);
}

static int32_t
clean_up (void *self, const char *run_id, const char *entry, size_t length, uint32_t *ret_cleaned)
{
  return cleanup_entry (((Process *)self)->host, run_id, entry, length, ret_cleaned);
}

static const srt_executor_ops ops = {
  .size = sizeof ops,
  .describe = describe,
  .why_not = why_not,
  .prepare = prepare,
  .start = start,
  .stop = stop,
  .freeze = freeze,
  .settle = settle,
  .set_usage_period = set_usage_period,
  .shutdown = shut_down,
  .cleanup = clean_up,
  .accepts = accepts,
};

SRT_PLUGIN_REGISTER (SRT_KIND_EXECUTOR, "process", "0.1.0", "Runs tests as processes of this machine", options,
                     sizeof options / sizeof *options, &ops, probe, create, destroy);
