/* SPDX-License-Identifier: MIT
 * The TMPDIR of a slot: RUN_DIR/tmp-SLOT, 0700, handed over empty to each test. Making one for each test would halve
 * the speed on ext4, so it is used again as long as nobody has touched it. That is told by one fstatat: a folder that
 * is ready carries a modification time of our own, which any new entry overwrites.
 *
 * A test may do to it what it likes: litter that cannot be read, folders nested a million deep, chmod, remove it,
 * put something else in its place. No test runs while a function of this module does. */
#pragma once
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

typedef struct {
  int run_fd;     /* RUN_DIR */
  bool dirty;     /* something was left in it and not settled */
  uint32_t aside; /* how many could not be removed and were moved aside */
  char name[32];
  char path[PATH_MAX];
  struct stat mark; /* of the folder when it was ready */
} SrtTmpdir;

/* 0, or an errno value. RUN_DIR must exist. */
int srt_tmpdir_open (SrtTmpdir *tmpdir, const char *run_dir, uint32_t slot);
/* After a test: did it leave anything in it? What was only touched is made ready again. */
bool srt_tmpdir_check (SrtTmpdir *tmpdir);
/* Ready for the next test: keep what is there as KEEP_DIR (an absolute path that does not exist;
 * copied, where it is on another file system), or with NULL remove
 * it. 0, or an errno value when it could not be kept or removed; it is ready again all the same, unless READY is left
 * false. */
int srt_tmpdir_settle (SrtTmpdir *tmpdir, const char *keep_dir, bool *ret_ready);
/* The end: remove it, and if LAST RUN_DIR too when nothing is in it but a ledger in
 * which no other executor has anything. */
void srt_tmpdir_close (SrtTmpdir *tmpdir, bool last);
