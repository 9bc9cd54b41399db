/* SPDX-License-Identifier: MIT */
#include "terminal.h"
#include <string.h>

typedef struct {
  GPtrArray *rows; /* of GString */
  guint row, column, columns;
} Screen;

static GString *
row (Screen *screen)
{
  while (screen->rows->len <= screen->row)
    g_ptr_array_add (screen->rows, g_string_new (NULL));
  return g_ptr_array_index (screen->rows, screen->row);
}

/* In ASCII, which is all that the tests show. */
static void
put (Screen *screen, char character)
{
  if (screen->column == screen->columns) {
    screen->column = 0;
    screen->row++;
  }
  GString *line = row (screen);
  while (line->len <= screen->column)
    g_string_append_c (line, ' ');
  line->str[screen->column++] = character;
}

static const char *
escape (Screen *screen, const char *p)
{
  g_assert_cmpint (p[1], ==, '[');
  const char *end = p + 2 + strspn (p + 2, "0123456789;");
  g_assert_true (*end == 'm' || *end == 'K');
  if (*end == 'K')
    g_string_truncate (row (screen), MIN (row (screen)->len, screen->column));
  return end;
}

char *
terminal_show (const char *bytes, guint columns)
{
  Screen screen = { .rows = g_ptr_array_new (), .columns = columns };
  GString *text = g_string_new (NULL);
  for (const char *p = bytes; *p; p++)
    if (*p == '\033')
      p = escape (&screen, p);
    else if (*p == '\r')
      screen.column = 0;
    else if (*p == '\n')
      screen.row++;
    else
      put (&screen, *p);
  for (guint i = 0; i < screen.rows->len; i++) {
    GString *line = g_ptr_array_index (screen.rows, i);
    g_string_append_printf (text, "%s\n", g_strchomp (line->str));
    g_string_free (line, TRUE);
  }
  g_ptr_array_unref (screen.rows);
  return g_string_free (text, FALSE);
}

char *
terminal_strip_colours (const char *bytes)
{
  g_autoptr (GRegex) colour = g_regex_new ("\033\\[[0-9;]*m", 0, 0, NULL);
  return g_regex_replace_literal (colour, bytes, -1, 0, "", 0, NULL);
}
