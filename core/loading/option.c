/* SPDX-License-Identifier: MIT */
#include "loading/option.h"
#include "base/error.h"
#include "base/suggest.h"
#include "base/units.h"
#include <errno.h>
#include <math.h>
#include <string.h>

static const struct {
  guint32 type;
  const char *word;
} types[] = {
  { SRT_TYPE_STRING, "string" },      { SRT_TYPE_PATH, "path" },
  { SRT_TYPE_BOOL, "true or false" }, { SRT_TYPE_INT, "whole number" },
  { SRT_TYPE_FLOAT, "number" },       { SRT_TYPE_DURATION, "duration" },
  { SRT_TYPE_SIZE, "size" },          { SRT_TYPE_PERCENT, "percentage" },
  { SRT_TYPE_CHOICE, "choice" },      { SRT_TYPE_LIST, "list of strings" },
};

/* What every row has had since the first ABI, 0.9. */
static const gsize row_min = offsetof (srt_option, choices) + sizeof (const char *);

const char *
srt_option_type_word (guint32 type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == type)
      return types[i].word;
  return NULL;
}

static gboolean
parse_bool (const char *text, SrtOptionValue *value, GError **error)
{
  static const char *const yes[] = { "true", "yes", "on", "1", NULL }, *const no[] = { "false", "no", "off", "0",
                                                                                       NULL };
  value->truth = g_strv_contains (yes, text);
  if (value->truth || g_strv_contains (no, text))
    return TRUE;
  g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "must be true or false, not \"%s\"", text);
  return FALSE;
}

static gboolean
parse_int (const char *text, SrtOptionValue *value, GError **error)
{
  const char *digits = text[0] == '-' || text[0] == '+' ? text + 1 : text;
  char *end = NULL;
  errno = 0;
  value->integer = g_ascii_strtoll (text, &end, 10);
  if (!g_ascii_isdigit (digits[0]) || *end != '\0') {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "must be a whole number, not \"%s\"", text);
    return FALSE;
  }
  if (errno == ERANGE) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "must be a whole number of at most 64 bits, not \"%s\"", text);
    return FALSE;
  }
  return TRUE;
}

static gboolean
parse_float (const char *text, SrtOptionValue *value, GError **error)
{
  char *end = NULL;
  value->real = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (value->real))
    return TRUE;
  g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "must be a number, not \"%s\"", text);
  return FALSE;
}

static gboolean
parse_choice (const srt_option *option, const char *text, GError **error)
{
  g_auto (GStrv) choices = g_strsplit (option->choices, "|", -1);
  if (g_strv_contains ((const char *const *)choices, text))
    return TRUE;
  g_autofree char *all = g_strjoinv (", ", choices);
  const char *near = srt_suggest (text, (const char *const *)choices);
  if (near != NULL)
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "must be one of %s, not \"%s\"; did you mean \"%s\"?", all, text,
                 near);
  else
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "must be one of %s, not \"%s\"", all, text);
  return FALSE;
}

gboolean
srt_option_parse (const srt_option *option, const char *text, SrtOptionValue *ret_value, GError **error)
{
  SrtOptionValue value = { 0 };
  gboolean fits = TRUE;
  switch (option->type) {
  case SRT_TYPE_BOOL:
    fits = parse_bool (text, &value, error);
    break;
  case SRT_TYPE_INT:
    fits = parse_int (text, &value, error);
    break;
  case SRT_TYPE_FLOAT:
    fits = parse_float (text, &value, error);
    break;
  case SRT_TYPE_DURATION:
    fits = srt_units_parse_duration (text, &value.amount, error);
    break;
  case SRT_TYPE_SIZE:
    fits = srt_units_parse_size (text, &value.amount, error);
    break;
  case SRT_TYPE_PERCENT:
    fits = srt_units_parse_percent (text, &value.real, error);
    break;
  case SRT_TYPE_CHOICE:
    fits = parse_choice (option, text, error);
    break;
  default: /* STRING, PATH, LIST */
    break;
  }
  if (fits)
    *ret_value = value;
  return fits;
}

/* ---- tables ---- */

static gboolean
refuse (GError **error, guint row, const srt_option *option, const char *what)
{
  g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "option %u of its table (\"%s\") %s", row + 1, option->name, what);
  return FALSE;
}

static gboolean
name_is_good (const char *name)
{
  if (!g_ascii_islower (name[0]))
    return FALSE;
  return name[strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static gboolean
choices_are_good (const char *text)
{
  if (text == NULL)
    return FALSE;
  g_auto (GStrv) choices = g_strsplit (text, "|", -1);
  for (guint i = 0; choices[i] != NULL; i++) {
    if (choices[i][0] == '\0')
      return FALSE;
    for (guint j = 0; j < i; j++)
      if (g_str_equal (choices[i], choices[j]))
        return FALSE;
  }
  return choices[0] != NULL;
}

static gboolean
check_row (const GArray *table, const srt_option *option, GError **error)
{
  guint row = table->len;
  if (option->name == NULL) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "option %u of its table has no name", row + 1);
    return FALSE;
  }
  if (!name_is_good (option->name))
    return refuse (error, row, option, "has a bad name: a lower-case letter, then lower-case letters, digits and '_'");
  for (guint i = 0; i < row; i++)
    if (g_str_equal (g_array_index (table, srt_option, i).name, option->name))
      return refuse (error, row, option, "is declared twice");
  if (srt_option_type_word (option->type) == NULL)
    return refuse (error, row, option, "has a type that this srt does not know");
  if (option->type == SRT_TYPE_CHOICE && !choices_are_good (option->choices))
    return refuse (error, row, option, "has no good choices: they look like \"auto|always|never\"");
  if (option->def != NULL && (option->flags & SRT_OPTION_REQUIRED))
    return refuse (error, row, option, "is required and has a default: it can only be one of the two");
  SrtOptionValue value;
  g_autoptr (GError) wrong = NULL;
  if (option->def != NULL && !srt_option_parse (option, option->def, &value, &wrong)) {
    g_autofree char *what = g_strdup_printf ("has a default that does not fit: %s", wrong->message);
    return refuse (error, row, option, what);
  }
  return TRUE;
}

GArray *
srt_option_table_copy (const srt_option *rows, guint n, GError **error)
{
  g_autoptr (GArray) table = g_array_sized_new (FALSE, TRUE, sizeof (srt_option), n);
  if (n > 0 && rows == NULL) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "its option table is NULL, but is said to have %u rows", n);
    return NULL;
  }
  guint32 stride = n > 0 ? rows[0].size : 0;
  for (guint i = 0; i < n; i++) {
    const srt_option *row = (const srt_option *)((const char *)rows + (gsize)i * stride);
    if (row->size != stride || stride < row_min || stride % G_ALIGNOF (srt_option) != 0) {
      g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE,
                   "option %u of its table has the size %u; all rows must have the same, at least %zu", i + 1,
                   row->size, row_min);
      return NULL;
    }
    srt_option copy = { 0 };
    memcpy (&copy, row, MIN (stride, sizeof copy));
    copy.size = sizeof copy;
    if (!check_row (table, &copy, error))
      return NULL;
    g_array_append_val (table, copy);
  }
  return g_steal_pointer (&table);
}
