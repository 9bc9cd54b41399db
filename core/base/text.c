/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <string.h>

#define ESCAPED_LENGTH 4 /* "\xNN" */

/* The length of the printable character at BYTES, or 0: this byte must be escaped. */
static gsize
printable_length (const char *bytes, gsize length)
{
  guchar first = (guchar)*bytes;
  if (first < 0x80)
    return first >= 0x20 && first != 0x7f;
  gunichar c = g_utf8_get_char_validated (bytes, (gssize)length);
  if (c == (gunichar)-1 || c == (gunichar)-2 || c < 0xa0) /* invalid, cut off, or one of the C1 controls */
    return 0;
  return (gsize)g_unichar_to_utf8 (c, NULL);
}

/* What stands for the character at BYTES, into PIECE; RET_USED: bytes taken. Returns its length. */
static gsize
next_piece (const char *bytes, gsize length, char piece[8], gsize *ret_used)
{
  static const char hex[] = "0123456789abcdef";
  gsize used = printable_length (bytes, length);
  if (used > 0) {
    memcpy (piece, bytes, used);
    *ret_used = used;
    return used;
  }
  guchar byte = (guchar)*bytes;
  piece[0] = '\\';
  piece[1] = 'x';
  piece[2] = hex[byte >> 4];
  piece[3] = hex[byte & 15];
  *ret_used = 1;
  return ESCAPED_LENGTH;
}

char *
srt_text_printable (const char *bytes, gsize length)
{
  GString *text = g_string_sized_new (length + 1);
  char piece[8];
  for (gsize at = 0, used; at < length; at += used) {
    gsize size = next_piece (bytes + at, length - at, piece, &used);
    g_string_append_len (text, piece, (gssize)size);
  }
  return g_string_free (text, FALSE);
}

void
srt_text_printable_into (char *buffer, gsize size, const char *bytes, gsize length)
{
  static const char dots[] = "...";
  gsize filled = 0, cut = 0; /* CUT: where the dots would still fit */
  char piece[8];
  for (gsize at = 0, used; at < length; at += used) {
    gsize n = next_piece (bytes + at, length - at, piece, &used);
    if (filled + n + 1 > size) {
      memcpy (buffer + cut, dots, sizeof dots);
      return;
    }
    memcpy (buffer + filled, piece, n);
    filled += n;
    if (filled + sizeof dots <= size)
      cut = filled;
  }
  buffer[filled] = '\0';
}

char *
srt_text_names (const char *const *names, guint n, guint max)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < MIN (n, max); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", names[i]);
  if (n > max)
    g_string_append_printf (text, " and %u more", n - max);
  return g_string_free (text, FALSE);
}
