/* SPDX-License-Identifier: MIT */
#include "transfer.h"

#include <errno.h>

#include "io.h"

enum { BLOCK = 64 * 1024, LIMIT = 1 << 30 };

int
srt_transfer_write (int fd, const void *bytes, size_t length, uint64_t offset, size_t *ret_done)
{
  size_t done = 0;
  int error = 0;

  while (done < length && error == 0) {
    ssize_t n = SRT_IO_RETRY (srt_io_pwrite (fd, (const char *)bytes + done, length - done, (off_t)(offset + done)));
    if (n > 0)
      done += (size_t)n;
    else
      error = n < 0 ? errno : EIO; /* EIO: it takes nothing and says nothing */
  }
  *ret_done = done;
  return error;
}

int
srt_transfer_read (int fd, uint64_t length, srt_buffer *buffer)
{
  uint64_t done = 0;

  while (done < length) {
    size_t want = length - done < BLOCK ? (size_t)(length - done) : BLOCK;
    char *room = srt_buffer_reserve (buffer, want);
    ssize_t n;
    if (room == NULL)
      return ENOMEM;
    n = SRT_IO_RETRY (srt_io_pread (fd, room, want, (off_t)done));
    if (n < 0)
      return errno;
    if (n == 0)
      return length == UINT64_MAX ? 0 : EIO;
    buffer->length += (size_t)n;
    done += (uint64_t)n;
    if (buffer->length > LIMIT)
      return EFBIG;
  }
  return 0;
}

int
srt_transfer_sync (int fd)
{
  return SRT_IO_RETRY (srt_io_fdatasync (fd)) < 0 ? errno : 0;
}
