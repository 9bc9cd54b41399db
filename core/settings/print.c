/* SPDX-License-Identifier: MIT
 * Every effective value in the syntax of configuration files, each line with the place that it came from. What is
 * printed can be read again and gives the same values. */
#include "settings/state.h"

#include <string.h>

/* Where the comments begin, when the line is not longer. */
#define COMMENT_COLUMN 48

typedef struct {
  GString *text;
  SrtSecretFn is_secret;
  gpointer data;
} Printer;

/* "KEY = VALUE;" at DEPTH with its origin. */
static void
print_line (Printer *p, guint depth, const char *key, const char *value, const SrtOrigin *origin)
{
  g_autofree char *line = g_strdup_printf ("%*s%s = %s;", (int)(2 * depth), "", key, value);
  g_autofree char *place = srt_origin_text (origin);
  g_string_append_printf (p->text, "%-*s # %s\n", COMMENT_COLUMN, line, place);
}

static void
open_group (Printer *p, guint depth, const char *start, const SrtOrigin *origin)
{
  g_autofree char *line = g_strdup_printf ("%*s%s", (int)(2 * depth), "", start);
  if (!origin) {
    g_string_append_printf (p->text, "%s\n", line);
    return;
  }
  g_autofree char *place = srt_origin_text (origin);
  g_string_append_printf (p->text, "%-*s # %s\n", COMMENT_COLUMN, line, place);
}

/* An option as it was written: plugins check it, so its type must stay. */
static char *
option_text (const SrtRawOption *option)
{
  if (option->type == SRT_RAW_LIST) {
    GString *list = g_string_new ("(");
    for (guint i = 0; option->list[i]; i++) {
      g_autofree char *element = srt_value_quote (option->list[i]);
      g_string_append_printf (list, "%s%s", i == 0 ? " " : ", ", element);
    }
    return g_string_free (g_string_append (list, " )"), FALSE);
  }
  if (option->type == SRT_RAW_STRING)
    return srt_value_quote (option->text);
  if (option->type == SRT_RAW_INT) {
    gint64 number = g_ascii_strtoll (option->text, NULL, 10);
    return g_strconcat (option->text, number > G_MAXINT32 || number < G_MININT32 ? "L" : "", NULL);
  }
  gboolean whole = option->type == SRT_RAW_FLOAT && !strpbrk (option->text, ".e");
  return g_strconcat (option->text, whole ? ".0" : "", NULL);
}

static void
print_options (Printer *p, guint depth, guint32 kind, const char *plugin, const GPtrArray *options)
{
  for (guint i = 0; i < options->len; i++) {
    const SrtRawOption *option = options->pdata[i];
    gboolean secret = p->is_secret && p->is_secret (kind, plugin, option->name, p->data);
    g_autofree char *text = secret ? g_strdup ("\"***\"") : option_text (option);
    print_line (p, depth, option->name, text, &option->origin);
  }
}

/* A group of options: in place of a plugin, or with its name. */
static void
print_group (Printer *p, guint depth, const char *key, const SrtValue *value, const char *plugin)
{
  g_autofree char *start = g_strconcat (key, " = {", NULL);
  open_group (p, depth, start, &value->origin);
  if (value->text) {
    g_autofree char *name = srt_value_quote (value->text);
    print_line (p, depth + 1, "name", name, &value->origin);
  }
  print_options (p, depth + 1, SRT_KIND_EXECUTOR, plugin, value->options);
  open_group (p, depth, "};", NULL);
}

/* EXECUTOR: whose options a group of them is; NULL where there are no such groups. */
static void
print_record (Printer *p, guint depth, const SrtRecord *record, const char *executor)
{
  for (guint i = 0; i < record->table->n; i++) {
    const SrtDecl *decl = &record->table->rows[i];
    const SrtValue *value = &record->values[i];
    if (!value->set)
      continue;
    if (decl->type == SRT_TYPE_OPTIONS) {
      print_group (p, depth, decl->name, value, executor);
      continue;
    }
    g_autofree char *text = srt_value_print (decl, value);
    print_line (p, depth, decl->name, text, &value->origin);
  }
}

