/* SPDX-License-Identifier: MIT
 * What a test says of files that it could not write, as it comes past: a hint why it failed, in a container that is
 * read-only. Pure. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Zeroed: nothing was seen. */
typedef struct {
  size_t matched;
  bool seen;
} Hint;

void hint_look (Hint *hint, const void *bytes, size_t length);
/* For the message of a test that failed; NULL: none. */
const char *hint_words (const Hint *hint);
