/* SPDX-License-Identifier: MIT */
#include "checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "transfer.h"

enum { CREATE_TRIES = 8, LOCK_PAUSES = 20, LOCK_PAUSE_NS = 10 * 1000 * 1000 };

static uint64_t
real_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* ---- reading ---- */

/* What FD holds, as text and understood. *RET_TEXT is to be cleared in any case. */
static int32_t
read_journal (const char *path, int fd, srt_buffer *text, srt_journal *ret_journal, srt_fault *fault)
{
  int error = srt_transfer_read (fd, UINT64_MAX, text);
  int32_t status;
  srt_fault why;

  if (error == EFBIG)
    return srt_fault_set (fault, SRT_E_CORRUPT, "%s is larger than any checkpoint", path);
  if (error != 0)
    return srt_fault_errno (fault, error, "read", path);
  status = srt_journal_read (text->data, text->length, NULL, ret_journal, &why);
  if (status != SRT_OK)
    srt_fault_set (fault, status, "%s cannot be used: %s", path, why.text);
  return status;
}

/* Who has the file locked? Its last round says it. */
static void
add_holder (srt_place *place, srt_fault *fault)
{
  srt_buffer text = { 0 };
  srt_journal journal;
  srt_fault ignored;
  int fd;

  if (srt_place_open_file (place, place->name, O_RDONLY, &fd, &ignored) != SRT_OK)
    return;
  if (read_journal (place->path, fd, &text, &journal, &ignored) == SRT_OK && journal.pid > 0)
    srt_fault_set (fault, SRT_E_BUSY, "%s is in use by another run, process %lld", place->path, (long long)journal.pid);
  srt_buffer_clear (&text);
  srt_io_close (fd);
}

/* ---- opening ---- */

/* One that was begun, but holds no result, is not worth keeping: it must not push a better one out. */
static bool
is_worthless (srt_place *place, int fd)
{
  srt_buffer text = { 0 };
  srt_journal journal;
  srt_fault fault;
  int32_t status = read_journal (place->path, fd, &text, &journal, &fault);

  srt_buffer_clear (&text);
  return status == SRT_E_NOT_FOUND || (status == SRT_OK && journal.rows + journal.damaged == 0);
}

/* The file that is there, locked by us as FD, makes way. */
static int32_t
move_aside (srt_place *place, int fd, bool *ret_moved, srt_fault *fault)
{
  bool worthless = is_worthless (place, fd);

  if (worthless && SRT_IO_RETRY (srt_io_unlinkat (place->fd, place->name, 0)) < 0)
    return srt_fault_errno (fault, errno, "remove", place->path);
  if (!worthless && SRT_IO_RETRY (srt_io_renameat (place->fd, place->name, place->old_name)) < 0)
    return srt_fault_errno (fault, errno, "move aside", place->path);
  *ret_moved = !worthless;
  return SRT_OK;
}

/* The file of an earlier run, locked. A run that was killed while it started a program may have left that program's
 * beginnings, which let go of the file with their exec: they are waited for. Nobody waits for a run that lives. */
static int32_t
lock_left (srt_place *place, int *ret_fd, srt_fault *fault)
{
  const struct timespec pause = { .tv_nsec = LOCK_PAUSE_NS };
  int32_t status = srt_place_lock_file (place, place->name, O_RDWR, ret_fd, fault);

  for (int i = 0; i < LOCK_PAUSES && status == SRT_E_BUSY; i++) {
    nanosleep (&pause, NULL);
    status = srt_place_lock_file (place, place->name, O_RDWR, ret_fd, fault);
  }
  return status;
}

/* A new, empty, locked file; one that is there is moved aside. Another run may do the same at this moment: then one of
 * us finds the other's file locked. */
static int32_t
create_file (srt_place *place, int *ret_fd, bool *ret_moved, srt_fault *fault)
{
  int32_t status = SRT_E_BUSY;
  int old;

  *ret_moved = false;
  for (int i = 0; i < CREATE_TRIES && status == SRT_E_BUSY; i++) {
    status = lock_left (place, &old, fault);
    if (status == SRT_OK) {
      status = move_aside (place, old, ret_moved, fault);
      srt_io_close (old);
      if (status != SRT_OK)
        return status;
    } else if (status != SRT_E_NOT_FOUND) {
      return status;
    }
    status = srt_place_lock_file (place, place->name, O_RDWR | O_CREAT | O_EXCL, ret_fd, fault);
  }
  return status;
}

