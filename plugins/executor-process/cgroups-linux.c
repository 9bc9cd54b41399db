/* SPDX-License-Identifier: MIT */
#include "cgroups.h"
#include "../shared/parse.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the kernel says about us; freed by the caller. */
typedef struct {
  char *groups, *mounts;
} Own;

const char *
controller_name (Controller controller, unsigned version)
{
  static const char *const names[N_CONTROLLERS][2] = {
    { "memory", "memory" }, { "pids", "pids" }, { "cpu", "cpu" }, { "blkio", "io" }
  };

  return names[controller][version - 1];
}

static char *
read_all (const char *path)
{
  FILE *file = fopen (path, "re");
  char *text = NULL;
  size_t size = 0;

  if (file == NULL || getdelim (&text, &size, '\0', file) < 0) {
    free (text);
    text = NULL;
  }
  if (file)
    fclose (file);
  return text;
}

/* The folder of our own cgroup in the hierarchy of CONTROLLER (NULL: v2); false: it is not to be seen from here. */
static bool
find_own (const Own *own, const char *controller, char path[PATH_MAX])
{
  const char *mounts = own->mounts;
  char group[PATH_MAX];
  SrtMount mount;
  bool above;

  if (own->groups == NULL || mounts == NULL || !srt_parse_own_group (own->groups, controller, group, sizeof group))
    return false;
  while ((mounts = srt_parse_next_mount (mounts, &mount)) != NULL) {
    const char *rest;

    if (mount.v2 != !controller || (controller && !srt_parse_has_word (mount.options, controller)))
      continue;
    rest = srt_cgroup_rest (mount.root, group, &above);
    if (rest != NULL && strstr (rest, "/..") == NULL)
      return snprintf (path, PATH_MAX, "%s%s", mount.point, rest) < PATH_MAX;
  }
  return false;
}

/* The run's ledger has it before it is there. Without a run there is no ledger, and it is removed at once. */
static bool
tell_ledger (const srt_host *host, const char *path)
{
  char entry[1000];
  int n = snprintf (entry, sizeof entry, "cgroup %s", path);

  if (n >= (int)sizeof entry)
    return false;
  if (host->run_id[0] == '\0' || !SRT_HAS (srt_host, host, ledger) || host->ledger == NULL)
    return true;
  return host->ledger (host, entry, (size_t)n) == SRT_OK;
}

int
cgroup_make_dir (const srt_host *host, const char *own, const char *leaf, char path[PATH_MAX])
{
  struct stat st;

  if (snprintf (path, PATH_MAX, "%s/%s", own, leaf) >= PATH_MAX)
    return ENAMETOOLONG;
  if (stat (own, &st) < 0 || access (own, W_OK) < 0)
    return errno;
  if (!tell_ledger (host, path))
    return EIO;
  return mkdir (path, 0755) < 0 ? errno : 0;
}

static void
make_controller (Cgroups *cgroups, const Own *own, const char *own_v2, Controller controller, const srt_host *host)
{
  ControllerPlace *place = &cgroups->controllers[controller];
  char own_v1[PATH_MAX];

  if (own_v2 != NULL && cgroup_v2_delegate (cgroups, own_v2, controller))
    return;
  if (find_own (own, controller_name (controller, 1), own_v1))
    cgroup_v1_make (cgroups, own_v1, controller, host);
  else if (place->why[0] == '\0')
    snprintf (place->why, sizeof place->why, "there is no %s controller that can be used%s",
              controller_name (controller, 2),
              own_v2 != NULL && cgroups->group[0] == '\0' ? " without a cgroup for tests" : "");
}

void
cgroups_make (Cgroups *cgroups, const srt_host *host, uint32_t what)
{
  Own own = { read_all ("/proc/self/cgroup"), read_all ("/proc/self/mountinfo") };
  char own_v2[PATH_MAX];
  bool v2 = find_own (&own, NULL, own_v2);

  memset (cgroups, 0, sizeof *cgroups);
  if (host->run_id[0] != '\0')
    snprintf (cgroups->leaf, sizeof cgroups->leaf, "srt-%s", host->run_id);
  else
    snprintf (cgroups->leaf, sizeof cgroups->leaf, "srt-try-%d", (int)getpid ());
  if (!v2)
    snprintf (cgroups->why_no_group, sizeof cgroups->why_no_group, "there is no cgroup of version 2 here");
  else if (what & CGROUPS_GROUP)
    v2 = cgroup_v2_make (cgroups, own_v2, host);
  if (what & CGROUPS_LIMITS)
    for (Controller i = 0; i < N_CONTROLLERS; i++)
      make_controller (cgroups, &own, v2 ? own_v2 : NULL, i, host);
  free (own.groups);
  free (own.mounts);
}

static bool
make_below (const char *path, uint32_t slot)
{
  char below[PATH_MAX];

  if (snprintf (below, sizeof below, "%s/slot-%u", path, slot) >= (int)sizeof below) {
    errno = ENAMETOOLONG;
    return false;
  }
  return mkdir (below, 0755) == 0;
}

bool
cgroups_make_slot (Cgroups *cgroups, uint32_t slot)
{
  if (cgroups->group[0] != '\0' && !make_below (cgroups->group, slot))
    return false;
  for (Controller i = 0; i < N_CONTROLLERS; i++)
    if (cgroups->controllers[i].version == 1 && !make_below (cgroups->controllers[i].path, slot))
      return false;
  return true;
}

static void
remove_one (char path[PATH_MAX])
{
  uint32_t killed = 0, removed = 0;

  if (path[0] != '\0')
    cgroup_remove_tree (path, &killed, &removed);
  path[0] = '\0';
}

void
cgroups_remove (Cgroups *cgroups)
{
  if (!cgroup_step_back (cgroups)) /* we sit in it: the next srt will remove it */
    cgroups->group[0] = '\0';
  remove_one (cgroups->group);
  for (Controller i = 0; i < N_CONTROLLERS; i++)
    remove_one (cgroups->controllers[i].path);
}
