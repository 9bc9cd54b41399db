/* SPDX-License-Identifier: MIT
 * JSON as the commands print it: small helpers around json-glib. */
#pragma once
#include <glib.h>

typedef struct _JsonBuilder JsonBuilder; /* json-glib's */

/* A member of the object that is being built. What is no UTF-8 is made so; NULL is null. */
void srt_json_string (JsonBuilder *json, const char *name, const char *value);
void srt_json_int (JsonBuilder *json, const char *name, gint64 value);
void srt_json_seconds (JsonBuilder *json, const char *name, guint64 ns);
void srt_json_bool (JsonBuilder *json, const char *name, gboolean value);
/* Of N texts. */
void srt_json_strings (JsonBuilder *json, const char *name, const char *const *values, guint n);

/* All that was built, to standard output. */
void srt_json_print (JsonBuilder *json);
