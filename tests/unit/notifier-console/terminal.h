/* SPDX-License-Identifier: MIT
 * As much of a terminal as the console uses: lines, carriage return, erase to the end of the line, colours. Anything
 * else that it is sent is a failure of the test. */
#pragma once
#include <glib.h>

/* What stands on the screen after BYTES, without the blanks at the ends of lines. */
char *terminal_show (const char *bytes, guint columns);
char *terminal_strip_colours (const char *bytes);
