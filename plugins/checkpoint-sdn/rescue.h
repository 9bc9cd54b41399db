/* SPDX-License-Identifier: MIT
 *
 * rescue.h - when the file can no longer be trusted, or is gone: all rows to a new file, on stable storage, in its
 * place.
 */
#pragma once

#include "keeper-private.h"

/* On the keeper's thread, without the lock. Rows that come meanwhile still go to the old file and are copied before the
 * new one takes its place. *LENGTH becomes the length that is on stable storage then. An error leaves everything as it
 * was; FAULT comes with the reason for the rescue, if there is one, and keeps it. */
int32_t srt_keeper_rescue (srt_keeper *keeper, uint64_t *length, srt_fault *fault);
