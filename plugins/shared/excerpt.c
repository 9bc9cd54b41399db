/* SPDX-License-Identifier: MIT */
#include "excerpt.h"
#include "clean.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 16384 };

void
srt_bytes_of_result (const srt_host *host, const srt_result *result, srt_bytes *ret)
{
  *ret = (srt_bytes){
    .host = host, .output = result->output, .fd = -1, .length = result->output ? result->output_bytes : 0
  };
}

size_t
srt_bytes_read (const srt_bytes *bytes, uint64_t offset, void *buffer, size_t length)
{
  int64_t n;
  uint64_t rest = offset < bytes->length ? bytes->length - offset : 0;
  length = rest < length ? (size_t)rest : length;
  if (length == 0)
    return 0;
  if (bytes->output)
    n = bytes->host->read_output (bytes->output, offset, buffer, length);
  else
    do
      n = pread (bytes->fd, buffer, length, (off_t)(bytes->offset + offset));
    while (n < 0 && errno == EINTR);
  return n > 0 ? (size_t)n : 0;
}

/* Newlines in [FROM, TO); *RET_NTH, if asked for, is where the line behind the N-th one begins. */
static uint64_t
count_lines (const srt_bytes *bytes, uint64_t from, uint64_t to, uint64_t nth, uint64_t *ret_nth)
{
  char piece[PIECE];
  uint64_t lines = 0;
  size_t n;
  for (; (n = srt_bytes_read (bytes, from, piece, to - from < PIECE ? (size_t)(to - from) : PIECE)) > 0; from += n) {
    const char *end = piece + n;
    for (const char *p = memchr (piece, '\n', n); p; p = memchr (p + 1, '\n', (size_t)(end - p - 1)))
      if (++lines == nth && ret_nth)
        *ret_nth = from + (uint64_t)(p - piece) + 1;
  }
  return lines;
}

static void
cut_lines (const srt_bytes *bytes, const srt_excerpt_limits *limits, srt_excerpt *ret)
{
  uint64_t head = 0, tail = bytes->length;
  if (limits->head_lines == UINT64_MAX)
    return;
  uint64_t lines = count_lines (bytes, 0, bytes->length, limits->head_lines, &head);
  if (lines <= limits->head_lines || lines - limits->head_lines <= limits->tail_lines)
    return;
  count_lines (bytes, 0, bytes->length, lines - limits->tail_lines, &tail);
  ret->head = head;
  ret->tail = tail;
}

static void
cut_bytes (uint64_t length, const srt_excerpt_limits *limits, srt_excerpt *ret)
{
  if (length <= limits->head_bytes + limits->tail_bytes)
    return;
  uint64_t tail = length - limits->tail_bytes;
  ret->head = ret->head < limits->head_bytes ? ret->head : limits->head_bytes;
  ret->tail = ret->tail < length && ret->tail > tail ? ret->tail : tail;
}

void
srt_excerpt_cut (const srt_bytes *bytes, const srt_excerpt_limits *limits, srt_excerpt *ret)
{
  *ret = (srt_excerpt){ .head = bytes->length, .tail = bytes->length };
  cut_lines (bytes, limits, ret);
  cut_bytes (bytes->length, limits, ret);
  ret->left_lines = count_lines (bytes, ret->head, ret->tail, 0, NULL);
}

/* Where clean text goes; LAST is its last character. */
typedef struct {
  srt_excerpt_fn fn;
  void *data;
  char last;
  int stopped;
} sink;

static void
emit (sink *to, const char *text, size_t length)
{
  if (length == 0 || to->stopped)
    return;
  to->last = text[length - 1];
  to->stopped = !to->fn (to->data, text, length);
}

static void
emit_range (const srt_bytes *bytes, uint64_t from, uint64_t to, sink *out)
{
  char in[PIECE], text[PIECE + 1];
  size_t held = 0;
  while ((from < to || held > 0) && !out->stopped) {
    size_t want = to - from < PIECE - held ? (size_t)(to - from) : PIECE - held, used;
    size_t got = srt_bytes_read (bytes, from, in + held, want);
    from = got ? from + got : to;
    held += got;
    size_t n = srt_clean (in, held, SRT_CLEAN_LINES | (from < to ? SRT_CLEAN_MORE : 0), text, PIECE, &used);
    text[n] = '\0';
    memmove (in, in + used, held - used);
    held -= used;
    emit (out, text, n);
  }
}

static void
emit_gap (const srt_excerpt *excerpt, sink *out)
{
  char text[96];
  int n = snprintf (text, sizeof text, "%s... %llu lines (%llu bytes) left out ...\n",
                    out->last && out->last != '\n' ? "\n" : "", (unsigned long long)excerpt->left_lines,
                    (unsigned long long)(excerpt->tail - excerpt->head));
  emit (out, text, (size_t)n);
}

void
srt_excerpt_emit (const srt_bytes *bytes, const srt_excerpt_limits *limits, srt_excerpt_fn fn, void *data)
{
  sink out = { .fn = fn, .data = data };
  srt_excerpt excerpt;
  srt_excerpt_cut (bytes, limits, &excerpt);
  emit_range (bytes, 0, excerpt.head, &out);
  if (excerpt.tail > excerpt.head)
    emit_gap (&excerpt, &out);
  emit_range (bytes, excerpt.tail, bytes->length, &out);
}
