/* SPDX-License-Identifier: MIT
 * What names of files say. Names are bytes. Pure. Beside it: srt_catalog_usual_name in catalog.h. */
#pragma once
#include <glib.h>

/* Can a file with this name be a program? Not by the extensions of sources, objects, texts, data and backups. */
gboolean srt_names_can_be_program (const char *name);

gboolean srt_names_is_spl (const char *name);

/* Does one of the globs GLOBS (ended by NULL, or NULL) match NAME, or BELOW (may be NULL)? A '*' matches a '/' too. */
gboolean srt_names_match (char *const *globs, const char *name, const char *below);

/* PATH below FOLDER (both absolute, canonical): the rest of it, "" for FOLDER itself, NULL when it is elsewhere. */
const char *srt_names_below (const char *path, const char *folder);

/* "unit", "integration", "system": the first folder in PATH that is called so; "" when none is. Static text. */
const char *srt_names_level (const char *path);
