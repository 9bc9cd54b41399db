/* SPDX-License-Identifier: MIT */
#include "replace.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
base_name (const char *path)
{
  const char *slash = strrchr (path, '/');
  return slash ? slash + 1 : path;
}

static int
explain (char *why, const char *doing, const char *path, int error)
{
  snprintf (why, SRT_REPLACE_WHY, "cannot %s %s: %s", doing, path, strerror (error));
  return -1;
}

static int
open_folder (const char *path, char *why)
{
  char folder[PATH_MAX];
  size_t length = (size_t)(base_name (path) - path);
  if (length >= sizeof folder)
    return explain (why, "write", path, ENAMETOOLONG);
  memcpy (folder, path, length);
  folder[length] = '\0';
  int fd = open (length ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT)
    snprintf (why, SRT_REPLACE_WHY, "the folder of %s does not exist; make it first", path);
  else if (fd < 0)
    explain (why, "open the folder of", path, errno);
  return fd;
}

/* A rename would put a plain file where a device, a pipe or a link was: /dev/stdout is one. */
static int
check_place (int folder, const char *path, char *why)
{
  struct stat there;
  const char *name = base_name (path);
  if (!name[0] || strcmp (name, ".") == 0 || strcmp (name, "..") == 0) {
    snprintf (why, SRT_REPLACE_WHY, "%s names a folder, not a file", path);
    return -1;
  }
  if (fstatat (folder, name, &there, AT_SYMLINK_NOFOLLOW) < 0)
    return errno == ENOENT ? 0 : explain (why, "look at", path, errno);
  if (S_ISREG (there.st_mode))
    return 0;
  snprintf (why, SRT_REPLACE_WHY, "%s is %s; only a plain file is replaced", path,
            S_ISDIR (there.st_mode)   ? "a folder"
            : S_ISLNK (there.st_mode) ? "a symbolic link"
                                      : "a device, pipe or socket");
  return -1;
}

static void
close_all (srt_replace *replace)
{
  if (replace->fd >= 0)
    close (replace->fd);
  if (replace->folder >= 0)
    close (replace->folder);
  replace->fd = replace->folder = -1;
}

int
srt_replace_begin (srt_replace *replace, const char *path, const char *unique, char why[SRT_REPLACE_WHY])
{
  *replace = (srt_replace){ .path = path, .folder = open_folder (path, why), .fd = -1 };
  if (replace->folder < 0)
    return -1;
  if (check_place (replace->folder, path, why) < 0) {
    close_all (replace);
    return -1;
  }
  snprintf (replace->temporary, sizeof replace->temporary, ".srt-junit-%.48s.tmp", unique);
  replace->fd =
      openat (replace->folder, replace->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (replace->fd >= 0)
    return 0;
  explain (why, "write beside", path, errno);
  close_all (replace);
  return -1;
}

int
srt_replace_write (srt_replace *replace, const char *bytes, size_t length)
{
  while (length > 0 && !replace->error) {
    ssize_t n = write (replace->fd, bytes, length);
    if (n < 0 && errno != EINTR)
      replace->error = errno;
    if (n > 0) {
      bytes += n;
      length -= (size_t)n;
    }
  }
  return replace->error ? -1 : 0;
}

int
srt_replace_commit (srt_replace *replace, int durable, char why[SRT_REPLACE_WHY])
{
  int error = replace->error;
  if (!error && durable && fsync (replace->fd) < 0 && errno != EINVAL)
    error = errno;
  if (!error && check_place (replace->folder, replace->path, why) < 0) {
    srt_replace_abandon (replace);
    return -1;
  }
  if (!error && renameat (replace->folder, replace->temporary, replace->folder, base_name (replace->path)) < 0)
    error = errno;
  if (error) {
    srt_replace_abandon (replace);
    return explain (why, "write", replace->path, error);
  }
  close_all (replace);
  return 0;
}

void
srt_replace_abandon (srt_replace *replace)
{
  if (replace->folder >= 0)
    unlinkat (replace->folder, replace->temporary, 0);
  close_all (replace);
}
