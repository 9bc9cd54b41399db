/* SPDX-License-Identifier: MIT
 * Checkpoint: the run's side of its checkpoint. A written row is safe from SIGKILL, a synced one from power loss. */
#pragma once
#include "host/instance.h"
#include "run/notify.h"

typedef struct SrtCheckpoint SrtCheckpoint;

typedef enum {
  SRT_CHECKPOINT_NONE,  /* there is no checkpoint, by configuration or because it could not be opened (said) */
  SRT_CHECKPOINT_GOOD,  /* every row so far is written */
  SRT_CHECKPOINT_BROKEN /* some row is not, or cannot be made durable (said): no 0 and no 42, unless a later sync says
                           that all rows are there after all */
} SrtCheckpointState;

/* The event table that a checkpoint instance is made with; its owner is the SrtCheckpoint. */
extern const srt_checkpoint_events srt_checkpoint_table;

SrtCheckpoint *srt_checkpoint_new (SrtNotify *notify);
void srt_checkpoint_free (SrtCheckpoint *checkpoint); /* closes, frees the instance */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtCheckpoint, srt_checkpoint_free)

/* Takes INSTANCE over. Then open it once. */
void srt_checkpoint_attach (SrtCheckpoint *checkpoint, SrtInstance *instance, const srt_progress_ops *ops);

typedef struct {
  const char *run_id, *settings_digest;
  const char *source; /* state of the sources, "" not known */
  guint64 start_real_ns;
  guint32 total;
  gboolean resume;
  gboolean insist; /* the user asked for this checkpoint: not being able to write it is an error, not a warning */
} SrtCheckpointOpening;

/* What was found. Clear with srt_checkpoint_found_clear. */
typedef struct {
  gboolean resumed;
  char *stop_reason;            /* of the round before; "" unknown */
  char **running;               /* ids of tests that it left running; may be empty */
  guint64 killed_since_real_ns; /* as in srt_progress_state */
  char *path;                   /* "" without one */
} SrtCheckpointFound;
void srt_checkpoint_found_clear (SrtCheckpointFound *found);

/* With `resume`, ROW gets the rows one by one before this returns; they count only when RET_FOUND says `resumed`. A
 * checkpoint that cannot be believed (damaged as a whole, other settings) is said and a new one begun. Error: another
 * run has it (USAGE), or it cannot be written although asked for (INTERNAL). */
gboolean srt_checkpoint_open (SrtCheckpoint *checkpoint, const SrtCheckpointOpening *opening,
                              void (*row) (void *data, const srt_result *row), void *data,
                              SrtCheckpointFound *ret_found, GError **error);

/* Without an error: what goes wrong is said and kept in the state. */
void srt_checkpoint_append (SrtCheckpoint *checkpoint, const srt_result *result);
void srt_checkpoint_running (SrtCheckpoint *checkpoint, const srt_test *const *tests, guint32 n);
void srt_checkpoint_stopped (SrtCheckpoint *checkpoint, const char *reason);
/* FN (DATA) once, when all rows are durable or never will be; from within this call when there is nothing to wait for.
 */
void srt_checkpoint_sync (SrtCheckpoint *checkpoint, void (*fn) (gpointer data), gpointer data);
void srt_checkpoint_remove (SrtCheckpoint *checkpoint);
SrtCheckpointState srt_checkpoint_state (const SrtCheckpoint *checkpoint);
