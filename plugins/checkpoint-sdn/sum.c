/* SPDX-License-Identifier: MIT */
#include "sum.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crc32c.h"

enum { LENGTH = sizeof ", \"0badcafe\"" - 1 };

void
srt_sum_put (srt_buffer *buffer, uint32_t seed, size_t start)
{
  char text[LENGTH + 2];

  if (buffer->failed)
    return;
  snprintf (text, sizeof text, ", \"%08" PRIx32 "\"\n",
            srt_crc32c (seed, buffer->data + start, buffer->length - start));
  srt_buffer_put (buffer, text, LENGTH + 1);
}

size_t
srt_sum_body (size_t length)
{
  return length > LENGTH ? length - LENGTH : 0;
}

bool
srt_sum_matches (const char *line, size_t length, uint32_t seed)
{
  size_t body = srt_sum_body (length);
  char text[LENGTH + 1];

  if (body == 0)
    return false;
  snprintf (text, sizeof text, ", \"%08" PRIx32 "\"", srt_crc32c (seed, line, body));
  return memcmp (line + body, text, LENGTH) == 0;
}
