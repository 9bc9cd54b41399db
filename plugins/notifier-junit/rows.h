/* SPDX-License-Identifier: MIT
 * What the report will say of each test, as far as it is known: a small row a test, from the plan and the results. */
#pragma once
#include "../shared/excerpt.h"

/* A result that was not the last word. */
typedef struct srt_attempt {
  struct srt_attempt *next;
  uint32_t verdict;
  char message[];
} srt_attempt;

typedef struct srt_row {
  const srt_test *test; /* `suite` and `name` are set */
  uint32_t verdict;     /* of the final result; SRT_VERDICT_NONE: there is none */
  uint64_t wall_ns;
  char *message;  /* why, or NULL */
  char *kept_dir; /* or NULL */
  char *held_by;  /* or NULL */
  uint32_t limit, leaked;
  srt_bytes output;
  uint64_t output_lost;
  srt_attempt *attempts; /* in order */
} srt_row;

typedef struct srt_rows {
  srt_row *list; /* in the plan's order, then what the plan does not know */
  size_t n, size;
  size_t planned;
  const srt_row **by_id; /* the plan's rows, sorted; NULL until somebody asks */
} srt_rows;

/* One row for each test of the plan. 0, or -1: out of memory. */
int srt_rows_init (srt_rows *rows, const srt_test *const *tests, uint32_t n);
void srt_rows_clear (srt_rows *rows);

/* The row of TEST; one that the plan does not know (a result of an earlier round) gets a new one. NULL: out of memory.
 */
srt_row *srt_rows_find (srt_rows *rows, const srt_test *test);
/* RESULT's verdict, message, … become the row's. OUTPUT is copied as it is. */
void srt_rows_finish (srt_row *row, const srt_result *result, const srt_bytes *output);
void srt_rows_add_attempt (srt_row *row, const srt_result *result);
/* Why there is no result; the message of a result that is there stays. */
void srt_rows_set_reason (srt_row *row, const char *reason);
