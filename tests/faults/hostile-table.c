/* SPDX-License-Identifier: MIT */
#include "faults/hostile-table.h"
#include "faults/tiers.h"

#include <string.h>
#include <unistd.h>

static void
row_free (gpointer data)
{
  HostileRow *row = data;
  g_free (row->name);
  g_free (row->word);
  g_free (row->run);
  g_free (row->needs);
  g_free (row->settings);
  g_clear_pointer (&row->message, g_regex_unref);
  g_free (row);
}

/* "-" stands for nothing. */
static char *
text_of (const GMatchInfo *match, int column)
{
  char *text = g_match_info_fetch (match, column);
  if (strcmp (text, "-") == 0)
    *text = '\0';
  return text;
}

static HostileRow *
row_new (const GMatchInfo *match)
{
  g_autoptr (GError) error = NULL;
  HostileRow *row = g_new0 (HostileRow, 1);
  g_autofree char *message = text_of (match, 6);
  row->name = text_of (match, 1);
  row->word = text_of (match, 2);
  row->run = text_of (match, 3);
  row->needs = text_of (match, 4);
  row->settings = text_of (match, 5);
  if (*message != '\0')
    row->message = g_regex_new (message, G_REGEX_ANCHORED, 0, &error);
  g_assert_no_error (error);
  return row;
}

GPtrArray *
hostile_table_read (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GRegex) columns = g_regex_new ("^(\\S+) +([A-Z]+) +(\\S+) +(\\S+) +(\\S+) +(\\S.*)$", 0, 0, NULL);
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++) {
    g_autoptr (GMatchInfo) match = NULL;
    if (**line == '\0' || **line == '#')
      continue;
    if (!g_regex_match (columns, *line, 0, &match))
      g_error ("%s:%d: not a row: %s", path, (int)(line - lines) + 1, *line);
    g_ptr_array_add (rows, row_new (match));
  }
  return rows;
}

/* What only a test outside of a container can do. Of a user's engine it has no users to give to another namespace. */
static gboolean
is_elsewhere (const HostileRow *row, const char *tier)
{
  return strcmp (tier, FAULTS_CONTAINER) == 0 &&
         (strcmp (row->needs, "outside") == 0 || (strcmp (row->needs, "namespaces") == 0 && geteuid () != 0));
}

/* Tests under these tiers see only themselves and their agent, which is process 1. */
static gboolean
has_own_pids (const char *tier)
{
  return strcmp (tier, FAULTS_CONTAINER) == 0 || strcmp (tier, "strict") == 0 || strcmp (tier, "pidns") == 0;
}

static gboolean
can_do (const char *needs, const char *program)
{
  g_autofree char *probe = g_strconcat ("probe-", needs, NULL);
  const char *argv[] = { program, probe, NULL };
  int status = 0;
  if (*needs == '\0' || strcmp (needs, "all-pids") == 0 || strcmp (needs, "own-pids") == 0 ||
      strcmp (needs, "outside") == 0)
    return TRUE;
  if (strcmp (needs, "root") == 0 || strcmp (needs, "user") == 0)
    return (geteuid () == 0) == (*needs == 'r');
  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, NULL, &status, NULL));
  return status == 0;
}

GPtrArray *
hostile_table_select (const GPtrArray *all, const char *run, const char *tier, const char *program,
                      GString *ret_left_out)
{
  GPtrArray *rows = g_ptr_array_new ();
  for (guint i = 0; i < all->len; i++) {
    HostileRow *row = all->pdata[i];
    if (strcmp (row->run, run) != 0 || strcmp (row->needs, has_own_pids (tier) ? "all-pids" : "own-pids") == 0)
      continue;
    if (!is_elsewhere (row, tier) && can_do (row->needs, program))
      g_ptr_array_add (rows, row);
    else
      g_string_append_printf (ret_left_out, " %s (needs %s)", row->name, row->needs);
  }
  return rows;
}
