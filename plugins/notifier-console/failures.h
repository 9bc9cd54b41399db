/* SPDX-License-Identifier: MIT
 * What went wrong, remembered to be told again at the end with its output. */
#pragma once
#include "out.h"
#include "text.h"
#include "../shared/excerpt.h"

typedef struct srt_failure {
  srt_result result; /* its message and kept_dir are our copies; its output is in `excerpt` */
  srt_excerpt excerpt;
} srt_failure;

typedef struct srt_failures {
  srt_spool spool;
  srt_excerpt_limits limits;
  srt_failure *list;
  size_t n, size;
  size_t forgotten; /* for want of memory */
} srt_failures;

/* OUTPUT_LINES of a test are shown: the first quarter of them and the last three. */
void srt_failures_init (srt_failures *failures, const srt_host *host, uint64_t output_lines);
void srt_failures_clear (srt_failures *failures);

/* WITH_OUTPUT: keep that too. */
void srt_failures_add (srt_failures *failures, const srt_result *result, int with_output);
/* Write all of them to OUT, in order. */
void srt_failures_show (const srt_failures *failures, srt_out *out, srt_text *text, int colour);

/* The output of a test that has just ended, at once. */
void srt_failures_show_output (srt_failures *failures, const srt_result *result, srt_out *out, srt_text *text);
