/* SPDX-License-Identifier: MIT */
#include "settings/value-text.h"
#include "base/error.h"
#include "base/suggest.h"

#include <string.h>

#define NAME_MAX_LENGTH 64u

/* {words} of a template; a folder may hold {dir} only. */
static const char *const placeholders[] = { "dir", "file", "name", "suite", NULL };

/* Always NULL. */
G_GNUC_PRINTF (2, 3)
static char *
fail (GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, text);
  return NULL;
}

/* What a check may need beside the text. */
typedef struct {
  gboolean first; /* of its list */
  const SrtOrigin *origin;
  const char *cwd;
} Place;

/* Each gives the text to keep, or NULL. */
typedef char *(*TextCheck) (const char *text, const Place *place, GError **error);

static char *
check_name (const char *text, const Place *place, GError **error)
{
  gsize length = strlen (text);
  gboolean right = length > 0 && length <= NAME_MAX_LENGTH && text[0] != '.' && text[0] != '-';
  for (gsize i = 0; right && i < length; i++)
    right = g_ascii_isalnum (text[i]) || strchr ("_.-", text[i]);
  if (right)
    return g_strdup (text);
  return fail (error, "\"%s\" is no name; use 1 to %u letters, digits and . _ -, with a letter, digit or _ first", text,
               NAME_MAX_LENGTH);
}

/* A brace with small letters in it is a placeholder, unless the brace is doubled; every other brace is a brace. */
static gboolean
check_placeholders (const char *text, gboolean dir_only, GError **error)
{
  for (const char *p = text; (p = strchr (p, '{'));) {
    if (p[1] == '{') {
      p += 2;
      continue;
    }
    gsize length = strspn (++p, "abcdefghijklmnopqrstuvwxyz_");
    if (length == 0 || p[length] != '}')
      continue;
    g_autofree char *word = g_strndup (p, length);
    if (g_str_equal (word, "dir") || (!dir_only && g_strv_contains (placeholders, word)))
      continue;
    const char *meant = dir_only ? NULL : srt_suggest (word, placeholders);
    if (dir_only)
      fail (error, "unknown placeholder {%s}; only {dir} can stand here, or {tmp} alone", word);
    else if (meant)
      fail (error, "unknown placeholder {%s}; did you mean {%s}?", word, meant);
    else
      fail (error, "unknown placeholder {%s}; there are {file}, {name}, {dir} and {suite}", word);
    return FALSE;
  }
  return TRUE;
}

static char *
check_variable (const char *text, const Place *place, GError **error)
{
  gsize length = strcspn (text, "=");
  gboolean right = length > 0 && !g_ascii_isdigit (text[0]);
  for (gsize i = 0; right && i < length; i++)
    right = g_ascii_isalnum (text[i]) || text[i] == '_';
  if (right)
    return g_strdup (text);
  return fail (error, "\"%s\" is no variable; write \"NAME=value\" to set one, \"NAME\" to remove it", text);
}

static char *
check_glob (const char *text, const Place *place, GError **error)
{
  if (text[0] == '\0')
    return fail (error, "an empty pattern matches nothing; write one like \"*_test\"");
  return g_strdup (text);
}

static char *
check_filename_glob (const char *text, const Place *place, GError **error)
{
  if (strchr (text, '/'))
    return fail (error, "\"%s\" can never match: the pattern is for the file's name, which holds no '/'", text);
  return check_glob (text, place, error);
}

/* What a process is known by: its name, never a path. */
static char *
check_program (const char *text, const Place *place, GError **error)
{
  if (text[0] == '\0' || strchr (text, '/'))
    return fail (error, "\"%s\" is no name of a program; write it without a path, like \"gpg-agent\"", text);
  return g_strdup (text);
}

static char *
check_path (const char *text, const Place *place, GError **error)
{
  if (text[0] == '\0')
    return fail (error, "an empty text is no path; \".\" is the folder of this file");
  return srt_value_absolute (text, place->origin, place->cwd);
}

/* The program of a template: "bin/tool" is meant from the configuration's folder, "tool" is looked up in PATH. */
static char *
check_template (const char *text, const Place *place, GError **error)
{
  if (place->first && text[0] == '\0')
    return fail (error, "the first element is the program and cannot be empty");
  if (!check_placeholders (text, FALSE, error))
    return NULL;
  gboolean path = place->first && strchr (text, '/') && text[0] != '{';
  return path ? srt_value_absolute (text, place->origin, place->cwd) : g_strdup (text);
}

/* Likewise, for a command of its own. */
static char *
check_command (const char *text, const Place *place, GError **error)
{
  if (place->first && text[0] == '\0')
    return fail (error, "the first element is the program and cannot be empty");
  return place->first && strchr (text, '/') ? srt_value_absolute (text, place->origin, place->cwd) : g_strdup (text);
}

/* An executor: a run has no test without one. */
static char *
check_plugin (const char *text, const Place *place, GError **error)
{
  if (g_str_equal (text, "none"))
    return fail (error, "a test needs one; it cannot be \"%s\"", text);
  return srt_plugin_name_check (text, error) ? g_strdup (text) : NULL;
}

/* A folder that may begin with {dir}, which is absolute, or {tmp}: no folder of the configuration's at all. */
static char *
check_dir_template (const char *text, const Place *place, GError **error)
{
  if (g_str_equal (text, "{tmp}"))
    return g_strdup (text);
  if (!check_placeholders (text, TRUE, error))
    return NULL;
  if (text[0] != '\0' && strstr (text + 1, "{dir}"))
    return fail (error, "{dir} is a whole path; it can stand at the start only");
  return g_str_has_prefix (text, "{dir}") ? g_strdup (text) : check_path (text, place, error);
}

char *
srt_value_text_check (const SrtDecl *decl, const char *text, gboolean first, const SrtOrigin *origin, const char *cwd,
                      GError **error)
{
  static const struct {
    const char *range;
    TextCheck check;
  } checks[] = { { "name", check_name },
                 { "paths", check_path },
                 { "globs", check_glob },
                 { "filenames", check_filename_glob },
                 { "template", check_template },
                 { "dir-template", check_dir_template },
                 { "environment", check_variable },
                 { "plugin", check_plugin },
                 { "programs", check_program },
                 { "command", check_command },
                 { "tests", check_glob } };
  const Place place = { first, origin, cwd };

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if (g_str_equal (decl->range, checks[i].range))
      return checks[i].check (text, &place, error);
  /* An empty path is how a setting says "none". */
  return decl->type == SRT_TYPE_PATH && text[0] ? srt_value_absolute (text, origin, cwd) : g_strdup (text);
}
