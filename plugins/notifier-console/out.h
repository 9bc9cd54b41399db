/* SPDX-License-Identifier: MIT
 * A descriptor that is written to without ever waiting for its reader: what it does not take now (a full pipe, a
 * terminal that is held with Ctrl+S) is kept, within bounds, and written when it can be. A reader that went away is
 * quietly forgotten. Only srt_out_finish, and what is put after it, waits, and not for ever. */
#pragma once
#include <srt/srt-plugin.h>

typedef struct srt_out {
  const srt_host *host;
  const char *name; /* "standard output" */
  int fd;
  int closed;           /* nobody reads it, or it cannot be written: all is thrown away */
  uint64_t patience_ns; /* how long to wait for a reader that takes nothing; 0: not at all */
  srt_source *source;   /* watches FD while there is a backlog */
  char *backlog;
  size_t start, end, size;
  uint64_t dropped; /* bytes, since the backlog was full */
} srt_out;

void srt_out_init (srt_out *out, const srt_host *host, int fd, const char *name);
void srt_out_put (srt_out *out, const char *bytes, size_t length);
/* From here on wait: until all is written, or the reader took nothing for PATIENCE_NS. */
void srt_out_finish (srt_out *out, uint64_t patience_ns);
int srt_out_is_behind (const srt_out *out);
void srt_out_clear (srt_out *out);
