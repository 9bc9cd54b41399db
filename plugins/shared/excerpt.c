/* SPDX-License-Identifier: MIT */
#include "excerpt.h"
#include "clean.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 16384 };

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

/* A file in the run's folder that no name leads to any more. */
static int
open_nameless (const char *folder, const void *unique)
{
  char name[64];
  int dir = folder ? open (folder, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_RDONLY) : -1;
  if (dir < 0)
    return -1;
  snprintf (name, sizeof name, "output-%p.spool", unique);
  int fd = openat (dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  int error = errno;
  if (fd >= 0)
    unlinkat (dir, name, 0);
  close (dir);
  errno = error;
  return fd;
}

static void
fail (srt_spool *spool, const char *reason)
{
  spool->broken = 1;
  spool->host->logf (spool->host, SRT_LOG_WARNING, "the output of tests can no longer be kept: %s", reason);
}

static int
is_ready (srt_spool *spool)
{
  if (spool->fd < 0 && !spool->broken) {
    errno = ENOENT;
    spool->fd = open_nameless (spool->host->run_dir, spool);
    if (spool->fd < 0)
      fail (spool, strerror (errno));
  }
  return !spool->broken;
}

static int
append (srt_spool *spool, const char *bytes, size_t length)
{
  while (length > 0) {
    ssize_t n = pwrite (spool->fd, bytes, length, (off_t)spool->size);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      fail (spool, n < 0 ? strerror (errno) : "nothing was written");
      return 0;
    }
    bytes += n;
    length -= (size_t)n;
    spool->size += (uint64_t)n;
  }
  return 1;
}

/* A range of a test's output, piece by piece. */
typedef struct {
  const srt_host *host;
  const srt_output *output;
  uint64_t at, to;
  size_t length;
  char bytes[PIECE];
} reader;

static int
read_piece (reader *r)
{
  uint64_t want = r->to - r->at < PIECE ? r->to - r->at : PIECE;
  int64_t n = want ? r->host->read_output (r->output, r->at, r->bytes, (size_t)want) : 0;
  r->length = n > 0 ? (size_t)n : 0;
  r->at += r->length;
  return r->length > 0;
}

static void
read_range (reader *r, const srt_host *host, const srt_result *result, uint64_t from, uint64_t to)
{
  r->host = host;
  r->output = result->output;
  r->at = from;
  r->to = to;
  r->length = 0;
}

/* Newlines in the range; *RET_NTH is where the line after the N-th one begins, or the range's end. */
static uint64_t
count_lines (const srt_host *host, const srt_result *result, uint64_t from, uint64_t to, uint64_t nth,
             uint64_t *ret_nth)
{
  reader r;
  uint64_t lines = 0, found = nth ? to : from;
  read_range (&r, host, result, from, to);
  while (read_piece (&r)) {
    const char *end = r.bytes + r.length;
    for (const char *p = memchr (r.bytes, '\n', r.length); p; p = memchr (p + 1, '\n', (size_t)(end - p - 1)))
      if (++lines == nth)
        found = r.at - r.length + (uint64_t)(p - r.bytes) + 1;
  }
  if (ret_nth)
    *ret_nth = found;
  return lines;
}

/* Where the head ends and where the tail begins; the same when nothing is to be left out. */
static void
cut (const srt_host *host, const srt_result *result, const srt_excerpt_limits *limits, uint64_t *ret_head,
     uint64_t *ret_tail)
{
  uint64_t total = result->output_bytes, head = total, tail = 0, lines = 0;
  if (limits->head_lines != UINT64_MAX)
    lines = count_lines (host, result, 0, total, limits->head_lines, &head);
  if (lines > limits->head_lines && lines - limits->head_lines > limits->tail_lines)
    count_lines (host, result, 0, total, lines - limits->tail_lines, &tail);
  else
    head = total;
  if (total > limits->head_bytes + limits->tail_bytes) {
    head = head < limits->head_bytes ? head : limits->head_bytes;
    tail = tail > total - limits->tail_bytes ? tail : total - limits->tail_bytes;
  }
  if (tail <= head)
    head = tail = total;
  *ret_head = head;
  *ret_tail = tail;
}

static uint64_t
copy (srt_spool *spool, const srt_result *result, uint64_t from, uint64_t to)
{
  reader r;
  uint64_t before = spool->size;
  read_range (&r, spool->host, result, from, to);
  while (read_piece (&r) && append (spool, r.bytes, r.length))
    ;
  return spool->size - before;
}

void
srt_excerpt_take (srt_spool *spool, const srt_result *result, const srt_excerpt_limits *limits, srt_excerpt *ret)
{
  uint64_t head, tail;
  *ret = (srt_excerpt){ .lost = result->output_lost };
  if (!result->output || !result->output_bytes || !is_ready (spool))
    return;
  cut (spool->host, result, limits, &head, &tail);
  ret->offset = spool->size;
  ret->head = copy (spool, result, 0, head);
  ret->tail = spool->broken ? 0 : copy (spool, result, tail, result->output_bytes);
  ret->left_bytes = result->output_bytes - ret->head - ret->tail;
  ret->left_lines = ret->left_bytes ? count_lines (spool->host, result, head, tail, 0, NULL) : 0;
}

size_t
srt_spool_read (const srt_spool *spool, uint64_t offset, void *buffer, size_t length)
{
  ssize_t n;
  do
    n = pread (spool->fd, buffer, length, (off_t)offset);
  while (n < 0 && errno == EINTR);
  return n > 0 ? (size_t)n : 0;
}

int
srt_excerpt_clean (const srt_spool *spool, uint64_t offset, uint64_t length, srt_excerpt_fn fn, void *data)
{
  char in[PIECE], out[PIECE];
  size_t held = 0;
  while (length > 0 || held > 0) {
    size_t want = length < PIECE - held ? (size_t)length : PIECE - held;
    size_t got = want ? srt_spool_read (spool, offset, in + held, want) : 0, used;
    offset += got;
    length = got ? length - got : 0;
    held += got;
    size_t n = srt_clean (in, held, SRT_CLEAN_LINES | (length ? SRT_CLEAN_MORE : 0), out, sizeof out, &used);
    memmove (in, in + used, held - used);
    held -= used;
    if (n > 0 && !fn (data, out, n))
      return 0;
  }
  return 1;
}
