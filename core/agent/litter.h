/* SPDX-License-Identifier: MIT
 * Where one container takes many tests: what a test has left in the folders that it may write to, in shared memory and
 * at the network is removed, or at least seen, so that the next one finds what the first one found. No test runs while
 * a function of this module does. litter-posix.c is the portable twin, which never finds a place clean. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define SRT_LITTER_DIRS  8u
#define SRT_LITTER_KNOWN 64u /* entries that a folder may have from the beginning */

typedef struct {
  int fd;
  bool crowded; /* there was more in it than can be known: it is never clean */
  uint32_t n_known;
  uint64_t known[SRT_LITTER_KNOWN]; /* hashes of the names that were there from the beginning */
  uint64_t print;                   /* of the folder and of all that was in it */
} SrtLitterDir;

typedef struct {
  const char *own; /* the name of the TMPDIR, which is not looked at */
  uint32_t n;
  SrtLitterDir dirs[SRT_LITTER_DIRS];
} SrtLitter;

/* PATHS, with colons between them; NULL: none. Those that are not there are left out. OWN stays. */
void srt_litter_open (SrtLitter *litter, const char *paths, const char *own);
/* 0: everything is as it was at the beginning. Else an errno value: something is not, and cannot be made so. */
int srt_litter_clean (SrtLitter *litter);
/* Of it, the folders. */
int srt_litter_clean_dirs (SrtLitter *litter);
