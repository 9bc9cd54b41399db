/* SPDX-License-Identifier: MIT */
#include "host/values.h"
#include "base/error.h"
#include "base/suggest.h"
#include "loading/option.h"
#include <string.h>

typedef struct {
  const srt_option *option; /* lives as long as the module, that is for ever */
  gboolean is_set;          /* it has a value, be it the default */
  char *text;               /* STRING, PATH, CHOICE */
  char **list;              /* LIST */
  SrtOptionValue value;
} Entry;

struct srt_values {
  GArray *entries; /* of Entry */
  char *who;
  SrtValuesDefectFn defect_fn;
  gpointer defect_data;
};

/* What srt_values_new works with. */
typedef struct {
  srt_values *values;
  const srt_option *declared;
  guint n;
  gboolean job;
  const char *base_dir;
} Check;

static Entry *
find_entry (const srt_values *values, const char *name)
{
  for (guint i = 0; i < values->entries->len; i++) {
    Entry *entry = &g_array_index (values->entries, Entry, i);
    if (g_str_equal (entry->option->name, name))
      return entry;
  }
  return NULL;
}

static void
entry_clear (gpointer data)
{
  Entry *entry = data;
  g_clear_pointer (&entry->text, g_free);
  g_clear_pointer (&entry->list, g_strfreev);
}

G_GNUC_PRINTF (4, 5)
static gboolean
refuse (const Check *check, const SrtOrigin *origin, GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *place = srt_origin_text (origin);
  g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: %s: %s", place, check->values->who, what);
  return FALSE;
}

/* ---- from raw to typed ---- */

static gboolean
written_as_wanted (guint32 type, const SrtRawOption *raw)
{
  switch (type) {
  case SRT_TYPE_BOOL:
    return raw->type == SRT_RAW_BOOL;
  case SRT_TYPE_INT:
    return raw->type == SRT_RAW_INT;
  case SRT_TYPE_FLOAT:
    return raw->type == SRT_RAW_INT || raw->type == SRT_RAW_FLOAT;
  case SRT_TYPE_DURATION:
  case SRT_TYPE_SIZE:
  case SRT_TYPE_PERCENT:
    return raw->type == SRT_RAW_STRING || raw->type == SRT_RAW_INT || raw->type == SRT_RAW_FLOAT;
  default: /* STRING, PATH, CHOICE */
    return raw->type == SRT_RAW_STRING;
  }
}

static const char *
example (guint32 type)
{
  switch (type) {
  case SRT_TYPE_BOOL:
    return "true or false, without quotes";
  case SRT_TYPE_INT:
    return "a whole number, without quotes";
  case SRT_TYPE_FLOAT:
    return "a number, without quotes";
  case SRT_TYPE_DURATION:
    return "a duration such as \"30s\"";
  case SRT_TYPE_SIZE:
    return "a size such as \"512M\"";
  case SRT_TYPE_PERCENT:
    return "a percentage such as \"80%\"";
  case SRT_TYPE_LIST:
    return "a list of strings such as [\"a\", \"b\"]";
  default:
    return "a text in quotes";
  }
}

static gboolean
refuse_type (const Check *check, const SrtRawOption *raw, guint32 type, GError **error)
{
  static const char *const written[] = { [SRT_RAW_STRING] = "a text",
                                         [SRT_RAW_BOOL] = "true or false",
                                         [SRT_RAW_INT] = "a whole number",
                                         [SRT_RAW_FLOAT] = "a number",
                                         [SRT_RAW_LIST] = "a list" };
  return refuse (check, &raw->origin, error, "option \"%s\" must be %s, not %s", raw->name, example (type),
                 written[raw->type]);
}

static char *
absolute_path (const Check *check, const SrtOrigin *origin, const char *path)
{
  if (g_path_is_absolute (path))
    return g_strdup (path);
  while (g_str_has_prefix (path, "./"))
    path += 2 + strspn (path + 2, "/");
  g_autofree char *folder = origin->file != NULL ? g_path_get_dirname (origin->file) : g_strdup (check->base_dir);
  return g_build_filename (folder, path, NULL);
}

static gboolean
set_list (const Check *check, Entry *entry, const SrtRawOption *raw, GError **error)
{
  if (raw->type != SRT_RAW_LIST && raw->type != SRT_RAW_STRING)
    return refuse_type (check, raw, SRT_TYPE_LIST, error);
  const char *const one[] = { raw->text, NULL };
  g_strfreev (entry->list);
  entry->list = g_strdupv (raw->list != NULL ? raw->list : (char **)one);
  return TRUE;
}

