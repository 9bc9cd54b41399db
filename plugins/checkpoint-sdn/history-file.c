/* SPDX-License-Identifier: MIT */
#include "history-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "history-row.h"
#include "io.h"
#include "transfer.h"

enum { LOCK_TRIES = 200 };

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

int32_t
srt_history_read_text (const char *path, int fd, srt_buffer *text, char **ret_room, srt_fault *fault)
{
  int error = srt_transfer_read (fd, UINT64_MAX, text);

  if (error != 0)
    return srt_fault_errno (fault, error, "read", path);
  *ret_room = malloc (text->length + 1);
  return *ret_room != NULL ? SRT_OK : srt_fault_set (fault, SRT_E_NO_MEMORY, "out of memory");
}

int32_t
srt_history_head_fault (const char *path, srt_fault *fault)
{
  srt_fault why = *fault;

  return srt_fault_set (fault, why.status, "%s cannot be used: %s", path, why.text);
}

/* ---- writing ---- */

/* One row of the results of NEWER and, behind them, those of KNOWN that still fit. */
static void
put_before (srt_buffer *merged, const srt_history *newer, const srt_history *known)
{
  srt_history row = { .size = sizeof row, .n = newer->n, .id = newer->id };

  for (uint32_t i = 0, k = 0; i < SRT_HISTORY_DEPTH; i++) {
    const srt_history *from = i < newer->n ? newer : known;
    uint32_t at = i < newer->n ? i : k++;
    if (at >= from->n)
      break;
    row.wall_ns[i] = from->wall_ns[at];
    row.cpu_ns[i] = from->cpu_ns[at];
    row.memory_peak[i] = from->memory_peak[at];
    row.verdict[i] = from->verdict[at];
    row.n = i + 1;
  }
  srt_history_put_row (merged, &row);
}

/* The rows of LINES, those of UPDATES before what is known. What is damaged is left out. */
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
      put_before (merged, newer->row, &known);
      newer->done = true;
    }
  }
}

/* One that nobody can read makes way; it is kept beside. */
static int32_t
move_unreadable (srt_place *place, srt_fault *remark, srt_fault *fault)
{
  srt_fault_set (remark, fault->status, "%s: %.200s; it is moved to %s", place->path, fault->text, place->old_path);
  if (SRT_IO_RETRY (srt_io_renameat (place->fd, place->name, place->old_name)) < 0)
    return srt_fault_errno (fault, errno, "move aside", place->path);
  return SRT_OK;
}

/* The whole new text, from what FD holds and the rows of this run. */
static int32_t
merge (srt_place *place, int fd, update *updates, uint32_t n, srt_buffer *merged, srt_fault *remark, srt_fault *fault)
{
  srt_buffer text = { 0 };
  char *room = NULL;
  int32_t status = srt_history_read_text (place->path, fd, &text, &room, fault);
  srt_lines lines = { .at = text.data, .end = text.data + text.length };

  if (status == SRT_OK) {
    srt_history_put_head (merged);
    status = srt_history_read_head (&lines, room, fault);
    if (status == SRT_OK)
      merge_rows (&lines, room, updates, n, merged);
    else if (status == SRT_E_NOT_FOUND)
      status = SRT_OK;
    else if (status == SRT_E_CORRUPT)
      status = move_unreadable (place, remark, fault);
    else
      srt_history_head_fault (place->path, fault);
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

/* Another run that ends at this moment has it for some milliseconds. */
static int32_t
lock (srt_place *place, int *ret_fd, srt_fault *fault)
{
  const struct timespec pause = { .tv_nsec = 5000000 };
  int32_t status;

  for (int i = 0; i < LOCK_TRIES; i++) {
    status = srt_place_lock_file (place, place->name, O_RDWR | O_CREAT, ret_fd, fault);
    if (status != SRT_E_BUSY)
      break;
    nanosleep (&pause, NULL);
  }
  return status;
}

static int32_t
store_rows (srt_place *place, update *updates, uint32_t n, srt_fault *remark, srt_fault *fault)
{
  srt_buffer merged = { 0 };
  int fd;
  int32_t status = srt_place_enter (place, true, fault);

  if (status == SRT_OK)
    status = lock (place, &fd, fault);
  if (status != SRT_OK)
    return status;
  status = merge (place, fd, updates, n, &merged, remark, fault);
  if (status == SRT_OK)
    status = replace (place, &merged, fault);
  srt_io_close (fd);
  srt_buffer_clear (&merged);
  return status;
}

int32_t
srt_history_merge (const char *path, const srt_history *rows, uint32_t n, srt_fault *remark, srt_fault *fault)
{
  srt_place *place = srt_place_new (path);
  update *updates = sort_updates (rows, n);
  int32_t status;

  if (place == NULL || updates == NULL)
    status = srt_fault_set (fault, SRT_E_NO_MEMORY, "out of memory");
  else
    status = store_rows (place, updates, n, remark, fault);
  free (updates);
  srt_place_free (place);
  return status;
}
