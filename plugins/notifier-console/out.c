/* SPDX-License-Identifier: MIT */
#include "out.h"
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  PIECE = 4096, /* PIPE_BUF: a pipe that polls as writable takes it without blocking */
  BACKLOG_FIRST = 64 * 1024,
  BACKLOG_MAX = 4 * 1024 * 1024
};

void
srt_out_init (srt_out *out, const srt_host *host, int fd, const char *name)
{
  *out = (srt_out){ .host = host, .fd = fd, .name = name };
}

int
srt_out_is_behind (const srt_out *out)
{
  return out->end > out->start;
}

static void
forget_backlog (srt_out *out)
{
  out->host->remove (out->source);
  out->source = NULL;
  out->start = out->end = 0;
}

/* A reader that left (head, a closed terminal) is no news; a full disk is. */
static void
give_up (srt_out *out, int error)
{
  out->closed = 1;
  forget_backlog (out);
  if (error != EPIPE && error != EBADF && error != EIO)
    out->host->logf (out->host, SRT_LOG_WARNING, "cannot write to %s: %s", out->name, strerror (error));
}

/* Write what FD takes; wait at most WAIT_MS for it to take something. Returns how much that was. */
static size_t
write_some (srt_out *out, const char *bytes, size_t length, int wait_ms)
{
  size_t done = 0;
  while (done < length && !out->closed) {
    struct pollfd ready = { .fd = out->fd, .events = POLLOUT };
    int n = poll (&ready, 1, wait_ms);
    if (n == 0 || (n < 0 && errno != EINTR))
      break;
    ssize_t written = n < 0 ? 0 : write (out->fd, bytes + done, length - done < PIECE ? length - done : PIECE);
    if (written < 0 && errno == EAGAIN)
      break;
    if (written < 0 && errno != EINTR)
      give_up (out, errno);
    done += written > 0 ? (size_t)written : 0;
    wait_ms = 0;
  }
  return out->closed ? length : done;
}

static void
write_backlog (srt_out *out, int wait_ms)
{
  out->start += write_some (out, out->backlog + out->start, out->end - out->start, wait_ms);
  if (out->closed || !srt_out_is_behind (out))
    forget_backlog (out);
}

static void
on_writable (void *data, int fd, uint32_t events)
{
  write_backlog (data, 0);
}

/* Room for LENGTH more bytes in the backlog. */
static int
make_room (srt_out *out, size_t length)
{
  size_t held = out->end - out->start;
  if (out->start > 0)
    memmove (out->backlog, out->backlog + out->start, held);
  out->start = 0;
  out->end = held;
  if (length > BACKLOG_MAX - held)
    return 0;
  size_t size = out->size ? out->size : BACKLOG_FIRST;
  while (size - held < length)
    size *= 2;
  char *bigger = size > out->size ? realloc (out->backlog, size) : out->backlog;
  if (!bigger)
    return 0;
  out->backlog = bigger;
  out->size = size;
  return 1;
}

static void
keep (srt_out *out, const char *bytes, size_t length)
{
  if (length == 0)
    return;
  if (out->size - out->end < length && !make_room (out, length)) {
    out->dropped += length;
    return;
  }
  memcpy (out->backlog + out->end, bytes, length);
  out->end += length;
  if (!out->source)
    out->source = out->host->add_fd (out->host, out->fd, SRT_FD_WRITE, on_writable, out);
}

/* Until nothing is left, or the reader has taken nothing for a while. */
static void
drain (srt_out *out)
{
  uint64_t since = out->host->now_ns ();
  while (!out->closed && srt_out_is_behind (out)) {
    size_t before = out->start;
    write_backlog (out, 20);
    if (out->start != before)
      since = out->host->now_ns ();
    else if (out->host->now_ns () - since > out->patience_ns)
      give_up (out, EPIPE);
  }
}

static void
tell_dropped (srt_out *out)
{
  char text[128];
  int n = snprintf (text, sizeof text,
                    "srt: warning: %" PRIu64 " bytes of this output were dropped: nobody read them\n", out->dropped);
  out->dropped = 0;
  keep (out, text, (size_t)n);
}

void
srt_out_put (srt_out *out, const char *bytes, size_t length)
{
  if (srt_out_is_behind (out))
    write_backlog (out, 0);
  if (out->closed)
    return;
  if (out->dropped && !srt_out_is_behind (out))
    tell_dropped (out);
  if (!srt_out_is_behind (out)) {
    size_t done = write_some (out, bytes, length, 0);
    bytes += done;
    length -= done;
  }
  keep (out, bytes, length);
  if (out->patience_ns)
    drain (out);
}

void
srt_out_finish (srt_out *out, uint64_t patience_ns)
{
  out->patience_ns = patience_ns;
  drain (out);
  if (out->dropped)
    srt_out_put (out, "", 0);
}

void
srt_out_clear (srt_out *out)
{
  forget_backlog (out);
  free (out->backlog);
  *out = (srt_out){ .fd = -1, .closed = 1 };
}
