/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crc32c.h"
#include "lines.h"
#include "sdn.h"

static const char remarks[] =
    "# Progress of a test run, kept by srt: one row for each attempt that has ended. `srt --resume` goes on from "
    "here.\n"
    "# Not to be edited: every row ends with its CRC-32C, and a row that does not match it is not used.\n";

void
srt_journal_put_head (srt_buffer *buffer, const srt_round *round, uint64_t real_ns)
{
  char text[64];
  size_t start;

  srt_buffer_puts (buffer, remarks);
  start = buffer->length;
  srt_buffer_puts (buffer, "run:\n  format: ");
  srt_sdn_put_u64 (buffer, round->format);
  srt_buffer_puts (buffer, "\n  id: ");
  srt_sdn_put_string (buffer, round->file_id);
  srt_buffer_puts (buffer, "\n  settings: ");
  srt_sdn_put_string (buffer, round->settings);
  srt_buffer_puts (buffer, "\n  total: ");
  srt_sdn_put_u64 (buffer, round->total);
  srt_buffer_puts (buffer, "\n  started: ");
  srt_sdn_put_u64 (buffer, round->start_real_ns);
  srt_buffer_puts (buffer, "\n");
  if (!buffer->failed) {
    snprintf (text, sizeof text, "  crc: \"%08" PRIx32 "\"\n",
              srt_crc32c (0, buffer->data + start, buffer->length - start));
    srt_buffer_puts (buffer, text);
  }
  srt_buffer_puts (buffer, srt_row_heading);
  srt_buffer_puts (buffer, "\n");
  srt_row_put_round (buffer, srt_row_seed (round->file_id), 1, real_ns, round);
}

/* Copies TEXT if it fits; a thing that is too long was not written by us. */
static bool
copy_text (char *target, size_t size, const char *text)
{
  size_t length = strlen (text);

  if (length >= size)
    return false;
  memcpy (target, text, length + 1);
  return true;
}

/* One `name: value` of the head, into JOURNAL. *FORMAT is set when the line says it. */
static bool
read_head_value (const srt_lines *l, char *room, srt_journal *journal, uint32_t *format)
{
  srt_sdn_reader reader = { .at = l->line, .end = l->line + l->length, .room = room };
  const char *name = srt_sdn_word (&reader);
  bool fits = true;

  srt_sdn_expect (&reader, ':');
  if (strcmp (name, "format") == 0)
    *format = srt_sdn_u32 (&reader);
  else if (strcmp (name, "id") == 0)
    fits = copy_text (journal->file_id, sizeof journal->file_id, srt_sdn_string (&reader));
  else if (strcmp (name, "settings") == 0)
    fits = copy_text (journal->settings, sizeof journal->settings, srt_sdn_string (&reader));
  else
    srt_sdn_u64 (&reader);
  srt_sdn_expect_end (&reader);
  return fits && !reader.failed;
}

/* From "run:" to the table's heading. True when all of it is there and matches its checksum; L then stands behind it.
 */
static bool
read_head (srt_lines *l, char *room, srt_journal *journal, uint32_t *ret_format)
{
  char sum_text[32];
  uint32_t sum = 0;

  do {
    if (!srt_lines_next (l))
      return false;
  } while (l->length > 0 && l->line[0] == '#');
  if (!srt_lines_is (l, "run:"))
    return false;
  for (;;) {
    sum = srt_crc32c (srt_crc32c (sum, l->line, l->length), "\n", 1);
    snprintf (sum_text, sizeof sum_text, "  crc: \"%08" PRIx32 "\"", sum);
    if (!srt_lines_next (l))
      return false;
    if (srt_lines_is (l, sum_text))
      return srt_lines_next (l) && srt_lines_is (l, srt_row_heading);
    if (!read_head_value (l, room, journal, ret_format))
      return false;
  }
}

/* The head is damaged: the begin of any round says again what it said. */
static bool
find_round (srt_lines l, char *room, srt_journal *journal, uint32_t *ret_format)
{
  srt_row row;
  const char *why;

  while (srt_lines_next (&l))
    if (srt_row_read (l.line, l.length, NULL, room, &row, &why) &&
        copy_text (journal->file_id, sizeof journal->file_id, row.round.file_id) &&
        copy_text (journal->settings, sizeof journal->settings, row.round.settings)) {
      *ret_format = row.round.format;
      return true;
    }
  return false;
}

