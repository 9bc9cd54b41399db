/* SPDX-License-Identifier: MIT
 * executor-container: each test in a container of its own, with srt-agent as its init. */
#include "box.h"
#include "probe.h"
#include "program.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEDGER_CONTAINERS "containers "
#define LEDGER_SERVICE    "service "

/* Held for each process by the agent, or by measuring. */
#define ALWAYS                                                                                                         \
  (SRT_LIMIT_MEMORY | SRT_LIMIT_PROCESSES | SRT_LIMIT_CPU_TIME | SRT_LIMIT_FILES | SRT_LIMIT_FILE_SIZE |               \
   SRT_LIMIT_CORE | SRT_LIMIT_NICE)

typedef struct {
  const srt_host *host;
  Boxes boxes;
  char agent[PATH_MAX];
  char tier[80];
  srt_source *deadline;
  srt_post_fn done; /* of the shutdown */
  void *done_data;
} Container;

static int32_t
create (const srt_host *host, void **ret_self)
{
  Container *self = calloc (1, sizeof *self);
  int32_t status = self ? program_find_agent (host, self->agent) : SRT_E_NO_MEMORY;

  if (status == SRT_OK && host->get_int (host->options, "pids_max") < 0) {
    host->set_errorf (host, "pids_max is a number of processes, or 0 for no cap");
    status = SRT_E_INVALID;
  }
  if (status < 0) {
    free (self);
    return status;
  }
  self->host = host;
  self->boxes = (Boxes){ .host = host, .events = host->events, .agent = self->agent };
  *ret_self = self;
  return SRT_OK;
}

static void
destroy (void *data)
{
  Container *self = data;

  boxes_free (&self->boxes);
  self->host->remove (self->deadline);
  engine_close (&self->boxes.engine);
  free (self);
}

/* --- what it can do ------------------------------------------------------------------------------------------- */

static uint64_t
held (const Container *self)
{
  return options_off (self->host) ? 0 : ALWAYS | engine_limits (&self->boxes.engine);
}

static int32_t
describe (void *data, srt_executor_info *info)
{
  Container *self = data;
  const ReplyEngine *what = &self->boxes.engine.what;
  int32_t status = engine_open (&self->boxes.engine, self->host);

  if (status != SRT_OK)
    return status;
  snprintf (self->tier, sizeof self->tier, "%s %s%s, %s", engine_name (&self->boxes.engine), what->version,
            what->rootless ? ", rootless" : "", options_reuse (self->host) > 1 ? "warm" : "cold");
  info->domain = SRT_DOMAIN_LOCAL;
  info->can_freeze = 1;
  if (SRT_HAS (srt_executor_info, info, can_heartbeat))
    info->can_heartbeat = 1;
  info->limits = held (self);
  info->tier = self->tier;
  return SRT_OK;
}

static const char *
why_not (void *data, uint32_t limit)
{
  const Container *self = data;

  if (options_off (self->host))
    return "enforcement is off";
  if (held (self) & limit)
    return NULL;
  return engine_why_not (&self->boxes.engine, limit);
}

static int32_t
accepts (void *data, const srt_limits *limits)
{
  const Container *self = data;
  uint64_t missing = ((limits->cpu_milli ? SRT_LIMIT_CPU : 0) | (limits->io_ops ? SRT_LIMIT_IO : 0)) & ~held (self);
  uint32_t bit = missing & SRT_LIMIT_CPU ? SRT_LIMIT_CPU : SRT_LIMIT_IO;

  if (missing == 0 || strcmp (self->host->get_string (self->host->options, "enforcement"), "required") != 0)
    return SRT_OK;
  self->host->set_errorf (self->host, "enforcement is required, but its limit %s is not held: %s",
                          bit == SRT_LIMIT_CPU ? "cpu" : "io_ops", why_not (data, bit));
  return SRT_E_UNSUPPORTED;
}

static int32_t
accepts_options (void *data, const srt_values *options)
{
  Container *self = data;

  return options_check (self->host, &self->boxes.engine, options);
}

/* --- tests ---------------------------------------------------------------------------------------------------- */

static int32_t
tell_ledger (const srt_host *host, const char *what, const char *where)
{
  char entry[1000];
  int n = snprintf (entry, sizeof entry, "%s%s", what, where);

  return n > 0 && (size_t)n < sizeof entry ? host->ledger (host, entry, (size_t)n) : SRT_E_INVALID;
}

/* One line for all containers of the run, as each has its label. */
static int32_t
prepare (void *data, uint32_t slots)
{
  Container *self = data;
  const srt_host *host = self->host;

  if (host->run_dir == NULL) {
    host->set_errorf (host, "there is no run and so no folder for it");
    return SRT_E_UNSUPPORTED;
  }
  if (self->boxes.engine.service.helper && tell_ledger (host, LEDGER_SERVICE, host->run_dir) != SRT_OK)
    return SRT_E_FAILED;
  return tell_ledger (host, LEDGER_CONTAINERS, self->boxes.engine.what.root) == SRT_OK ? SRT_OK : SRT_E_FAILED;
}

static Box *
find_job (const Container *self, uint64_t job)
{
  for (Box *box = self->boxes.all; box; box = box->next)
    if (box->job == job || box->unsettled == job)
      return box;
  return NULL;
}

