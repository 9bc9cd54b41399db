/* SPDX-License-Identifier: MIT */
#include "settings/record.h"

#include <string.h>

static const SrtOrigin default_origin = { NULL, 0, "default" };

SrtRecord *
srt_record_new (const SrtDeclTable *table, const char *name, const SrtOrigin *origin)
{
  SrtRecord *record = g_new0 (SrtRecord, 1);
  record->table = table;
  record->values = g_new0 (SrtValue, table->n);
  record->name = g_strdup (name);
  record->origin = origin ? *origin : default_origin;
  for (guint i = 0; i < table->n; i++) {
    const SrtDecl *decl = &table->rows[i];
    gboolean optional = table != &srt_decl_settings && decl->def[0] == '\0';
    if (!optional)
      srt_record_set_text (record, i, decl->def, "default");
  }
  return record;
}

void
srt_record_free (SrtRecord *record)
{
  if (!record)
    return;
  for (guint i = 0; i < record->table->n; i++)
    srt_value_clear (&record->values[i]);
  g_free (record->values);
  g_free (record->name);
  g_free (record);
}

void
srt_record_set_text (SrtRecord *record, guint index, const char *text, const char *origin_words)
{
  SrtOrigin origin = { NULL, 0, g_intern_string (origin_words) };
  SrtRawOption *raw = srt_raw_option_new ("", SRT_RAW_STRING, text, NULL, &origin);
  gboolean right =
      srt_value_check (&record->table->rows[index], raw, SRT_LAYER_DEFAULT, "/", &record->values[index], NULL);
  g_assert (right); /* the tables of keys.h are wrong */
  srt_raw_option_free (raw);
}

gboolean
srt_record_set (SrtRecord *record, guint index, const SrtRawOption *raw, SrtLayer layer, const char *key,
                SrtCheck *check)
{
  GError *error = NULL;
  if (srt_value_check (&record->table->rows[index], raw, layer, check->cwd, &record->values[index], &error))
    return TRUE;
  srt_problems_take (&check->problems, &raw->origin, key, error);
  return FALSE;
}

GPtrArray *
srt_record_options (const SrtNode *group, const char *prefix, SrtCheck *check)
{
  GPtrArray *options = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_raw_option_free);

  for (guint i = 0; i < group->children->len; i++) {
    const SrtNode *child = group->children->pdata[i];
    if (g_str_equal (child->name, "name"))
      continue;
    SrtRawOption *option = srt_node_option (child, child->name);
    g_autofree char *key = g_strconcat (prefix, ".", child->name, NULL);
    if (option)
      g_ptr_array_add (options, option);
    else
      srt_problems_add (&check->problems, &child->origin, key, "an option is a text, a number, true, false or a list");
  }
  return options;
}

/* The names in TABLE that begin with ROW_PREFIX, without it; the names themselves are the table's. */
static char **
names_of (const SrtDeclTable *table, const char *row_prefix)
{
  GPtrArray *names = g_ptr_array_new ();
  for (guint i = 0; i < table->n; i++)
    if (g_str_has_prefix (table->rows[i].name, row_prefix))
      g_ptr_array_add (names, (gpointer)(table->rows[i].name + strlen (row_prefix)));
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (names, FALSE);
}

static void
set_scalar (SrtRecord *record, guint index, const SrtNode *child, SrtLayer layer, const char *key, SrtCheck *check)
{
  SrtRawOption *raw = srt_node_option (child, child->name);
  if (raw)
    srt_record_set (record, index, raw, layer, key, check);
  else
    srt_problems_add (&check->problems, &child->origin, key, "must be %s, not a group",
                      srt_decl_type_words (record->table->rows[index].type));
  srt_raw_option_free (raw);
}

/* A group of options, perhaps with the name of the plugin that they are for. */
static void
set_options (SrtRecord *record, guint index, const SrtNode *child, SrtLayer layer, const char *key, SrtCheck *check)
{
  SrtValue value = { .set = TRUE, .layer = layer, .origin = child->origin };
  const SrtNode *name = srt_node_child (child, "name");
  srt_value_clear (&record->values[index]);
  if (name) {
    g_autofree char *name_key = g_strconcat (key, ".name", NULL);
    set_scalar (record, index, name, layer, name_key, check);
  }
  value.text = g_steal_pointer (&record->values[index].text);
  value.options = srt_record_options (child, key, check);
  srt_value_clear (&record->values[index]);
  record->values[index] = value;
}

static void
set_child (SrtRecord *record, guint index, const SrtNode *child, SrtLayer layer, const char *key, SrtCheck *check)
{
  if (record->table->rows[index].type == SRT_TYPE_OPTIONS && child->type == SRT_NODE_GROUP)
    set_options (record, index, child, layer, key, check);
  else
    set_scalar (record, index, child, layer, key, check);
}

void
srt_record_set_group (SrtRecord *record, const SrtNode *group, const char *prefix, const char *row_prefix,
                      SrtLayer layer, SrtCheck *check)
{
  for (guint i = 0; i < group->children->len; i++) {
    const SrtNode *child = group->children->pdata[i];
    g_autofree char *row = g_strconcat (row_prefix, child->name, NULL);
    g_autofree char *key = g_strconcat (prefix, ".", child->name, NULL);
    int index = srt_decl_find (record->table, row);
    if (index >= 0) {
      set_child (record, (guint)index, child, layer, key, check);
      continue;
    }
    g_autofree char **names = names_of (record->table, row_prefix);
    srt_problems_unknown (&check->problems, &child->origin, key, child->name, (const char *const *)names);
  }
}
