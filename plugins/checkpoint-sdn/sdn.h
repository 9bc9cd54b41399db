/* SPDX-License-Identifier: MIT
 *
 * sdn.h - the values of SDN (Simple Data Notation), as far as this plugin writes and reads them: whole numbers, words,
 * quoted strings, true, false, null, and the marks between them. Pure: no files, no state.
 *
 * A quoted string never holds a raw line end, so that a row is always one line, and is always valid UTF-8, whatever
 * bytes went in: `\n`, `\r`, `\t`, `\"`, `\\`, and `\xHH` (two hex digits) for every other control character and for
 * each byte that is no part of valid UTF-8. Any other character behind a backslash stands for itself. Reading gives
 * back the very bytes that were put.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

void srt_sdn_put_u64 (srt_buffer *buffer, uint64_t number);
void srt_sdn_put_i64 (srt_buffer *buffer, int64_t number);
/* Quoted and escaped; null for NULL. */
void srt_sdn_put_string (srt_buffer *buffer, const char *text);

/* Reads one line or less. A value of the wrong type or out of range sets `failed`, which stays set: from then on each
 * function gives 0, "" or NULL. So read all that there should be, and look at `failed` once. */
typedef struct srt_sdn_reader {
  const char *at, *end;
  char *room; /* where strings go: as many bytes as there are to be read, and one more */
  bool failed;
} srt_sdn_reader;

uint64_t srt_sdn_u64 (srt_sdn_reader *reader);
uint32_t srt_sdn_u32 (srt_sdn_reader *reader);
int32_t srt_sdn_i32 (srt_sdn_reader *reader);
bool srt_sdn_bool (srt_sdn_reader *reader);
/* A word without quotes: a letter or `_`, then letters, digits and `_ . / -`. Ended by NUL, in `room`, as strings are.
 * (A `:` inside a word is SDN too, but nothing that is written here has one, and so `name:` needs no other reader.) */
const char *srt_sdn_word (srt_sdn_reader *reader);
/* A quoted string without a NUL in it. */
const char *srt_sdn_string (srt_sdn_reader *reader);
const char *srt_sdn_string_or_null (srt_sdn_reader *reader);
/* MARK must come next. */
void srt_sdn_expect (srt_sdn_reader *reader, char mark);
/* Does MARK come next? Then it is read. */
bool srt_sdn_take (srt_sdn_reader *reader, char mark);
/* Does a number come next? Nothing is read. */
bool srt_sdn_is_number (srt_sdn_reader *reader);
/* Nothing but blanks may be left. */
void srt_sdn_expect_end (srt_sdn_reader *reader);
