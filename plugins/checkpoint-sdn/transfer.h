/* SPDX-License-Identifier: MIT
 *
 * transfer.h - reading and writing as a whole: interrupted and short calls are gone on with.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* Write all of BYTES at OFFSET. 0, or an errno value; *ret_done says in both cases how many bytes arrived. */
int srt_transfer_write (int fd, const void *bytes, size_t length, uint64_t offset, size_t *ret_done);
/* Append the file's first LENGTH bytes (UINT64_MAX: all of it) to BUFFER. 0, or an errno value: EIO when the file ends
 * before LENGTH, EFBIG over 1 GiB. */
int srt_transfer_read (int fd, uint64_t length, srt_buffer *buffer);
/* The file's content to stable storage. 0, or an errno value: then it must not be tried again on this file. Being
 * interrupted is no failure: what is written is still the kernel's to bring there. */
int srt_transfer_sync (int fd);
