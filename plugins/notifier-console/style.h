/* SPDX-License-Identifier: MIT
 * How the screen is to look: what the options and the environment say. Pure but for srt_style_terminal. */
#pragma once
#include <srt/srt-plugin.h>

typedef enum srt_verbosity { SRT_QUIET, SRT_NORMAL, SRT_VERBOSE } srt_verbosity;

/* What decides over colour and the live line. */
typedef struct srt_terminal {
  int is_terminal;
  const char *term;           /* TERM or NULL */
  const char *no_color;       /* NO_COLOR or NULL */
  const char *clicolor;       /* CLICOLOR or NULL */
  const char *clicolor_force; /* CLICOLOR_FORCE or NULL */
} srt_terminal;

/* What FD and the environment say. */
void srt_style_terminal (int fd, srt_terminal *ret);
/* CHOICE: "auto", "always" or "never". auto: NO_COLOR, then CLICOLOR_FORCE, then a terminal that is not dumb. */
int srt_style_colour (const char *choice, const srt_terminal *terminal);
/* auto: only on a terminal that is not dumb. */
int srt_style_live (const char *choice, const srt_terminal *terminal);

/* The sequence that begins VERDICT's colour, and the one that ends any; "" without COLOUR. */
const char *srt_style_begin (int colour, uint32_t verdict);
const char *srt_style_end (int colour);
/* For headlines and for messages of LEVEL. */
const char *srt_style_bold (int colour);
const char *srt_style_level (int colour, uint32_t level);
