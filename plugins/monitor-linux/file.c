/* SPDX-License-Identifier: MIT */
#include "file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* A file that is not there (no PSI, a controller that is off) is looked for again once in so many reads: about a second
 * at the fastest period. */
enum { RETRY_AFTER = 50, READ_ALL_STEP = 16 * 1024, READ_ALL_MAX = 16 * 1024 * 1024 };

static int
open_file (int dir, const char *name)
{
  /* O_NONBLOCK: a fifo where a file should be must not stop us. */
  return openat (dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
}

static ssize_t
read_start (int fd, const SrtScratch *scratch)
{
  ssize_t n = -1;

  if (fd >= 0)
    n = pread (fd, scratch->bytes, scratch->size - 1, 0);
  return n;
}

const char *
srt_file_read (SrtFile *file, int dir, const char *name, const SrtScratch *scratch)
{
  ssize_t n = read_start (file->fd, scratch);

  if (n < 0 && file->wait > 0) {
    file->wait--;
    return NULL;
  }
  if (n < 0) {
    srt_file_close (file);
    file->fd = open_file (dir, name);
    n = read_start (file->fd, scratch);
  }
  if (n < 0) {
    srt_file_close (file);
    file->wait = RETRY_AFTER;
    return NULL;
  }
  scratch->bytes[n] = '\0';
  return scratch->bytes;
}

void
srt_file_close (SrtFile *file)
{
  if (file->fd >= 0)
    close (file->fd);
  file->fd = -1;
  file->wait = 0;
}

/* All of FD behind each other; NULL with errno. */
static char *
read_to_end (int fd)
{
  char *text = NULL, *grown;
  size_t used = 0;
  ssize_t n;

  do {
    grown = used < READ_ALL_MAX ? realloc (text, used + READ_ALL_STEP + 1) : NULL;
    n = grown ? read (fd, grown + used, READ_ALL_STEP) : -1;
    if (grown)
      text = grown;
    if (n > 0)
      used += (size_t)n;
  } while (n > 0);
  if (n < 0) {
    free (text);
    return NULL;
  }
  text[used] = '\0';
  return text;
}

char *
srt_file_read_all (int dir, const char *name)
{
  int fd = open_file (dir, name), saved;
  char *text;

  if (fd < 0)
    return NULL;
  text = read_to_end (fd);
  saved = errno;
  close (fd);
  errno = saved;
  return text;
}
