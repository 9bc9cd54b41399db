/* SPDX-License-Identifier: MIT */
#include "checkpoint.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "history-file.h"
#include "history-row.h"
#include "history-store.h"
#include "io.h"

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
  int32_t status = srt_history_read_text (place->path, fd, &text, &room, fault);
  srt_lines lines = { .at = text.data, .end = text.data + text.length };
  uint32_t damaged = 0;
  srt_history known;

  if (status == SRT_OK && (status = srt_history_read_head (&lines, room, fault)) != SRT_OK)
    srt_history_head_fault (place->path, fault);
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
  srt_fault fault;
  srt_place *place;
  int fd;
  int32_t status;

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

static int32_t
store_history (void *data, const srt_history *rows, uint32_t n)
{
  srt_checkpoint *self = data;
  srt_fault fault = { .status = SRT_OK }, remark = { .status = SRT_OK };
  int32_t status = n > 0 ? srt_history_store (self->history_path, rows, n, &remark, &fault) : SRT_OK;

  if (remark.status != SRT_OK)
    self->host->log (self->host, SRT_LOG_WARNING, remark.text, strlen (remark.text));
  return status == SRT_OK ? SRT_OK : srt_checkpoint_fail (self, &fault);
}

const srt_history_ops srt_checkpoint_history = {
  .size = sizeof srt_checkpoint_history,
  .load = load_history,
  .store = store_history,
};
