/* SPDX-License-Identifier: MIT
 * Where no kernel tells: engines run in a machine of their own there. */
#include "disk.h"

bool
disk_of (const char *path, char disk[DISK_PATH_MAX])
{
  (void)path;
  (void)disk;
  return false;
}

bool
disk_can_throttle (bool version_2)
{
  (void)version_2;
  return false;
}
