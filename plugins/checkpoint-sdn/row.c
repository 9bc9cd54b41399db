/* SPDX-License-Identifier: MIT */
#include "row.h"

#include <string.h>

#include "crc32c.h"
#include "sdn.h"
#include "sum.h"
#include "words.h"

const char srt_row_heading[] =
    "results |kind, round, time, id, attempt, final, verdict, exit, code, slot, start, wall, "
    "user, system, frozen, peak, usage, cases, output, kept, limit, leaked, held, digest, note, crc|";

/* What stands between the id and the note of a row that is no result. */
static const char no_result[] = ", null, null, null, null, null, null, null, null, null, null, null, null, null, null, "
                                "null, null, null, null, null, null, ";

uint32_t
srt_row_seed (const char *file_id)
{
  return srt_crc32c (0, file_id, strlen (file_id));
}

static void
put_comma_u64 (srt_buffer *buffer, uint64_t number)
{
  srt_buffer_put (buffer, ", ", 2);
  srt_sdn_put_u64 (buffer, number);
}

static void
put_comma_word (srt_buffer *buffer, srt_words which, uint32_t value)
{
  srt_buffer_put (buffer, ", ", 2);
  srt_words_put (buffer, which, value);
}

static void
put_comma_string (srt_buffer *buffer, const char *text)
{
  srt_buffer_put (buffer, ", ", 2);
  srt_sdn_put_string (buffer, text);
}

/* A row begins: "  KIND, NUMBER, TIME, ID". */
static void
put_begin (srt_buffer *buffer, const char *kind, uint32_t number, uint64_t real_ns, const char *id)
{
  srt_buffer_put (buffer, "  ", 2);
  srt_buffer_puts (buffer, kind);
  put_comma_u64 (buffer, number);
  put_comma_u64 (buffer, real_ns);
  put_comma_string (buffer, id);
}

static void
put_usage (srt_buffer *buffer, const srt_usage *usage)
{
  put_comma_u64 (buffer, usage->wall_ns);
  put_comma_u64 (buffer, usage->user_ns);
  put_comma_u64 (buffer, usage->system_ns);
  put_comma_u64 (buffer, usage->frozen_ns);
  put_comma_u64 (buffer, usage->memory_peak);
  put_comma_word (buffer, SRT_WORDS_USAGE, usage->source);
}

static void
put_cases (srt_buffer *buffer, const srt_cases *cases)
{
  srt_buffer_puts (buffer, ", [");
  srt_sdn_put_u64 (buffer, cases->passed);
  put_comma_u64 (buffer, cases->failed);
  put_comma_u64 (buffer, cases->skipped);
  put_comma_u64 (buffer, cases->pending);
  srt_buffer_puts (buffer, "]");
}

void
srt_row_put_result (srt_buffer *buffer, uint32_t seed, uint32_t number, uint64_t real_ns, const srt_result *result)
{
  size_t start = buffer->length;

  put_begin (buffer, "result", number, real_ns, result->test->id);
  put_comma_u64 (buffer, result->attempt);
  srt_buffer_puts (buffer, result->final ? ", true" : ", false");
  put_comma_word (buffer, SRT_WORDS_VERDICT, result->verdict);
  put_comma_word (buffer, SRT_WORDS_EXIT, result->exit_kind);
  srt_buffer_put (buffer, ", ", 2);
  srt_sdn_put_i64 (buffer, result->exit_code);
  put_comma_u64 (buffer, result->slot);
  put_comma_u64 (buffer, result->start_real_ns);
  put_usage (buffer, &result->usage);
  put_cases (buffer, &result->cases);
  srt_buffer_puts (buffer, ", [");
  srt_sdn_put_u64 (buffer, result->output_bytes);
  put_comma_u64 (buffer, result->output_lost);
  srt_buffer_puts (buffer, "]");
  put_comma_string (buffer, result->kept_dir);
  put_comma_u64 (buffer, result->limit);
  put_comma_u64 (buffer, result->leaked);
  put_comma_string (buffer, result->held_by);
  put_comma_string (buffer, result->digest);
  put_comma_string (buffer, result->message != NULL ? result->message : "");
  srt_sum_put (buffer, seed, start);
}

