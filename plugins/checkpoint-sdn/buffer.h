/* SPDX-License-Identifier: MIT
 *
 * buffer.h - bytes that grow.
 *
 * When memory runs out, `failed` is set and stays set until srt_buffer_cut; what is put after that is left out. So one
 * look at the end is enough, and a half-built row is never taken for a whole one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct srt_buffer {
  char *data;
  size_t length;
  size_t capacity;
  bool failed;
} srt_buffer;

/* Room for N more bytes behind `length`, or NULL. */
char *srt_buffer_reserve (srt_buffer *buffer, size_t n);
void srt_buffer_put (srt_buffer *buffer, const void *bytes, size_t length);
void srt_buffer_puts (srt_buffer *buffer, const char *text);
/* Back to the first LENGTH bytes; forgets a failure. */
void srt_buffer_cut (srt_buffer *buffer, size_t length);
/* Away with the first N bytes; the rest moves to the front. */
void srt_buffer_drop (srt_buffer *buffer, size_t n);
void srt_buffer_clear (srt_buffer *buffer);
