/* SPDX-License-Identifier: MIT
 * Mount points as the kernel knows them (statx, since Linux 5.8): bind mounts too. Older kernels: by device. */
#include "base/fs-private.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/stat.h>

gboolean
srt_fs_is_mount_point (int fd)
{
  struct statx extended;
  struct stat self, parent;

  if (statx (fd, "", AT_EMPTY_PATH, 0, &extended) == 0 && (extended.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT))
    return (extended.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  if (fstat (fd, &self) < 0 || fstatat (fd, "..", &parent, 0) < 0)
    return FALSE;
  return self.st_dev != parent.st_dev;
}
