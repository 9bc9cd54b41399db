/* SPDX-License-Identifier: MIT
 * A file that appears whole or not at all: written beside its place under another name, then renamed over it. Until
 * then, and on every error, what was there stays as it was. */
#pragma once
#include <stddef.h>

enum { SRT_REPLACE_WHY = 512 /* room for a reason */ };

typedef struct srt_replace {
  const char *path; /* absolute */
  int folder, fd;
  int error; /* errno of the first write that failed; 0: none */
  char temporary[80];
} srt_replace;

/* Make the temporary file. PATH must live until commit or abandon; UNIQUE: letters, digits and '-'. Refuses a PATH
 * whose folder is missing, and one where something other than a plain file is. Returns 0, or -1 with the reason in
 * WHY. */
int srt_replace_begin (srt_replace *replace, const char *path, const char *unique, char why[SRT_REPLACE_WHY]);
/* Returns 0, or -1 when this or an earlier write failed. */
int srt_replace_write (srt_replace *replace, const char *bytes, size_t length);
/* Put it in its place; DURABLE: only once it is on stable storage. On error it is abandoned. Returns as begin. */
int srt_replace_commit (srt_replace *replace, int durable, char why[SRT_REPLACE_WHY]);
/* Leave nothing behind. */
void srt_replace_abandon (srt_replace *replace);
