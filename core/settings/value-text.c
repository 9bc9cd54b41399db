/* SPDX-License-Identifier: MIT */
#include "settings/value-text.h"
#include "base/error.h"
#include "base/suggest.h"

#include <string.h>

#define NAME_MAX_LENGTH 64u

/* {words} of a template; the first is the only one that a folder may hold. */
static const char *const placeholders[] = { "dir", "file", "name", NULL };

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, text);
  return FALSE;
}

static gboolean
check_name (const char *text, GError **error)
{
  gsize length = strlen (text);
  gboolean right = length > 0 && length <= NAME_MAX_LENGTH && text[0] != '.' && text[0] != '-';
  for (gsize i = 0; right && i < length; i++)
    right = g_ascii_isalnum (text[i]) || strchr ("_.-", text[i]);
  return right ||
         fail (error, "\"%s\" is no name; use 1 to %u letters, digits and . _ -, with a letter, digit or _ first", text,
               NAME_MAX_LENGTH);
}

/* A brace with small letters in it is a placeholder; every other brace is a brace. */
static gboolean
check_placeholders (const char *text, gboolean dir_only, GError **error)
{
  for (const char *p = text; (p = strchr (p, '{'));) {
    gsize length = strspn (++p, "abcdefghijklmnopqrstuvwxyz_");
    if (length == 0 || p[length] != '}')
      continue;
    g_autofree char *word = g_strndup (p, length);
    if (g_str_equal (word, "dir") || (!dir_only && g_strv_contains (placeholders, word)))
      continue;
    if (dir_only)
      return fail (error, "unknown placeholder {%s}; only {dir} can stand here", word);
    const char *meant = srt_suggest (word, placeholders);
    return meant ? fail (error, "unknown placeholder {%s}; did you mean {%s}?", word, meant)
                 : fail (error, "unknown placeholder {%s}; there are {file}, {name} and {dir}", word);
  }
  return TRUE;
}

static gboolean
check_variable (const char *text, GError **error)
{
  gsize length = strcspn (text, "=");
  gboolean right = length > 0 && !g_ascii_isdigit (text[0]);
  for (gsize i = 0; right && i < length; i++)
    right = g_ascii_isalnum (text[i]) || text[i] == '_';
  return right || fail (error, "\"%s\" is no variable; write \"NAME=value\" to set one, \"NAME\" to remove it", text);
}

static gboolean
check_glob (const char *text, gboolean name_only, GError **error)
{
  if (text[0] == '\0')
    return fail (error, "an empty pattern matches nothing; write one like \"*_test\"");
  if (name_only && strchr (text, '/'))
    return fail (error, "\"%s\" can never match: the pattern is for the file's name, which holds no '/'", text);
  return TRUE;
}

static char *
check_path (const char *text, const SrtOrigin *origin, const char *cwd, GError **error)
{
  if (text[0] == '\0') {
    fail (error, "an empty text is no path; \".\" is the folder of this file");
    return NULL;
  }
  return srt_value_absolute (text, origin, cwd);
}

/* The program of a template: "bin/tool" is meant from the configuration's folder, "tool" is looked up in PATH. */
static char *
check_template (const char *text, gboolean first, const SrtOrigin *origin, const char *cwd, GError **error)
{
  if (first && text[0] == '\0')
    return fail (error, "the first element is the program and cannot be empty"), NULL;
  if (!check_placeholders (text, FALSE, error))
    return NULL;
  return first && strchr (text, '/') && text[0] != '{' ? srt_value_absolute (text, origin, cwd) : g_strdup (text);
}

char *
srt_value_text_check (const SrtDecl *decl, const char *text, gboolean first, const SrtOrigin *origin, const char *cwd,
                      GError **error)
{
  const char *range = decl->range;

  if (g_str_equal (range, "paths"))
    return check_path (text, origin, cwd, error);
  if (g_str_equal (range, "template"))
    return check_template (text, first, origin, cwd, error);
  if (g_str_equal (range, "dir-template") && !check_placeholders (text, TRUE, error))
    return NULL;
  if (g_str_equal (range, "name") && !check_name (text, error))
    return NULL;
  if (g_str_equal (range, "environment") && !check_variable (text, error))
    return NULL;
  if ((g_str_equal (range, "globs") || g_str_equal (range, "filenames")) &&
      !check_glob (text, g_str_equal (range, "filenames"), error))
    return NULL;
  if (decl->type == SRT_TYPE_PATH && text[0] != '\0' && text[0] != '{')
    return srt_value_absolute (text, origin, cwd);
  return g_strdup (text);
}
