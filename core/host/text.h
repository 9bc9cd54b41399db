/* SPDX-License-Identifier: MIT
 * Text from plugins, made fit for a line of ours. Pure. */
#pragma once
#include <glib.h>

/* One line of valid UTF-8: what is not UTF-8 and what would steer a terminal becomes U+FFFD, runs of line ends and tabs
 * become one space, white space at both ends goes, and more than 4096 bytes are cut with "…". Caller frees. */
char *srt_text_clean_line (const char *text, gsize length);
