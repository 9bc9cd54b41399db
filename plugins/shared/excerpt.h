/* SPDX-License-Identifier: MIT
 * What a test has written is gone when test_finished returns: the beginning and the end of it are copied into a file
 * without a name in the run's own folder, so that memory does not grow with the output of failed tests. */
#pragma once
#include <srt/srt-plugin.h>
#include <sys/types.h>

typedef struct srt_spool {
  const srt_host *host;
  int fd;     /* -1: not made yet */
  int broken; /* it cannot be made or written; told once */
  uint64_t size;
} srt_spool;

/* How much is kept: whatever of it is reached first. */
typedef struct srt_excerpt_limits {
  uint64_t head_lines, tail_lines; /* UINT64_MAX: no bound */
  uint64_t head_bytes, tail_bytes;
} srt_excerpt_limits;

typedef struct srt_excerpt {
  uint64_t offset;                 /* in the spool: the head, and right behind it the tail */
  uint64_t head, tail;             /* bytes; all of it is in the head when nothing was left out */
  uint64_t left_lines, left_bytes; /* between the two */
  uint64_t lost;                   /* over the cap of the core: never seen by us */
} srt_excerpt;

void srt_spool_init (srt_spool *spool, const srt_host *host);
void srt_spool_clear (srt_spool *spool);

/* Copy what LIMITS let through of RESULT's output. Without output, or when the spool is broken, an empty excerpt. */
void srt_excerpt_take (srt_spool *spool, const srt_result *result, const srt_excerpt_limits *limits, srt_excerpt *ret);
/* Up to LENGTH bytes of the spool from OFFSET; returns how many, 0 when it cannot be read. */
size_t srt_spool_read (const srt_spool *spool, uint64_t offset, void *buffer, size_t length);

/* Gets text as clean.h makes it, piece by piece; returns 0 to stop. */
typedef int (*srt_excerpt_fn) (void *data, const char *text, size_t length);
/* Pass LENGTH bytes of the spool from OFFSET, made clean, to FN. Returns 0 when FN stopped it. */
int srt_excerpt_clean (const srt_spool *spool, uint64_t offset, uint64_t length, srt_excerpt_fn fn, void *data);