void
srt_row_put_round (srt_buffer *buffer, uint32_t seed, uint32_t number, uint64_t real_ns, const srt_round *round)
{
  size_t start = buffer->length;

  put_begin (buffer, "round", number, real_ns, round->file_id);
  srt_buffer_puts (buffer, no_result);
  srt_buffer_puts (buffer, "{format: ");
  srt_sdn_put_u64 (buffer, round->format);
  srt_buffer_puts (buffer, ", run: ");
  srt_sdn_put_string (buffer, round->run_id);
  srt_buffer_puts (buffer, ", settings: ");
  srt_sdn_put_string (buffer, round->settings);
  srt_buffer_puts (buffer, ", source: ");
  srt_sdn_put_string (buffer, round->source);
  srt_buffer_puts (buffer, ", total: ");
  srt_sdn_put_u64 (buffer, round->total);
  srt_buffer_puts (buffer, ", started: ");
  srt_sdn_put_u64 (buffer, round->start_real_ns);
  srt_buffer_puts (buffer, ", pid: ");
  srt_sdn_put_u64 (buffer, (uint64_t)round->pid);
  srt_buffer_puts (buffer, "}");
  srt_sum_put (buffer, seed, start);
}

void
srt_row_put_stop (srt_buffer *buffer, uint32_t seed, uint32_t number, uint64_t real_ns, const char *reason)
{
  size_t start = buffer->length;

  put_begin (buffer, "stop", number, real_ns, NULL);
  srt_buffer_puts (buffer, no_result);
  srt_sdn_put_string (buffer, reason);
  srt_sum_put (buffer, seed, start);
}

void
srt_row_put_running (srt_buffer *buffer, uint32_t seed, uint32_t number, uint64_t real_ns, const char *id)
{
  size_t start = buffer->length;

  put_begin (buffer, "running", number, real_ns, id);
  srt_buffer_puts (buffer, no_result);
  srt_buffer_puts (buffer, "null");
  srt_sum_put (buffer, seed, start);
}

static uint64_t
comma_u64 (srt_sdn_reader *reader)
{
  srt_sdn_expect (reader, ',');
  return srt_sdn_u64 (reader);
}

static uint32_t
comma_u32 (srt_sdn_reader *reader)
{
  srt_sdn_expect (reader, ',');
  return srt_sdn_u32 (reader);
}

static uint32_t
comma_word (srt_sdn_reader *reader, srt_words which)
{
  srt_sdn_expect (reader, ',');
  return srt_words_read (reader, which);
}

static const char *
comma_string (srt_sdn_reader *reader)
{
  srt_sdn_expect (reader, ',');
  return srt_sdn_string (reader);
}

static void
read_usage (srt_sdn_reader *reader, srt_usage *usage)
{
  usage->size = sizeof *usage;
  usage->wall_ns = comma_u64 (reader);
  usage->user_ns = comma_u64 (reader);
  usage->system_ns = comma_u64 (reader);
  usage->frozen_ns = comma_u64 (reader);
  usage->memory_peak = comma_u64 (reader);
  usage->source = comma_word (reader, SRT_WORDS_USAGE);
}

static void
read_cases (srt_sdn_reader *reader, srt_cases *cases)
{
  cases->size = sizeof *cases;
  srt_sdn_expect (reader, ',');
  srt_sdn_expect (reader, '[');
  cases->passed = srt_sdn_u32 (reader);
  cases->failed = comma_u32 (reader);
  cases->skipped = comma_u32 (reader);
  cases->pending = comma_u32 (reader);
  srt_sdn_expect (reader, ']');
}

static void
read_result (srt_sdn_reader *reader, srt_row *row)
{
  srt_result *result = &row->result;

  row->test = (srt_test){ .size = sizeof row->test, .id = comma_string (reader) };
  result->size = sizeof *result;
  result->test = &row->test;
  result->earlier = 1;
  result->attempt = comma_u32 (reader);
  srt_sdn_expect (reader, ',');
  result->final = srt_sdn_bool (reader);
  result->verdict = comma_word (reader, SRT_WORDS_VERDICT);
  result->exit_kind = comma_word (reader, SRT_WORDS_EXIT);
  srt_sdn_expect (reader, ',');
  result->exit_code = srt_sdn_i32 (reader);
  result->slot = comma_u32 (reader);
  result->start_real_ns = comma_u64 (reader);
  read_usage (reader, &result->usage);
  read_cases (reader, &result->cases);
  srt_sdn_expect (reader, ',');
  srt_sdn_expect (reader, '[');
  result->output_bytes = srt_sdn_u64 (reader);
  result->output_lost = comma_u64 (reader);
  srt_sdn_expect (reader, ']');
  srt_sdn_expect (reader, ',');
  result->kept_dir = srt_sdn_string_or_null (reader);
  result->limit = comma_u32 (reader);
  result->leaked = comma_u32 (reader);
  srt_sdn_expect (reader, ',');
  result->held_by = srt_sdn_string_or_null (reader);
  srt_sdn_expect (reader, ',');
  result->digest = srt_sdn_string_or_null (reader);
  result->message = comma_string (reader);
}

