/* SPDX-License-Identifier: MIT
 * The beginning and the end of what a test has written, as much as is useful, made clean. Nothing is held in memory but
 * one piece at a time. */
#pragma once
#include <srt/srt-plugin.h>

/* Bytes to read: a test's output, or a range of a file. */
typedef struct srt_bytes {
  const srt_host *host;
  const srt_output *output; /* NULL: of the file */
  int fd;
  uint64_t offset; /* where they begin in the file */
  uint64_t length;
} srt_bytes;

/* How much is shown: whichever bound is reached first. */
typedef struct srt_excerpt_limits {
  uint64_t head_lines, tail_lines; /* UINT64_MAX: no bound */
  uint64_t head_bytes, tail_bytes;
} srt_excerpt_limits;

/* [0, head) and [tail, length) are shown; both are the length when nothing is left out. */
typedef struct srt_excerpt {
  uint64_t head, tail;
  uint64_t left_lines; /* newlines between the two */
} srt_excerpt;

void srt_bytes_of_result (const srt_host *host, const srt_result *result, srt_bytes *ret);
/* Up to LENGTH bytes from OFFSET; 0 at the end, and when they cannot be read. */
size_t srt_bytes_read (const srt_bytes *bytes, uint64_t offset, void *buffer, size_t length);

void srt_excerpt_cut (const srt_bytes *bytes, const srt_excerpt_limits *limits, srt_excerpt *ret);

/* Gets text as clean.h makes it, piece by piece, with a NUL behind it; returns 0 to stop. */
typedef int (*srt_excerpt_fn) (void *data, const char *text, size_t length);
/* Pass what LIMITS let through to FN, and a line that says how much was left out where it was. */
void srt_excerpt_emit (const srt_bytes *bytes, const srt_excerpt_limits *limits, srt_excerpt_fn fn, void *data);