static gboolean
set_scalar (const Check *check, Entry *entry, const SrtRawOption *raw, GError **error)
{
  const srt_option *option = entry->option;
  gboolean fits_kind = raw->origin.file != NULL ? written_as_wanted (option->type, raw) : raw->type != SRT_RAW_LIST;
  if (!fits_kind)
    return refuse_type (check, raw, option->type, error);
  g_autoptr (GError) wrong = NULL;
  if (!srt_option_parse (option, raw->text, &entry->value, &wrong))
    return refuse (check, &raw->origin, error, "option \"%s\": %s", raw->name, wrong->message);
  if (option->type == SRT_TYPE_PATH && raw->text[0] == '\0')
    return refuse (check, &raw->origin, error, "option \"%s\" must be a path, not an empty text", raw->name);
  g_free (entry->text);
  entry->text = option->type == SRT_TYPE_PATH ? absolute_path (check, &raw->origin, raw->text) : g_strdup (raw->text);
  return TRUE;
}

static gboolean
refuse_unknown (const Check *check, const SrtRawOption *raw, GError **error)
{
  for (guint i = 0; i < check->n; i++)
    if (g_str_equal (check->declared[i].name, raw->name))
      return refuse (check, &raw->origin, error,
                     "option \"%s\" cannot stand in a suite, only where the plugin is set up", raw->name);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < check->values->entries->len; i++)
    g_ptr_array_add (names, (gpointer)g_array_index (check->values->entries, Entry, i).option->name);
  g_ptr_array_add (names, NULL);
  const char *const *all = (const char *const *)names->pdata;
  const char *near = srt_suggest (raw->name, all);
  if (near != NULL)
    return refuse (check, &raw->origin, error, "has no option \"%s\"; did you mean \"%s\"?", raw->name, near);
  if (all[0] == NULL)
    return refuse (check, &raw->origin, error, "has no option \"%s\"; it takes none%s", raw->name,
                   check->job ? " in a suite" : "");
  g_autofree char *list = g_strjoinv (", ", (char **)names->pdata);
  return refuse (check, &raw->origin, error, "has no option \"%s\"; it takes %s", raw->name, list);
}

static gboolean
set_one (const Check *check, const SrtRawOption *raw, GError **error)
{
  Entry *entry = find_entry (check->values, raw->name);
  if (entry == NULL)
    return refuse_unknown (check, raw, error);
  if (!(entry->option->type == SRT_TYPE_LIST ? set_list : set_scalar) (check, entry, raw, error))
    return FALSE;
  entry->is_set = TRUE;
  return TRUE;
}

/* ---- defaults ---- */

/* The default was checked when the table was loaded. */
static void
set_default (const Check *check, Entry *entry)
{
  static const SrtOrigin nowhere = { .what = "default" };
  const srt_option *option = entry->option;
  if (option->def == NULL)
    return;
  entry->is_set = TRUE;
  if (option->type == SRT_TYPE_LIST) {
    entry->list = g_strsplit (option->def, ",", -1);
    return;
  }
  srt_option_parse (option, option->def, &entry->value, NULL);
  entry->text = option->type == SRT_TYPE_PATH ? absolute_path (check, &nowhere, option->def) : g_strdup (option->def);
}

static gboolean
finish (const Check *check, const SrtOrigin *origin, GError **error)
{
  for (guint i = 0; i < check->values->entries->len; i++) {
    Entry *entry = &g_array_index (check->values->entries, Entry, i);
    guint32 flags = entry->option->flags;
    gboolean asked_here = check->job || !(flags & SRT_OPTION_JOB);
    if (!entry->is_set && (flags & SRT_OPTION_REQUIRED) && asked_here)
      return refuse (check, origin, error, "option \"%s\" is missing: %s", entry->option->name,
                     entry->option->help != NULL ? entry->option->help : "it is required");
    if (!entry->is_set)
      set_default (check, entry);
  }
  return TRUE;
}

