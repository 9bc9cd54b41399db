/* SPDX-License-Identifier: MIT
 * The words of the screen: events → lines of text. Pure. */
#pragma once
#include "style.h"
#include "text.h"

/* What "Passed: …, Failed: …, Skipped: …" count: the cases of a test whose output counts them, else the test itself as
 * one; a test that failed without a failed case adds one to `failed`. */
typedef struct srt_tally {
  uint64_t passed, failed, skipped, pending;
  int cases; /* some of it are cases */
} srt_tally;

/* RESULT: a final one. */
void srt_screen_tally (srt_tally *tally, const srt_result *result);

void srt_screen_header (srt_text *text, const srt_run *run, int verbose);
/* One finished attempt: word, duration, name, and why. */
void srt_screen_result (srt_text *text, int colour, const srt_result *result, int verbose);
/* A test that runs long: "srt: SLOW ID: still runs after 1m00s; its timeout is 2m00s". No line of a result looks so. */
void srt_screen_slow (srt_text *text, int colour, const srt_test *test, uint64_t after_ns, uint64_t timeout_ns);
enum { SRT_SCREEN_PROTECTED = 42 }; /* the exit status of a protected stop */

/* The announcement of a stop: the banner when srt protects the machine (exit 42), else one line. */
void srt_screen_stop (srt_text *text, const srt_stop *stop, const srt_tally *tally);
/* "[SHUTDOWN] Step 1/4: Saving checkpoint..."; OUTCOME NULL leaves the line open. CONTINUED: only the outcome. */
void srt_screen_step (srt_text *text, const srt_stop *stop, int continued);
/* UNFINISHED: tests without a result. */
void srt_screen_summary (srt_text *text, int colour, const srt_summary *summary, const srt_tally *tally,
                         uint32_t unfinished);
void srt_screen_unfinished (srt_text *text, const srt_test *test, const char *reason);
/* "srt: warning: notifier junit: …" */
void srt_screen_message (srt_text *text, int colour, uint32_t level, const char *from, const char *message);
