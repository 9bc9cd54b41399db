/* SPDX-License-Identifier: MIT */
#include "catalog/make.h"

#include <string.h>

#include "base/text.h"
#include "catalog/names.h"
#include "catalog/terms.h"

#define CWD_TMP "{tmp}" /* a suite's cwd: the TMPDIR of each test */

/* The value of the placeholder at TEXT ("{name}..."), NULL if it is none; RET_LENGTH: its own. */
static const char *
placeholder (const char *text, const SrtTemplateValues *values, gsize *ret_length)
{
  const struct {
    const char *word, *value;
  } rows[] = {
    { "{file}", values->file }, { "{name}", values->name }, { "{dir}", values->dir }, { "{suite}", values->suite }
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_has_prefix (text, rows[i].word)) {
      *ret_length = strlen (rows[i].word);
      return rows[i].value;
    }
  return NULL;
}

char *
srt_template_expand (const char *text, const SrtTemplateValues *values)
{
  GString *result = g_string_new (NULL);
  while (*text != '\0') {
    gsize length = 1;
    const char *value = placeholder (text, values, &length);
    if (value != NULL)
      g_string_append (result, value);
    else
      g_string_append_c (result, *text);
    text += value == NULL && g_str_has_prefix (text, "{{") ? 2 : length;
  }
  return g_string_free (result, FALSE);
}

static char **
make_argv (const SrtMaker *maker, const SrtSuite *suite, const SrtTemplateValues *values,
           const SrtInstalledTest *installed)
{
  if (installed != NULL)
    return g_strdupv (installed->argv);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  if (suite->command != NULL) {
    for (char **word = suite->command; *word != NULL; word++)
      g_ptr_array_add (argv, srt_template_expand (*word, values));
  } else {
    if (srt_names_is_spl (values->file))
      g_ptr_array_add (argv, g_strdup (maker->interpreter));
    g_ptr_array_add (argv, g_strdup (values->file));
  }
  g_ptr_array_add (argv, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&argv), FALSE);
}

/* The suite's own variables come last and so win. */
static char **
make_env (const SrtSuite *suite, const SrtInstalledTest *installed)
{
  char *const *parts[] = { installed != NULL ? installed->env : NULL, suite->env };
  GPtrArray *env = g_ptr_array_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    for (char *const *variable = parts[i]; variable != NULL && *variable != NULL; variable++)
      g_ptr_array_add (env, g_strdup (*variable));
  g_ptr_array_add (env, NULL);
  return (char **)g_ptr_array_free (env, FALSE);
}

static char *
make_cwd (const SrtMaker *maker, const SrtSuite *suite, const SrtTemplateValues *values)
{
  if (suite->cwd == NULL)
    return suite->from == SRT_FROM_INSTALLED_TESTS ? NULL : g_strdup (maker->cwd);
  return g_str_equal (suite->cwd, CWD_TMP) ? NULL : srt_template_expand (suite->cwd, values);
}

/* What the suite says, else the folder "unit", "integration" or "system" of the project that it lies in. */
static const char *
choose_level (const SrtMaker *maker, const SrtSuite *suite, const char *path, const char *name)
{
  if (suite->level[0] != '\0')
    return suite->level;
  const char *below = srt_names_below (path, srt_settings_project_dir (maker->settings));
  return srt_names_level (below != NULL ? below : name);
}

SrtTest *
srt_make_test (const SrtMaker *maker, const SrtSuite *suite, const char *path, const char *name,
               const SrtInstalledTest *installed)
{
  SrtTest *test = g_new0 (SrtTest, 1);
  g_autofree char *dir = g_path_get_dirname (path);
  const SrtTemplateValues values = { .file = path, .name = name, .dir = dir, .suite = suite->name };
  char *printable = srt_text_printable (name, strlen (name));
  test->pub = (srt_test){ .size = sizeof test->pub, .suite = suite->name, .name = printable };
  test->pub.id = g_strconcat (suite->name, "/", printable, NULL);
  test->pub.file = g_strdup (path);
  test->pub.level = choose_level (maker, suite, path, name);
  test->suite = suite;
  test->argv = make_argv (maker, suite, &values, installed);
  test->env = make_env (suite, installed);
  test->cwd = make_cwd (maker, suite, &values);
  test->format = suite->format;
  test->reads_tap = suite->format == SRT_FORMAT_TAP || (installed != NULL && installed->tap && !suite->format_set);
  test->merged = suite->merged;
  test->exclusive = suite->exclusive || (installed != NULL && installed->exclusive);
  srt_terms_set (test, maker->settings);
  return test;
}

void
srt_make_test_free (SrtTest *test)
{
  g_free ((char *)test->pub.id);
  g_free ((char *)test->pub.name);
  g_free ((char *)test->pub.file);
  g_strfreev (test->argv);
  g_strfreev (test->env);
  g_free (test->cwd);
  g_free (test);
}
