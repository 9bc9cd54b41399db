/* SPDX-License-Identifier: MIT */
#include "history-row.h"

#include <inttypes.h>
#include <string.h>

#include "sdn.h"
#include "sum.h"
#include "words.h"

enum { FORMAT = 1 };

static const char remarks[] =
    "# What srt knows of each test from its last runs, the newest first: times in ns, memory "
    "in bytes.\n# Every row ends with its CRC-32C; a row that does not match it is not used.\n";
static const char heading[] = "tests |id, verdicts, wall, cpu, peak, crc|";

void
srt_history_put_head (srt_buffer *buffer)
{
  srt_buffer_puts (buffer, remarks);
  srt_buffer_puts (buffer, "history:\n  format: ");
  srt_sdn_put_u64 (buffer, FORMAT);
  srt_buffer_puts (buffer, "\n");
  srt_buffer_puts (buffer, heading);
  srt_buffer_puts (buffer, "\n");
}

static uint32_t
depth_of (const srt_history *row)
{
  return row->n < SRT_HISTORY_DEPTH ? row->n : SRT_HISTORY_DEPTH;
}

static void
put_numbers (srt_buffer *buffer, const uint64_t *numbers, uint32_t n)
{
  srt_buffer_puts (buffer, ", [");
  for (uint32_t i = 0; i < n; i++) {
    srt_buffer_puts (buffer, i > 0 ? ", " : "");
    srt_sdn_put_u64 (buffer, numbers[i]);
  }
  srt_buffer_puts (buffer, "]");
}

void
srt_history_put_row (srt_buffer *buffer, const srt_history *row)
{
  uint32_t n = depth_of (row);
  size_t start = buffer->length;

  srt_buffer_puts (buffer, "  ");
  srt_sdn_put_string (buffer, row->id);
  srt_buffer_puts (buffer, ", [");
  for (uint32_t i = 0; i < n; i++) {
    srt_buffer_puts (buffer, i > 0 ? ", " : "");
    srt_words_put (buffer, SRT_WORDS_VERDICT, row->verdict[i]);
  }
  srt_buffer_puts (buffer, "]");
  put_numbers (buffer, row->wall_ns, n);
  put_numbers (buffer, row->cpu_ns, n);
  put_numbers (buffer, row->memory_peak, n);
  srt_sum_put (buffer, 0, start);
}

int32_t
srt_history_read_head (srt_lines *lines, char *room, srt_fault *fault)
{
  srt_sdn_reader reader = { .room = room };
  uint32_t format;

  do {
    if (!srt_lines_next (lines))
      return lines->number == 0 ? srt_fault_set (fault, SRT_E_NOT_FOUND, "it is empty")
                                : srt_fault_set (fault, SRT_E_CORRUPT, "it is no history of srt");
  } while (lines->length > 0 && lines->line[0] == '#');
  if (!srt_lines_is (lines, "history:") || !srt_lines_next (lines))
    return srt_fault_set (fault, SRT_E_CORRUPT, "it is no history of srt");
  reader.at = lines->line;
  reader.end = lines->line + lines->length;
  reader.failed = strcmp (srt_sdn_word (&reader), "format") != 0;
  srt_sdn_expect (&reader, ':');
  format = srt_sdn_u32 (&reader);
  if (!reader.failed && format != FORMAT)
    return srt_fault_set (fault, SRT_E_UNSUPPORTED, "its format is %" PRIu32 "; this srt reads %d", format, FORMAT);
  if (reader.failed || !srt_lines_next (lines) || !srt_lines_is (lines, heading))
    return srt_fault_set (fault, SRT_E_CORRUPT, "it is no history of srt");
  return SRT_OK;
}

/* An array of numbers, or of verdicts; returns how many it has. */
static uint32_t
read_array (srt_sdn_reader *reader, uint64_t *numbers, uint32_t *verdicts)
{
  uint32_t n = 0;

  srt_sdn_expect (reader, ',');
  srt_sdn_expect (reader, '[');
  if (srt_sdn_take (reader, ']'))
    return 0;
  do {
    if (n == SRT_HISTORY_DEPTH)
      reader->failed = true;
    else if (verdicts != NULL)
      verdicts[n] = srt_words_read (reader, SRT_WORDS_VERDICT);
    else
      numbers[n] = srt_sdn_u64 (reader);
    n++;
  } while (!reader->failed && srt_sdn_take (reader, ','));
  srt_sdn_expect (reader, ']');
  return n;
}

bool
srt_history_read_row (const srt_lines *lines, char *room, srt_history *ret_row)
{
  srt_sdn_reader reader = { .at = lines->line, .end = lines->line + srt_sum_body (lines->length), .room = room };
  srt_history row = { .size = sizeof row };
  bool equal;

  if (!srt_sum_matches (lines->line, lines->length, 0))
    return false;
  row.id = srt_sdn_string (&reader);
  row.n = read_array (&reader, NULL, row.verdict);
  equal = read_array (&reader, row.wall_ns, NULL) == row.n;
  equal &= read_array (&reader, row.cpu_ns, NULL) == row.n;
  equal &= read_array (&reader, row.memory_peak, NULL) == row.n;
  srt_sdn_expect_end (&reader);
  if (reader.failed || !equal)
    return false;
  *ret_row = row;
  return true;
}
