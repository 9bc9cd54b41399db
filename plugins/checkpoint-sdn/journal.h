/* SPDX-License-Identifier: MIT
 *
 * journal.h - the text of a progress file as a whole: its head, then its rows. Pure.
 *
 * What it promises: a row is passed on only as it was written, and only to the file that it was written for, whatever
 * was cut from the text or changed in it. The head has a checksum of its own, and the first row says again what the
 * head says, so that damage in one place never costs the file, and a changed run id or settings digest is never
 * believed.
 */
#pragma once

#include <srt/srt-plugin.h>
#include <stdbool.h>

#include "buffer.h"
#include "fault.h"
#include "row.h"

enum {
  SRT_JOURNAL_ID_MAX = 128,
  SRT_JOURNAL_DIGEST_MAX = 160,
  SRT_JOURNAL_REASON_MAX = 256,
  SRT_JOURNAL_SOURCE_MAX = 256
};

/* What a text says, apart from its results. */
typedef struct srt_journal {
  char file_id[SRT_JOURNAL_ID_MAX];         /* run id of the first round */
  char settings[SRT_JOURNAL_DIGEST_MAX];    /* of the first round */
  char stop_reason[SRT_JOURNAL_REASON_MAX]; /* of the last round, "" when it did not say */
  char source[SRT_JOURNAL_SOURCE_MAX];      /* of round `source_of` */
  uint32_t source_of;                       /* the newest round whose begin could be read; 0: none */
  bool head_damaged;
  uint32_t rows;    /* good results */
  uint32_t damaged; /* lines that are no good rows */
  uint32_t rounds;
  int64_t pid; /* of round `source_of`, as the next two are */
  uint32_t total;
  uint64_t start_real_ns;
  uint64_t last_real_ns;         /* of the last good row */
  uint64_t killed_since_real_ns; /* begin of the first of the last rounds that have no stop; 0: the last one has */
  size_t end;   /* where the next row goes: behind the last whole line, or behind a good row that only lacks its end */
  bool unended; /* the latter */
} srt_journal;

/* Who is told of what is in it, in the file's order. Any may be NULL. */
typedef struct srt_journal_visitor {
  void (*row) (void *data, const srt_result *result);
  void (*damaged) (void *data, uint32_t line, const char *why);
  void (*running) (void *data, const char *id); /* NULL as id: a round begins, in which none runs yet */
  void *data;
} srt_journal_visitor;

/* Append head and first row of a new file to BUFFER. */
void srt_journal_put_head (srt_buffer *buffer, const srt_round *round, uint64_t real_ns);

/* NOT_FOUND: the text is empty. CORRUPT: not understood as a whole. NO_MEMORY. In these cases nobody was told anything.
 */
int32_t srt_journal_read (const char *text, size_t length, const srt_journal_visitor *visitor, srt_journal *ret_journal,
                          srt_fault *fault);
