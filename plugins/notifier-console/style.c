/* SPDX-License-Identifier: MIT */
#include "style.h"
#include "../shared/words.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GREEN   "\033[32m"
#define YELLOW  "\033[33m"
#define MAGENTA "\033[35m"
#define RED     "\033[1;31m"
#define BOLD    "\033[1m"
#define PLAIN   "\033[0m"

void
srt_style_terminal (int fd, srt_terminal *ret)
{
  *ret = (srt_terminal){
    .is_terminal = isatty (fd),
    .term = getenv ("TERM"),
    .no_color = getenv ("NO_COLOR"),
    .clicolor = getenv ("CLICOLOR"),
    .clicolor_force = getenv ("CLICOLOR_FORCE"),
  };
}

static int
is_capable (const srt_terminal *terminal)
{
  return terminal->is_terminal && terminal->term && terminal->term[0] && strcmp (terminal->term, "dumb") != 0;
}

int
srt_style_colour (const char *choice, const srt_terminal *terminal)
{
  if (strcmp (choice, "auto") != 0)
    return strcmp (choice, "always") == 0;
  if (terminal->no_color && terminal->no_color[0])
    return 0;
  if (terminal->clicolor_force && terminal->clicolor_force[0] && strcmp (terminal->clicolor_force, "0") != 0)
    return 1;
  return is_capable (terminal) && !(terminal->clicolor && strcmp (terminal->clicolor, "0") == 0);
}

int
srt_style_live (const char *choice, const srt_terminal *terminal)
{
  return strcmp (choice, "auto") == 0 ? is_capable (terminal) : strcmp (choice, "always") == 0;
}

const char *
srt_style_begin (int colour, uint32_t verdict)
{
  if (!colour)
    return "";
  if (verdict == SRT_VERDICT_PASS)
    return GREEN;
  if (srt_words_is_failure (verdict))
    return RED;
  return srt_words_outcome (verdict) == SRT_OUTCOME_PASSED ? MAGENTA : YELLOW;
}

const char *
srt_style_end (int colour)
{
  return colour ? PLAIN : "";
}

const char *
srt_style_bold (int colour)
{
  return colour ? BOLD : "";
}

const char *
srt_style_level (int colour, uint32_t level)
{
  if (!colour || level < SRT_LOG_WARNING)
    return "";
  return level < SRT_LOG_ERROR ? YELLOW : RED;
}