/* As far as this plugin knows it, and with the limits that are to be held. */
static int32_t
start (void *data, const srt_job *job)
{
  Container *self = data;
  srt_limits limits = { 0 };
  srt_job copy = { 0 };

  memcpy (&copy, job, job->size < sizeof copy ? job->size : sizeof copy);
  if (copy.limits)
    memcpy (&limits, copy.limits, copy.limits->size < sizeof limits ? copy.limits->size : sizeof limits);
  limits.size = sizeof limits;
  options_limit (&limits, self->host, &copy);
  copy.limits = options_off (self->host) ? NULL : &limits;
  return box_start (&self->boxes, &copy);
}

static int32_t
stop (void *data, uint64_t job, uint64_t grace_ns, uint32_t why)
{
  Container *self = data;
  Box *box = find_job (self, job);

  if (box == NULL || box->job != job)
    return SRT_E_NOT_FOUND;
  return box_stop (box, grace_ns, why);
}

static int32_t
freeze (void *data, uint64_t job, uint32_t frozen)
{
  Box *box = find_job (data, job);

  return box && box->job == job ? box_freeze (box, frozen) : SRT_E_NOT_FOUND;
}

static int32_t
settle (void *data, uint64_t job, uint32_t slot, const char *keep_dir)
{
  Box *box = find_job (data, job);

  return box && box->unsettled == job ? box_settle (box, keep_dir) : SRT_E_NOT_FOUND;
}

static void
set_usage_period (void *data, uint64_t period_ns)
{
  Container *self = data;

  self->boxes.usage_period_ns = period_ns;
  for (Box *box = self->boxes.all; box; box = box->next)
    if (box->link.source)
      agent_link_set_usage_period (&box->link, period_ns);
}

/* --- the end -------------------------------------------------------------------------------------------------- */

static void
on_service_gone (void *data)
{
  Container *self = data;
  srt_post_fn done = self->done;

  self->done = NULL;
  self->host->remove (self->deadline);
  self->deadline = NULL;
  if (done)
    done (self->done_data);
}

static void
on_empty (void *data)
{
  Container *self = data;

  self->boxes.empty = NULL;
  service_stop (&self->boxes.engine.service, on_service_gone, self);
}

static void
on_deadline (void *data)
{
  Container *self = data;

  boxes_remain (&self->boxes, "the engine does not remove its containers in time");
  boxes_free (&self->boxes);
  on_empty (self);
}

/* After three quarters of the time what still does not answer is left to the ledger. */
static void
shut_down (void *data, uint64_t deadline_ns, srt_post_fn done, void *done_data)
{
  Container *self = data;

  self->done = done;
  self->done_data = done_data;
  self->boxes.empty = on_empty;
  self->boxes.data = self;
  self->deadline = self->host->add_timer (self->host, deadline_ns / 4 * 3, on_deadline, self);
  boxes_end (&self->boxes);
  if (self->boxes.all == NULL)
    on_empty (self);
}

/* A service of the dead run that still ends makes containers as long as it does. */
static int32_t
clean_service (const srt_host *host, const char *run_id, const char *dir)
{
  const char *leaf = strrchr (dir, '/');

  if (leaf == NULL || strncmp (leaf, "/run-", 5) != 0 || strcmp (leaf + 5, run_id) != 0) {
    host->set_errorf (host, "%s is left alone: it is not that run's", dir);
    return SRT_E_CORRUPT;
  }
  if (service_wait_for_dead (dir))
    return SRT_OK;
  host->set_errorf (host, "its podman service in %s does not end", dir);
  return SRT_E_BUSY;
}

/* ROOT: where the engine keeps everything; another engine knows nothing of its containers. */
static int32_t
clean_containers (Engine *engine, const char *run_id, const char *root, uint32_t *ret_cleaned)
{
  if (strcmp (root, engine->what.root) == 0)
    return engine_remove_run (engine, run_id, ret_cleaned);
  engine->host->set_errorf (engine->host, "its containers are in %s, and the engine here has its own in %s", root,
                            engine->what.root);
  return SRT_E_NOT_FOUND;
}

static int32_t
clean_up (void *data, const char *run_id, const char *entry, size_t length, uint32_t *ret_cleaned)
{
  Container *self = data;
  char text[1024];

  snprintf (text, sizeof text, "%.*s", (int)length, entry);
  if (strncmp (text, LEDGER_SERVICE, strlen (LEDGER_SERVICE)) == 0)
    return clean_service (self->host, run_id, text + strlen (LEDGER_SERVICE));
  if (strncmp (text, LEDGER_CONTAINERS, strlen (LEDGER_CONTAINERS)) == 0)
    return clean_containers (&self->boxes.engine, run_id, text + strlen (LEDGER_CONTAINERS), ret_cleaned);
  self->host->set_errorf (self->host, "its ledger has a line that this version does not know: %s", text);
  return SRT_E_CORRUPT;
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
  .accepts_options = accepts_options,
};

SRT_PLUGIN_REGISTER (SRT_KIND_EXECUTOR, "container", "0.1.0", "Runs tests in containers of podman or docker",
                     options_table, OPTIONS_N, &ops, probe_engine, create, destroy);
