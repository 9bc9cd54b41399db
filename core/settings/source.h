/* SPDX-License-Identifier: MIT
 * A configuration file as one text with its @include lines replaced, and where each line of it came from.
 *
 * libconfig could include files itself, but it ends the process when it is given a folder, follows a loop until its
 * stack is full, and cuts numbers over 32 bits without a word. All three are mended here, before it sees the text:
 * loops and odd files are refused, and wide numbers get the L that they need. */
#pragma once
#include "settings/problems.h"

typedef struct {
  GString *text;
  GArray *places; /* of SrtOrigin, one a line of TEXT */
} SrtSource;

/* PATH: absolute. SHOWN: its name in messages. MISSING_OK: a missing file gives NULL without a problem. On problems
 * (file:line for each) NULL. Included paths are relative to the file that includes them. */
SrtSource *srt_source_load (const char *path, const char *shown, gboolean missing_ok, SrtProblems *problems);
void srt_source_free (SrtSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtSource, srt_source_free)

/* Where LINE (from 1) of the text came from. */
SrtOrigin srt_source_place (const SrtSource *source, int line);
