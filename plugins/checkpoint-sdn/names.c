/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <stdlib.h>
#include <string.h>

void
srt_names_add (srt_names *names, const char *text)
{
  char **items = realloc (names->items, (names->n + 1) * sizeof *items);

  if (items == NULL)
    return;
  names->items = items;
  items[names->n] = strdup (text);
  names->n += items[names->n] != NULL;
}

void
srt_names_remove (srt_names *names, const char *text)
{
  for (uint32_t i = 0; i < names->n; i++)
    if (strcmp (names->items[i], text) == 0) {
      free (names->items[i]);
      names->n--;
      memmove (names->items + i, names->items + i + 1, (names->n - i) * sizeof *names->items);
      return;
    }
}

void
srt_names_clear (srt_names *names)
{
  for (uint32_t i = 0; i < names->n; i++)
    free (names->items[i]);
  free (names->items);
  *names = (srt_names){ 0 };
}
