/* SPDX-License-Identifier: MIT
 * A small file of the kernel that is read again and again: opened once, read with one pread, opened anew when it went
 * away (a controller was switched off and on). Nothing is allocated. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef struct {
  int fd;        /* -1: not open */
  unsigned wait; /* reads to let pass before the next try to open */
} SrtFile;

#define SRT_FILE_CLOSED                                                                                                \
  {                                                                                                                    \
    -1, 0                                                                                                              \
  }

/* Where all files are read into, one after the other. */
typedef struct {
  char *bytes;
  size_t size;
} SrtScratch;

/* The beginning of NAME in the folder DIR as text in SCRATCH, or NULL when it is not there. Valid until the next read.
 */
const char *srt_file_read (SrtFile *file, int dir, const char *name, const SrtScratch *scratch);
void srt_file_close (SrtFile *file);

/* The whole of a file whose length is not known beforehand, as text; NULL (errno says why) when it cannot be read. The
 * caller frees it. Allocates: not for every sample. */
char *srt_file_read_all (int dir, const char *name);