static bool
copy_id (char *target, size_t size, const char *text)
{
  if (text == NULL || strlen (text) >= size)
    return false;
  memcpy (target, text, strlen (text) + 1);
  return true;
}

static srt_round
round_of (const srt_progress_file *file, const srt_progress_request *request)
{
  return (srt_round){ .file_id = file->journal.file_id,
                      .run_id = request->run_id,
                      .settings = request->settings_digest,
                      .source =
                          SRT_HAS (srt_progress_request, request, source) && request->source ? request->source : "",
                      .total = request->total,
                      .format = SRT_ROW_FORMAT,
                      .start_real_ns = request->start_real_ns,
                      .pid = getpid () };
}

/* Give the file to a keeper and write that this round begins: behind the head of a new file, or behind the rows of an
 * older one. */
static int32_t
begin_round (srt_checkpoint *self, const srt_progress_request *request, int fd, srt_fault *fault)
{
  srt_progress_file *file = &self->progress;
  srt_round round = round_of (file, request);
  srt_buffer *buffer;

  if (file->place->lockless)
    self->host->logf (self->host, SRT_LOG_WARNING, "%s: no locks on this file system; start no second run here",
                      file->place->path);
  file->seed = srt_row_seed (file->journal.file_id);
  file->keeper = srt_keeper_new (self->host, &self->pace, file->place, fd, file->journal.end, fault);
  if (file->keeper == NULL) {
    srt_io_close (fd);
    return fault->status;
  }
  buffer = srt_keeper_begin (file->keeper);
  if (file->journal.unended)
    srt_buffer_puts (buffer, "\n");
  if (file->journal.end == 0)
    srt_journal_put_head (buffer, &round, real_ns ());
  else
    srt_row_put_round (buffer, file->seed, file->number, real_ns (), &round);
  return srt_keeper_commit (file->keeper, fault);
}

/* The new file could not be begun: as if nothing had been. */
static void
undo_new (srt_checkpoint *self, bool moved)
{
  srt_place *place = self->progress.place;
  srt_fault ignored;

  if (self->progress.keeper != NULL)
    srt_keeper_remove (self->progress.keeper, &ignored);
  else
    srt_io_unlinkat (place->fd, place->name, 0);
  if (moved)
    srt_io_renameat (place->fd, place->old_name, place->name);
}

static int32_t
open_new (srt_checkpoint *self, const srt_progress_request *request, srt_progress_state *state, srt_fault *fault)
{
  srt_progress_file *file = &self->progress;
  bool moved;
  int fd;
  int32_t status = srt_place_enter (file->place, true, fault);

  if (status == SRT_OK)
    status = create_file (file->place, &fd, &moved, fault);
  if (status != SRT_OK)
    return status;
  file->number = 1;
  copy_id (file->journal.file_id, sizeof file->journal.file_id, request->run_id);
  status = begin_round (self, request, fd, fault);
  if (status != SRT_OK)
    undo_new (self, moved);
  else
    state->moved_to = moved ? file->place->old_path : NULL;
  return status;
}

/* What a torn write has left at the end goes away. */
static int32_t
cut_torn (srt_checkpoint *self, int fd, size_t length, srt_fault *fault)
{
  const srt_progress_file *file = &self->progress;

  if (length == file->journal.end)
    return SRT_OK;
  self->host->logf (self->host, SRT_LOG_DEBUG, "%s: a row that was not written to its end is cut off",
                    file->place->path);
  if (SRT_IO_RETRY (srt_io_ftruncate (fd, (off_t)file->journal.end)) < 0)
    return srt_fault_errno (fault, errno, "cut a torn row off", file->place->path);
  return SRT_OK;
}