srt_values *
srt_values_new (const srt_option *declared, guint n, const GPtrArray *raw, gboolean job, const char *who,
                const SrtOrigin *origin, const char *base_dir, GError **error)
{
  g_autoptr (srt_values) values = g_new0 (srt_values, 1);
  values->who = g_strdup (who);
  values->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_array_set_clear_func (values->entries, entry_clear);
  for (guint i = 0; i < n; i++) {
    Entry entry = { .option = &declared[i] };
    if (!job || (declared[i].flags & SRT_OPTION_JOB))
      g_array_append_val (values->entries, entry);
  }
  Check check = { .values = values, .declared = declared, .n = n, .job = job, .base_dir = base_dir };
  for (guint i = 0; raw != NULL && i < raw->len; i++)
    if (!set_one (&check, raw->pdata[i], error))
      return NULL;
  if (!finish (&check, origin, error))
    return NULL;
  return g_steal_pointer (&values);
}

void
srt_values_free (srt_values *values)
{
  if (values == NULL)
    return;
  g_array_unref (values->entries);
  g_free (values->who);
  g_free (values);
}

void
srt_values_on_defect (srt_values *values, SrtValuesDefectFn fn, gpointer data)
{
  values->defect_fn = fn;
  values->defect_data = data;
}

/* ---- getters ---- */

static void
tell_defect (const srt_values *values, const char *name, const char *what)
{
  g_autofree char *text = g_strdup_printf ("defect of the plugin: option \"%s\" %s", name, what);
  if (values->defect_fn != NULL)
    values->defect_fn (values->defect_data, text);
  else
    g_warning ("%s: %s", values->who, text);
}

/* The entry when it is declared with TYPE, or one of the others (0: none of those). */
static const Entry *
get (const srt_values *values, const char *name, guint32 type, guint32 or_type, guint32 or_other)
{
  if (values == NULL)
    return NULL;
  const Entry *entry = find_entry (values, name);
  if (entry == NULL) {
    tell_defect (values, name, "is read but not declared");
    return NULL;
  }
  guint32 declared = entry->option->type;
  if (declared == type || declared == or_type || declared == or_other)
    return entry;
  g_autofree char *what = g_strdup_printf ("is declared as %s but read as %s", srt_option_type_word (declared),
                                           srt_option_type_word (type));
  tell_defect (values, name, what);
  return NULL;
}

static uint32_t
value_is_set (const srt_values *values, const char *name)
{
  if (values == NULL)
    return 0;
  const Entry *entry = find_entry (values, name);
  if (entry == NULL)
    tell_defect (values, name, "is read but not declared");
  return entry != NULL && entry->is_set;
}

static const char *
value_get_string (const srt_values *values, const char *name)
{
  const Entry *entry = get (values, name, SRT_TYPE_STRING, SRT_TYPE_PATH, SRT_TYPE_CHOICE);
  return entry != NULL ? entry->text : NULL;
}

static int64_t
value_get_int (const srt_values *values, const char *name)
{
  const Entry *entry = get (values, name, SRT_TYPE_INT, 0, 0);
  return entry != NULL ? entry->value.integer : 0;
}

static uint32_t
value_get_bool (const srt_values *values, const char *name)
{
  const Entry *entry = get (values, name, SRT_TYPE_BOOL, 0, 0);
  return entry != NULL && entry->value.truth;
}

static double
value_get_float (const srt_values *values, const char *name)
{
  const Entry *entry = get (values, name, SRT_TYPE_FLOAT, SRT_TYPE_PERCENT, 0);
  return entry != NULL ? entry->value.real : 0.0;
}

static uint64_t
value_get_duration_ns (const srt_values *values, const char *name)
{
  const Entry *entry = get (values, name, SRT_TYPE_DURATION, 0, 0);
  return entry != NULL ? entry->value.amount : 0;
}

static uint64_t
value_get_bytes (const srt_values *values, const char *name)
{
  const Entry *entry = get (values, name, SRT_TYPE_SIZE, 0, 0);
  return entry != NULL ? entry->value.amount : 0;
}

static const char *
value_get_list (const srt_values *values, const char *name, uint32_t i)
{
  const Entry *entry = get (values, name, SRT_TYPE_LIST, 0, 0);
  return entry != NULL && entry->list != NULL && i < g_strv_length (entry->list) ? entry->list[i] : NULL;
}

void
srt_values_fill_host (srt_host *host)
{
  host->is_set = value_is_set;
  host->get_string = value_get_string;
  host->get_int = value_get_int;
  host->get_bool = value_get_bool;
  host->get_float = value_get_float;
  host->get_duration_ns = value_get_duration_ns;
  host->get_bytes = value_get_bytes;
  host->get_list = value_get_list;
}
