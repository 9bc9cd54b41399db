/* SPDX-License-Identifier: MIT
 *
 * names.h - a short list of texts. When memory runs out a text is left out.
 */
#pragma once

#include <stdint.h>

typedef struct srt_names {
  char **items;
  uint32_t n;
} srt_names;

void srt_names_add (srt_names *names, const char *text);
/* Take TEXT out, if it is there. */
void srt_names_remove (srt_names *names, const char *text);
void srt_names_clear (srt_names *names);
