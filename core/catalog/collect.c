/* SPDX-License-Identifier: MIT */
#include "catalog/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "catalog/names.h"
#include "catalog/walk.h"

/* One path of a search. */
typedef struct {
  const SrtCollect *collect;
  const char *root;
  guint found;
} Search;

void
srt_left_aside_add (GPtrArray *left_aside, const char *path, const char *reason)
{
  SrtLeftAside *entry = g_new0 (SrtLeftAside, 1);
  entry->path = srt_text_printable (path, strlen (path));
  entry->reason = g_strdup (reason);
  g_ptr_array_add (left_aside, entry);
}

void
srt_left_aside_free (SrtLeftAside *entry)
{
  g_free (entry->path);
  g_free (entry->reason);
  g_free (entry);
}

int
srt_left_aside_compare (gconstpointer a, gconstpointer b)
{
  const SrtLeftAside *left = *(SrtLeftAside *const *)a, *right = *(SrtLeftAside *const *)b;
  int paths = strcmp (left->path, right->path);
  return paths != 0 ? paths : strcmp (left->reason, right->reason);
}

/* Is FILE a test's by its name? */
static gboolean
name_fits (const SrtSuite *rules, const SrtWalkEntry *file)
{
  if (rules->from == SRT_FROM_INSTALLED_TESTS)
    return g_str_has_suffix (file->name, ".test") &&
           (rules->patterns == NULL || srt_names_match (rules->patterns, file->name, NULL));
  if (rules->all_executables)
    return TRUE;
  return rules->patterns != NULL ? srt_names_match (rules->patterns, file->name, NULL)
                                 : srt_catalog_usual_name (file->name);
}

static gboolean
is_executable (const SrtWalkEntry *file)
{
  return faccessat (file->folder, file->name, X_OK, 0) == 0;
}

/* Why FILE, whose name fits, cannot be run; NULL when it can. */
static const char *
why_not_run (const SrtCollect *collect, const SrtWalkEntry *file)
{
  if (file->kind == SRT_WALK_BROKEN_LINK)
    return "a broken link";
  if (file->kind != SRT_WALK_FILE)
    return "not a regular file";
  if (collect->rules->command != NULL || collect->rules->from == SRT_FROM_INSTALLED_TESTS)
    return NULL;
  if (srt_names_is_spl (file->name))
    return collect->maker->interpreter != NULL ? NULL : "no interpreter `simple` on PATH or in bin/";
  return is_executable (file) ? NULL : "not executable";
}

/* Is it worth a word that FILE is no test? A program that has no test's name is, and a file that has one and cannot be
 * run; data and sources are not. */
static gboolean
worth_a_word (const SrtSuite *rules, const SrtWalkEntry *file, gboolean fits)
{
  if (fits)
    return !rules->all_executables || srt_catalog_usual_name (file->name);
  return rules->from == SRT_FROM_PATHS && rules->patterns == NULL && rules->command == NULL &&
         file->kind == SRT_WALK_FILE && srt_names_can_be_program (file->name) && is_executable (file);
}

static gboolean
add_test (Search *search, const SrtWalkEntry *file, GError **error)
{
  const SrtCollect *collect = search->collect;
  g_autoptr (SrtInstalledTest) installed = NULL;
  search->found++;
  if (g_hash_table_contains (collect->seen, file->path))
    return TRUE;
  if (collect->rules->from == SRT_FROM_INSTALLED_TESTS) {
    installed = srt_installed_test_read (file->folder, file->name, error);
    if (installed == NULL) {
      search->found--;
      return FALSE;
    }
  }
  const char *name;
  const SrtSuite *suite = collect->naming.suite_of (file->path, search->root, &name, collect->naming.data);
  SrtTest *test = srt_make_test (collect->maker, suite, file->path, name, installed);
  g_ptr_array_add (collect->tests, test);
  g_hash_table_add (collect->seen, (gpointer)test->pub.file);
  return TRUE;
}

static void
found_file (const SrtWalkEntry *file, gpointer data)
{
  Search *search = data;
  const SrtCollect *collect = search->collect;
  if (srt_names_match (collect->rules->exclude, file->name, file->below))
    return;
  gboolean fits = name_fits (collect->rules, file);
  const char *reason = fits ? why_not_run (collect, file) : "no test's name";
  g_autoptr (GError) error = NULL;
  if (reason == NULL && !add_test (search, file, &error))
    reason = error->message;
  if (reason != NULL && worth_a_word (collect->rules, file, fits))
    srt_left_aside_add (collect->left_aside, file->path, reason);
}

static gboolean
enter_folder (const char *name, const char *below, gpointer data)
{
  const Search *search = data;
  return !srt_names_match (search->collect->rules->exclude, name, below);
}

static void
folder_left_aside (const char *path, const char *reason, gpointer data)
{
  const Search *search = data;
  srt_left_aside_add (search->collect->left_aside, path, reason);
}

/* A file that was given by its own path: its name need not fit. */
static gboolean
take_file (Search *search, const char *path, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  SrtWalkEntry file = { .folder = AT_FDCWD, .name = path, .below = name, .path = path, .kind = SRT_WALK_FILE };
  const char *reason = why_not_run (search->collect, &file);
  search->root = dir;
  if (reason == NULL)
    return add_test (search, &file, error);
  g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, reason);
  return FALSE;
}

gboolean
srt_collect (const SrtCollect *collect, const char *path, guint *ret_found, GError **error)
{
  static const SrtWalkFns fns = { found_file, enter_folder, folder_left_aside };
  Search search = { .collect = collect, .root = path };
  struct stat st;
  gboolean done = FALSE;
  if (stat (path, &st) != 0)
    g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE,
                         errno == ENOENT ? "no such file or folder" : g_strerror (errno));
  else if (S_ISDIR (st.st_mode))
    done = srt_walk (path, &fns, &search, error);
  else if (S_ISREG (st.st_mode))
    done = take_file (&search, path, error);
  else
    g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, "neither a file nor a folder");
  if (done)
    *ret_found = search.found;
  return done;
}
