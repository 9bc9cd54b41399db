/* SPDX-License-Identifier: MIT
 * Disks: on which one a folder is, as an engine wants it named. */
#pragma once
#include <stdbool.h>

#define DISK_PATH_MAX 128

/* The whole disk below the file system of PATH, "/dev/sda". False: it is on none of its own (tmpfs, overlay, network,
 * several at once), or that has no name in /dev. */
bool disk_of (const char *path, char disk[DISK_PATH_MAX]);

/* Does the kernel count operations of disks for cgroups, of version 2 or 1? */
bool disk_can_throttle (bool version_2);
