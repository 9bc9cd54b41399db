/* SPDX-License-Identifier: MIT */
#include "io.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

int
srt_io_openat (int folder, const char *name, int flags, mode_t mode)
{
  return openat (folder, name, flags, mode);
}

int
srt_io_close (int fd)
{
  return close (fd);
}

int
srt_io_mkdirat (int folder, const char *name, mode_t mode)
{
  return mkdirat (folder, name, mode);
}

int
srt_io_unlinkat (int folder, const char *name, int flags)
{
  return unlinkat (folder, name, flags);
}

int
srt_io_renameat (int folder, const char *from, const char *to)
{
  return renameat (folder, from, folder, to);
}

int
srt_io_fstat (int fd, struct stat *ret_stat)
{
  return fstat (fd, ret_stat);
}

int
srt_io_fstatat (int folder, const char *name, struct stat *ret_stat)
{
  return fstatat (folder, name, ret_stat, AT_SYMLINK_NOFOLLOW);
}

int
srt_io_flock (int fd, int operation)
{
  return flock (fd, operation);
}

ssize_t
srt_io_pread (int fd, void *buffer, size_t length, off_t offset)
{
  return pread (fd, buffer, length, offset);
}

ssize_t
srt_io_pwrite (int fd, const void *bytes, size_t length, off_t offset)
{
  return pwrite (fd, bytes, length, offset);
}

int
srt_io_ftruncate (int fd, off_t length)
{
  return ftruncate (fd, length);
}

int
srt_io_fdatasync (int fd)
{
#ifdef __APPLE__
  /* fsync there stops at the drive's cache. */
  return fcntl (fd, F_FULLFSYNC);
#else
  return fdatasync (fd);
#endif
}

int
srt_io_fsync (int fd)
{
  return fsync (fd);
}
