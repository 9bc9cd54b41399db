/* SPDX-License-Identifier: MIT */
#include "disk.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

bool
disk_of (const char *path, char disk[DISK_PATH_MAX])
{
  char link[64], place[PATH_MAX], *name;
  struct stat st;

  if (stat (path, &st) < 0)
    return false;
  snprintf (link, sizeof link, "/sys/dev/block/%u:%u", major (st.st_dev), minor (st.st_dev));
  if (realpath (link, place) == NULL)
    return false;
  name = strrchr (place, '/');
  snprintf (link, sizeof link, "/sys/dev/block/%u:%u/partition", major (st.st_dev), minor (st.st_dev));
  if (access (link, F_OK) == 0) { /* ".../block/sda/sda1" */
    *name = '\0';
    name = strrchr (place, '/');
  }
  for (char *at = name + 1; *at; at++)
    if (*at == '!') /* "cciss!c0d0" is "/dev/cciss/c0d0" */
      *at = '/';
  return (size_t)snprintf (disk, DISK_PATH_MAX, "/dev%s", name) < DISK_PATH_MAX && stat (disk, &st) == 0 &&
         S_ISBLK (st.st_mode);
}

bool
disk_can_throttle (bool version_2)
{
  FILE *file = version_2 ? fopen ("/sys/fs/cgroup/cgroup.controllers", "re") : NULL;
  char word[32] = "";

  if (!version_2)
    return access ("/sys/fs/cgroup/blkio/blkio.throttle.read_iops_device", F_OK) == 0;
  while (file && strcmp (word, "io") != 0 && fscanf (file, "%31s", word) == 1)
    continue;
  if (file)
    fclose (file);
  return strcmp (word, "io") == 0;
}
