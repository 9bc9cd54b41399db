/* SPDX-License-Identifier: MIT
 * Parts: the plugins of one run, made from the settings. */
#pragma once
#include "host/instance.h"
#include "loading/loading.h"
#include "settings/settings.h"

typedef struct {
  const SrtSettings *settings;
  SrtLoader *loader;
  const SrtHostShared *shared;
} SrtParts;

/* The instance that USE asks for. RET_MODULE: its module. Error: SRT_ERROR_USAGE with the place that asks for it. */
SrtInstance *srt_parts_make (const SrtParts *parts, const SrtPluginUse *use, const void *events, gpointer owner,
                             const SrtModule **ret_module, GError **error);

/* Does anybody ask for USE, or for an option of it? Else it is there by default. */
gboolean srt_parts_is_asked_for (const SrtPluginUse *use);
/* ERROR is what an instance that USE asks for has said. Where it is a mistake of the configuration (SRT_ERROR_USAGE),
 * it gets the place before it. Always FALSE. */
gboolean srt_parts_blame (const SrtPluginUse *use, GError **error);

/* The one plugin of KIND that the settings ask for; NULL: none. */
const SrtPluginUse *srt_parts_use (const SrtParts *parts, guint32 kind);

/* SrtSuite → srt_values: what the suites of TESTS say to the executor MODULE, on which these run. */
GHashTable *srt_parts_job_options (const SrtParts *parts, const SrtModule *module, const GPtrArray *tests,
                                   GError **error);

/* Thousandths of a core that SAMPLE gives → tests at once: the cores minus 1, at least 1. Pure. */
guint32 srt_parts_workers (gboolean parallel, gint64 jobs, guint32 cpu_milli);
