/* SPDX-License-Identifier: MIT
 *
 * sum.h - the last field of every row: `, "0badcafe"`, the CRC-32C of all that stands before it in its line.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* End the row that begins at START of BUFFER: its sum, begun with SEED, and the line's end. */
void srt_sum_put (srt_buffer *buffer, uint32_t seed, size_t start);
/* How much of a line of LENGTH bytes stands before its sum; 0 when it is too short for one. */
size_t srt_sum_body (size_t length);
/* Does the line end with the sum of what stands before? */
bool srt_sum_matches (const char *line, size_t length, uint32_t seed);
