/* SPDX-License-Identifier: MIT */
#include "tree.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fs.h"

void
tree_make (Tree *tree)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *made = g_dir_make_tmp ("srt-catalog-XXXXXX", &error);
  g_assert_no_error (error);
  char *real = realpath (made, NULL);
  g_assert_nonnull (real);
  tree->root = g_strdup (real);
  tree->settings = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_settings_unref);
  free (real);
}

void
tree_remove (Tree *tree)
{
  g_autoptr (GError) error = NULL;
  srt_fs_remove_tree (AT_FDCWD, tree->root, NULL, &error);
  g_assert_no_error (error);
  g_free (tree->root);
  g_ptr_array_unref (tree->settings);
}

static char *
path_for (const Tree *tree, const char *below)
{
  char *path = g_build_filename (tree->root, below, NULL);
  g_autofree char *dir = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (dir, 0755), ==, 0);
  return path;
}

void
tree_write (const Tree *tree, const char *below, int mode, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = path_for (tree, below);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

void
tree_programs (const Tree *tree, ...)
{
  va_list names;
  va_start (names, tree);
  for (const char *name; (name = va_arg (names, const char *)) != NULL;)
    tree_write (tree, name, 0755, "");
  va_end (names);
}

void
tree_link (const Tree *tree, const char *below, const char *target)
{
  g_autofree char *path = path_for (tree, below);
  g_assert_cmpint (symlink (target, path), ==, 0);
}

SrtSettings *
tree_settings (const Tree *tree, const char *config, const char *const *overrides)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) raw = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_raw_option_free);
  const SrtOrigin origin = { NULL, 0, "--set" };
  for (; overrides != NULL && *overrides != NULL; overrides++) {
    const char *equals = strchr (*overrides, '=');
    g_autofree char *key = g_strndup (*overrides, (gsize)(equals - *overrides));
    g_ptr_array_add (raw, srt_raw_option_new (key, SRT_RAW_STRING, equals + 1, NULL, &origin));
  }
  if (config != NULL)
    tree_write (tree, "srt.cfg", 0644, config);
  const SrtCommandLayer command = { .overrides = raw };
  SrtSettings *settings = srt_settings_load (NULL, NULL, &command, NULL, tree->root, &error);
  g_assert_no_error (error);
  g_ptr_array_add (tree->settings, settings);
  return settings;
}

SrtCatalog *
tree_catalog (const Tree *tree, const char *config, const char *const *paths, GError **error)
{
  return srt_catalog_new (tree_settings (tree, config, NULL), paths, tree->root, error);
}

void
tree_assert_ids (const SrtCatalog *catalog, const char *expected)
{
  g_autoptr (GString) ids = g_string_new (NULL);
  for (guint i = 0; i < catalog->tests->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", ((SrtTest *)catalog->tests->pdata[i])->pub.id);
  g_assert_cmpstr (ids->str, ==, expected);
}

void
tree_assert_left_aside (const Tree *tree, const SrtCatalog *catalog, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < catalog->left_aside->len; i++) {
    const SrtLeftAside *entry = catalog->left_aside->pdata[i];
    g_assert_true (g_str_has_prefix (entry->path, tree->root));
    g_string_append_printf (text, "%s%s: %s", i > 0 ? " | " : "", entry->path + strlen (tree->root) + 1, entry->reason);
  }
  g_assert_cmpstr (text->str, ==, expected);
}

const SrtTest *
tree_find (const SrtCatalog *catalog, const char *id)
{
  for (guint i = 0; i < catalog->tests->len; i++) {
    const SrtTest *test = catalog->tests->pdata[i];
    if (g_str_equal (test->pub.id, id))
      return test;
  }
  g_error ("no test %s", id);
}

void
tree_assert_fails (const Tree *tree, GError **error, int code, const char *pattern)
{
  g_auto (GStrv) parts = g_strsplit (pattern, "ROOT", -1);
  g_autofree char *expected = g_strjoinv (tree->root, parts);
  g_assert_error (*error, SRT_ERROR, code);
  if (!g_pattern_match_simple (expected, (*error)->message))
    g_error ("the error is \"%s\", not \"%s\"", (*error)->message, expected);
  g_clear_error (error);
}
