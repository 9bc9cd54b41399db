/* SPDX-License-Identifier: MIT
 * Version 1: a hierarchy for each controller. */
#include "cgroups.h"
#include <stdio.h>
#include <string.h>

bool
cgroup_v1_make (Cgroups *cgroups, const char *own, Controller controller, const srt_host *host)
{
  ControllerPlace *place = &cgroups->controllers[controller];
  int error = cgroup_make_dir (host, own, cgroups->leaf, place->path);

  if (error != 0) {
    snprintf (place->why, sizeof place->why, "no cgroup can be made in %.150s: %s", own, strerror (error));
    place->path[0] = '\0';
    return false;
  }
  place->version = 1;
  return true;
}
