/* SPDX-License-Identifier: MIT */
#include "text.h"
#include "../shared/clean.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ROOM = SRT_TEXT_SIZE - SRT_TEXT_RESERVE, LINE_END = 4 /* "..." and a newline */ };

void
srt_text_reset (srt_text *text)
{
  text->length = 0;
  text->cut = 0;
}

/* Nothing goes behind what was cut. */
static size_t
room (const srt_text *text)
{
  return text->length < ROOM && !text->cut ? ROOM - text->length : 0;
}

void
srt_text_add (srt_text *text, const char *string)
{
  size_t n = strlen (string);
  if (n > room (text)) {
    n = room (text);
    text->cut = 1;
  }
  memcpy (text->bytes + text->length, string, n);
  text->length += n;
}

void
srt_text_addf (srt_text *text, const char *format, ...)
{
  size_t size = room (text);
  va_list args;
  va_start (args, format);
  int n = vsnprintf (text->bytes + text->length, size, format, args);
  va_end (args);
  if (n < 0 || (size_t)n >= size) {
    n = size > 0 ? (int)size - 1 : 0;
    text->cut = 1;
  }
  text->length += (size_t)n;
}

void
srt_text_add_clean (srt_text *text, const char *string)
{
  size_t n = string ? strlen (string) : 0, used = 0;
  text->length += srt_clean (string, n, 0, text->bytes + text->length, room (text), &used);
  if (used < n)
    text->cut = 1;
}

void
srt_text_add_reserved (srt_text *text, const char *bytes, size_t length)
{
  if (length > SRT_TEXT_SIZE - text->length)
    return;
  memcpy (text->bytes + text->length, bytes, length);
  text->length += length;
}

void
srt_text_end_line (srt_text *text)
{
  const char *end = text->cut ? "...\n" : "\n";
  srt_text_add_reserved (text, end, strlen (end));
  text->cut = 0;
}

static void
print_duration (char *out, size_t size, uint64_t ns)
{
  uint64_t ms = ns / 1000000, s = ms / 1000;
  if (ms < 1000)
    snprintf (out, size, "%" PRIu64 "ms", ms);
  else if (s < 60)
    snprintf (out, size, "%" PRIu64 ".%02" PRIu64 "s", s, ms % 1000 / 10);
  else if (s < 3600)
    snprintf (out, size, "%" PRIu64 "m%02" PRIu64 "s", s / 60, s % 60);
  else
    snprintf (out, size, "%" PRIu64 "h%02" PRIu64 "m", s / 3600, s / 60 % 60);
}

void
srt_text_add_duration (srt_text *text, uint64_t ns)
{
  srt_text_add_duration_padded (text, ns, 0);
}

void
srt_text_add_duration_padded (srt_text *text, uint64_t ns, int width)
{
  char duration[32];
  print_duration (duration, sizeof duration, ns);
  srt_text_addf (text, "%*s", width, duration);
}

const char *
srt_text_plural (uint64_t n)
{
  return n == 1 ? "" : "s";
}