static int32_t
open_resume (srt_checkpoint *self, const srt_progress_request *request, srt_fault *fault)
{
  srt_progress_file *file = &self->progress;
  srt_buffer text = { 0 };
  int fd;
  int32_t status = srt_place_enter (file->place, false, fault);

  if (status == SRT_OK)
    status = lock_left (file->place, &fd, fault);
  if (status != SRT_OK)
    return status;
  status = read_journal (file->place->path, fd, &text, &file->journal, fault);
  if (status == SRT_OK)
    status = cut_torn (self, fd, text.length, fault);
  if (status == SRT_OK) {
    file->number = file->journal.rounds + 1;
    status = begin_round (self, request, fd, fault);
  } else {
    srt_io_close (fd);
  }
  if (status == SRT_OK)
    srt_progress_tell (self, request, &text);
  srt_buffer_clear (&text);
  return status;
}

static int32_t
open_read (srt_checkpoint *self, const srt_progress_request *request, srt_fault *fault)
{
  srt_progress_file *file = &self->progress;
  srt_buffer text = { 0 };
  int fd;
  int32_t status = srt_place_enter (file->place, false, fault);

  if (status == SRT_OK)
    status = srt_place_open_file (file->place, file->place->name, O_RDONLY, &fd, fault);
  if (status != SRT_OK)
    return status;
  status = read_journal (file->place->path, fd, &text, &file->journal, fault);
  srt_io_close (fd);
  if (status == SRT_OK)
    srt_progress_tell (self, request, &text);
  srt_buffer_clear (&text);
  return status;
}

/* What a core of the first minor has no room for. */
static void
fill_state_of_last (const srt_progress_file *file, srt_progress_state *state)
{
  const srt_journal *journal = &file->journal;

  if (!SRT_HAS (srt_progress_state, state, killed_since_real_ns))
    return;
  state->source = journal->source_of == journal->rounds ? journal->source : NULL;
  state->total = journal->total;
  state->start_real_ns = journal->start_real_ns;
  state->last_real_ns = journal->last_real_ns;
  state->running = (const char *const *)file->running.items;
  state->n_running = file->running.n;
  state->killed_since_real_ns = journal->killed_since_real_ns;
}

static void
fill_state (const srt_progress_file *file, uint32_t mode, srt_progress_state *state)
{
  const srt_journal *journal = &file->journal;

  state->path = file->place->path;
  if (mode == SRT_PROGRESS_NEW)
    return;
  state->rows = journal->rows;
  state->damaged = journal->damaged;
  state->rounds = journal->rounds;
  state->run_id = journal->file_id;
  state->settings_digest = journal->settings;
  state->stop_reason = journal->stop_reason;
  fill_state_of_last (file, state);
}

/* ---- the table ---- */

static void
close_progress (void *data)
{
  srt_checkpoint *self = data;
  srt_progress_file *file = &self->progress;

  if (file->keeper != NULL)
    srt_keeper_close (file->keeper);
  else
    srt_place_free (file->place);
  srt_names_clear (&file->running);
  *file = (srt_progress_file){ 0 };
}

static int32_t
check_request (const srt_checkpoint *self, const srt_progress_request *request, srt_fault *fault)
{
  if (self->progress.place != NULL)
    return srt_fault_set (fault, SRT_E_INVALID, "the checkpoint is open already");
  if (request->mode == SRT_PROGRESS_READ)
    return SRT_OK;
  if (request->run_id == NULL || strlen (request->run_id) >= SRT_JOURNAL_ID_MAX)
    return srt_fault_set (fault, SRT_E_INVALID, "the run has no id, or a very long one");
  if (request->settings_digest == NULL || strlen (request->settings_digest) >= SRT_JOURNAL_DIGEST_MAX)
    return srt_fault_set (fault, SRT_E_INVALID, "the run has no settings digest, or a very long one");
  if (SRT_HAS (srt_progress_request, request, source) && request->source != NULL &&
      strlen (request->source) >= SRT_JOURNAL_SOURCE_MAX)
    return srt_fault_set (fault, SRT_E_INVALID, "the state of the sources is a very long text");
  return SRT_OK;
}

