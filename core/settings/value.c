/* SPDX-License-Identifier: MIT */
#include "settings/value.h"
#include "base/error.h"
#include "base/suggest.h"
#include "base/units.h"
#include "settings/value-text.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define REFUSED(error, ...) (g_set_error ((error), SRT_ERROR, SRT_ERROR_USAGE, __VA_ARGS__), FALSE)

static gpointer
copy_option (gconstpointer source, gpointer data)
{
  const SrtRawOption *o = source;
  return srt_raw_option_new (o->name, (int)o->type, o->text, (const char *const *)o->list, &o->origin);
}

void
srt_value_clear (SrtValue *value)
{
  g_free (value->text);
  g_strfreev (value->list);
  g_clear_pointer (&value->options, g_ptr_array_unref);
  memset (value, 0, sizeof *value);
}

void
srt_value_copy (SrtValue *to, const SrtValue *from)
{
  SrtValue copy = *from;
  copy.text = g_strdup (from->text);
  copy.list = g_strdupv (from->list);
  copy.options = from->options ? g_ptr_array_copy (from->options, copy_option, NULL) : NULL;
  if (copy.options)
    g_ptr_array_set_free_func (copy.options, (GDestroyNotify)srt_raw_option_free);
  srt_value_clear (to);
  *to = copy;
}

char *
srt_value_absolute (const char *path, const SrtOrigin *origin, const char *cwd)
{
  g_autofree char *folder = origin->file ? g_path_get_dirname (origin->file) : g_strdup (cwd);
  g_autofree char *base = g_canonicalize_filename (folder, cwd);
  return g_canonicalize_filename (path, base);
}

/* What may stand in a file for TYPE, beside a text for all that are written with units. */
static gboolean
written_right (guint32 type, const SrtRawOption *raw)
{
  gboolean text = raw->type == SRT_RAW_STRING;
  gboolean whole = raw->type == SRT_RAW_INT;
  gboolean number = whole || raw->type == SRT_RAW_FLOAT;

  switch (type) {
  case SRT_TYPE_BOOL:
    return raw->type == SRT_RAW_BOOL;
  case SRT_TYPE_INT:
    return whole;
  case SRT_TYPE_FLOAT:
    return number;
  case SRT_TYPE_DURATION:
  case SRT_TYPE_PERCENT:
    return number || text;
  case SRT_TYPE_SIZE:
    return whole || text;
  case SRT_TYPE_LIST:
    return raw->type == SRT_RAW_LIST;
  default:
    return text;
  }
}

static char *
written_words (const SrtRawOption *raw)
{
  switch (raw->type) {
  case SRT_RAW_LIST:
    return g_strdup ("a list");
  case SRT_RAW_STRING:
    return g_strdup_printf ("the text \"%s\"", raw->text);
  case SRT_RAW_BOOL:
    return g_strdup (raw->text);
  default:
    return g_strdup_printf ("the number %s", raw->text);
  }
}

/* A list that is mostly of one element. */
static gboolean
takes_one_text (const SrtDecl *decl)
{
  return g_str_equal (decl->range, "tests") || g_str_equal (decl->range, "command");
}

static gboolean
check_written (const SrtDecl *decl, const SrtRawOption *raw, GError **error)
{
  /* Outside files there are only texts, and lists of them. */
  gboolean from_file = raw->origin.file != NULL;
  if (takes_one_text (decl) && raw->type == SRT_RAW_STRING)
    return TRUE;
  if (from_file ? written_right (decl->type, raw) : decl->type == SRT_TYPE_LIST || raw->type != SRT_RAW_LIST)
    return TRUE;
  g_autofree char *words = written_words (raw);
  return REFUSED (error, "must be %s, not %s", srt_decl_type_words (decl->type), words);
}

/* Files have been checked as they were read; an argument or a variable may be anything. */
static gboolean
check_utf8 (const SrtRawOption *raw, GError **error)
{
  gboolean right = raw->origin.file || !raw->text || g_utf8_validate (raw->text, -1, NULL);
  for (guint i = 0; right && !raw->origin.file && raw->list && raw->list[i]; i++)
    right = g_utf8_validate (raw->list[i], -1, NULL);
  return right || REFUSED (error, "the value is not UTF-8");
}

static gboolean
parse_bool (const char *text, gboolean *ret, GError **error)
{
  static const char *const words[] = { "false", "true", "no", "yes", "off", "on", "0", "1" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (text, words[i]) == 0) {
      *ret = i % 2 == 1;
      return TRUE;
    }
  return REFUSED (error, "\"%s\" is neither true nor false", text);
}

static gboolean
parse_int (const char *text, gint64 *ret, GError **error)
{
  char *end = NULL;
  errno = 0;
  gint64 number = g_ascii_strtoll (text, &end, 10);
  if (end == text || *end || g_ascii_isspace (*text))
    return REFUSED (error, "\"%s\" is no whole number", text);
  if (errno == ERANGE)
    return REFUSED (error, "%s is too large a number", text);
  *ret = number;
  return TRUE;
}

static gboolean
parse_float (const char *text, double *ret, GError **error)
{
  char *end = NULL;
  double number = g_ascii_strtod (text, &end);
  if (end == text || *end || g_ascii_isspace (*text) || !isfinite (number))
    return REFUSED (error, "\"%s\" is no number", text);
  *ret = number;
  return TRUE;
}

