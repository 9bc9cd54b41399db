/* SPDX-License-Identifier: MIT */
#include "buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

char *
srt_buffer_reserve (srt_buffer *buffer, size_t n)
{
  if (buffer->failed || n > SIZE_MAX / 4 - buffer->length) {
    buffer->failed = true;
    return NULL;
  }
  if (buffer->length + n > buffer->capacity) {
    size_t capacity = (buffer->length + n) * 2;
    if (capacity < 4096)
      capacity = 4096;
    char *data = realloc (buffer->data, capacity);
    if (data == NULL) {
      buffer->failed = true;
      return NULL;
    }
    buffer->data = data;
    buffer->capacity = capacity;
  }
  return buffer->data + buffer->length;
}

void
srt_buffer_put (srt_buffer *buffer, const void *bytes, size_t length)
{
  char *room = srt_buffer_reserve (buffer, length);

  if (room == NULL || length == 0)
    return;
  memcpy (room, bytes, length);
  buffer->length += length;
}

void
srt_buffer_puts (srt_buffer *buffer, const char *text)
{
  srt_buffer_put (buffer, text, strlen (text));
}

void
srt_buffer_cut (srt_buffer *buffer, size_t length)
{
  buffer->length = length;
  buffer->failed = false;
}

void
srt_buffer_drop (srt_buffer *buffer, size_t n)
{
  if (n > 0 && n < buffer->length)
    memmove (buffer->data, buffer->data + n, buffer->length - n);
  buffer->length -= n;
}

void
srt_buffer_clear (srt_buffer *buffer)
{
  free (buffer->data);
  *buffer = (srt_buffer){ 0 };
}
