/* SPDX-License-Identifier: MIT
 * Go on: what --auto-resume does, before the first round and after each that was stopped. */
#pragma once
#include "main/commands.h"
#include "run/rounds.h"
#include "run/run.h"

#include <signal.h>

enum { SRT_GO_ON_SIGNALS = 5 };

typedef struct {
  const SrtCommandContext *context;
  const char *resume_hint;
  guint max; /* rounds that may follow the first; 0: --auto-resume was not given */
  SrtRounds rounds;
  sigset_t mask;                               /* as this process got it */
  struct sigaction actions[SRT_GO_ON_SIGNALS]; /* likewise */
} SrtGoOn;

/* To be called before anything is started or watches signals. Takes the variable of an earlier round away. Error: this
 * run keeps no checkpoint. What else is of no use with --auto-resume is said. */
gboolean srt_go_on_begin (SrtGoOn *go_on, const SrtCommandContext *context, GError **error);

/* This round was stopped. Waits and begins the next one in this process' place; returns only where there is none, with
 * the exit status. */
int srt_go_on (SrtGoOn *go_on, const SrtRunStop *stop);
