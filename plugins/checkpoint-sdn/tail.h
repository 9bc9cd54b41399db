/* SPDX-License-Identifier: MIT
 *
 * tail.h - the end of an append-only file: what is not known to be safe yet, kept in memory too.
 *
 * What it promises: rows arrive in the file in their order and whole. Each is written at its own offset, not by
 * O_APPEND: so a piece of a row that a full disk let through is overwritten by that very row when it is tried again,
 * and never stands in the file's way. (There is one writer only: the file is locked.) And since the rows that are not
 * on stable storage yet are still here, they can be written to another file when this one's disk fails.
 */
#pragma once

#include <stdint.h>

#include "buffer.h"

typedef struct srt_tail {
  int fd;
  uint64_t base;    /* where in the file `bytes` begin: what is before needs no copy */
  uint64_t written; /* where in the file the next row goes; what `bytes` hold behind it could not be written yet */
  srt_buffer bytes; /* ends with a whole row */
} srt_tail;

/* Bytes that could not be written yet. */
size_t srt_tail_pending (const srt_tail *tail);
/* Write what is pending, as far as it goes. 0, or an errno value; then whole rows may have got through all the same. */
int srt_tail_flush (srt_tail *tail);
/* The file is safe up to OFFSET: let go of the copy. */
void srt_tail_release (srt_tail *tail, uint64_t offset);
