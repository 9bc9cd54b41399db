/* SPDX-License-Identifier: MIT */
#include "run/checkpoint.h"

#include "base/error.h"

struct SrtCheckpoint {
  SrtNotify *notify;
  SrtInstance *instance; /* NULL: no checkpoint */
  const srt_progress_ops *ops;
  gboolean is_open;
  gboolean read_only; /* what is there was read, and that was all */
  SrtCheckpointState state;
  guint64 token;  /* of the newest sync */
  GQueue waiters; /* of Waiter, the oldest first */
};

/* Who asked for a sync that is not answered yet. */
typedef struct {
  guint64 token;
  void (*fn) (gpointer data);
  gpointer data;
} Waiter;

static void
mark_broken (SrtCheckpoint *checkpoint, const char *text)
{
  if (checkpoint->state == SRT_CHECKPOINT_GOOD)
    srt_notify_logf (checkpoint->notify, SRT_LOG_ERROR,
                     "results can no longer be saved: %s; the run goes on, and ends with 3 unless they can be later",
                     text);
  checkpoint->state = SRT_CHECKPOINT_BROKEN;
}

/* All rows are durable after all: what could not be written was kept and tried again. */
static void
mark_good (SrtCheckpoint *checkpoint)
{
  if (checkpoint->state == SRT_CHECKPOINT_BROKEN)
    srt_notify_log (checkpoint->notify, SRT_LOG_INFO, "", "all results could be saved after all");
  checkpoint->state = SRT_CHECKPOINT_GOOD;
}

static void
on_synced (const srt_host *host, uint64_t token, int32_t status, const char *text)
{
  SrtCheckpoint *checkpoint = srt_instance_owner (host);
  if (status != SRT_OK)
    mark_broken (checkpoint, text ? text : "not brought to the disk");
  else if (token == checkpoint->token)
    mark_good (checkpoint);
  const Waiter *first;
  while ((first = g_queue_peek_head (&checkpoint->waiters)) && first->token <= token) {
    g_autofree Waiter *waiter = g_queue_pop_head (&checkpoint->waiters);
    waiter->fn (waiter->data);
  }
}

static void
on_broken (const srt_host *host, int32_t status, const char *text)
{
  mark_broken (srt_instance_owner (host), text ? text : "unknown reason");
}

const srt_checkpoint_events srt_checkpoint_table = {
  .size = sizeof srt_checkpoint_table,
  .synced = on_synced,
  .broken = on_broken,
};

SrtCheckpoint *
srt_checkpoint_new (SrtNotify *notify)
{
  SrtCheckpoint *checkpoint = g_new0 (SrtCheckpoint, 1);
  checkpoint->notify = notify;
  return checkpoint;
}

static void
let_go (SrtCheckpoint *checkpoint)
{
  if (checkpoint->is_open)
    checkpoint->ops->close (srt_instance_self (checkpoint->instance));
  checkpoint->is_open = FALSE;
}

void
srt_checkpoint_free (SrtCheckpoint *checkpoint)
{
  let_go (checkpoint);
  g_clear_pointer (&checkpoint->instance, srt_instance_free);
  g_queue_clear_full (&checkpoint->waiters, g_free);
  g_free (checkpoint);
}

void
srt_checkpoint_attach (SrtCheckpoint *checkpoint, SrtInstance *instance, const srt_progress_ops *ops)
{
  checkpoint->instance = instance;
  checkpoint->ops = ops;
}

void
srt_checkpoint_found_clear (SrtCheckpointFound *found)
{
  g_clear_pointer (&found->stop_reason, g_free);
  g_clear_pointer (&found->running, g_strfreev);
  g_clear_pointer (&found->path, g_free);
}

static int32_t
try_open (SrtCheckpoint *checkpoint, guint32 mode, const SrtCheckpointOpening *opening,
          void (*row) (void *data, const srt_result *row), void *data, srt_progress_state *state)
{
  srt_progress_request request = {
    .size = sizeof request,
    .mode = mode,
    .run_id = opening->run_id,
    .settings_digest = opening->settings_digest,
    .start_real_ns = opening->start_real_ns,
    .total = opening->total,
    .row = row,
    .data = data,
    .source = opening->source,
  };
  *state = (srt_progress_state){ .size = sizeof *state };
  int32_t status = checkpoint->ops->open (srt_instance_self (checkpoint->instance), &request, state);
  checkpoint->is_open = status == SRT_OK;
  return status;
}

