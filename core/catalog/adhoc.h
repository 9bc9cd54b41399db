/* SPDX-License-Identifier: MIT
 * Paths from the command line without any configured suite: suites made for them, named by folders (rules: catalog.h).
 */
#pragma once
#include "catalog/collect.h"

/* Search PATHS (ended by NULL; NULL: test/ and tests/ in the working folder). Suites that are needed are added to
 * OWN_SUITES, which frees them with srt_adhoc_suite_free. */
gboolean srt_adhoc_collect (const SrtMaker *maker, const char *const *paths, GPtrArray *own_suites, GPtrArray *tests,
                            GPtrArray *left_aside, GError **error);
void srt_adhoc_suite_free (SrtSuite *suite);

/* The suite and the name of PATH, which was found below ROOT, for a srt that was started in CWD (all absolute and
 * canonical). Pure. Caller frees the suite; RET_NAME points into PATH. */
char *srt_adhoc_name (const char *path, const char *root, const char *cwd, const char **ret_name);
