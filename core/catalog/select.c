/* SPDX-License-Identifier: MIT */
#include "catalog/select.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "catalog/collect.h"
#include "catalog/names.h"

/* One of the paths. */
typedef struct {
  const char *typed;
  char *path;  /* absolute, canonical */
  char *real;  /* without links; NULL: there is no such file */
  char *shown; /* printable */
} Choice;

static void
choice_init (Choice *choice, const char *typed, const char *cwd)
{
  choice->typed = typed;
  choice->path = g_canonicalize_filename (typed, cwd);
  choice->real = realpath (choice->path, NULL);
  choice->shown = srt_text_printable (typed, strlen (typed));
}

static void
choice_clear (Choice *choice)
{
  g_free (choice->path);
  free (choice->real); /* realpath's */
  g_free (choice->shown);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Choice, choice_clear)

static gboolean
names_test (const Choice *choice, const SrtTest *test)
{
  return srt_names_below (test->pub.file, choice->path) != NULL || g_str_equal (test->pub.id, choice->typed);
}

/* The same with the links of both sides resolved. Asks the file system for each test: only for what names none else. */
static gboolean
names_test_by_links (const Choice *choice, const SrtTest *test)
{
  char *real = choice->real != NULL ? realpath (test->pub.file, NULL) : NULL;
  gboolean below = real != NULL && srt_names_below (real, choice->real) != NULL;
  free (real);
  return below;
}

static guint
mark (const SrtCatalog *catalog, const Choice *choice, gboolean (*names) (const Choice *, const SrtTest *),
      gboolean *chosen)
{
  guint n = 0;
  for (guint i = 0; i < catalog->tests->len; i++)
    if (names (choice, catalog->tests->pdata[i])) {
      chosen[i] = TRUE;
      n++;
    }
  return n;
}

/* Say why CHOICE chose nothing. */
static gboolean
fail (const SrtCatalog *catalog, const Choice *choice, GError **error)
{
  g_autofree char *path = srt_text_printable (choice->path, strlen (choice->path));
  for (guint i = 0; i < catalog->left_aside->len; i++) {
    const SrtLeftAside *entry = catalog->left_aside->pdata[i];
    if (g_str_equal (entry->path, path)) {
      g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: %s", choice->shown, entry->reason);
      return FALSE;
    }
  }
  if (choice->real == NULL)
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: no such file or folder, and no test of that name",
                 choice->shown);
  else
    g_set_error (error, SRT_ERROR, SRT_ERROR_NO_TESTS,
                 "%s: none of the configured suites has a test there (`srt list` shows them all)", choice->shown);
  return FALSE;
}

/* Which of the files left aside lie where CHOICE points. */
static void
mark_left_aside (const SrtCatalog *catalog, const Choice *choice, gboolean *chosen)
{
  g_autofree char *path = srt_text_printable (choice->path, strlen (choice->path));
  for (guint i = 0; i < catalog->left_aside->len; i++) {
    const SrtLeftAside *entry = catalog->left_aside->pdata[i];
    chosen[i] |= srt_names_below (entry->path, path) != NULL;
  }
}

static void
keep_chosen (GPtrArray *array, const gboolean *chosen, GDestroyNotify free_element)
{
  guint kept = 0;
  for (guint i = 0; i < array->len; i++)
    if (chosen[i])
      array->pdata[kept++] = array->pdata[i];
    else
      free_element (array->pdata[i]);
  g_ptr_array_set_free_func (array, NULL); /* what is cut off has been freed or moved */
  g_ptr_array_set_size (array, (gint)kept);
  g_ptr_array_set_free_func (array, free_element);
}

gboolean
srt_select_paths (SrtCatalog *catalog, const SrtSettings *settings, const char *const *paths, const char *cwd,
                  GError **error)
{
  gboolean may_be_none = g_str_equal (srt_settings_string (settings, SRT_KEY_RUN_NO_TESTS), "pass");
  g_autofree gboolean *tests = g_new0 (gboolean, catalog->tests->len + 1);
  g_autofree gboolean *left_aside = g_new0 (gboolean, catalog->left_aside->len + 1);
  for (; *paths != NULL; paths++) {
    g_auto (Choice) choice;
    choice_init (&choice, *paths, cwd);
    mark_left_aside (catalog, &choice, left_aside);
    guint n = mark (catalog, &choice, names_test, tests);
    if (n == 0)
      n = mark (catalog, &choice, names_test_by_links, tests);
    if (n == 0 && !(may_be_none && choice.real != NULL))
      return fail (catalog, &choice, error);
  }
  keep_chosen (catalog->tests, tests, (GDestroyNotify)srt_make_test_free);
  keep_chosen (catalog->left_aside, left_aside, (GDestroyNotify)srt_left_aside_free);
  return TRUE;
}
