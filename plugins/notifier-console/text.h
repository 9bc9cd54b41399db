/* SPDX-License-Identifier: MIT
 * Text of a bounded length: what does not fit is cut, and the line says so. No allocation. Pure. */
#pragma once
#include <srt/srt-plugin.h>

enum {
  SRT_TEXT_SIZE = 16384,
  SRT_TEXT_RESERVE = 2048 /* held back for the ends of lines and for the live line */
};

typedef struct srt_text {
  size_t length;
  int cut; /* the line that is being written did not fit */
  char bytes[SRT_TEXT_SIZE];
} srt_text;

void srt_text_reset (srt_text *text);
/* As it stands: for words of our own. */
void srt_text_add (srt_text *text, const char *string);
void srt_text_addf (srt_text *text, const char *format, ...) SRT_PRINTF (2, 3);
/* Made visible as in clean.h: for names and messages. NULL adds nothing. */
void srt_text_add_clean (srt_text *text, const char *string);
/* End the line, with "..." where it was cut. */
void srt_text_end_line (srt_text *text);
/* Into the reserve, all or nothing. */
void srt_text_add_reserved (srt_text *text, const char *bytes, size_t length);

/* "12ms", "1.20s", "2m05s", "1h02m". */
void srt_text_add_duration (srt_text *text, uint64_t ns);
/* The same, right-aligned to WIDTH columns. */
void srt_text_add_duration_padded (srt_text *text, uint64_t ns, int width);
/* "s" unless N is 1. */
const char *srt_text_plural (uint64_t n);
