/* SPDX-License-Identifier: MIT
 * The one place where a verdict is made: how the process ended + what its output says → one word and one line. Pure.
 *
 * The order of the rules is the order of blame: not started / lost (ERROR), killed by srt (TIMEOUT, KILLED, LIMIT,
 * HUNG), OOM by evidence, a signal (CRASH), then the test's own words: exit status 77 SKIP, 99 ERROR, other FAIL, and
 * for TAP the cases; a leak counts only against a test that would have passed. */
#pragma once
#include "settings/settings.h"
#include "srt/srt-plugin.h"
#include "verdict/tap.h"

typedef struct {
  srt_verdict verdict;
  srt_cases cases;
  char message[256]; /* "" for PASS */
} SrtJudgement;

/* TAP: NULL when the format is `exit`. TIMEOUT_NS: for the words. */
void srt_verdict_judge (const srt_exit *end, SrtFormat format, const SrtTapSummary *tap, guint64 timeout_ns,
                        SrtJudgement *ret);

const char *srt_verdict_word (guint32 verdict); /* "PASS"; "?" unknown */
guint32 srt_verdict_parse (const char *word);   /* NONE unknown */
/* Does it make the run fail (exit 1)? FAIL ERROR CRASH TIMEOUT OOM LIMIT HUNG; KILLED is no word on the test and counts
 * as unfinished. */
gboolean srt_verdict_is_failure (guint32 verdict);
void srt_counts_add (srt_counts *counts, guint32 verdict, const srt_cases *cases);
