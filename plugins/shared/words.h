/* SPDX-License-Identifier: MIT
 * The words of the verdicts, for plugins that print them. Pure. */
#pragma once
#include <srt/srt-plugin.h>

/* What a verdict means for the whole run. */
typedef enum srt_outcome {
  SRT_OUTCOME_PASSED,    /* PASS, and LEAK PRESSURE FLAKY: passed, with a remark */
  SRT_OUTCOME_SKIPPED,   /* SKIP PENDING */
  SRT_OUTCOME_FAILED,    /* FAIL: the test itself says so */
  SRT_OUTCOME_BROKEN,    /* ERROR CRASH TIMEOUT OOM LIMIT HUNG: it did not come to its own end */
  SRT_OUTCOME_UNFINISHED /* KILLED, or a verdict that this version does not know: no word on the test */
} srt_outcome;

enum { SRT_WORDS = 14 };

/* "PASS" … "KILLED"; "?" for a verdict that is not known. */
const char *srt_words_name (uint32_t verdict);
srt_outcome srt_words_outcome (uint32_t verdict);
/* FAILED or BROKEN: the run ends with 1. */
int srt_words_is_failure (uint32_t verdict);

/* The SRT_LIMIT_* bits LIMITS as a configuration calls them, into TEXT: "memory, processes". */
void srt_words_limits (uint32_t limits, char *text, size_t size);

/* The I-th word of the 14 in the header's order with its count. */
const char *srt_words_count (const srt_counts *counts, unsigned i, uint32_t *ret_count);
/* Tests that need not run again: all that are finished but the killed ones. */
uint32_t srt_words_complete (const srt_counts *counts);
