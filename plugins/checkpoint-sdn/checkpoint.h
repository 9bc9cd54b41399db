/* SPDX-License-Identifier: MIT
 *
 * checkpoint.h - an instance of this plugin, and its two tables of functions. What they promise is in srt-plugin.h.
 */
#pragma once

#include <srt/srt-plugin.h>
#include <stdbool.h>

#include "fault.h"
#include "journal.h"
#include "keeper.h"
#include "names.h"

/* Progress while it is open. */
typedef struct srt_progress_file {
  srt_journal journal; /* what open found, or made */
  srt_place *place;    /* READ: ours; else the keeper's */
  srt_keeper *keeper;  /* NULL: only read */
  uint32_t seed;
  uint32_t number;   /* of this round */
  srt_names running; /* what the last round left running */
} srt_progress_file;

typedef struct srt_checkpoint {
  const srt_host *host;
  char *path;
  char *history_path;
  srt_keeper_pace pace;
  srt_progress_file progress;
} srt_checkpoint;

extern const srt_progress_ops srt_checkpoint_progress;
extern const srt_history_ops srt_checkpoint_history;

/* The second look at the TEXT of an open file, after all that can fail has gone well: every good row to the core, what
 * is damaged to the user. */
void srt_progress_tell (srt_checkpoint *self, const srt_progress_request *request, const srt_buffer *text);

/* Tell the host of FAULT, and return its status. */
int32_t srt_checkpoint_fail (srt_checkpoint *self, const srt_fault *fault);
