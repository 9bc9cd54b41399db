/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include <string.h>

bool
srt_lines_next (srt_lines *lines)
{
  const char *lf;

  if (lines->at == lines->end)
    return false;
  lf = memchr (lines->at, '\n', (size_t)(lines->end - lines->at));
  lines->ended = lf != NULL;
  lines->line = lines->at;
  lines->length = (size_t)((lf != NULL ? lf : lines->end) - lines->at);
  lines->at = lf != NULL ? lf + 1 : lines->end;
  lines->number++;
  if (lines->length > 0 && lines->line[lines->length - 1] == '\r')
    lines->length--;
  return true;
}

bool
srt_lines_is (const srt_lines *lines, const char *text)
{
  return lines->length == strlen (text) && memcmp (lines->line, text, lines->length) == 0;
}
