/* SPDX-License-Identifier: MIT
 *
 * row.h - one line of the progress file: a result, the begin of a round, a stop, or a test that it found
 * running. Pure.
 *
 * Every row ends with the CRC-32C of all that stands before it in its line, begun with the sum of the file's run id
 * (srt_row_seed). So a row that was changed anywhere is not believed, and neither is one that belongs to another file.
 */
#pragma once

#include <srt/srt-plugin.h>
#include <stdbool.h>

#include "buffer.h"

/* The heading of the table: the names of all that a row holds. */
extern const char srt_row_heading[];

enum { SRT_ROW_FORMAT = 1 };

typedef enum srt_row_kind { SRT_ROW_RESULT, SRT_ROW_ROUND, SRT_ROW_STOP, SRT_ROW_RUNNING } srt_row_kind;

/* A run that wrote into the file. */
typedef struct srt_round {
  const char *file_id;  /* run id of the first round: the file's own */
  const char *run_id;   /* of this round */
  const char *settings; /* digest of this round's settings */
  const char *source;   /* state of its sources, or "" */
  uint32_t total;
  uint32_t format;
  uint64_t start_real_ns; /* what its core says */
  int64_t pid;
} srt_round;

typedef struct srt_row {
  srt_row_kind kind;
  uint32_t number;   /* of the round, from 1 */
  uint64_t real_ns;  /* when it was written */
  srt_result result; /* RESULT: `test` points to the one below */
  srt_test test;
  srt_round round;    /* ROUND */
  const char *reason; /* STOP */
  const char *id;     /* RUNNING */
} srt_row;

/* What the CRCs of a file begin with. */
uint32_t srt_row_seed (const char *file_id);

/* Append a row's whole line, with its end, to BUFFER. */
void srt_row_put_result (srt_buffer *buffer, uint32_t seed, uint32_t number, uint64_t real_ns,
                         const srt_result *result);
void srt_row_put_round (srt_buffer *buffer, uint32_t seed, uint32_t number, uint64_t real_ns, const srt_round *round);
void srt_row_put_stop (srt_buffer *buffer, uint32_t seed, uint32_t number, uint64_t real_ns, const char *reason);
void srt_row_put_running (srt_buffer *buffer, uint32_t seed, uint32_t number, uint64_t real_ns, const char *id);

/* Read a line without its end. ROOM takes the strings: LENGTH + 1 bytes that must live as long as the row. SEED is
 * NULL where the file's id is not known: then only the begin of a round can be read, which holds it. False: no row, or
 * one that is not to be believed; *ret_why says why, in a few words. */
bool srt_row_read (const char *line, size_t length, const uint32_t *seed, char *room, srt_row *ret_row,
                   const char **ret_why);
