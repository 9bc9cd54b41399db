/* SPDX-License-Identifier: MIT
 * Option tables: what a plugin declares, and text that becomes a value of a declared type. Pure. */
#pragma once
#include "srt/srt-plugin.h"
#include <glib.h>

/* The member of the option's type is set, the others are zero. */
typedef struct {
  gint64 integer; /* INT */
  guint64 amount; /* DURATION in ns, SIZE in bytes */
  double real;    /* FLOAT, PERCENT */
  gboolean truth; /* BOOL */
} SrtOptionValue;

/* TEXT as a value of OPTION: numbers, units, choices. For STRING, PATH and LIST any text will do. ERROR says what would
 * be right, without the option's name or place ("wants true or false, not 'maybe'"). */
gboolean srt_option_parse (const srt_option *option, const char *text, SrtOptionValue *ret_value, GError **error);

/* "string", "duration", …; NULL: no such type. */
const char *srt_option_type_word (guint32 type);

/* The N rows behind ROWS, each of its own `size`, copied into an array of this srt's srt_option and checked: sizes,
 * names, types, choices, defaults that parse, no name twice. The array's strings are those of ROWS. */
GArray *srt_option_table_copy (const srt_option *rows, guint n, GError **error);
