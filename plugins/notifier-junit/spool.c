/* SPDX-License-Identifier: MIT */
#include "spool.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NAME "junit-output.tmp"

void
srt_spool_init (srt_spool *spool, const srt_host *host)
{
  *spool = (srt_spool){ .host = host, .fd = -1 };
}

void
srt_spool_clear (srt_spool *spool)
{
  if (spool->fd >= 0)
    close (spool->fd);
  spool->fd = -1;
}

static void
fail (srt_spool *spool, int error)
{
  spool->broken = 1;
  spool->host->logf (spool->host, SRT_LOG_WARNING, "the output of passed tests will not be in the report: %s",
                     strerror (error));
}

static int
open_nameless (const char *path)
{
  int folder = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0)
    return -1;
  int fd = openat (folder, NAME, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600), error = errno;
  if (fd >= 0)
    unlinkat (folder, NAME, 0);
  close (folder);
  errno = error;
  return fd;
}

static int
is_ready (srt_spool *spool)
{
  if (spool->fd < 0 && !spool->broken) {
    errno = ENOENT;
    spool->fd = spool->host->run_dir ? open_nameless (spool->host->run_dir) : -1;
    if (spool->fd < 0)
      fail (spool, errno);
  }
  return !spool->broken;
}

static int
append (void *data, const char *text, size_t length)
{
  srt_spool *spool = data;
  while (length > 0) {
    ssize_t n = pwrite (spool->fd, text, length, (off_t)spool->size);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      fail (spool, errno);
      return 0;
    }
    text += n;
    length -= (size_t)n;
    spool->size += (uint64_t)n;
  }
  return 1;
}

void
srt_spool_keep (srt_spool *spool, const srt_bytes *bytes, const srt_excerpt_limits *limits, srt_bytes *ret)
{
  *ret = (srt_bytes){ .host = spool->host, .fd = -1 };
  if (!bytes->length || !is_ready (spool))
    return;
  uint64_t before = spool->size;
  srt_excerpt_emit (bytes, limits, append, spool);
  *ret = (srt_bytes){ .host = spool->host, .fd = spool->fd, .offset = before, .length = spool->size - before };
}
