/* SPDX-License-Identifier: MIT
 * Rows → the XML that Jenkins, GitLab and others read as JUnit's. Pure: what is written goes through a function. */
#pragma once
#include "rows.h"

typedef struct srt_report {
  const char *host_name;
  const char *cwd; /* paths of files are told relative to it */
  uint64_t start_real_ns;
  uint64_t elapsed_ns;
  srt_excerpt_limits limits; /* of what a test has written */
  const srt_row *rows;
  size_t n;
} srt_report;

/* Returns 0, or -1 to stop. */
typedef int (*srt_report_fn) (void *data, const char *bytes, size_t length);

/* Returns 0, or -1: FN said so, or out of memory. */
int srt_report_write (const srt_report *report, srt_report_fn fn, void *data);