static int32_t
open_progress (void *data, const srt_progress_request *request, srt_progress_state *state)
{
  srt_checkpoint *self = data;
  srt_progress_file *file = &self->progress;
  srt_fault fault = { .status = SRT_OK };
  int32_t status = check_request (self, request, &fault);

  if (status != SRT_OK)
    return srt_checkpoint_fail (self, &fault);
  file->place = srt_place_new (self->path);
  if (file->place == NULL)
    status = srt_fault_set (&fault, SRT_E_NO_MEMORY, "out of memory");
  else if (request->mode == SRT_PROGRESS_NEW)
    status = open_new (self, request, state, &fault);
  else if (request->mode == SRT_PROGRESS_RESUME)
    status = open_resume (self, request, &fault);
  else
    status = open_read (self, request, &fault);
  if (status != SRT_OK) {
    if (status == SRT_E_BUSY)
      add_holder (file->place, &fault);
    close_progress (self);
    return srt_checkpoint_fail (self, &fault);
  }
  fill_state (file, request->mode, state);
  return SRT_OK;
}

/* Everything that writes needs a keeper, which reading alone has not. */
static int32_t
check_open (srt_checkpoint *self, srt_fault *fault)
{
  return self->progress.keeper != NULL ? SRT_OK : srt_fault_set (fault, SRT_E_INVALID, "the checkpoint is not open");
}

static int32_t
append_progress (void *data, const srt_result *result)
{
  srt_checkpoint *self = data;
  srt_progress_file *file = &self->progress;
  srt_fault fault;

  if (check_open (self, &fault) != SRT_OK)
    return srt_checkpoint_fail (self, &fault);
  srt_row_put_result (srt_keeper_begin (file->keeper), file->seed, file->number, real_ns (), result);
  if (srt_keeper_commit (file->keeper, &fault) != SRT_OK)
    return srt_checkpoint_fail (self, &fault);
  return SRT_OK;
}

static int32_t
stopped_progress (void *data, const char *reason)
{
  srt_checkpoint *self = data;
  srt_progress_file *file = &self->progress;
  srt_fault fault;

  if (check_open (self, &fault) != SRT_OK)
    return srt_checkpoint_fail (self, &fault);
  srt_row_put_stop (srt_keeper_begin (file->keeper), file->seed, file->number, real_ns (),
                    reason != NULL ? reason : "");
  if (srt_keeper_commit (file->keeper, &fault) != SRT_OK)
    return srt_checkpoint_fail (self, &fault);
  return SRT_OK;
}

static int32_t
running_progress (void *data, const srt_test *const *tests, uint32_t n)
{
  srt_checkpoint *self = data;
  srt_progress_file *file = &self->progress;
  srt_buffer *buffer;
  srt_fault fault;

  if (check_open (self, &fault) != SRT_OK)
    return srt_checkpoint_fail (self, &fault);
  buffer = srt_keeper_begin (file->keeper);
  for (uint32_t i = 0; i < n; i++)
    srt_row_put_running (buffer, file->seed, file->number, real_ns (), tests[i]->id);
  if (srt_keeper_commit (file->keeper, &fault) != SRT_OK)
    return srt_checkpoint_fail (self, &fault);
  return SRT_OK;
}

static int32_t
sync_progress (void *data, uint64_t token)
{
  srt_checkpoint *self = data;
  srt_fault fault;

  if (check_open (self, &fault) != SRT_OK || srt_keeper_sync (self->progress.keeper, token, &fault) != SRT_OK)
    return srt_checkpoint_fail (self, &fault);
  return SRT_OK;
}

static int32_t
remove_progress (void *data)
{
  srt_checkpoint *self = data;
  srt_fault fault;

  if (check_open (self, &fault) != SRT_OK || srt_keeper_remove (self->progress.keeper, &fault) != SRT_OK)
    return srt_checkpoint_fail (self, &fault);
  return SRT_OK;
}

const srt_progress_ops srt_checkpoint_progress = {
  .size = sizeof srt_checkpoint_progress,
  .open = open_progress,
  .append = append_progress,
  .stopped = stopped_progress,
  .sync = sync_progress,
  .remove = remove_progress,
  .close = close_progress,
  .running = running_progress,
};
