/* SPDX-License-Identifier: MIT
 * Durations, sizes and percentages as people write them. Pure. On error SRT_ERROR_USAGE says what would be right. */
#pragma once
#include <glib.h>

/* "250ms", "30s", "2m", "1h", "1h30m", "1.5s"; a bare number is seconds. "0" is 0. */
gboolean srt_units_parse_duration (const char *text, guint64 *ret_ns, GError **error);
/* "512M", "4K", "1G", "1T", "512MB", "512MiB" (all powers of 1024); a bare number is bytes. */
gboolean srt_units_parse_size (const char *text, guint64 *ret_bytes, GError **error);
/* "80%" or "80": 0 to 100. */
gboolean srt_units_parse_percent (const char *text, double *ret_percent, GError **error);

/* Canonical text that parses back to the same value: "1h30m", "250ms", "512M". Caller frees. */
char *srt_units_format_duration (guint64 ns);
char *srt_units_format_size (guint64 bytes);
