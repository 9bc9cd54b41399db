/* SPDX-License-Identifier: MIT */
#include "agent/places.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* PATH without its last N parts. */
static bool
above (const char *path, int n, char text[PATH_MAX])
{
  if ((size_t)snprintf (text, PATH_MAX, "%s", path) >= PATH_MAX)
    return false;
  for (; n > 0; n--) {
    char *slash = strrchr (text, '/');

    if (slash == NULL || slash == text)
      return false;
    *slash = '\0';
  }
  return true;
}

/* Back to where the runner started us: nobody can remove a cgroup that we sit in. */
static void
move_out (const char *slot)
{
  char path[PATH_MAX], procs[PATH_MAX + 16];
  int fd;

  if (!above (slot, 2, path))
    return;
  snprintf (procs, sizeof procs, "%s/cgroup.procs", path);
  fd = open (procs, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  if (write (fd, "0", 1) < 0)
    perror ("srt-agent: cgroup.procs");
  close (fd);
}

/* The cgroups below PATH, which are ours alone; one level. */
static void
remove_below (const char *path)
{
  DIR *dir = opendir (path);
  struct dirent *entry;

  while (dir && (entry = readdir (dir)))
    if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
      unlinkat (dirfd (dir), entry->d_name, AT_REMOVEDIR);
  if (dir)
    closedir (dir);
}

static bool
leave_one (const char *slot, bool inside)
{
  char run[PATH_MAX];

  if (slot == NULL)
    return true;
  if (inside)
    move_out (slot);
  remove_below (slot);
  rmdir (slot);
  if (!above (slot, 1, run))
    return false;
  if (rmdir (run) < 0 && errno == EBUSY) /* "kept" may be all that is left, but not while another slot is */
    remove_below (run);
  return rmdir (run) == 0 || errno == ENOENT;
}

bool
srt_places_leave (const SrtPlaces *places)
{
  bool all = leave_one (places->group, false);

  all &= leave_one (places->memory, true);
  all &= leave_one (places->pids, true);
  all &= leave_one (places->cpu, true);
  all &= leave_one (places->blkio, true);
  return all;
}
