/* SPDX-License-Identifier: MIT */
#include "run/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_BYTES (64 * 1024)

struct srt_output {
  const char *memory; /* or NULL: in a file */
  int fd;
  guint64 offset;
  guint64 length;
};

struct SrtSpool {
  char *dir;
  int fd; /* -1: not opened yet */
  guint64 end;
  GPtrArray *kept; /* of srt_output */
};

struct SrtCapture {
  SrtSpool *spool;
  char *buffer; /* made with the first byte; holds everything while fd_bytes is 0, else what the file has not yet */
  gsize filled;
  int fd; /* the slot's file, -1: none yet */
  guint64 fd_bytes;
  guint64 max, lost;
  srt_output output;
};

SrtSpool *
srt_spool_new (const char *dir)
{
  SrtSpool *spool = g_new0 (SrtSpool, 1);
  spool->dir = g_strdup (dir);
  spool->fd = -1;
  spool->kept = g_ptr_array_new_with_free_func (g_free);
  return spool;
}

void
srt_spool_free (SrtSpool *spool)
{
  if (spool->fd >= 0)
    close (spool->fd);
  g_ptr_array_unref (spool->kept);
  g_free (spool->dir);
  g_free (spool);
}

/* A file without a name. */
static int
open_unlinked (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "output-XXXXXX", NULL);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    unlink (path);
  return fd;
}

static gboolean
write_all_at (int fd, const char *bytes, gsize length, guint64 offset)
{
  while (length > 0) {
    ssize_t n = pwrite (fd, bytes, length, (off_t)offset);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    bytes += n;
    length -= (gsize)n;
    offset += (guint64)n;
  }
  return TRUE;
}

SrtCapture *
srt_capture_new (SrtSpool *spool)
{
  SrtCapture *capture = g_new0 (SrtCapture, 1);
  capture->spool = spool;
  capture->fd = -1;
  return capture;
}

void
srt_capture_free (SrtCapture *capture)
{
  if (capture->fd >= 0)
    close (capture->fd);
  g_free (capture->buffer);
  g_free (capture);
}

void
srt_capture_begin (SrtCapture *capture, guint64 max)
{
  if (capture->fd_bytes > 0 && ftruncate (capture->fd, 0) != 0) {
    close (capture->fd);
    capture->fd = -1;
  }
  capture->fd_bytes = 0;
  capture->filled = 0;
  capture->lost = 0;
  capture->max = max;
}

/* Move the buffer to the slot's file; what cannot be written is lost, and counted. */
static void
flush_buffer (SrtCapture *capture)
{
  if (capture->fd < 0)
    capture->fd = open_unlinked (capture->spool->dir);
  if (capture->fd >= 0 && write_all_at (capture->fd, capture->buffer, capture->filled, capture->fd_bytes))
    capture->fd_bytes += capture->filled;
  else
    capture->lost += capture->filled;
  capture->filled = 0;
}

void
srt_capture_add (SrtCapture *capture, const void *bytes, gsize length)
{
  guint64 room = capture->max - MIN (capture->max, srt_capture_bytes (capture));
  gsize take = (gsize)MIN (room, length);
  const char *from = bytes;
  capture->lost += length - take;
  if (take > 0 && !capture->buffer)
    capture->buffer = g_malloc (BUFFER_BYTES);
  while (take > 0) {
    if (capture->filled == BUFFER_BYTES)
      flush_buffer (capture);
    gsize part = MIN (take, BUFFER_BYTES - capture->filled);
    memcpy (capture->buffer + capture->filled, from, part);
    capture->filled += part;
    from += part;
    take -= part;
  }
}

guint64
srt_capture_bytes (const SrtCapture *capture)
{
  return capture->fd_bytes + capture->filled;
}

guint64
srt_capture_lost (const SrtCapture *capture)
{
  return capture->lost;
}

const srt_output *
srt_capture_output (SrtCapture *capture)
{
  if (srt_capture_bytes (capture) == 0)
    return NULL;
  if (capture->fd_bytes > 0)
    flush_buffer (capture);
  capture->output = capture->fd_bytes > 0 ? (srt_output){ NULL, capture->fd, 0, capture->fd_bytes }
                                          : (srt_output){ capture->buffer, -1, 0, capture->filled };
  return &capture->output;
}

static gboolean
append_to_spool (SrtSpool *spool, const srt_output *from)
{
  char piece[16 * 1024];
  guint64 done = 0;
  if (spool->fd < 0)
    spool->fd = open_unlinked (spool->dir);
  if (spool->fd < 0)
    return FALSE;
  while (done < from->length) {
    gint64 n = srt_output_read (from, done, piece, sizeof piece);
    if (n <= 0 || !write_all_at (spool->fd, piece, (gsize)n, spool->end + done))
      return FALSE;
    done += (guint64)n;
  }
  return TRUE;
}

const srt_output *
srt_capture_keep (SrtCapture *capture)
{
  const srt_output *now = srt_capture_output (capture);
  if (!now)
    return NULL;
  if (!append_to_spool (capture->spool, now)) {
    guint64 lost = capture->lost + now->length;
    srt_capture_begin (capture, capture->max);
    capture->lost = lost;
    return NULL;
  }
  srt_output *kept = g_new (srt_output, 1);
  *kept = (srt_output){ NULL, capture->spool->fd, capture->spool->end, now->length };
  capture->spool->end += now->length;
  g_ptr_array_add (capture->spool->kept, kept);
  return kept;
}

int64_t
srt_output_read (const srt_output *output, uint64_t offset, void *buffer, size_t length)
{
  if (offset >= output->length)
    return 0;
  size_t want = (size_t)MIN ((guint64)length, output->length - offset);
  if (output->memory) {
    memcpy (buffer, output->memory + offset, want);
    return (int64_t)want;
  }
  ssize_t n;
  do
    n = pread (output->fd, buffer, want, (off_t)(output->offset + offset));
  while (n < 0 && errno == EINTR);
  return n < 0 ? SRT_E_FAILED : n;
}
