/* SPDX-License-Identifier: MIT
 * The one place where a verdict is made: how the process ended + what its output says → one word and one line. Pure.
 *
 * The order of the rules is the order of blame; the first that holds gives the word:
 *   not started, lost                  ERROR    the runner's or the machine's fault, never the test's
 *   killed by srt: its wall time       TIMEOUT
 *     for the run (stop, shed)         KILLED   no word on the test
 *     over a limit of its own          LIMIT
 *     silent for too long              HUNG
 *   OOM by evidence of the kernel      OOM      also when its own process got on: what it says then is worth nothing;
 *                                               the message and `limit` say whether over its own limit or the machine's
 *   it met a limit of its own and      LIMIT    by evidence in `limit` (the kernel refused or killed for it); a test
 *     did not pass                              that met one and passed all the same has passed
 *   a signal that srt did not send     CRASH
 *   exit status 99                     ERROR    the test's own word that it could not test
 *   then, with format `exit`: 0 PASS, 77 SKIP, other FAIL. With format `tap`:
 *     Bail out!                        ERROR    TAP's way to say what 99 says
 *     a case failed                    FAIL
 *     exit status other than 0 and 77  FAIL     even if all cases are ok
 *     exit status 77                   SKIP
 *     output was cut                   ERROR    what was not read cannot be judged; names output_max
 *     no TAP, no plan, a wrong count   ERROR    "no TAP output", "planned 5 cases, saw 3"
 *     1..0, or all cases skipped       SKIP
 *     none passed, some TODO           PENDING
 *     else                             PASS
 *   a PASS that left processes         LEAK; FAIL where leaks = "fail", PASS where "ignore" */
#pragma once
#include "settings/settings.h"
#include "srt/srt-plugin.h"
#include "verdict/limit-words.h"
#include "verdict/tap.h"

typedef struct {
  srt_verdict verdict;
  srt_cases cases;
  char message[256]; /* one line, printable; "" for PASS */
} SrtJudgement;

/* What a verdict is made by, beside the end itself. */
typedef struct {
  SrtFormat format;
  SrtLeaks leaks;
  guint64 timeout_ns;       /* for the words */
  guint64 heartbeat_ns;     /* likewise */
  const srt_limits *limits; /* likewise: those that it ran with; NULL: none */
} SrtJudgeBy;

/* TAP: what an SrtTap that read standard output says; NULL when none did. With format `exit` it gives the counts of the
 * cases and the words for a failure, never the verdict. */
void srt_verdict_judge (const srt_exit *end, const SrtJudgeBy *by, const SrtTapSummary *tap, SrtJudgement *ret);

const char *srt_verdict_word (guint32 verdict); /* "PASS"; "?" unknown */
guint32 srt_verdict_parse (const char *word);   /* NONE unknown */
/* Does it make the run fail (exit 1)? FAIL ERROR CRASH TIMEOUT OOM LIMIT HUNG; KILLED is no word on the test and counts
 * as unfinished. */
gboolean srt_verdict_is_failure (guint32 verdict);
/* One final result more. CASES may be NULL. A verdict that is not known, or NONE, is not counted. */
void srt_counts_add (srt_counts *counts, guint32 verdict, const srt_cases *cases);
