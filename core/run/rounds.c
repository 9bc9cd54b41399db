/* SPDX-License-Identifier: MIT */
#include "run/rounds.h"

#include <stdio.h>

enum { PATIENCE = 2 };

char *
srt_rounds_print (const SrtRounds *rounds, gint64 pid)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%u:%u", pid, rounds->used, rounds->fruitless);
}

gboolean
srt_rounds_parse (const char *text, gint64 pid, SrtRounds *ret)
{
  gint64 whose = 0;
  int length = 0;
  SrtRounds found = { 0 };
  *ret = found;
  if (!text || sscanf (text, "%" G_GINT64_FORMAT ":%u:%u%n", &whose, &found.used, &found.fruitless, &length) != 3)
    return FALSE;
  if (whose != pid || text[length] != '\0' || found.used == 0)
    return FALSE;
  *ret = found;
  return TRUE;
}

SrtRoundsWord
srt_rounds_next (SrtRounds *rounds, guint max, guint finished)
{
  rounds->fruitless = finished > 0 ? 0 : rounds->fruitless + 1;
  if (rounds->fruitless >= PATIENCE)
    return SRT_ROUNDS_NO_PROGRESS;
  if (rounds->used >= max)
    return SRT_ROUNDS_ALL_USED;
  rounds->used++;
  return SRT_ROUNDS_GO_ON;
}
