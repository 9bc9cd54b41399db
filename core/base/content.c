/* SPDX-License-Identifier: MIT */
#include "base/content.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = sizeof (guint64) * 4, READ_SIZE = 64 << 10 };

/* Odd, so that multiplying by them loses nothing; else arbitrary. */
static const guint64 odd_word = G_GUINT64_CONSTANT (0x9e6c63d0876a9a47),
                     odd_lane = G_GUINT64_CONSTANT (0xc3a5c85c97cb3127);

void
srt_content_init (SrtContent *content)
{
  *content = (SrtContent){ .lanes = { 1, 2, 3, 4 } };
}

/* For each word one-to-one in the lane, and for each lane one-to-one in the word. */
static guint64
stir (guint64 lane, guint64 word)
{
  lane += word * odd_word;
  return (lane << 31 | lane >> 33) * odd_lane;
}

static void
add_block (SrtContent *content, const guint8 *bytes)
{
  guint64 words[4];
  memcpy (words, bytes, sizeof words);
  for (guint i = 0; i < 4; i++)
    content->lanes[i] = stir (content->lanes[i], GUINT64_FROM_LE (words[i]));
}

void
srt_content_add (SrtContent *content, const void *bytes, gsize length)
{
  const guint8 *at = bytes;
  gsize held = content->length % BLOCK;
  content->length += length;
  if (held > 0) {
    gsize more = MIN (length, BLOCK - held);
    memcpy (content->rest + held, at, more);
    at += more;
    length -= more;
    if (held + more < BLOCK)
      return;
    add_block (content, content->rest);
  }
  for (; length >= BLOCK; at += BLOCK, length -= BLOCK)
    add_block (content, at);
  if (length > 0)
    memcpy (content->rest, at, length);
}

void
srt_content_digest (const SrtContent *content, char ret_digest[SRT_CONTENT_DIGEST_SIZE])
{
  SrtContent last = *content;
  gsize held = content->length % BLOCK;
  if (held > 0) {
    memset (last.rest + held, 0, BLOCK - held); /* the length tells this from zeros that were there */
    add_block (&last, last.rest);
  }
  guint64 sum = stir (0, content->length);
  for (guint i = 0; i < 4; i++) {
    guint64 lane = last.lanes[i] ^ last.lanes[i] >> 29;
    sum = stir (sum, lane);
    sum ^= sum >> 32;
  }
  g_snprintf (ret_digest, SRT_CONTENT_DIGEST_SIZE, "%016" G_GINT64_MODIFIER "x", sum);
}

/* The descriptor of a regular file, or -1 with errno. A FIFO of that name must not hold us. */
static int
open_regular (const char *path)
{
  struct stat status;
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 || (fstat (fd, &status) == 0 && S_ISREG (status.st_mode)))
    return fd;
  close (fd);
  errno = EINVAL;
  return -1;
}

gboolean
srt_content_add_file (SrtContent *content, const char *path)
{
  guint8 bytes[READ_SIZE];
  ssize_t n;
  int fd = open_regular (path);
  if (fd < 0)
    return FALSE;
  while ((n = read (fd, bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR))
    srt_content_add (content, bytes, (gsize)MAX (n, 0));
  int error = errno;
  close (fd);
  errno = error;
  return n == 0;
}
