/* SPDX-License-Identifier: MIT
 *
 * history-store.h - put new results into the history, on a thread of its own: a disk that hangs holds up the end of the
 * run for two seconds at most. What is not there by then may still come, or be lost with the process.
 */
#pragma once

#include "fault.h"

/* ROWS are copied. REMARK as in history-file.h. LOST: the disk does not answer. */
int32_t srt_history_store (const char *path, const srt_history *rows, uint32_t n, srt_fault *remark, srt_fault *fault);
