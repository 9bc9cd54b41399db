/* SPDX-License-Identifier: MIT */
#include "hint.h"
#include <string.h>

/* strerror (EROFS), in any part of the output. Its first letter is in it only once, so a match begins nowhere else. */
static const char words[] = "Read-only file system";

void
hint_look (Hint *hint, const void *bytes, size_t length)
{
  const char *at = bytes, *end = at + length;

  while (!hint->seen && at < end) {
    if (hint->matched == 0 && (at = memchr (at, words[0], (size_t)(end - at))) == NULL)
      return;
    if (*at == words[hint->matched])
      hint->matched++;
    else
      hint->matched = *at == words[0];
    hint->seen = words[hint->matched] == '\0';
    at++;
  }
}

const char *
hint_words (const Hint *hint)
{
  return hint->seen ? "it says \"Read-only file system\": so is the image in its container, and the workspace unless "
                      "workspace = \"overlay\" or \"rw\""
                    : NULL;
}
