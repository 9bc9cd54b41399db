/* SPDX-License-Identifier: MIT
 * --help, made from the tables. */
#include "cli/table.h"

#include <string.h>

#define WIDTH       79u
#define HELP_COLUMN 30u

static const char *const groups[] = {
  "Run", "Guard", "Analyze", "Containers", "Plugins", "Configuration", "Other", NULL
};

/* TEXT from COLUMN on, broken at blanks. The line is at column AT already. */
static void
append_wrapped (GString *page, guint at, guint column, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i]; i++) {
    guint length = (guint)g_utf8_strlen (words[i], -1);
    if (i == 0 && at >= column) {
      g_string_append_c (page, '\n');
      at = 0;
    } else if (i > 0 && at + 1 + length > WIDTH) {
      g_string_append_c (page, '\n');
      at = 0;
    }
    if (at < column) {
      g_string_append_printf (page, "%*s", (int)(column - at), "");
      at = column;
    } else if (i > 0) {
      g_string_append_c (page, ' ');
      at++;
    }
    g_string_append (page, words[i]);
    at += length;
  }
  g_string_append_c (page, '\n');
}

static void
append_item (GString *page, const char *item, const char *help)
{
  g_string_append_printf (page, "  %s", item);
  append_wrapped (page, 2 + (guint)g_utf8_strlen (item, -1), HELP_COLUMN, help);
}

/* "-j, --jobs, --max-workers N": the short name first, names that set false left for a line of their own. */
static char *
option_item (const char *names, const char *value, gboolean negated)
{
  g_auto (GStrv) words = g_strsplit (names, " ", -1);
  GString *item = g_string_new (NULL);

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; words[i]; i++) {
      gboolean is_negated = words[i][0] == '!';
      const char *name = words[i] + is_negated;
      gboolean is_short = name[0] == '-' && name[1] != '-';
      if (name[0] && is_negated == negated && is_short == (pass == 0))
        g_string_append_printf (item, "%s%s", item->len > 0 ? ", " : "", name);
    }
  if (value && item->len > 0 && !g_str_has_suffix (item->str, "]"))
    g_string_append_printf (item, "%s%s", value[0] == '[' ? "" : " ", value);
  return g_string_free (item, FALSE);
}

static const char *
value_name (const SrtDecl *decl)
{
  switch (decl->type) {
  case SRT_TYPE_BOOL:
    return NULL;
  case SRT_TYPE_CHOICE:
    return decl->range;
  case SRT_TYPE_DURATION:
    return "TIME";
  case SRT_TYPE_PERCENT:
    return "PERCENT";
  case SRT_TYPE_SIZE:
    return "SIZE";
  case SRT_TYPE_PATH:
  case SRT_TYPE_LIST:
    return "DIR";
  case SRT_TYPE_STRING:
    return "NAME";
  default:
    return "N";
  }
}

/* The first sentence of the help and the default: the rest is in docs/configuration.md. */
static char *
short_help (const SrtDecl *decl)
{
  const char *end = strstr (decl->help, ". ");
  g_autofree char *first = end ? g_strndup (decl->help, (gsize)(end - decl->help)) : g_strdup (decl->help);
  if (decl->type == SRT_TYPE_BOOL || decl->def[0] == '\0')
    return g_steal_pointer (&first);
  return g_strdup_printf ("%s [%s]", first, decl->def);
}

static void
append_setting (GString *page, const SrtDecl *decl)
{
  g_autofree char *item = option_item (decl->cli, value_name (decl), FALSE);
  g_autofree char *opposite = option_item (decl->cli, NULL, TRUE);
  g_autofree char *help = short_help (decl);

  if (item[0])
    append_item (page, item, help);
  if (opposite[0]) {
    g_autofree char *main_name = g_strndup (decl->cli, strcspn (decl->cli, " "));
    g_autofree char *words = g_strdup_printf ("Not %s", main_name);
    append_item (page, opposite, words);
  }
}

static void
append_options (GString *page, const char *group)
{
  g_string_append_printf (page, "\n%s:\n", group);
  for (guint i = 0; i < srt_decl_settings.n; i++) {
    const SrtDecl *decl = &srt_decl_settings.rows[i];
    if (g_ascii_strncasecmp (decl->name, group, strcspn (decl->name, ".")) == 0)
      append_setting (page, decl);
  }
  for (const SrtCliSpecial *row = srt_cli_specials; row->names; row++) {
    g_autofree char *item = option_item (row->names, row->value, FALSE);
    if (g_str_equal (row->group, group))
      append_item (page, item, row->help);
  }
}

static void
append_all_options (GString *page, const char *first_group)
{
  gboolean on = FALSE;
  for (guint i = 0; groups[i]; i++) {
    on = on || g_str_equal (groups[i], first_group);
    if (on)
      append_options (page, groups[i]);
  }
}

static const char tail[] = "\nAny setting can also stand in srt.cfg or a variable: run.jobs is SRT_RUN_JOBS.\n"
                           "Exit status: 0 all passed, 1 failures, 2 usage or configuration, 3 srt itself\n"
                           "failed, 4 no tests, 42 stopped to protect the machine, 128+N after signal N.\n";

static char *
general_help (void)
{
  GString *page = g_string_new ("srt - run test programs and protect the machine, the results and itself\n\n"
                                "Usage: srt [COMMAND] [OPTION…] [PATH…]\n\nCommands:\n");

  for (const SrtCliWord *row = srt_cli_words; row->word; row++) {
    g_autofree char *item = g_strconcat (row->word, row->args[0] ? " " : "", row->args, NULL);
    append_item (page, item, row->help);
  }
  append_all_options (page, "Run");
  g_string_append (page, tail);
  return g_string_free (page, FALSE);
}

char *
srt_cli_help (SrtCliCommand command)
{
  const SrtCliWord *word = srt_cli_words;

  if (command == SRT_CLI_HELP)
    return general_help ();
  while (word->command != command)
    word++;
  GString *page = g_string_new (NULL);
  g_string_append_printf (page, "Usage: srt %s [OPTION…]%s%s\n\n%s.\n", word->word, word->args[0] ? " " : "",
                          word->args, word->help);
  if (command == SRT_CLI_VERSION)
    return g_string_free (page, FALSE);
  /* All but run and list read the options of a run as settings only; they need not be shown again. */
  append_all_options (page, command == SRT_CLI_RUN || command == SRT_CLI_LIST ? "Run"
                            : command == SRT_CLI_ANALYZE                      ? "Analyze"
                                                                              : "Plugins");
  if (command == SRT_CLI_RUN)
    g_string_append (page, tail);
  return g_string_free (page, FALSE);
}
