/* SPDX-License-Identifier: MIT */
#include "host/text.h"

enum { LINE_MAX_BYTES = 4096 };
static const gunichar REPLACEMENT = 0xfffd;

static gboolean
is_break (gunichar c)
{
  return c == '\n' || c == '\r' || c == '\t' || c == '\v' || c == '\f' || c == 0x2028 || c == 0x2029;
}

char *
srt_text_clean_line (const char *text, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize)MIN (length, LINE_MAX_BYTES * 2));
  GString *line = g_string_new (NULL);
  gboolean after_break = FALSE;
  for (const char *p = valid; *p != '\0' && line->len < LINE_MAX_BYTES; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (is_break (c)) {
      after_break = TRUE;
      continue;
    }
    if (after_break)
      g_string_append_c (line, ' ');
    after_break = FALSE;
    g_string_append_unichar (line, g_unichar_iscntrl (c) ? REPLACEMENT : c);
  }
  if (line->len >= LINE_MAX_BYTES)
    g_string_append (line, "…");
  return g_strstrip (g_string_free (line, FALSE));
}
