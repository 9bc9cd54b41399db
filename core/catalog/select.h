/* SPDX-License-Identifier: MIT
 * Paths from the command line over configured suites: they choose among the tests (rules: catalog.h). */
#pragma once
#include "catalog/catalog.h"

/* Keep what one of PATHS (ended by NULL) names, and the files left aside there. */
gboolean srt_select_paths (SrtCatalog *catalog, const SrtSettings *settings, const char *const *paths, const char *cwd,
                           GError **error);
