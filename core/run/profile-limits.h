/* SPDX-License-Identifier: MIT
 * Limits: from a profile to what an executor gets, and the word on what it cannot enforce. */
#pragma once
#include "catalog/catalog.h"
#include "run/notify.h"

/* NULL: no limits. */
void srt_limits_fill (const SrtProfile *profile, srt_limits *ret_limits);

/* The limits there are: I from 0 to srt_limits_n () - 1. */
guint srt_limits_n (void);
guint64 srt_limits_bit (guint i);      /* SRT_LIMIT_* */
const char *srt_limits_word (guint i); /* as in a profile: "memory" */

/* The SRT_LIMIT_* bits that are set in LIMITS. */
guint64 srt_limits_used (const srt_limits *limits);

/* One warning for each limit that TESTS ask for and the executor does not enforce, with its reason. */
void srt_limits_say_unenforced (SrtNotify *notify, const GPtrArray *tests, SrtInstance *executor,
                                const srt_executor_ops *ops, const srt_executor_info *info);
