/* SPDX-License-Identifier: MIT */
#include "worker.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* The end of the list stays NULL; an argument that there was no memory for leaves BAD. */
typedef struct {
  Worker *worker;
  unsigned n;
  bool bad;
} Arguments;

__attribute__ ((format (printf, 2, 3))) static void
add (Arguments *arguments, const char *format, ...)
{
  char text[PATH_MAX + 64];
  va_list args;
  char *copy;
  int n;

  va_start (args, format);
  n = vsnprintf (text, sizeof text, format, args);
  va_end (args);
  copy = n > 0 && (size_t)n < sizeof text ? malloc ((size_t)n + 1) : NULL;
  if (copy == NULL || arguments->n == WORKER_ARGV_MAX - 1) {
    free (copy);
    arguments->bad = true;
    return;
  }
  snprintf (copy, (size_t)n + 1, "%s", text);
  arguments->worker->argv[arguments->n++] = copy;
}

static const char *
holding_of (Tier tier)
{
  if (tier == TIER_OFF)
    return "nothing";
  return tier_has_namespace (tier) ? "namespace" : "subreaper";
}

static void
add_cgroups (Arguments *arguments, const Cgroups *cgroups, uint32_t slot)
{
  static const char *const names[N_CONTROLLERS] = { "memory", "pids", "cpu", "blkio" };

  if (cgroups->group[0] != '\0')
    add (arguments, "--cgroup=%s/slot-%u", cgroups->group, slot);
  for (Controller i = 0; i < N_CONTROLLERS; i++)
    if (cgroups->controllers[i].version == 1)
      add (arguments, "--v1-%s=%s/slot-%u", names[i], cgroups->controllers[i].path, slot);
}

bool
worker_build_argv (Worker *worker)
{
  const Process *owner = worker->owner;
  const Containment *containment = &owner->containment;
  Arguments arguments = { .worker = worker, .n = 1 };

  worker->argv[0] = owner->agent;
  add (&arguments, "--slot=%u", worker->slot);
  add (&arguments, "--dir=%s", owner->host->run_dir);
  add (&arguments, "--hold=%s", holding_of (containment->tier));
  add_cgroups (&arguments, &containment->cgroups, worker->slot);
  if (containment->pids_max > 0)
    add (&arguments, "--pids-max=%llu", (unsigned long long)containment->pids_max);
  if (containment->enforcement == WANT_REQUIRED)
    add (&arguments, "--required");
  return !arguments.bad;
}

void
worker_free_argv (Worker *worker)
{
  for (unsigned i = 1; i < WORKER_ARGV_MAX; i++)
    free ((char *)worker->argv[i]);
}
