/* SPDX-License-Identifier: MIT
 * From the entry that a shared object exports to a module of ours. Looks at memory only: opens nothing, calls nothing.
 */
#pragma once
#include "loading/loading.h"

/* Check ENTRY in this order: magic, major ABI, size, kind, name, version and summary, ops and their required functions,
 * create, options; then copy. PATH (taken as it is) is not in the messages. */
SrtModule *srt_module_new (const srt_plugin *entry, const char *path, GError **error);
void srt_module_free (SrtModule *module);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtModule, srt_module_free)

/* Is NAME [a-z][a-z0-9-]*? */
gboolean srt_plugin_name_is_good (const char *name);