/* The settings, group by group as the table has them. */
static void
print_settings (Printer *p, const SrtRecord *record)
{
  const char *group = "";
  gsize group_length = 0;

  for (guint i = 0; i < record->table->n; i++) {
    const SrtDecl *decl = &record->table->rows[i];
    gsize length = strcspn (decl->name, ".");
    if (length != group_length || strncmp (group, decl->name, length) != 0) {
      g_string_append_printf (p->text, "%s%.*s = {\n", i > 0 ? "};\n\n" : "", (int)length, decl->name);
      group = decl->name;
      group_length = length;
    }
    const SrtValue *value = &record->values[i];
    if (decl->type == SRT_TYPE_LIST && !value->list[0]) {
      /* An empty list says nothing; it is shown all the same. */
      g_string_append_printf (p->text, "  # %s is empty\n", decl->name + length + 1);
      continue;
    }
    g_autofree char *text = srt_value_print (decl, value);
    print_line (p, 1, decl->name + length + 1, text, &value->origin);
  }
  g_string_append (p->text, "};\n");
}

static void
print_use (Printer *p, guint depth, const char *start, const char *end, const SrtPluginUse *use)
{
  g_autofree char *name = srt_value_quote (use->name);
  open_group (p, depth, start, NULL);
  print_line (p, depth + 1, "name", name, &use->origin);
  print_options (p, depth + 1, use->kind, use->name, use->options);
  open_group (p, depth, end, NULL);
}

static void
print_use_list (Printer *p, const char *key, const GPtrArray *uses)
{
  g_string_append_printf (p->text, "%s = (\n", key);
  for (guint i = 0; i < uses->len; i++)
    print_use (p, 1, "{", i + 1 < uses->len ? "}," : "}", uses->pdata[i]);
  g_string_append (p->text, ");\n");
}

static void
print_uses (Printer *p, const SrtSettings *settings, guint index)
{
  const SrtKindDecl *decl = &srt_kind_decls[index];
  const GPtrArray *uses = settings->uses[index];
  g_autofree char *start = g_strconcat (decl->group, " = {", NULL);

  g_string_append_c (p->text, '\n');
  if (uses->len == 0) {
    print_line (p, 0, decl->group, decl->many ? "( )" : "\"none\"", &settings->uses_origin[index]);
    return;
  }
  if (!decl->many) {
    print_use (p, 0, start, "};", uses->pdata[0]);
    return;
  }
  print_use_list (p, decl->group, uses);
}

static void
print_profiles (Printer *p, const SrtSettings *settings)
{
  g_string_append (p->text, "\nprofiles = {\n");
  for (guint i = 0; i < settings->profile_records->len; i++) {
    const SrtRecord *profile = settings->profile_records->pdata[i];
    g_autofree char *start = g_strconcat (profile->name, " = {", NULL);
    open_group (p, 1, start, NULL);
    print_record (p, 2, profile, NULL);
    open_group (p, 1, "};", NULL);
  }
  g_string_append (p->text, "};\n");
}

/* RECORDS as the list NAME. */
static void
print_records (Printer *p, const SrtSettings *settings, const char *name, const GPtrArray *records)
{
  g_string_append_printf (p->text, "\n%s = (", name);
  for (guint i = 0; i < records->len; i++) {
    g_string_append (p->text, i > 0 ? ",\n" : "\n");
    open_group (p, 1, "{", NULL);
    const SrtSuite *suite = records == settings->suite_records ? settings->suites->pdata[i] : NULL;
    print_record (p, 2, records->pdata[i], suite ? srt_settings_suite_executor (settings, suite) : NULL);
    g_string_append (p->text, "  }");
  }
  g_string_append (p->text, records->len > 0 ? "\n);\n" : " );\n");
}

char *
srt_settings_print (const SrtSettings *settings, SrtSecretFn is_secret, gpointer data)
{
  Printer p = { g_string_new (NULL), is_secret, data };

  print_settings (&p, settings->values);
  for (guint i = 0; i < SRT_N_KINDS; i++)
    print_uses (&p, settings, i);
  if (settings->executors->len > 0) {
    g_string_append_c (p.text, '\n');
    print_use_list (&p, "executors", settings->executors);
  }
  print_profiles (&p, settings);
  print_records (&p, settings, "rules", settings->rule_records);
  print_records (&p, settings, "suites", settings->suite_records);
  return g_string_free (p.text, FALSE);
}
