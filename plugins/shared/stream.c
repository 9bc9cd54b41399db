/* SPDX-License-Identifier: MIT */
#include "stream.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void
stream_open (Stream *stream, int fd)
{
  stream->fd = fd;
  stream->broken = false;
  stream->sequence = 0;
  stream->reader = (SrtFrameReader){ .from = SRT_SIDE_AGENT };
  stream->in_start = stream->in_end = 0;
  stream->out_start = stream->out_end = 0;
}

void
stream_close (Stream *stream)
{
  if (stream->fd >= 0)
    close (stream->fd);
  free (stream->out);
  stream->fd = -1;
  stream->out = NULL;
  stream->out_start = stream->out_end = stream->out_size = 0;
}

static bool
reserve (Stream *stream, size_t n)
{
  size_t size = stream->out_size ? stream->out_size : 4096;
  uint8_t *out;

  if (stream->out_start > 0) {
    memmove (stream->out, stream->out + stream->out_start, stream->out_end - stream->out_start);
    stream->out_end -= stream->out_start;
    stream->out_start = 0;
  }
  while (size - stream->out_end < n)
    size *= 2;
  if (size == stream->out_size)
    return true;
  out = realloc (stream->out, size);
  if (out == NULL)
    return false;
  stream->out = out;
  stream->out_size = size;
  return true;
}

bool
stream_put (Stream *stream, SrtFrameType type, uint64_t job, const void *payload, size_t length)
{
  const uint8_t *at = payload;

  if (stream->fd < 0)
    return true; /* its end is about to be told anyway */
  if (!reserve (stream, length + (length / SRT_FRAME_MAX + 1) * SRT_FRAME_HEAD))
    return false;
  do {
    uint32_t n = length < SRT_FRAME_MAX ? (uint32_t)length : SRT_FRAME_MAX;
    uint16_t more = n < length ? SRT_FRAME_MORE : 0;

    srt_frame_head (stream->out + stream->out_end, (uint16_t)(type | more), &stream->sequence, job, n);
    stream->out_end += SRT_FRAME_HEAD;
    if (n > 0) {
      memcpy (stream->out + stream->out_end, at, n);
      at += n;
    }
    stream->out_end += n;
    length -= n;
  } while (length > 0);
  return true;
}

bool
stream_flush (Stream *stream)
{
  while (stream->fd >= 0 && stream->out_start < stream->out_end) {
    ssize_t n = send (stream->fd, stream->out + stream->out_start, stream->out_end - stream->out_start,
                      MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n < 0) {
      stream->broken = errno != EAGAIN && errno != EINTR;
      return !stream->broken;
    }
    stream->out_start += (size_t)n;
  }
  stream->out_start = stream->out_end = 0;
  return false;
}

int
stream_fill (Stream *stream)
{
  ssize_t n;

  if (stream->in_start > 0) {
    memmove (stream->in, stream->in + stream->in_start, stream->in_end - stream->in_start);
    stream->in_end -= stream->in_start;
    stream->in_start = 0;
  }
  n = recv (stream->fd, stream->in + stream->in_end, sizeof stream->in - stream->in_end, MSG_DONTWAIT);
  if (n > 0) {
    stream->in_end += (size_t)n;
    return 1;
  }
  return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

int
stream_next (Stream *stream, SrtFrame *ret, const char **ret_reason)
{
  int used = srt_frame_read (&stream->reader, stream->in + stream->in_start, stream->in_end - stream->in_start, ret,
                             ret_reason);

  if (used > 0)
    stream->in_start += (size_t)used;
  return used > 0 ? 1 : used;
}