static gboolean
same_settings (SrtCheckpoint *checkpoint, const SrtCheckpointOpening *opening, const srt_progress_state *state)
{
  if (g_strcmp0 (state->settings_digest, opening->settings_digest) == 0)
    return TRUE;
  srt_notify_log (checkpoint->notify, SRT_LOG_WARNING, "",
                  "settings that change what a test is differ from those of the checkpoint: every test runs again");
  let_go (checkpoint);
  return FALSE;
}

/* After a try to go on that gave STATUS. A checkpoint that the user asked for and that cannot be written is none to
 * begin anew with, either. */
static gboolean
may_begin_anew (const SrtCheckpointOpening *opening, int32_t status)
{
  return status == SRT_OK || status == SRT_E_NOT_FOUND || status == SRT_E_CORRUPT ||
         (status != SRT_E_BUSY && !opening->insist);
}

/* It is there and cannot be written: a full disk, a read-only folder. What it holds counts all the same. */
static gboolean
try_read (SrtCheckpoint *checkpoint, const SrtCheckpointOpening *opening,
          void (*row) (void *data, const srt_result *row), void *data, srt_progress_state *state, const char *why)
{
  if (try_open (checkpoint, SRT_PROGRESS_READ, opening, row, data, state) != SRT_OK)
    return FALSE;
  if (!same_settings (checkpoint, opening, state))
    return FALSE;
  srt_notify_logf (checkpoint->notify, SRT_LOG_WARNING, "%s: its results count, but no new ones can be saved", why);
  checkpoint->read_only = TRUE;
  return TRUE;
}

/* Go on with what is there. FALSE: begin anew; the reason was said. */
static gboolean
try_resume (SrtCheckpoint *checkpoint, const SrtCheckpointOpening *opening,
            void (*row) (void *data, const srt_result *row), void *data, srt_progress_state *state, int32_t *ret_status)
{
  g_autoptr (GError) why = NULL;
  *ret_status = try_open (checkpoint, SRT_PROGRESS_RESUME, opening, row, data, state);
  if (*ret_status == SRT_OK)
    return same_settings (checkpoint, opening, state);
  if (!may_begin_anew (opening, *ret_status))
    return FALSE;
  if (*ret_status == SRT_E_NOT_FOUND) {
    srt_notify_log (checkpoint->notify, SRT_LOG_WARNING, "", "no checkpoint to resume from: a full run");
    return FALSE;
  }
  srt_instance_take_error (checkpoint->instance, *ret_status, "open the checkpoint", &why);
  if (*ret_status != SRT_E_CORRUPT && try_read (checkpoint, opening, row, data, state, why->message)) {
    *ret_status = SRT_OK;
    return TRUE;
  }
  srt_notify_logf (checkpoint->notify, SRT_LOG_WARNING, "%s: a full run", why->message);
  return FALSE;
}

/* The checkpoint could not be opened for writing. */
static gboolean
refuse (SrtCheckpoint *checkpoint, int32_t status, gboolean insist, GError **error)
{
  g_autoptr (GError) why = NULL;
  srt_instance_take_error (checkpoint->instance, status, "open the checkpoint", &why);
  if (status == SRT_E_BUSY || status == SRT_E_INVALID || insist) {
    int code = status == SRT_E_BUSY || status == SRT_E_INVALID ? SRT_ERROR_USAGE : SRT_ERROR_INTERNAL;
    g_set_error_literal (error, SRT_ERROR, code, why->message);
    return FALSE;
  }
  srt_notify_logf (checkpoint->notify, SRT_LOG_WARNING, "%s: this run cannot be resumed", why->message);
  return TRUE;
}

static char **
copy_running (const srt_progress_state *state)
{
  char **running = g_new0 (char *, state->n_running + 1);
  for (guint32 i = 0; i < state->n_running; i++)
    running[i] = g_strdup (state->running[i]);
  return running;
}

