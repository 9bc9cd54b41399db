/* SPDX-License-Identifier: MIT
 * The live line: how it goes, in one row of a terminal that is drawn over and over. Pure but for the width. */
#pragma once
#include "text.h"
#include <locale.h>

enum { SRT_LIVE_SIZE = 1024, SRT_LIVE_COLUMNS_MAX = 240 };

typedef struct srt_live {
  locale_t locale; /* where wcwidth knows all characters, or 0 */
  int shown;       /* it stands on the screen now */
  size_t length;
  char line[SRT_LIVE_SIZE];
} srt_live;

void srt_live_init (srt_live *live);
void srt_live_clear (srt_live *live);

/* Make the line for PROGRESS, at most COLUMNS wide. Returns 1 when it differs from what it was. NOW_NS: as the host
 * says. */
int srt_live_update (srt_live *live, const srt_progress *progress, uint64_t now_ns, unsigned columns);
/* The bytes that take it off the screen ("" when it is not there), and those that put it there. */
void srt_live_erase (srt_live *live, srt_text *text);
void srt_live_draw (srt_live *live, srt_text *text);

/* How much of STRING (UTF-8, clean) fits into COLUMNS, in bytes. */
size_t srt_live_fit (const srt_live *live, const char *string, size_t length, unsigned columns);
/* Of the terminal at FD; 80 when it does not say. */
unsigned srt_live_columns (int fd);
