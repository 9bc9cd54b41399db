/* SPDX-License-Identifier: MIT
 *
 * history-file.h - the history file as a whole: read it, and put new results into it. Blocks as the disk does.
 */
#pragma once

#include "buffer.h"
#include "fault.h"
#include "place.h"

/* What FD holds. *RET_ROOM has place for any of its strings; both are to be freed in any case. */
int32_t srt_history_read_text (const char *path, int fd, srt_buffer *text, char **ret_room, srt_fault *fault);
/* FAULT is of srt_history_read_head: name the file, too. */
int32_t srt_history_head_fault (const char *path, srt_fault *fault);

/* What the `store` of the plugin interface promises, in the file PATH. REMARK is set when there is something to be said
 * of it. */
int32_t srt_history_merge (const char *path, const srt_history *rows, uint32_t n, srt_fault *remark, srt_fault *fault);