gboolean
srt_checkpoint_open (SrtCheckpoint *checkpoint, const SrtCheckpointOpening *opening,
                     void (*row) (void *data, const srt_result *row), void *data, SrtCheckpointFound *ret_found,
                     GError **error)
{
  srt_progress_state state = { .size = sizeof state };
  int32_t status = SRT_OK;
  gboolean resumed = FALSE;
  if (checkpoint->instance && opening->resume)
    resumed = try_resume (checkpoint, opening, row, data, &state, &status);
  if (checkpoint->instance && !resumed && may_begin_anew (opening, status))
    status = try_open (checkpoint, SRT_PROGRESS_NEW, opening, NULL, NULL, &state);
  if (status != SRT_OK && !refuse (checkpoint, status, opening->insist, error))
    return FALSE;
  ret_found->resumed = resumed;
  ret_found->stop_reason = g_strdup (resumed && state.stop_reason ? state.stop_reason : "");
  ret_found->killed_since_real_ns = resumed ? state.killed_since_real_ns : 0;
  ret_found->running = resumed ? copy_running (&state) : g_new0 (char *, 1);
  ret_found->path = g_strdup (checkpoint->is_open && !checkpoint->read_only && state.path ? state.path : "");
  if (checkpoint->read_only)
    let_go (checkpoint);
  checkpoint->state = checkpoint->is_open ? SRT_CHECKPOINT_GOOD : SRT_CHECKPOINT_NONE;
  if (checkpoint->is_open && state.moved_to)
    srt_notify_logf (checkpoint->notify, SRT_LOG_INFO,
                     "the checkpoint of an earlier, unfinished run is kept as %s (--resume goes on with one)",
                     state.moved_to);
  return TRUE;
}

static void
take_trouble (SrtCheckpoint *checkpoint, int32_t status, const char *doing)
{
  g_autoptr (GError) why = NULL;
  if (status == SRT_OK)
    return;
  srt_instance_take_error (checkpoint->instance, status, doing, &why);
  mark_broken (checkpoint, why->message);
}

void
srt_checkpoint_append (SrtCheckpoint *checkpoint, const srt_result *result)
{
  if (checkpoint->is_open)
    take_trouble (checkpoint, checkpoint->ops->append (srt_instance_self (checkpoint->instance), result),
                  "save a result");
}

void
srt_checkpoint_running (SrtCheckpoint *checkpoint, const srt_test *const *tests, guint32 n)
{
  if (checkpoint->is_open && checkpoint->ops->running && n > 0)
    take_trouble (checkpoint, checkpoint->ops->running (srt_instance_self (checkpoint->instance), tests, n),
                  "save which tests run");
}

void
srt_checkpoint_stopped (SrtCheckpoint *checkpoint, const char *reason)
{
  if (checkpoint->is_open && checkpoint->ops->stopped)
    take_trouble (checkpoint, checkpoint->ops->stopped (srt_instance_self (checkpoint->instance), reason),
                  "save why the run stops");
}

void
srt_checkpoint_sync (SrtCheckpoint *checkpoint, void (*fn) (gpointer data), gpointer data)
{
  int32_t status = SRT_E_UNSUPPORTED;
  if (checkpoint->is_open) {
    status = checkpoint->ops->sync (srt_instance_self (checkpoint->instance), ++checkpoint->token);
    take_trouble (checkpoint, status, "bring results to the disk");
  }
  if (status != SRT_OK) {
    fn (data);
    return;
  }
  Waiter *waiter = g_new (Waiter, 1);
  *waiter = (Waiter){ checkpoint->token, fn, data };
  g_queue_push_tail (&checkpoint->waiters, waiter);
}

void
srt_checkpoint_remove (SrtCheckpoint *checkpoint)
{
  if (checkpoint->is_open)
    take_trouble (checkpoint, checkpoint->ops->remove (srt_instance_self (checkpoint->instance)),
                  "remove the checkpoint");
}

SrtCheckpointState
srt_checkpoint_state (const SrtCheckpoint *checkpoint)
{
  return checkpoint->state;
}
