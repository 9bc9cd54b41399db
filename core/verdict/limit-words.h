/* SPDX-License-Identifier: MIT
 * Limits: those of the settings as an executor gets them, and their words. Pure. */
#pragma once
#include "settings/settings.h"
#include "srt/srt-plugin.h"

void srt_limits_fill (const SrtLimits *settings, srt_limits *ret_limits);

/* The limits there are: I from 0 to srt_limits_n () - 1. */
guint srt_limits_n (void);
guint64 srt_limits_bit (guint i);      /* SRT_LIMIT_* */
const char *srt_limits_word (guint i); /* as in a profile: "memory" */

/* The SRT_LIMIT_* bits that are set in LIMITS. */
guint64 srt_limits_used (const srt_limits *limits);

/* Those of LIMITS (may be NULL) that BITS name: "memory = 64M, processes = 512"; without its value where it has none.
 * Caller frees. */
char *srt_limits_text (const srt_limits *limits, guint64 bits);
