/* SPDX-License-Identifier: MIT
 * Options of plugins as they were written, before the plugin that declares them is known. Immutable once built. */
#pragma once
#include <glib.h>

/* Where a value was written: "team.cfg:12", "--jobs", "SRT_JOBS", "default". */
typedef struct {
  const char *file; /* interned, absolute; NULL: not from a file */
  int line;         /* 0: none */
  const char *what; /* interned; option, variable or "default"; with a file: its name for messages, NULL is FILE */
} SrtOrigin;

/* "team.cfg:12" or the other words. Caller frees. */
char *srt_origin_text (const SrtOrigin *origin);

/* One NAME = VALUE. Scalars are kept as text in their canonical form ("true", "42", "0.5", "30s"). */
typedef struct {
  char *name;
  char *text;  /* NULL for a list */
  char **list; /* NULL for a scalar; ended by NULL */
  enum { SRT_RAW_STRING, SRT_RAW_BOOL, SRT_RAW_INT, SRT_RAW_FLOAT, SRT_RAW_LIST } type; /* how it was written */
  SrtOrigin origin;
} SrtRawOption;

SrtRawOption *srt_raw_option_new (const char *name, int type, const char *text, const char *const *list,
                                  const SrtOrigin *origin);
void srt_raw_option_free (SrtRawOption *option);

/* A plugin that the configuration asks for: "notifier junit with path = out.xml". */
typedef struct {
  guint32 kind; /* srt_kind */
  char *name;
  GPtrArray *options; /* of SrtRawOption */
  SrtOrigin origin;
} SrtPluginUse;

SrtPluginUse *srt_plugin_use_new (guint32 kind, const char *name, const SrtOrigin *origin);
SrtPluginUse *srt_plugin_use_copy (const SrtPluginUse *use);
void srt_plugin_use_free (SrtPluginUse *use);
/* A copy of OPTION goes to the end; several of one name are what a plugin's list is on a command line. */
void srt_plugin_use_add (SrtPluginUse *use, const SrtRawOption *option);
void srt_plugin_use_drop (SrtPluginUse *use, const char *name);
/* The options of FROM go over those of USE. */
void srt_plugin_use_overlay (SrtPluginUse *use, const SrtPluginUse *from);

/* Can NAME be a plugin's? It becomes part of a file's name. */
gboolean srt_plugin_name_check (const char *name, GError **error);

/* "junit:path=out.xml,pretty=true" (from --notifier and friends). A '\' takes the next character as it is. */
SrtPluginUse *srt_plugin_use_parse (guint32 kind, const char *text, const SrtOrigin *origin, GError **error);
