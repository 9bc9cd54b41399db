/* SPDX-License-Identifier: MIT
 * From given files and folders to tests: what is looked at, what is taken and what is left aside (rules: catalog.h). */
#pragma once
#include "catalog/make.h"

/* Which suite a file belongs to, and its name there. */
typedef struct {
  const SrtSuite *(*suite_of) (const char *path, const char *root, const char **ret_name, gpointer data);
  gpointer data;
} SrtNaming;

/* One search. What is found is added to TESTS and LEFT_ASIDE. */
typedef struct {
  const SrtMaker *maker;
  const SrtSuite *rules; /* patterns, exclude, command, from, …; its name is not used */
  SrtNaming naming;
  GPtrArray *tests;      /* of SrtTest */
  GPtrArray *left_aside; /* of SrtLeftAside */
  GHashTable *seen;      /* paths that are in TESTS already; the tests' own strings */
} SrtCollect;

/* Search PATH (absolute, canonical), a file or folder. RET_FOUND: tests there, those already seen counted. Errors say
 * only what is wrong ("not executable"): that PATH is not there or cannot be read, or is a file that cannot be run. */
gboolean srt_collect (const SrtCollect *collect, const char *path, guint *ret_found, GError **error);

void srt_left_aside_add (GPtrArray *left_aside, const char *path, const char *reason);
void srt_left_aside_free (SrtLeftAside *entry);
/* By path, then reason; for g_ptr_array_sort. */
int srt_left_aside_compare (gconstpointer a, gconstpointer b);
