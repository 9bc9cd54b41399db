/* SPDX-License-Identifier: MIT
 * Inside the room only: what a text, or an element of a list, must look like, by the range column of keys.h. Pure. */
#pragma once
#include "settings/value.h"

/* The value to keep for TEXT (a path made absolute), or NULL and what is wrong. FIRST: first element of its list.
 * Caller frees. */
char *srt_value_text_check (const SrtDecl *decl, const char *text, gboolean first, const SrtOrigin *origin,
                            const char *cwd, GError **error);
