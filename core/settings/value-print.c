/* SPDX-License-Identifier: MIT
 * Values in the syntax of configuration files. */
#include "base/units.h"
#include "settings/value.h"

#include <string.h>

char *
srt_value_quote (const char *text)
{
  GString *quoted = g_string_new ("\"");
  for (const char *p = text; *p; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_printf (quoted, "\\%c", *p);
    else if (*p == '\n')
      g_string_append (quoted, "\\n");
    else if ((guchar)*p < 0x20 || *p == 0x7f)
      g_string_append_printf (quoted, "\\x%02x", (guint)(guchar)*p);
    else
      g_string_append_c (quoted, *p);
  }
  return g_string_free (g_string_append_c (quoted, '"'), FALSE);
}

char *
srt_value_real_text (double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (text, sizeof text, "%.15g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_dtostr (text, sizeof text, number);
  return g_strdup (text);
}

/* With a point, so that it stays a float. */
static char *
print_real (double number)
{
  g_autofree char *text = srt_value_real_text (number);
  return g_strconcat (text, strpbrk (text, ".e") ? "" : ".0", NULL);
}

static char *
print_int (gint64 number)
{
  gboolean wide = number > G_MAXINT32 || number < G_MININT32;
  return g_strdup_printf ("%" G_GINT64_FORMAT "%s", number, wide ? "L" : "");
}

static char *
print_list (char *const *list)
{
  GString *text = g_string_new ("[");
  for (guint i = 0; list[i]; i++) {
    g_autofree char *quoted = srt_value_quote (list[i]);
    g_string_append_printf (text, "%s%s", i == 0 ? " " : ", ", quoted);
  }
  return g_string_free (g_string_append (text, " ]"), FALSE);
}

char *
srt_value_print (const SrtDecl *decl, const SrtValue *value)
{
  g_autofree char *text = NULL;

  switch (decl->type) {
  case SRT_TYPE_BOOL:
    return g_strdup (value->flag ? "true" : "false");
  case SRT_TYPE_INT:
    return print_int (value->number);
  case SRT_TYPE_FLOAT:
  case SRT_TYPE_PERCENT:
    return print_real (value->real);
  case SRT_TYPE_LIST:
    return print_list (value->list);
  case SRT_TYPE_DURATION:
    text = srt_units_format_duration ((guint64)value->number);
    return srt_value_quote (text);
  case SRT_TYPE_SIZE:
    text = srt_units_format_size ((guint64)value->number);
    return srt_value_quote (text);
  default:
    return srt_value_quote (value->text);
  }
}