/* The number in TEXT as DECL's type has it; also for the ends of a range. */
static gboolean
parse_number (guint32 type, const char *text, SrtValue *value, GError **error)
{
  guint64 large = 0;

  switch (type) {
  case SRT_TYPE_INT:
    return parse_int (text, &value->number, error);
  case SRT_TYPE_FLOAT:
    return parse_float (text, &value->real, error);
  case SRT_TYPE_PERCENT:
    return srt_units_parse_percent (text, &value->real, error);
  case SRT_TYPE_DURATION:
    if (!srt_units_parse_duration (text, &large, error))
      return FALSE;
    break;
  default:
    if (!srt_units_parse_size (text, &large, error))
      return FALSE;
  }
  value->number = (gint64)large; /* units never give more than G_MAXINT64 */
  return TRUE;
}

/* Is VALUE below (SIGN -1) or above (SIGN 1) the end of a range? An end that is not written bounds nothing. */
static gboolean
beyond (guint32 type, const SrtValue *value, const char *end, int sign)
{
  SrtValue bound = { 0 };
  if (end[0] == '\0' || !parse_number (type, end, &bound, NULL))
    return FALSE;
  if (type == SRT_TYPE_FLOAT || type == SRT_TYPE_PERCENT)
    return sign < 0 ? value->real < bound.real : value->real > bound.real;
  return sign < 0 ? value->number < bound.number : value->number > bound.number;
}

static gboolean
check_range (const SrtDecl *decl, const SrtRawOption *raw, const SrtValue *value, GError **error)
{
  if (decl->range[0] == '\0')
    return TRUE;
  g_auto (GStrv) alternatives = g_strsplit (decl->range, ",", -1);
  for (guint i = 0; alternatives[i]; i++) {
    char *dots = strstr (alternatives[i], "..");
    const char *high = dots ? dots + 2 : alternatives[i];
    if (dots)
      *dots = '\0';
    if (!beyond (decl->type, value, alternatives[i], -1) && !beyond (decl->type, value, high, 1))
      return TRUE;
  }
  g_autofree char *words = srt_decl_range_words (decl);
  gboolean bytes = decl->type == SRT_TYPE_SIZE && raw->type == SRT_RAW_INT;
  return REFUSED (error, "%s%s is out of range; right is %s", raw->text, bytes ? " bytes" : "", words);
}

static gboolean
check_choice (const SrtDecl *decl, const char *text, GError **error)
{
  g_auto (GStrv) choices = g_strsplit (decl->range, "|", -1);
  if (g_strv_contains ((const char *const *)choices, text))
    return TRUE;
  const char *meant = srt_suggest (text, (const char *const *)choices);
  if (meant)
    return REFUSED (error, "\"%s\" is not possible; did you mean \"%s\"?", text, meant);
  g_autofree char *words = srt_decl_range_words (decl);
  return REFUSED (error, "\"%s\" is not possible; right is %s", text, words);
}

/* "a,b\,c" → "a", "b,c". */
static char **
split_list (const char *text)
{
  GPtrArray *list = g_ptr_array_new ();
  GString *element = g_string_new (NULL);
  for (const char *p = text; *p; p++) {
    if (*p == '\\' && p[1]) {
      g_string_append_c (element, *++p);
    } else if (*p == ',') {
      g_ptr_array_add (list, g_strdup (element->str));
      g_string_truncate (element, 0);
    } else {
      g_string_append_c (element, *p);
    }
  }
  if (*text)
    g_ptr_array_add (list, g_strdup (element->str));
  g_string_free (element, TRUE);
  g_ptr_array_add (list, NULL);
  return (char **)g_ptr_array_free (list, FALSE);
}

static gboolean
check_list (const SrtDecl *decl, const SrtRawOption *raw, const char *cwd, char ***ret, GError **error)
{
  const char *one[] = { raw->text, NULL };
  gboolean lone = raw->type == SRT_RAW_STRING && raw->origin.file;
  g_auto (GStrv) list = raw->list ? g_strdupv (raw->list) : lone ? g_strdupv ((char **)one) : split_list (raw->text);
  for (guint i = 0; list[i]; i++) {
    char *kept = srt_value_text_check (decl, list[i], i == 0, &raw->origin, cwd, error);
    if (!kept)
      return FALSE;
    g_free (list[i]);
    list[i] = kept;
  }
  /* Leaving the key out is the way to say "the default". */
  if (!list[0] && raw->origin.file)
    return REFUSED (error, "an empty list says nothing; give at least one text");
  *ret = g_steal_pointer (&list);
  return TRUE;
}

static gboolean
check_typed (const SrtDecl *decl, const SrtRawOption *raw, const char *cwd, SrtValue *value, GError **error)
{
  switch (decl->type) {
  case SRT_TYPE_BOOL:
    return parse_bool (raw->text, &value->flag, error);
  case SRT_TYPE_LIST:
    return check_list (decl, raw, cwd, &value->list, error);
  case SRT_TYPE_CHOICE:
    value->text = g_strdup (raw->text);
    return check_choice (decl, raw->text, error);
  case SRT_TYPE_STRING:
  case SRT_TYPE_PATH:
    value->text = srt_value_text_check (decl, raw->text, TRUE, &raw->origin, cwd, error);
    return value->text != NULL;
  case SRT_TYPE_OPTIONS:
    value->text = srt_value_text_check (decl, raw->text, TRUE, &raw->origin, cwd, error);
    value->options = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_raw_option_free);
    return value->text != NULL;
  default:
    return parse_number (decl->type, raw->text, value, error) && check_range (decl, raw, value, error);
  }
}

gboolean
srt_value_check (const SrtDecl *decl, const SrtRawOption *raw, SrtLayer layer, const char *cwd, SrtValue *ret,
                 GError **error)
{
  SrtValue value = { .set = TRUE, .layer = layer, .origin = raw->origin };

  if (!check_utf8 (raw, error) || !check_written (decl, raw, error) || !check_typed (decl, raw, cwd, &value, error)) {
    srt_value_clear (&value);
    return FALSE;
  }
  srt_value_clear (ret);
  *ret = value;
  return TRUE;
}
