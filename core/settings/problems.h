/* SPDX-License-Identifier: MIT
 * All that is wrong with a configuration, told in one go: one line each, "PLACE: KEY: what", at most SRT_PROBLEMS_MAX.
 */
#pragma once
#include "settings/options.h"

#define SRT_PROBLEMS_MAX 10u

typedef struct {
  GPtrArray *lines; /* of char * */
  guint more;       /* over the bound */
} SrtProblems;

void srt_problems_init (SrtProblems *problems);
void srt_problems_clear (SrtProblems *problems);

/* KEY may be NULL. From the environment or the command line the origin already names the setting: KEY is left out. */
void srt_problems_add (SrtProblems *problems, const SrtOrigin *origin, const char *key, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
/* The same with the message of ERROR, which is freed. */
void srt_problems_take (SrtProblems *problems, const SrtOrigin *origin, const char *key, GError *error);
/* "no such key" with what was probably meant: one of CANDIDATES (ended by NULL). */
void srt_problems_unknown (SrtProblems *problems, const SrtOrigin *origin, const char *key, const char *word,
                           const char *const *candidates);

/* TRUE when there were none; else ERROR is all of them (SRT_ERROR_USAGE). */
gboolean srt_problems_report (const SrtProblems *problems, GError **error);
