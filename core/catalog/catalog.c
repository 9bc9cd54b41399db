/* SPDX-License-Identifier: MIT */
#include "catalog/catalog.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "catalog/adhoc.h"
#include "catalog/collect.h"
#include "catalog/names.h"
#include "catalog/select.h"

/* PLACE is a suite's, in an error: "team.cfg:12: suite \"x\"". Caller frees. */
static char *
suite_place (const SrtSuite *suite)
{
  g_autofree char *origin = srt_origin_text (&suite->origin);
  return g_strdup_printf ("%s: suite \"%s\"", origin, suite->name);
}

static int
compare_tests (gconstpointer a, gconstpointer b)
{
  const SrtTest *left = *(SrtTest *const *)a, *right = *(SrtTest *const *)b;
  int suites = strcmp (left->suite->name, right->suite->name);
  return suites != 0 ? suites : strcmp (left->pub.name, right->pub.name);
}

static int
compare_suites (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(SrtSuite *const *)a)->name, (*(SrtSuite *const *)b)->name);
}

/* Sort TESTS and move them to the end of the catalog's. PLACE: before an error. */
static gboolean
take_tests (SrtCatalog *catalog, GPtrArray *tests, const char *place, GError **error)
{
  g_ptr_array_sort (tests, compare_tests);
  for (guint i = 1; i < tests->len; i++) {
    const SrtTest *before = tests->pdata[i - 1], *test = tests->pdata[i];
    if (!g_str_equal (before->pub.id, test->pub.id))
      continue;
    g_autofree char *first = srt_text_printable (before->pub.file, strlen (before->pub.file));
    g_autofree char *second = srt_text_printable (test->pub.file, strlen (test->pub.file));
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE,
                 "%stwo tests would be called %s: %s and %s; give them suites of their own", place, test->pub.id, first,
                 second);
    return FALSE;
  }
  g_ptr_array_extend_and_steal (catalog->tests, g_ptr_array_ref (tests));
  return TRUE;
}

static const SrtSuite *
configured_suite (const char *path, const char *root, const char **ret_name, gpointer data)
{
  const SrtSuite *suite = data;
  *ret_name =
      suite->from == SRT_FROM_INSTALLED_TESTS ? srt_installed_test_name (path, root) : srt_names_below (path, root);
  return suite;
}

/* A path that a suite names. */
static gboolean
collect_suite_path (const SrtCollect *collect, const char *path, const char *place, GError **error)
{
  guint found;
  if (collect->rules->optional && !g_file_test (path, G_FILE_TEST_EXISTS)) {
    srt_left_aside_add (collect->left_aside, path, "not there (its suite is optional)");
    return TRUE;
  }
  if (!srt_collect (collect, path, &found, error)) {
    g_autofree char *shown = srt_text_printable (path, strlen (path));
    g_prefix_error (error, "%s%s: ", place, shown);
    return FALSE;
  }
  if (found == 0)
    srt_left_aside_add (collect->left_aside, path, "no test found there");
  return TRUE;
}

/* What the settings cannot know: whether a template fits what it is for. */
static gboolean
check_command (const SrtSuite *suite, const char *place, GError **error)
{
  if (suite->command == NULL)
    return TRUE;
  if (suite->from == SRT_FROM_INSTALLED_TESTS) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE,
                 "%s`command` has no meaning with from = \"installed-tests\": a .test file says what to run", place);
    return FALSE;
  }
  for (char **word = suite->command; *word != NULL; word++)
    if (strstr (*word, "{file}") != NULL || strstr (*word, "{name}") != NULL || strstr (*word, "{dir}") != NULL)
      return TRUE;
  g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE,
               "%s`command` names no test and would run the same for each: add \"{file}\" to it", place);
  return FALSE;
}

static gboolean
collect_suite (SrtCatalog *catalog, const SrtMaker *maker, const SrtSuite *suite, GError **error)
{
  g_autoptr (GPtrArray) tests = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_make_test_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *origin = suite_place (suite), *place = g_strconcat (origin, ": ", NULL);
  const SrtCollect collect = { maker, suite, { configured_suite, (gpointer)suite }, tests, catalog->left_aside, seen };
  if (!check_command (suite, place, error))
    return FALSE;
  for (char **path = suite->paths; path != NULL && *path != NULL; path++)
    if (!collect_suite_path (&collect, *path, place, error))
      return FALSE;
  return take_tests (catalog, tests, place, error);
}

static gboolean
collect_all (SrtCatalog *catalog, const SrtMaker *maker, const char *const *paths, GError **error)
{
  const GPtrArray *suites = srt_settings_suites (maker->settings);
  if (suites->len == 0) {
    g_autoptr (GPtrArray) tests = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_make_test_free);
    return srt_adhoc_collect (maker, paths, catalog->own_suites, tests, catalog->left_aside, error) &&
           take_tests (catalog, tests, "", error);
  }
  for (guint i = 0; i < suites->len; i++)
    if (!collect_suite (catalog, maker, suites->pdata[i], error))
      return FALSE;
  return paths == NULL || *paths == NULL || srt_select_paths (catalog, maker->settings, paths, maker->cwd, error);
}

/* Of .spl files: the project's own, so that it tests what it has just built, else the one on PATH. */
static char *
find_interpreter (const SrtSettings *settings, const char *cwd)
{
  g_autofree char *own = g_build_filename (srt_settings_project_dir (settings), "bin", "simple", NULL);
  if (g_file_test (own, G_FILE_TEST_IS_REGULAR) && g_file_test (own, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&own);
  g_autofree char *found = g_find_program_in_path ("simple");
  return found != NULL ? g_canonicalize_filename (found, cwd) : NULL;
}

SrtCatalog *
srt_catalog_new (const SrtSettings *settings, const char *const *paths, const char *cwd, GError **error)
{
  g_autoptr (SrtCatalog) catalog = g_new0 (SrtCatalog, 1);
  g_autofree char *interpreter = find_interpreter (settings, cwd);
  const SrtMaker maker = { settings, cwd, interpreter };
  catalog->tests = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_make_test_free);
  catalog->left_aside = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_left_aside_free);
  catalog->own_suites = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_adhoc_suite_free);
  if (!collect_all (catalog, &maker, paths, error))
    return NULL;
  g_ptr_array_sort (catalog->left_aside, srt_left_aside_compare);
  g_ptr_array_sort (catalog->own_suites, compare_suites);
  return g_steal_pointer (&catalog);
}

void
srt_catalog_free (SrtCatalog *catalog)
{
  g_clear_pointer (&catalog->tests, g_ptr_array_unref);
  g_clear_pointer (&catalog->left_aside, g_ptr_array_unref);
  g_clear_pointer (&catalog->own_suites, g_ptr_array_unref);
  g_free (catalog);
}
