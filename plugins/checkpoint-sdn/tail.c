/* SPDX-License-Identifier: MIT */
#include "tail.h"

#include "io.h"
#include "transfer.h"

size_t
srt_tail_pending (const srt_tail *tail)
{
  return tail->bytes.length - (size_t)(tail->written - tail->base);
}

/* How many of LENGTH bytes are whole rows. */
static size_t
whole_rows (const char *bytes, size_t length)
{
  while (length > 0 && bytes[length - 1] != '\n')
    length--;
  return length;
}

int
srt_tail_flush (srt_tail *tail)
{
  size_t length = srt_tail_pending (tail);
  const char *bytes = tail->bytes.data + (tail->written - tail->base);
  size_t done, whole;
  int error;

  if (length == 0)
    return 0;
  error = srt_transfer_write (tail->fd, bytes, length, tail->written, &done);
  whole = error == 0 ? done : whole_rows (bytes, done);
  tail->written += whole;
  /* A reader should not meet the piece. If it cannot be cut off, it is still the beginning of what comes next there. */
  if (done > whole)
    SRT_IO_RETRY (srt_io_ftruncate (tail->fd, (off_t)tail->written));
  return error;
}

void
srt_tail_release (srt_tail *tail, uint64_t offset)
{
  srt_buffer_drop (&tail->bytes, (size_t)(offset - tail->base));
  tail->base = offset;
}
