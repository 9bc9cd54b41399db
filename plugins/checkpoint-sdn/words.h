/* SPDX-License-Identifier: MIT
 *
 * words.h - the words of the plugin interface's enums, as the files spell them. A value without a word (of a later
 * srt) is written as its number, and read back as that.
 */
#pragma once

#include "buffer.h"
#include "sdn.h"

typedef enum srt_words { SRT_WORDS_VERDICT, SRT_WORDS_EXIT, SRT_WORDS_USAGE } srt_words;

void srt_words_put (srt_buffer *buffer, srt_words which, uint32_t value);
uint32_t srt_words_read (srt_sdn_reader *reader, srt_words which);
