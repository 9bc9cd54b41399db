/* SPDX-License-Identifier: MIT
 * A folder of its own for a test, with files in it, and a catalog made there. */
#pragma once
#include "catalog/catalog.h"

typedef struct {
  char *root;          /* absolute, without links */
  GPtrArray *settings; /* that were made here: a catalog points into them */
} Tree;

void tree_make (Tree *tree);
void tree_remove (Tree *tree);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tree, tree_remove)

/* Write the file BELOW with its folders. */
void tree_write (const Tree *tree, const char *below, int mode, const char *text);
/* Empty programs BELOW, ... up to NULL. */
void tree_programs (const Tree *tree, ...) G_GNUC_NULL_TERMINATED;
void tree_link (const Tree *tree, const char *below, const char *target);

/* The settings of CONFIG, the text of ./srt.cfg (NULL: none) and the overrides "key=value", ... (NULL: none), as if
 * started in the tree's root. The tree keeps them. */
SrtSettings *tree_settings (const Tree *tree, const char *config, const char *const *overrides);

/* All in one: a catalog of PATHS. */
SrtCatalog *tree_catalog (const Tree *tree, const char *config, const char *const *paths, GError **error);

/* "suite/a suite/b": ids in their order. */
void tree_assert_ids (const SrtCatalog *catalog, const char *expected);
/* "below: reason | below: reason" */
void tree_assert_left_aside (const Tree *tree, const SrtCatalog *catalog, const char *expected);
const SrtTest *tree_find (const SrtCatalog *catalog, const char *id);
/* ERROR has CODE and a message that matches PATTERN, in which "ROOT" stands for the tree's root; it is cleared. */
void tree_assert_fails (const Tree *tree, GError **error, int code, const char *pattern);
