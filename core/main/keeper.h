/* SPDX-License-Identifier: MIT
 * The configured checkpoint plugin, for commands that only read what it has kept. */
#pragma once
#include "main/commands.h"
#include "run/parts.h"

typedef struct {
  SrtLoop *loop;
  SrtHostShared shared;
  SrtParts parts;
  SrtInstance *instance;
  const SrtModule *module;
} SrtKeeper;

/* A plugin's messages go to standard error; for SrtHostShared. */
void srt_keeper_log (gpointer data, guint32 level, const char *from, const char *text);

/* PATH: in place of its option `path`; may be NULL. KEEPER must stay where it is. Clear it after an error, too. */
gboolean srt_keeper_open (SrtKeeper *keeper, const SrtCommandContext *context, const char *path, GError **error);
void srt_keeper_clear (SrtKeeper *keeper);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SrtKeeper, srt_keeper_clear)
