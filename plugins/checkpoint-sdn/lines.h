/* SPDX-License-Identifier: MIT
 *
 * lines.h - a walk over the lines of a text, which may hold any bytes. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct srt_lines {
  const char *at, *end; /* what is still to come */
  const char *line;     /* the line at hand, without its LF or CR LF */
  size_t length;
  uint32_t number; /* of it, from 1; 0: none yet */
  bool ended;      /* it has its LF: only the last one may lack it */
} srt_lines;

/* Go to the next line; false: there is none. */
bool srt_lines_next (srt_lines *lines);
/* Is the line at hand TEXT? */
bool srt_lines_is (const srt_lines *lines, const char *text);
