/* SPDX-License-Identifier: MIT
 * A cgroup of version 2 that holds processes hands down no controllers. Where srt is the only one in it (`systemd-run
 * --user --scope -p Delegate=yes srt …`), it goes into one of its own below the run's, and comes back at the end. */
#include "cgroups.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_alone (const char *own)
{
  char path[PATH_MAX + 64];
  FILE *file;
  int pid, others = 0;

  snprintf (path, sizeof path, "%s/cgroup.procs", own);
  file = fopen (path, "re");
  if (file == NULL)
    return false;
  while (fscanf (file, "%d", &pid) == 1)
    others += pid != getpid ();
  fclose (file);
  return others == 0;
}

static bool
go_to (const char *dir)
{
  char path[PATH_MAX + 64];
  int fd;
  bool done;

  snprintf (path, sizeof path, "%s/cgroup.procs", dir);
  fd = open (path, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  done = write (fd, "0", 1) == 1;
  close (fd);
  return done;
}

bool
cgroup_step_aside (Cgroups *cgroups, const char *own)
{
  char runner[PATH_MAX + 16];

  if (cgroups->own[0] != '\0')
    return true;
  if (!is_alone (own))
    return false;
  snprintf (runner, sizeof runner, "%s/runner", cgroups->group);
  if (mkdir (runner, 0755) < 0 || !go_to (runner)) {
    rmdir (runner);
    return false;
  }
  snprintf (cgroups->own, sizeof cgroups->own, "%s", own);
  return true;
}

bool
cgroup_step_back (Cgroups *cgroups)
{
  char runner[PATH_MAX + 16];

  if (cgroups->own[0] == '\0')
    return true;
  for (Controller i = 0; i < N_CONTROLLERS; i++)
    if (cgroups->controllers[i].handed_down) {
      cgroup_v2_hand (cgroups->group, '-', i);
      cgroup_v2_hand (cgroups->own, '-', i);
    }
  if (!go_to (cgroups->own))
    return false;
  snprintf (runner, sizeof runner, "%s/runner", cgroups->group);
  rmdir (runner);
  cgroups->own[0] = '\0';
  return true;
}
