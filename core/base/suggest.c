/* SPDX-License-Identifier: MIT */
#include "base/suggest.h"

#include <string.h>

/* Longer words are no slips of the finger, and their tables would be large. */
#define WORD_MAX 63u

/* Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours count 1; case counts nothing.
 */
static guint
distance (const char *a, const char *b)
{
  gsize n = strlen (a), m = strlen (b);
  guint rows[3][WORD_MAX + 1];
  guint *before = rows[0], *last = rows[1], *row = rows[2];

  for (gsize j = 0; j <= m; j++)
    last[j] = (guint)j;
  for (gsize i = 1; i <= n; i++) {
    row[0] = (guint)i;
    for (gsize j = 1; j <= m; j++) {
      char x = g_ascii_tolower (a[i - 1]), y = g_ascii_tolower (b[j - 1]);
      row[j] = MIN (MIN (last[j], row[j - 1]) + 1, last[j - 1] + (x != y));
      if (i > 1 && j > 1 && x == g_ascii_tolower (b[j - 2]) && g_ascii_tolower (a[i - 2]) == y)
        row[j] = MIN (row[j], before[j - 2] + 1);
    }
    guint *free_row = before;
    before = last;
    last = row;
    row = free_row;
  }
  return last[m];
}

/* How many slips a word of LENGTH may hold and still be meant. */
static guint
tolerance (gsize length)
{
  return length < 3 ? 1 : (guint)MIN ((length + 1) / 3, 4);
}

const char *
srt_suggest (const char *word, const char *const *candidates)
{
  const char *best = NULL;
  guint best_distance = 0;
  gsize length = strlen (word);

  if (length == 0 || length > WORD_MAX)
    return NULL;
  for (; *candidates; candidates++) {
    if (strlen (*candidates) > WORD_MAX)
      continue;
    guint d = distance (word, *candidates);
    if (d <= tolerance (length) && d < strlen (*candidates) && (!best || d < best_distance)) {
      best = *candidates;
      best_distance = d;
    }
  }
  return best;
}
