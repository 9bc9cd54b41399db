/* SPDX-License-Identifier: MIT */
#include "checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "history-row.h"
#include "io.h"
#include "transfer.h"

/* A row that is to be stored, in the order of ids. */
typedef struct update {
  const srt_history *row;
  bool done;
} update;

static int
compare_updates (const void *a, const void *b)
{
  return strcmp (((const update *)a)->row->id, ((const update *)b)->row->id);
}

static int
compare_id (const void *id, const void *u)
{
  return strcmp (id, ((const update *)u)->row->id);
}

static update *
sort_updates (const srt_history *rows, uint32_t n)
{
  update *updates = calloc (n, sizeof *updates);

  for (uint32_t i = 0; updates != NULL && i < n; i++)
    updates[i].row = (const srt_history *)(const void *)((const char *)rows + (size_t)i * rows[0].size);
  if (updates != NULL)
    qsort (updates, n, sizeof *updates, compare_updates);
  return updates;
}

/* ---- reading ---- */

/* What FD holds. *RET_ROOM has place for any of its strings; both are to be freed in any case. */
static int32_t
read_text (const char *path, int fd, srt_buffer *text, char **ret_room, srt_fault *fault)
{
  int error = srt_transfer_read (fd, UINT64_MAX, text);

  if (error != 0)
    return srt_fault_errno (fault, error, "read", path);
  *ret_room = malloc (text->length + 1);
  return *ret_room != NULL ? SRT_OK : srt_fault_set (fault, SRT_E_NO_MEMORY, "out of memory");
}

static int32_t
head_fault (const char *path, srt_fault *fault)
{
  srt_fault why = *fault;

  return srt_fault_set (fault, why.status, "%s cannot be used: %s", path, why.text);
}

static void
tell_damaged (srt_checkpoint *self, const char *path, uint32_t damaged)
{
  if (damaged > 0)
    self->host->logf (self->host, SRT_LOG_WARNING, "%s: %u damaged rows are not used", path, damaged);
}

static int32_t
load_file (srt_checkpoint *self, srt_place *place, int fd, void (*row) (void *data, const srt_history *row), void *data,
           srt_fault *fault)
{
  srt_buffer text = { 0 };
  char *room = NULL;
  int32_t status = read_text (place->path, fd, &text, &room, fault);
  srt_lines lines = { .at = text.data, .end = text.data + text.length };
  uint32_t damaged = 0;
  srt_history known;

  if (status == SRT_OK && (status = srt_history_read_head (&lines, room, fault)) != SRT_OK)
    head_fault (place->path, fault);
  while (status == SRT_OK && srt_lines_next (&lines)) {
    if (srt_history_read_row (&lines, room, &known))
      row (data, &known);
    else
      damaged++;
  }
  tell_damaged (self, place->path, damaged);
  free (room);
  srt_buffer_clear (&text);
  return status;
}

static int32_t
load_history (void *data, void (*row) (void *data, const srt_history *row), void *row_data)
{
  srt_checkpoint *self = data;
  srt_fault fault = { .status = SRT_E_NOT_FOUND, .text = "no history is kept (history = false)" };
  srt_place *place;
  int fd;
  int32_t status;

  if (!self->history)
    return srt_checkpoint_fail (self, &fault);
  place = srt_place_new (self->history_path);
  if (place == NULL)
    status = srt_fault_set (&fault, SRT_E_NO_MEMORY, "out of memory");
  else
    status = srt_place_enter (place, false, &fault);
  if (status == SRT_OK && (status = srt_place_open_file (place, place->name, O_RDONLY, &fd, &fault)) == SRT_OK) {
    status = load_file (self, place, fd, row, row_data, &fault);
    srt_io_close (fd);
  }
  srt_place_free (place);
  return status == SRT_OK ? SRT_OK : srt_checkpoint_fail (self, &fault);
}

/* ---- writing ---- */

/* The rows of LINES, those of UPDATES in place of older ones. What is damaged is left out. */
static void
merge_rows (srt_lines *lines, char *room, update *updates, uint32_t n, srt_buffer *merged)
{
  srt_history known;

  while (srt_lines_next (lines)) {
    update *newer;
    if (!srt_history_read_row (lines, room, &known))
      continue;
    newer = bsearch (known.id, updates, n, sizeof *updates, compare_id);
    if (newer == NULL) {
      srt_buffer_put (merged, lines->line, lines->length);
      srt_buffer_puts (merged, "\n");
    } else if (!newer->done) {
      srt_history_put_row (merged, newer->row);
      newer->done = true;
    }
  }
}

