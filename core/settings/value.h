/* SPDX-License-Identifier: MIT
 * From a value as it was written to a value of its declared type: the one checker of settings, suites, profiles, the
 * environment and the command line. Pure. */
#pragma once
#include "settings/declare.h"
#include "settings/options.h"

/* The layers, the later wins. */
typedef enum {
  SRT_LAYER_DEFAULT,
  SRT_LAYER_SYSTEM,
  SRT_LAYER_USER,
  SRT_LAYER_PROJECT,
  SRT_LAYER_ENVIRONMENT,
  SRT_LAYER_COMMAND
} SrtLayer;

/* Which field counts, the declaration says: flag BOOL; number INT, DURATION (ns), SIZE (bytes); real FLOAT, PERCENT;
 * text STRING, PATH, CHOICE; list LIST; OPTIONS: options, and text where a plugin is named. */
typedef struct {
  gboolean set; /* FALSE: nobody said anything, and there is no default */
  SrtLayer layer;
  SrtOrigin origin;
  gboolean flag;
  gint64 number;
  double real;
  char *text;
  char **list;
  GPtrArray *options; /* of SrtRawOption */
} SrtValue;

void srt_value_clear (SrtValue *value);
void srt_value_copy (SrtValue *to, const SrtValue *from);

/* Check RAW against DECL. What stands in a file must have the right type there; a text from the environment or the
 * command line is read as the type (a list: elements with commas between, '\' takes the next character as it is).
 * Relative paths become absolute against the folder of RAW's file, or CWD. RET is replaced on success only. Error:
 * what is wrong and what would be right, without place and key. */
gboolean srt_value_check (const SrtDecl *decl, const SrtRawOption *raw, SrtLayer layer, const char *cwd, SrtValue *ret,
                          GError **error);

/* As a configuration writes it ("\"30s\"", "[ \"a\", \"b\" ]"); parses back to the same value. Not for OPTIONS. Caller
 * frees. */
char *srt_value_print (const SrtDecl *decl, const SrtValue *value);
/* TEXT in quotes, escaped for libconfig. Caller frees. */
char *srt_value_quote (const char *text);

/* The shortest text that reads back as NUMBER, in no locale. Caller frees. */
char *srt_value_real_text (double number);

/* PATH, absolute against the folder of ORIGIN's file, or CWD. Caller frees. */
char *srt_value_absolute (const char *path, const SrtOrigin *origin, const char *cwd);