static void
note_round (srt_journal *journal, const srt_round *round, uint32_t number)
{
  journal->source_of = number;
  snprintf (journal->source, sizeof journal->source, "%s", round->source);
  journal->pid = round->pid;
  journal->total = round->total;
  journal->start_real_ns = round->start_real_ns;
  if (journal->killed_since_real_ns == 0)
    journal->killed_since_real_ns = round->start_real_ns;
}

static void
note_stop (srt_journal *journal, const char *reason)
{
  snprintf (journal->stop_reason, sizeof journal->stop_reason, "%s", reason);
  journal->killed_since_real_ns = 0;
}

static void
note_result (srt_journal *journal, srt_row *row, const srt_journal_visitor *visitor)
{
  journal->rows++;
  row->result.source = row->number == journal->source_of ? journal->source : NULL;
  if (visitor != NULL && visitor->row != NULL)
    visitor->row (visitor->data, &row->result);
}

static void
note_running (const srt_journal_visitor *visitor, const char *id)
{
  if (visitor != NULL && visitor->running != NULL)
    visitor->running (visitor->data, id);
}

static void
note_row (srt_journal *journal, srt_row *row, const srt_journal_visitor *visitor)
{
  if (row->number > journal->rounds) {
    journal->rounds = row->number;
    journal->stop_reason[0] = '\0';
    note_running (visitor, NULL);
  }
  journal->last_real_ns = row->real_ns;
  if (row->kind == SRT_ROW_RESULT)
    note_result (journal, row, visitor);
  else if (row->number < journal->rounds)
    return;
  else if (row->kind == SRT_ROW_ROUND)
    note_round (journal, &row->round, row->number);
  else if (row->kind == SRT_ROW_STOP)
    note_stop (journal, row->reason);
  else
    note_running (visitor, row->id);
}

/* All rows of L. Where the head is damaged they begin with the first good one. */
static void
read_rows (srt_lines *l, const char *text, char *room, const srt_journal_visitor *visitor, srt_journal *journal)
{
  uint32_t seed = srt_row_seed (journal->file_id);
  bool begun = !journal->head_damaged;
  const char *why;
  srt_row row;

  while (srt_lines_next (l)) {
    bool good = srt_row_read (l->line, l->length, &seed, room, &row, &why);
    if (!good && !l->ended) /* torn off in the middle: what the next row overwrites */
      return;
    journal->end = (size_t)(l->at - text);
    journal->unended = !l->ended;
    begun |= good;
    if (good) {
      note_row (journal, &row, visitor);
    } else if (begun && l->length > 0) {
      journal->damaged++;
      if (visitor != NULL && visitor->damaged != NULL)
        visitor->damaged (visitor->data, l->number, why);
    }
  }
}

/* Who wrote the text? L then stands where its rows begin. */
static int32_t
read_origin (srt_lines *l, char *room, srt_journal *journal, srt_fault *fault)
{
  const srt_lines start = *l;
  uint32_t format = 0;

  if (!read_head (l, room, journal, &format)) {
    *l = start;
    *journal = (srt_journal){ .rounds = 1, .head_damaged = true };
    if (!find_round (start, room, journal, &format))
      return srt_fault_set (fault, SRT_E_CORRUPT, "it does not begin as a checkpoint of srt does");
  }
  if (format != SRT_ROW_FORMAT)
    return srt_fault_set (fault, SRT_E_CORRUPT, "its format is %" PRIu32 "; this srt reads %d", format, SRT_ROW_FORMAT);
  journal->end = (size_t)(l->at - start.at);
  journal->unended = l->number > 0 && !l->ended;
  return SRT_OK;
}

int32_t
srt_journal_read (const char *text, size_t length, const srt_journal_visitor *visitor, srt_journal *ret_journal,
                  srt_fault *fault)
{
  srt_lines l = { .at = text, .end = text + length };
  srt_journal journal = { .rounds = 1 };
  int32_t status;
  char *room;

  if (length == 0)
    return srt_fault_set (fault, SRT_E_NOT_FOUND, "it is empty");
  room = malloc (length + 1);
  if (room == NULL)
    return srt_fault_set (fault, SRT_E_NO_MEMORY, "out of memory");
  status = read_origin (&l, room, &journal, fault);
  if (status == SRT_OK) {
    read_rows (&l, text, room, visitor, &journal);
    *ret_journal = journal;
  }
  free (room);
  return status;
}