/* One that nobody can read makes way; it is kept beside. */
static int32_t
move_unreadable (srt_checkpoint *self, srt_place *place, srt_fault *fault)
{
  self->host->logf (self->host, SRT_LOG_WARNING, "%s: %s; it is moved to %s", place->path, fault->text,
                    place->old_path);
  if (SRT_IO_RETRY (srt_io_renameat (place->fd, place->name, place->old_name)) < 0)
    return srt_fault_errno (fault, errno, "move aside", place->path);
  return SRT_OK;
}

/* The whole new text, from what FD holds and the rows of this run. */
static int32_t
merge (srt_checkpoint *self, srt_place *place, int fd, update *updates, uint32_t n, srt_buffer *merged,
       srt_fault *fault)
{
  srt_buffer text = { 0 };
  char *room = NULL;
  int32_t status = read_text (place->path, fd, &text, &room, fault);
  srt_lines lines = { .at = text.data, .end = text.data + text.length };

  if (status == SRT_OK) {
    srt_history_put_head (merged);
    status = srt_history_read_head (&lines, room, fault);
    if (status == SRT_OK)
      merge_rows (&lines, room, updates, n, merged);
    else if (status == SRT_E_NOT_FOUND)
      status = SRT_OK;
    else if (status == SRT_E_CORRUPT)
      status = move_unreadable (self, place, fault);
    else
      head_fault (place->path, fault);
  }
  for (uint32_t i = 0; i < n; i++)
    if (!updates[i].done)
      srt_history_put_row (merged, updates[i].row);
  if (status == SRT_OK && merged->failed)
    status = srt_fault_set (fault, SRT_E_NO_MEMORY, "out of memory");
  free (room);
  srt_buffer_clear (&text);
  return status;
}

/* CONTENT becomes the file, all of it or nothing. */
static int32_t
replace (srt_place *place, const srt_buffer *content, srt_fault *fault)
{
  size_t done;
  int fd, error;
  int32_t status = srt_place_create_new (place, &fd, fault);

  if (status != SRT_OK)
    return status;
  error = srt_transfer_write (fd, content->data, content->length, 0, &done);
  if (error == 0)
    error = srt_transfer_sync (fd);
  if (error == 0 && SRT_IO_RETRY (srt_io_renameat (place->fd, place->new_name, place->name)) < 0)
    error = errno;
  if (error != 0)
    srt_io_unlinkat (place->fd, place->new_name, 0);
  else
    error = srt_place_sync (place);
  srt_io_close (fd);
  return error == 0 ? SRT_OK : srt_fault_errno (fault, error, "write", place->path);
}

static int32_t
store_rows (srt_checkpoint *self, srt_place *place, update *updates, uint32_t n, srt_fault *fault)
{
  srt_buffer merged = { 0 };
  int fd;
  int32_t status = srt_place_enter (place, true, fault);

  if (status == SRT_OK)
    status = srt_place_lock_file (place, place->name, O_RDWR | O_CREAT, &fd, fault);
  if (status != SRT_OK)
    return status;
  status = merge (self, place, fd, updates, n, &merged, fault);
  if (status == SRT_OK)
    status = replace (place, &merged, fault);
  srt_io_close (fd);
  srt_buffer_clear (&merged);
  return status;
}

static int32_t
store_history (void *data, const srt_history *rows, uint32_t n)
{
  srt_checkpoint *self = data;
  srt_fault fault;
  srt_place *place;
  update *updates;
  int32_t status;

  if (!self->history || n == 0)
    return SRT_OK;
  place = srt_place_new (self->history_path);
  updates = sort_updates (rows, n);
  if (place == NULL || updates == NULL)
    status = srt_fault_set (&fault, SRT_E_NO_MEMORY, "out of memory");
  else
    status = store_rows (self, place, updates, n, &fault);
  free (updates);
  srt_place_free (place);
  return status == SRT_OK ? SRT_OK : srt_checkpoint_fail (self, &fault);
}

const srt_history_ops srt_checkpoint_history = {
  .size = sizeof srt_checkpoint_history,
  .load = load_history,
  .store = store_history,
};
