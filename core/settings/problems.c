/* SPDX-License-Identifier: MIT */
#include "settings/problems.h"
#include "base/error.h"
#include "base/suggest.h"

void
srt_problems_init (SrtProblems *problems)
{
  problems->lines = g_ptr_array_new_with_free_func (g_free);
  problems->more = 0;
}

void
srt_problems_clear (SrtProblems *problems)
{
  g_clear_pointer (&problems->lines, g_ptr_array_unref);
}

static void
add_line (SrtProblems *problems, const SrtOrigin *origin, const char *key, const char *message)
{
  if (problems->lines->len == SRT_PROBLEMS_MAX) {
    problems->more++;
    return;
  }
  g_autofree char *place = srt_origin_text (origin);
  gboolean with_key = key && origin->file;
  g_ptr_array_add (problems->lines,
                   g_strconcat (place, ": ", with_key ? key : "", with_key ? ": " : "", message, NULL));
}

void
srt_problems_add (SrtProblems *problems, const SrtOrigin *origin, const char *key, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  add_line (problems, origin, key, message);
}

void
srt_problems_take (SrtProblems *problems, const SrtOrigin *origin, const char *key, GError *error)
{
  add_line (problems, origin, key, error->message);
  g_error_free (error);
}

void
srt_problems_unknown (SrtProblems *problems, const SrtOrigin *origin, const char *key, const char *word,
                      const char *const *candidates)
{
  const char *meant = srt_suggest (word, candidates);
  if (meant) {
    srt_problems_add (problems, origin, key, "no such key; did you mean \"%s\"?", meant);
    return;
  }
  g_autofree char *all = g_strjoinv (", ", (char **)candidates);
  srt_problems_add (problems, origin, key, "no such key; there are %s", all);
}

gboolean
srt_problems_report (const SrtProblems *problems, GError **error)
{
  if (problems->lines->len == 0)
    return TRUE;
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < problems->lines->len; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : "\n", (const char *)problems->lines->pdata[i]);
  if (problems->more > 0)
    g_string_append_printf (text, "\nand %u more", problems->more);
  g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, text->str);
  g_string_free (text, TRUE);
  return FALSE;
}
