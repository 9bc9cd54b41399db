/* SPDX-License-Identifier: MIT
 * Mount points by what POSIX has: the device differs from the parent's. A bind mount of the same file system is not
 * seen. */
#include "base/fs-private.h"

#include <fcntl.h>
#include <sys/stat.h>

gboolean
srt_fs_is_mount_point (int fd)
{
  struct stat self, parent;
  if (fstat (fd, &self) < 0 || fstatat (fd, "..", &parent, 0) < 0)
    return FALSE;
  return self.st_dev != parent.st_dev;
}
