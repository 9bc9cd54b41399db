/* SPDX-License-Identifier: MIT */
#include "catalog/names.h"

#include <fnmatch.h>
#include <string.h>

#include "catalog/catalog.h"

/* Extensions that no program has. A test's sources and logs lie beside it and have its name; and where every file is
 * executable (vfat, some shared folders), only the name can tell. */
static const char *const no_programs[] = {
  "a",    "am",  "bak", "c",   "cc",   "cfg", "conf", "cpp",  "csv", "cxx", "d",   "diff", "expected", "gcda",
  "gcno", "h",   "hh",  "hpp", "html", "in",  "ini",  "json", "la",  "lo",  "log", "md",   "o",        "orig",
  "png",  "rej", "rst", "sdn", "so",   "svg", "swp",  "toml", "trs", "txt", "xml", "yaml", "yml",
};

static const char *const levels[] = { "unit", "integration", "system" };

static gboolean
is_one_of (const char *word, const char *const *words, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (strcmp (word, words[i]) == 0)
      return TRUE;
  return FALSE;
}

/* What stands behind the last dot, or "". */
static const char *
extension (const char *name)
{
  const char *dot = strrchr (name, '.');
  return dot != NULL ? dot + 1 : "";
}

gboolean
srt_names_can_be_program (const char *name)
{
  return !g_str_has_suffix (name, "~") && !is_one_of (extension (name), no_programs, G_N_ELEMENTS (no_programs));
}

gboolean
srt_names_is_spl (const char *name)
{
  return g_str_has_suffix (name, ".spl");
}

static gboolean
ends_with (const char *name, gsize length, const char *end)
{
  gsize n = strlen (end);
  return length >= n && memcmp (name + length - n, end, n) == 0;
}

/* Do the first LENGTH bytes of NAME end like a test's name, or are they nothing but "test"? */
static gboolean
has_test_end (const char *name, gsize length)
{
  static const char *const words[] = { "test", "tests", "unittest", "unittests", "spec" };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    gsize n = strlen (words[i]);
    if (length > n && ends_with (name, length, words[i]) && strchr ("_-.", name[length - n - 1]) != NULL)
      return TRUE;
  }
  return ends_with (name, length, "Test") || ends_with (name, length, "Tests") ||
         (length == 4 && memcmp (name, "test", 4) == 0) || (length == 5 && memcmp (name, "tests", 5) == 0);
}

gboolean
srt_catalog_usual_name (const char *name)
{
  static const char *const starts[] = { "test_", "test-", "tst_" };
  static const char *const ends[] = { ".t", ".bats" };
  gsize length = strlen (name);
  if (name[0] == '.' || !srt_names_can_be_program (name))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    if (g_str_has_prefix (name, starts[i]))
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (length > strlen (ends[i]) && g_str_has_suffix (name, ends[i]))
      return TRUE;
  if (name[0] == 't' && g_str_has_suffix (name, ".sh"))
    return TRUE;
  const char *dot = strrchr (name, '.');
  return has_test_end (name, length) || (dot != NULL && has_test_end (name, (gsize)(dot - name)));
}

gboolean
srt_names_match (char *const *globs, const char *name, const char *below)
{
  for (; globs != NULL && *globs != NULL; globs++)
    if (fnmatch (*globs, name, 0) == 0 || (below != NULL && fnmatch (*globs, below, 0) == 0))
      return TRUE;
  return FALSE;
}

const char *
srt_names_below (const char *path, const char *folder)
{
  gsize length = strlen (folder);
  if (strncmp (path, folder, length) != 0)
    return NULL;
  if (path[length] == '\0' || (length > 0 && folder[length - 1] == '/')) /* itself; or FOLDER is "/" */
    return path + length;
  return path[length] == '/' ? path + length + 1 : NULL;
}

const char *
srt_names_level (const char *path)
{
  for (const char *slash; (slash = strchr (path, '/')) != NULL; path = slash + 1)
    for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
      if (strlen (levels[i]) == (gsize)(slash - path) && memcmp (path, levels[i], (gsize)(slash - path)) == 0)
        return levels[i];
  return "";
}
