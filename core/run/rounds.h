/* SPDX-License-Identifier: MIT
 * Rounds: what one command with --auto-resume knows from one of its rounds to the next. Each round is a process of its
 * own, put in the place of the one before by exec, so that it has the same process id. Pure. */
#pragma once
#include <glib.h>

typedef struct {
  guint used;      /* rounds after the first, this one included; 0: the first */
  guint fruitless; /* rounds in a row, right before this one, that have finished no test */
} SrtRounds;

/* The variable that carries them; taken away before anything else is started. */
#define SRT_ROUNDS_VARIABLE "SRT_AUTO_RESUME_ROUND"

/* With the process id, so that a variable that came from anywhere else says nothing. Caller frees. */
char *srt_rounds_print (const SrtRounds *rounds, gint64 pid);
/* FALSE: TEXT (may be NULL) is none of PID's; RET is zeroed. */
gboolean srt_rounds_parse (const char *text, gint64 pid, SrtRounds *ret);

typedef enum {
  SRT_ROUNDS_GO_ON,
  SRT_ROUNDS_ALL_USED,   /* as many as were allowed */
  SRT_ROUNDS_NO_PROGRESS /* two in a row have finished no test: a third would not either */
} SrtRoundsWord;

/* This round was stopped and has finished FINISHED tests; at most MAX rounds may follow the first. With GO_ON, ROUNDS
 * is what the next one knows. */
SrtRoundsWord srt_rounds_next (SrtRounds *rounds, guint max, guint finished);
