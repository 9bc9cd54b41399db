/* SPDX-License-Identifier: MIT
 * A digest of what is in files: 64 bits, made to see that somebody changed something, at the speed of reading it. Two
 * contents of the same length that differ within 8 aligned bytes never have the same digest, any others by one chance
 * in 2^64. It is no shield against malice: whoever can make a file fit a digest can as well write the digest. */
#pragma once
#include <glib.h>

enum { SRT_CONTENT_DIGEST_SIZE = 17 }; /* 16 hex digits and a NUL */

typedef struct {
  guint64 lanes[4];
  guint64 length;
  guint8 rest[32]; /* what does not fill a block yet: length % 32 bytes */
} SrtContent;

void srt_content_init (SrtContent *content);
void srt_content_add (SrtContent *content, const void *bytes, gsize length);
void srt_content_digest (const SrtContent *content, char ret_digest[SRT_CONTENT_DIGEST_SIZE]);

/* All of a regular file. FALSE: it cannot be read to its end, or is none; errno says why. */
gboolean srt_content_add_file (SrtContent *content, const char *path);
