/* SPDX-License-Identifier: MIT
 * What was probably meant: the nearest of the candidates (optimal string alignment distance), or NULL when none is
 * near. Pure. */
#pragma once
#include <glib.h>

const char *srt_suggest (const char *word, const char *const *candidates);