/* The text that srt_row_put_… has put between the id and the note. */
static void
skip_no_result (srt_sdn_reader *reader)
{
  size_t length = sizeof no_result - 1;

  if (reader->failed || (size_t)(reader->end - reader->at) < length || memcmp (reader->at, no_result, length) != 0)
    reader->failed = true;
  else
    reader->at += length;
}

static void
expect_name (srt_sdn_reader *reader, const char *name)
{
  if (strcmp (srt_sdn_word (reader), name) != 0)
    reader->failed = true;
  srt_sdn_expect (reader, ':');
}

static void
read_round (srt_sdn_reader *reader, srt_round *round)
{
  round->file_id = comma_string (reader);
  skip_no_result (reader);
  srt_sdn_expect (reader, '{');
  expect_name (reader, "format");
  round->format = srt_sdn_u32 (reader);
  srt_sdn_expect (reader, ',');
  expect_name (reader, "run");
  round->run_id = srt_sdn_string (reader);
  srt_sdn_expect (reader, ',');
  expect_name (reader, "settings");
  round->settings = srt_sdn_string (reader);
  srt_sdn_expect (reader, ',');
  expect_name (reader, "source");
  round->source = srt_sdn_string (reader);
  srt_sdn_expect (reader, ',');
  expect_name (reader, "total");
  round->total = srt_sdn_u32 (reader);
  srt_sdn_expect (reader, ',');
  expect_name (reader, "started");
  round->start_real_ns = srt_sdn_u64 (reader);
  srt_sdn_expect (reader, ',');
  expect_name (reader, "pid");
  round->pid = (int64_t)(srt_sdn_u64 (reader) & INT64_MAX);
  srt_sdn_expect (reader, '}');
}

static void
read_stop (srt_sdn_reader *reader, srt_row *row)
{
  srt_sdn_expect (reader, ',');
  if (srt_sdn_string_or_null (reader) != NULL)
    reader->failed = true;
  skip_no_result (reader);
  row->reason = srt_sdn_string (reader);
}

static void
read_running (srt_sdn_reader *reader, srt_row *row)
{
  row->id = comma_string (reader);
  skip_no_result (reader);
  if (srt_sdn_string_or_null (reader) != NULL)
    reader->failed = true;
}

/* The row without its sum. */
static bool
read_fields (srt_sdn_reader *reader, srt_row *row)
{
  const char *kind = srt_sdn_word (reader);

  row->number = comma_u32 (reader);
  row->real_ns = comma_u64 (reader);
  if (strcmp (kind, "result") == 0) {
    row->kind = SRT_ROW_RESULT;
    read_result (reader, row);
  } else if (strcmp (kind, "round") == 0) {
    row->kind = SRT_ROW_ROUND;
    read_round (reader, &row->round);
  } else if (strcmp (kind, "running") == 0) {
    row->kind = SRT_ROW_RUNNING;
    read_running (reader, row);
  } else {
    row->kind = SRT_ROW_STOP;
    read_stop (reader, row);
    reader->failed |= strcmp (kind, "stop") != 0;
  }
  srt_sdn_expect_end (reader);
  return !reader->failed && row->number > 0;
}

bool
srt_row_read (const char *line, size_t length, const uint32_t *seed, char *room, srt_row *ret_row, const char **ret_why)
{
  size_t body = srt_sum_body (length);
  srt_sdn_reader reader = { .at = line, .end = line + body, .room = room };
  srt_row row = { 0 };

  if (body == 0 || line[0] != ' ') {
    *ret_why = "is no row";
    return false;
  }
  if (seed != NULL && !srt_sum_matches (line, length, *seed)) {
    *ret_why = "does not match its checksum";
    return false;
  }
  if (!read_fields (&reader, &row) || (seed == NULL && row.kind != SRT_ROW_ROUND)) {
    *ret_why = "holds something else than a row should";
    return false;
  }
  if (seed == NULL && !srt_sum_matches (line, length, srt_row_seed (row.round.file_id))) {
    *ret_why = "does not match its checksum";
    return false;
  }
  *ret_row = row;
  if (row.kind == SRT_ROW_RESULT)
    ret_row->result.test = &ret_row->test;
  return true;
}
