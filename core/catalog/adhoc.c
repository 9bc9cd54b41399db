/* SPDX-License-Identifier: MIT */
#include "catalog/adhoc.h"

#include <signal.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "catalog/names.h"

enum { REASONS = 3 }; /* of files left aside, in an error */

typedef struct {
  const SrtMaker *maker;
  GPtrArray *suites;
} AdhocSuites;

/* A suite with nothing said. */
static SrtSuite *
make_suite (const SrtSettings *settings, const char *name)
{
  const char *const *keep = srt_settings_list (settings, SRT_KEY_RUN_KEEP);
  SrtSuite *suite = g_new0 (SrtSuite, 1);
  suite->rerunnable = TRUE;
  suite->name = srt_text_printable (name, strlen (name));
  suite->level = g_strdup ("");
  suite->timeout_ns = suite->grace_ns = suite->output_max = G_MAXUINT64;
  suite->term_signal = SIGTERM;
  suite->all_executables = srt_settings_bool (settings, SRT_KEY_RUN_ALL_EXECUTABLES);
  suite->leaks = srt_settings_leaks (settings);
  suite->keep = *keep ? g_strdupv ((char **)keep) : NULL;
  suite->executor_options = g_ptr_array_new ();
  return suite;
}

void
srt_adhoc_suite_free (SrtSuite *suite)
{
  g_free (suite->name);
  g_free (suite->level);
  g_strfreev (suite->keep);
  g_ptr_array_unref (suite->executor_options);
  g_free (suite);
}

/* The base name of FOLDER; "root" for "/", which has none. */
static char *
folder_name (const char *folder)
{
  return g_str_equal (folder, "/") ? g_strdup ("root") : g_path_get_basename (folder);
}

char *
srt_adhoc_name (const char *path, const char *root, const char *cwd, const char **ret_name)
{
  const char *below = srt_names_below (path, cwd);
  const char *slash = below != NULL ? strchr (below, '/') : NULL;
  if (slash != NULL) {
    *ret_name = slash + 1;
    return g_strndup (below, (gsize)(slash - below));
  }
  *ret_name = below != NULL ? below : srt_names_below (path, root);
  return folder_name (below != NULL ? cwd : root);
}

static const SrtSuite *
suite_of (const char *path, const char *root, const char **ret_name, gpointer data)
{
  const AdhocSuites *adhoc = data;
  g_autofree char *raw = srt_adhoc_name (path, root, adhoc->maker->cwd, ret_name);
  g_autofree char *name = srt_text_printable (raw, strlen (raw));
  for (guint i = adhoc->suites->len; i-- > 0;) { /* mostly the one made last */
    SrtSuite *suite = adhoc->suites->pdata[i];
    if (g_str_equal (suite->name, name))
      return suite;
  }
  g_ptr_array_add (adhoc->suites, make_suite (adhoc->maker->settings, raw));
  return adhoc->suites->pdata[adhoc->suites->len - 1];
}

/* "no test found there; left aside: PATH: REASON, PATH: REASON, and 7 more", and what helps: of LEFT_ASIDE what was
 * added from FIRST on. Caller frees. */
static char *
nothing_found (const GPtrArray *left_aside, guint first)
{
  g_autoptr (GPtrArray) here = g_ptr_array_new ();
  GString *text = g_string_new ("no test found there");
  for (guint i = first; i < left_aside->len; i++)
    g_ptr_array_add (here, left_aside->pdata[i]);
  g_ptr_array_sort (here, srt_left_aside_compare);
  for (guint i = 0; i < here->len && i < REASONS; i++) {
    const SrtLeftAside *entry = here->pdata[i];
    g_string_append_printf (text, "%s%s: %s", i == 0 ? "; left aside: " : ", ", entry->path, entry->reason);
  }
  if (here->len > REASONS)
    g_string_append_printf (text, ", and %u more", here->len - REASONS);
  if (here->len > 0)
    g_string_append (text,
                     "; a suite with a command, as command = [\"perl\", \"{file}\"], runs files that are no programs");
  return g_string_free (text, FALSE);
}

static gboolean
collect_path (const SrtCollect *collect, const char *typed, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (typed, collect->maker->cwd);
  g_autofree char *shown = srt_text_printable (typed, strlen (typed));
  guint found, first = collect->left_aside->len;
  if (!srt_collect (collect, path, &found, error)) {
    g_prefix_error (error, "%s: ", shown);
    return FALSE;
  }
  if (found > 0 || g_str_equal (srt_settings_string (collect->maker->settings, SRT_KEY_RUN_NO_TESTS), "pass"))
    return TRUE;
  g_autofree char *words = nothing_found (collect->left_aside, first);
  g_set_error (error, SRT_ERROR, SRT_ERROR_NO_TESTS, "%s: %s", shown, words);
  return FALSE;
}

/* test/ and tests/, if they are there. */
static gboolean
collect_usual (const SrtCollect *collect, GError **error)
{
  static const char *const folders[] = { "test", "tests" };
  guint searched = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *path = g_build_filename (collect->maker->cwd, folders[i], NULL);
    if (!g_file_test (path, G_FILE_TEST_IS_DIR))
      continue;
    searched++;
    if (!collect_path (collect, folders[i], error))
      return FALSE;
  }
  if (searched > 0 || g_str_equal (srt_settings_string (collect->maker->settings, SRT_KEY_RUN_NO_TESTS), "pass"))
    return TRUE;
  g_set_error_literal (error, SRT_ERROR, SRT_ERROR_NO_TESTS,
                       "no test selected: there is no configuration with suites (./srt.cfg) and no folder test/ or "
                       "tests/ here; give files or folders (srt run PATH...), or --config FILE");
  return FALSE;
}

gboolean
srt_adhoc_collect (const SrtMaker *maker, const char *const *paths, GPtrArray *own_suites, GPtrArray *tests,
                   GPtrArray *left_aside, GError **error)
{
  AdhocSuites adhoc = { maker, own_suites };
  SrtSuite *rules = make_suite (maker->settings, "");
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const SrtCollect collect = { maker, rules, { suite_of, &adhoc }, tests, left_aside, seen };
  gboolean done = paths != NULL && *paths != NULL ? TRUE : collect_usual (&collect, error);
  for (; done && paths != NULL && *paths != NULL; paths++)
    done = collect_path (&collect, *paths, error);
  srt_adhoc_suite_free (rules);
  return done;
}
