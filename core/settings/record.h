/* SPDX-License-Identifier: MIT
 * A record: one value for each row of a table (the settings, a suite, a profile), each with the layer and the place
 * that it came from. */
#pragma once
#include "settings/node.h"
#include "settings/value.h"

/* What all checks need. */
typedef struct {
  SrtProblems problems;
  const char *cwd;
} SrtCheck;

typedef struct {
  const SrtDeclTable *table;
  SrtValue *values; /* as many as the table has rows */
  char *name;       /* of a suite or profile; NULL for the settings */
  SrtOrigin origin;
} SrtRecord;

/* With the defaults of TABLE. */
SrtRecord *srt_record_new (const SrtDeclTable *table, const char *name, const SrtOrigin *origin);
void srt_record_free (SrtRecord *record);

/* Set the value of row INDEX. KEY: its full name for messages. FALSE: a problem was added, nothing changed. */
gboolean srt_record_set (SrtRecord *record, guint index, const SrtRawOption *raw, SrtLayer layer, const char *key,
                         SrtCheck *check);
/* Set what the children of GROUP say; PREFIX ("suites.unit") is put before their names in messages, and ROW_PREFIX
 * ("run." or "") before looking them up in the table. */
void srt_record_set_group (SrtRecord *record, const SrtNode *group, const char *prefix, const char *row_prefix,
                           SrtLayer layer, SrtCheck *check);
/* A default or built-in value, whose text is right. */
void srt_record_set_text (SrtRecord *record, guint index, const char *text, const char *origin_words);

/* The scalar children of GROUP but `name` as options (of SrtRawOption). */
GPtrArray *srt_record_options (const SrtNode *group, const char *prefix, SrtCheck *check);
