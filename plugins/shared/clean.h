/* SPDX-License-Identifier: MIT
 * Bytes that tests have made → UTF-8 text that can do no harm on a terminal and is allowed in XML 1.0. Pure.
 *
 * Kept: all printable characters. Made visible: control characters and bytes that are not UTF-8 as \xNN (\n, \r, \t by
 * these names), characters that turn the direction of text or break lines as \uNNNN. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum {
  SRT_CLEAN_LINES =
      1u << 0, /* output, not a name: newlines and tabs stay, "\r\n" becomes "\n", colours (ESC [ … m) go */
  SRT_CLEAN_MORE = 1u << 1 /* more bytes follow: what IN ends with unfinished is left for the next call */
};

enum { SRT_CLEAN_ROOM = 8 /* the least that OUT must hold */ };

/* Fills OUT as far as it goes, without a NUL; returns how much, *ret_used says how much of IN that was. Nothing is
 * split in the middle. Without MORE a repeated call always comes to the end of IN. */
size_t srt_clean (const char *in, size_t n, unsigned flags, char *out, size_t size, size_t *ret_used);

/* One character of UTF-8, strictly: its length, 0 when it is none, -1 when IN ends in the middle of one. N > 0. */
int srt_clean_decode (const unsigned char *in, size_t n, uint32_t *ret_character);
