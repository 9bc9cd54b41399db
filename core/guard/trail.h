/* SPDX-License-Identifier: MIT
 * Trail: what the guard saw in the last minute, at most ten samples a second. Of a fixed size; adding allocates
 * nothing.
 */
#pragma once
#include "guard/policy.h"

typedef struct SrtTrail SrtTrail;

typedef struct {
  guint64 time_ns;
  guint64 used, total;                     /* bytes of memory of what we really have */
  guint64 tests_memory;                    /* bytes that the tests use */
  float cpu_busy, cpu_own;                 /* percent */
  float memory_stall, cpu_stall, io_stall; /* percent of 10 s: some task waited */
  guint32 running;
  SrtGuardWord word; /* the policy's */
} SrtTrailRow;

SrtTrail *srt_trail_new (void);
void srt_trail_free (SrtTrail *trail);

/* A row nearer than 0.1 s to the one before is left out, unless its word is another. */
void srt_trail_add (SrtTrail *trail, const SrtTrailRow *row);

/* The rows, the oldest first, as a table of text with the age of each against NOW_NS. */
void srt_trail_print (const SrtTrail *trail, guint64 now_ns, GString *text);
