/* SPDX-License-Identifier: MIT */
#include "settings/declare.h"

#include <string.h>

#define ROW(ID, KEY, TYPE, UNIT, DEFAULT, RANGE, CLI, HELP) { KEY, SRT_TYPE_##TYPE, UNIT, DEFAULT, RANGE, CLI, HELP },

static const SrtDecl setting_rows[] = { SRT_KEYS (ROW) };
static const SrtDecl suite_rows[] = { SRT_SUITE_KEYS (ROW) };
static const SrtDecl profile_rows[] = { SRT_PROFILE_KEYS (ROW) };
static const SrtDecl rule_rows[] = { SRT_RULE_KEYS (ROW) };

const SrtDeclTable srt_decl_settings = { setting_rows, G_N_ELEMENTS (setting_rows) };
const SrtDeclTable srt_decl_suite = { suite_rows, G_N_ELEMENTS (suite_rows) };
const SrtDeclTable srt_decl_profile = { profile_rows, G_N_ELEMENTS (profile_rows) };
const SrtDeclTable srt_decl_rule = { rule_rows, G_N_ELEMENTS (rule_rows) };

#define PROFILE(NAME, MEMORY, CPU, WALL, IO_OPS, HELP) { NAME, MEMORY, CPU, WALL, IO_OPS, HELP },

const SrtBuiltinProfile srt_builtin_profiles[] = { SRT_PROFILES (PROFILE){ NULL } };

const SrtKindDecl srt_kind_decls[SRT_N_KINDS] = {
  { SRT_KIND_EXECUTOR, "executor", "process", FALSE, FALSE, "Where tests run" },
  { SRT_KIND_MONITOR, "monitor", SRT_DEFAULT_MONITOR, FALSE, FALSE, "What watches the machine" },
  { SRT_KIND_CHECKPOINT, "checkpoint", "sdn", TRUE, FALSE,
    "What keeps finished results for --resume. \"none\": nothing is kept" },
  { SRT_KIND_NOTIFIER, "notifiers", "console", TRUE, TRUE, "Who is told what happens: screen, reports" },
};

int
srt_decl_find (const SrtDeclTable *table, const char *name)
{
  for (guint i = 0; i < table->n; i++)
    if (g_str_equal (table->rows[i].name, name))
      return (int)i;
  return -1;
}

int
srt_kind_decl_find (guint32 kind)
{
  for (guint i = 0; i < SRT_N_KINDS; i++)
    if (srt_kind_decls[i].kind == kind)
      return (int)i;
  return -1;
}

int
srt_kind_decl_find_group (const char *group)
{
  for (guint i = 0; i < SRT_N_KINDS; i++)
    if (g_str_equal (srt_kind_decls[i].group, group))
      return (int)i;
  return -1;
}

const char *
srt_decl_type_words (guint32 type)
{
  switch (type) {
  case SRT_TYPE_BOOL:
    return "true or false";
  case SRT_TYPE_INT:
    return "a whole number";
  case SRT_TYPE_FLOAT:
    return "a number";
  case SRT_TYPE_DURATION:
    return "a duration such as \"30s\", or seconds";
  case SRT_TYPE_SIZE:
    return "a size such as \"512M\", or bytes";
  case SRT_TYPE_PERCENT:
    return "a percentage such as \"80%\"";
  case SRT_TYPE_LIST:
    return "a list of texts such as [ \"a\", \"b\" ]";
  case SRT_TYPE_OPTIONS:
    return "a plugin's name in quotes, or a group such as { name = \"NAME\"; option = value; }";
  default:
    return "a text in quotes";
  }
}

/* "0" → "0", "0..9" → "0 to 9", "1M.." → "at least 1M", "..9" → "at most 9". */
static void
append_alternative (GString *words, const char *alternative)
{
  const char *dots = strstr (alternative, "..");

  if (!dots)
    g_string_append (words, alternative);
  else if (dots == alternative)
    g_string_append_printf (words, "at most %s", dots + 2);
  else if (dots[2] == '\0')
    g_string_append_printf (words, "at least %.*s", (int)(dots - alternative), alternative);
  else
    g_string_append_printf (words, "%.*s to %s", (int)(dots - alternative), alternative, dots + 2);
}

static gboolean
is_number (guint32 type)
{
  return type == SRT_TYPE_INT || type == SRT_TYPE_FLOAT || type == SRT_TYPE_DURATION || type == SRT_TYPE_SIZE ||
         type == SRT_TYPE_PERCENT;
}

char *
srt_decl_range_words (const SrtDecl *decl)
{
  if (decl->range[0] == '\0')
    return NULL;
  if (decl->type == SRT_TYPE_CHOICE) {
    g_auto (GStrv) words = g_strsplit (decl->range, "|", -1);
    g_autofree char *list = g_strjoinv (", ", words);
    return g_strconcat ("one of ", list, NULL);
  }
  if (!is_number (decl->type))
    return NULL;
  g_auto (GStrv) alternatives = g_strsplit (decl->range, ",", -1);
  GString *words = g_string_new (NULL);
  for (guint i = 0; alternatives[i]; i++) {
    if (i > 0)
      g_string_append (words, " or ");
    append_alternative (words, alternatives[i]);
  }
  return g_string_free (words, FALSE);
}

char *
srt_decl_variable (const SrtDecl *decl)
{
  g_autofree char *upper = g_ascii_strup (decl->name, -1);
  return g_strconcat ("SRT_", g_strdelimit (upper, ".", '_'), NULL);
}
