/* SPDX-License-Identifier: MIT */
#include "run/outside.h"

#include "catalog/catalog.h"

static guint
count_files (const GPtrArray *gone, const char *cwd)
{
  guint n = 0;
  for (guint i = 0; i < gone->len; i++) {
    g_autofree char *path = g_build_filename (cwd, g_ptr_array_index (gone, i), NULL);
    n += g_file_test (path, G_FILE_TEST_EXISTS);
  }
  return n;
}

guint
srt_outside_count_tests (const GPtrArray *gone, const SrtSettings *settings, const char *cwd)
{
  guint n = 0;
  if (gone->len == 0)
    return 0;
  if (srt_settings_suites (settings)->len == 0)
    return count_files (gone, cwd);
  g_autoptr (SrtCatalog) all = srt_catalog_new (settings, NULL, cwd, NULL);
  if (!all) /* who cannot be asked is taken to be there: what is kept can still be thrown away */
    return gone->len;
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < all->tests->len; i++)
    g_hash_table_add (ids, (gpointer)((const SrtTest *)g_ptr_array_index (all->tests, i))->pub.id);
  for (guint i = 0; i < gone->len; i++)
    n += g_hash_table_contains (ids, g_ptr_array_index (gone, i));
  return n;
}
