/* SPDX-License-Identifier: MIT
 * What went wrong, remembered to be told again at the end with its output, which the core holds until then. */
#pragma once
#include "out.h"
#include "text.h"
#include "../shared/excerpt.h"

typedef struct srt_failures {
  srt_excerpt_limits limits;
  srt_result *list; /* each with its own copy of `message` and `kept_dir` */
  size_t n, size;
  size_t forgotten; /* for want of memory */
} srt_failures;

/* OUTPUT_LINES of a test are shown: the first quarter of them and the last three. */
void srt_failures_init (srt_failures *failures, uint64_t output_lines);
void srt_failures_clear (srt_failures *failures);

void srt_failures_add (srt_failures *failures, const srt_result *result);
/* Write all of them to OUT, in order. */
void srt_failures_show (const srt_failures *failures, srt_out *out, srt_text *text, int colour, int with_output);
/* Write the output of one test to OUT, indented, its middle left out when it is long. */
void srt_failures_show_output (const srt_failures *failures, const srt_result *result, srt_out *out, srt_text *text);
