/* SPDX-License-Identifier: MIT
 *
 * history-row.h - the text of the history file: its head, and one row for each test. Pure.
 */
#pragma once

#include <srt/srt-plugin.h>
#include <stdbool.h>

#include "buffer.h"
#include "fault.h"
#include "lines.h"

void srt_history_put_head (srt_buffer *buffer);
void srt_history_put_row (srt_buffer *buffer, const srt_history *row);

/* Go behind the head. NOT_FOUND: the text is empty. CORRUPT: it is no history. UNSUPPORTED: of a later format. ROOM as
 * below. */
int32_t srt_history_read_head (srt_lines *lines, char *room, srt_fault *fault);
/* Read the line at hand. ROOM takes the id: one byte more than the line has. False: damaged. */
bool srt_history_read_row (const srt_lines *lines, char *room, srt_history *ret_row);
