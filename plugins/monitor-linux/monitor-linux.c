/* SPDX-License-Identifier: MIT
 * What a Linux machine and our cgroups really have and use. This file joins the parts to the plugin interface. */
#include "processes.h"
#include "sample.h"
#include "watch.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const srt_host *host;
  SrtSampler *sampler;
  struct {
    int fd; /* -1: none */
    srt_source *source;
  } watched[SRT_N_WATCHES];
} Monitor;

static int32_t
open_sampler (const srt_host *host, SrtSampler **ret_sampler)
{
  const char *root = host->options ? host->get_string (host->options, "root") : NULL;
  SrtSampler *sampler;

  if (!root)
    root = "/";
  sampler = srt_sampler_new (root);
  if (!sampler) {
    int saved = errno;

    host->set_errorf (host, "no folder \"proc\" can be read in %s (option root): %s", root, strerror (saved));
    return saved == ENOMEM ? SRT_E_NO_MEMORY : SRT_E_INVALID;
  }
  *ret_sampler = sampler;
  return SRT_OK;
}

/* What cannot be seen is said once, at the start, and not for every sample. */
static void
tell_blind_spots (const srt_host *host, const srt_sample *sample)
{
  if (!(sample->valid & SRT_SAMPLE_MEMORY))
    host->logf (host, SRT_LOG_WARNING,
                "/proc/meminfo does not say MemTotal and MemAvailable: the memory of the machine is not watched");
  if (!(sample->valid & SRT_SAMPLE_PRESSURE))
    host->logf (host, SRT_LOG_DEBUG, "no pressure stall information (PSI) here");
  if (!(sample->valid & SRT_SAMPLE_CGROUP))
    host->logf (host, SRT_LOG_DEBUG, "our own cgroup cannot be seen from here");
}

static int32_t
create (const srt_host *host, void **ret_self)
{
  Monitor *monitor = calloc (1, sizeof *monitor);
  srt_sample first = { .size = sizeof first };
  int32_t status;

  if (!monitor) {
    host->set_errorf (host, "out of memory");
    return SRT_E_NO_MEMORY;
  }
  monitor->host = host;
  for (unsigned i = 0; i < SRT_N_WATCHES; i++)
    monitor->watched[i].fd = -1;
  status = open_sampler (host, &monitor->sampler);
  if (status != SRT_OK) {
    free (monitor);
    return status;
  }
  /* Taken now, so that the first one that is asked for has something to compare with. */
  srt_sampler_take (monitor->sampler, host->now_ns (), &first);
  tell_blind_spots (host, &first);
  *ret_self = monitor;
  return SRT_OK;
}

static void
unwatch (Monitor *monitor, unsigned which)
{
  monitor->host->remove (monitor->watched[which].source);
  monitor->watched[which].source = NULL;
  if (monitor->watched[which].fd >= 0)
    close (monitor->watched[which].fd);
  monitor->watched[which].fd = -1;
}

static void
destroy (void *self)
{
  Monitor *monitor = self;

  for (unsigned i = 0; i < SRT_N_WATCHES; i++)
    if (monitor->watched[i].fd >= 0)
      unwatch (monitor, i);
  srt_sampler_free (monitor->sampler);
  free (monitor);
}

static int32_t
probe (const srt_host *host)
{
  srt_sample sample = { .size = sizeof sample };
  SrtSampler *sampler;
  int32_t status = open_sampler (host, &sampler);

  if (status != SRT_OK)
    return status;
  srt_sampler_take (sampler, host->now_ns (), &sample);
  srt_sampler_free (sampler);
  if (!(sample.valid & SRT_SAMPLE_MEMORY)) {
    host->set_errorf (host, "/proc/meminfo does not say MemTotal and MemAvailable");
    return SRT_E_UNSUPPORTED;
  }
  return SRT_OK;
}

static int32_t
sample (void *self, srt_sample *ret_sample)
{
  Monitor *monitor = self;
  uint32_t size = ret_sample->size;
  srt_sample full = { .size = sizeof full };

  srt_sampler_take (monitor->sampler, monitor->host->now_ns (), &full);
  memcpy (ret_sample, &full, size < sizeof full ? size : sizeof full);
  ret_sample->size = size;
  return SRT_OK;
}

static int32_t
processes (void *self, srt_process *rows, uint32_t n, uint32_t *ret_n)
{
  Monitor *monitor = self;
  int error;

  if (n > 0 && rows->size < sizeof *rows) {
    monitor->host->set_errorf (monitor->host, "srt knows a shorter srt_process than this plugin");
    return SRT_E_UNSUPPORTED;
  }
  error = srt_processes_largest (monitor->sampler->proc, rows, n, ret_n);
  if (error != 0) {
    monitor->host->set_errorf (monitor->host, "cannot list /proc: %s", strerror (error));
    return SRT_E_FAILED;
  }
  return SRT_OK;
}

/* The kernel says it once for each window. */
static void
on_stall (void *data, int fd, uint32_t events)
{
  Monitor *monitor = data;
  const srt_monitor_events *core = monitor->host->events;

  if (events & (SRT_FD_ERROR | SRT_FD_HANGUP)) /* its cgroup was removed */
    unwatch (monitor, fd == monitor->watched[SRT_WATCH_MACHINE].fd ? SRT_WATCH_MACHINE : SRT_WATCH_GROUP);
  else
    core->pressure (monitor->host);
}

static int32_t
watch (void *self, uint32_t percent)
{
  Monitor *monitor = self;
  const srt_host *host = monitor->host;
  int error = ENOENT;

  for (unsigned i = 0; i < SRT_N_WATCHES; i++) {
    int fd = srt_watch_open (monitor->sampler, i, percent);

    if (fd < 0 && i == SRT_WATCH_MACHINE)
      error = errno;
    if (fd < 0)
      continue;
    monitor->watched[i].fd = fd;
    monitor->watched[i].source = host->add_fd (host, fd, SRT_FD_PRIORITY, on_stall, monitor);
    error = 0;
  }
  if (error == 0)
    return SRT_OK;
  host->set_errorf (host, "/proc/pressure/memory takes no trigger: %s", strerror (error));
  return error == EACCES || error == EPERM ? SRT_E_DENIED : SRT_E_UNSUPPORTED;
}

static const srt_option options[] = {
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_PATH,
    .name = "root",
    .def = "/",
    .help = "The folder that has \"proc\" and what it calls \"/\"; another one to look at a host from a container" },
};

static const srt_monitor_ops ops = { .size = sizeof ops, .sample = sample, .processes = processes, .watch = watch };

SRT_PLUGIN_REGISTER (SRT_KIND_MONITOR, "linux", "0.1.0", "Memory, CPU and pressure of a Linux machine and its cgroups",
                     options, sizeof options / sizeof options[0], &ops, probe, create, destroy);
