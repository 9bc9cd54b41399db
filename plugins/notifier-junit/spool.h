/* SPDX-License-Identifier: MIT
 * The core keeps the output of failures only. Where the report is to have that of all tests, what it shows of it is put
 * into a file without a name in the run's folder. */
#pragma once
#include "../shared/excerpt.h"

typedef struct srt_spool {
  const srt_host *host;
  int fd;     /* -1: not made yet */
  int broken; /* cannot be made or written; told once */
  uint64_t size;
} srt_spool;

void srt_spool_init (srt_spool *spool, const srt_host *host);
void srt_spool_clear (srt_spool *spool);
/* Put what LIMITS let through of BYTES into the spool; RET is where it stands there. */
void srt_spool_keep (srt_spool *spool, const srt_bytes *bytes, const srt_excerpt_limits *limits, srt_bytes *ret);
