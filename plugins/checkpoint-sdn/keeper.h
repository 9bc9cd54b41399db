/* SPDX-License-Identifier: MIT
 *
 * keeper.h - one growing file and the thread that brings it to stable storage.
 *
 * What it promises:
 * - A row that srt_keeper_commit took is in the file (SRT_OK), or in memory and tried again before every later row, at
 *   every sync and every second (an error). Up to 64 MiB of rows wait like that; only those beyond are lost.
 * - The thread syncs in groups and answers each request, through the host, on the core's thread. What the disk does to
 *   it never holds up the core: a sync that hangs is left behind at close, with all that it needs.
 * - A sync that fails is never tried again on the same file, as the kernel may have thrown the rows away and would say
 *   yes. All rows are written to a new file instead, which is synced and put in place of the old one.
 * - A file (or its whole folder) that was removed behind our back is written anew in the same way.
 *
 * All functions are for the core's thread.
 */
#pragma once

#include "buffer.h"
#include "fault.h"
#include "place.h"

typedef struct srt_keeper srt_keeper;

/* When rows go to stable storage unasked: so many are waiting, or the oldest has waited for so long. */
typedef struct srt_keeper_pace {
  uint32_t every;
  uint64_t after_ns;
} srt_keeper_pace;

/* The keeper takes FD (locked, as PLACE says) and PLACE, unless it fails. BASE: the file's length. */
srt_keeper *srt_keeper_new (const srt_host *host, const srt_keeper_pace *pace, srt_place *place, int fd, uint64_t base,
                            srt_fault *fault);
/* Put whole rows behind what the buffer holds, then commit. Nothing else may be called in between. */
srt_buffer *srt_keeper_begin (srt_keeper *keeper);
int32_t srt_keeper_commit (srt_keeper *keeper, srt_fault *fault);
/* Bring all that was committed to stable storage; events->synced answers. */
int32_t srt_keeper_sync (srt_keeper *keeper, uint64_t token, srt_fault *fault);
/* Remove the file, and its folder if srt made it and nothing else is there. */
int32_t srt_keeper_remove (srt_keeper *keeper, srt_fault *fault);
/* A last sync if one is due, for at most two seconds; then the keeper is gone. */
void srt_keeper_close (srt_keeper *keeper);
