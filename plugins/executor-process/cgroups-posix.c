/* SPDX-License-Identifier: MIT
 * The portable twin: there are no cgroups. */
#include "cgroups.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

void
cgroups_make (Cgroups *cgroups, const srt_host *host, uint32_t what)
{
  memset (cgroups, 0, sizeof *cgroups);
  snprintf (cgroups->why_no_group, sizeof cgroups->why_no_group, "this system has no cgroups");
  for (Controller i = 0; i < N_CONTROLLERS; i++)
    snprintf (cgroups->controllers[i].why, sizeof cgroups->controllers[i].why, "this system has no cgroups");
}

bool
cgroups_make_slot (Cgroups *cgroups, uint32_t slot)
{
  return true;
}

void
cgroups_remove (Cgroups *cgroups)
{
}

const char *
controller_name (Controller controller, unsigned version)
{
  static const char *const names[N_CONTROLLERS] = { "memory", "pids", "cpu", "io" };

  return names[controller];
}

int
cgroup_remove_tree (const char *path, uint32_t *ret_killed, uint32_t *ret_removed)
{
  return ENOTSUP;
}
