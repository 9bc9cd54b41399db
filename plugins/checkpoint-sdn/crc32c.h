/* SPDX-License-Identifier: MIT
 *
 * crc32c.h - CRC-32C (Castagnoli), as iSCSI, ext4 and Btrfs use it. It finds every changed byte, every burst of up to
 * 32 bits, and every change of up to five bits in a row of our size.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The sum of what gave SUM (0 at the start) and then BYTES. */
uint32_t srt_crc32c (uint32_t sum, const void *bytes, size_t length);
