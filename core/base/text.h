/* SPDX-License-Identifier: MIT
 * Bytes from outside (file names, output of tests) made fit for one line of a report. Pure. */
#pragma once
#include <glib.h>

/* Valid UTF-8 without control characters: what is neither is written as \xNN, byte by byte; the rest stays as it is.
 * Caller frees. */
char *srt_text_printable (const char *bytes, gsize length);

/* The same into BUFFER of SIZE bytes (at least 8), ended by NUL; what does not fit is cut between two characters and
 * ends in "...". Allocates nothing. */
void srt_text_printable_into (char *buffer, gsize size, const char *bytes, gsize length);

/* "a, b, c and 4 more": the first MAX of N names. Caller frees. */
char *srt_text_names (const char *const *names, guint n, guint max);
