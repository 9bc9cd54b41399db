/* SPDX-License-Identifier: MIT */
#include "verdict/verdict.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"

enum { EXIT_SKIP = 77, EXIT_HARD_ERROR = 99 }; /* as Automake has them */

/* Every word, once. */
static const struct {
  guint32 verdict;
  const char *word;
  gsize count; /* its place in srt_counts */
  gboolean failure;
} words[] = {
  { SRT_VERDICT_PASS, "PASS", offsetof (srt_counts, pass), FALSE },
  { SRT_VERDICT_FAIL, "FAIL", offsetof (srt_counts, fail), TRUE },
  { SRT_VERDICT_SKIP, "SKIP", offsetof (srt_counts, skip), FALSE },
  { SRT_VERDICT_PENDING, "PENDING", offsetof (srt_counts, pending), FALSE },
  { SRT_VERDICT_ERROR, "ERROR", offsetof (srt_counts, error), TRUE },
  { SRT_VERDICT_CRASH, "CRASH", offsetof (srt_counts, crash), TRUE },
  { SRT_VERDICT_TIMEOUT, "TIMEOUT", offsetof (srt_counts, timeout), TRUE },
  { SRT_VERDICT_OOM, "OOM", offsetof (srt_counts, oom), TRUE },
  { SRT_VERDICT_LIMIT, "LIMIT", offsetof (srt_counts, limit), TRUE },
  { SRT_VERDICT_LEAK, "LEAK", offsetof (srt_counts, leak), FALSE },
  { SRT_VERDICT_HUNG, "HUNG", offsetof (srt_counts, hung), TRUE },
  { SRT_VERDICT_PRESSURE, "PRESSURE", offsetof (srt_counts, pressure), FALSE },
  { SRT_VERDICT_FLAKY, "FLAKY", offsetof (srt_counts, flaky), FALSE },
  { SRT_VERDICT_KILLED, "KILLED", offsetof (srt_counts, killed), FALSE },
};

static const struct {
  int number;
  const char *name;
} signal_names[] = {
  { SIGHUP, "SIGHUP" },   { SIGINT, "SIGINT" },   { SIGQUIT, "SIGQUIT" },     { SIGILL, "SIGILL" },
  { SIGTRAP, "SIGTRAP" }, { SIGABRT, "SIGABRT" }, { SIGBUS, "SIGBUS" },       { SIGFPE, "SIGFPE" },
  { SIGKILL, "SIGKILL" }, { SIGUSR1, "SIGUSR1" }, { SIGSEGV, "SIGSEGV" },     { SIGUSR2, "SIGUSR2" },
  { SIGPIPE, "SIGPIPE" }, { SIGALRM, "SIGALRM" }, { SIGTERM, "SIGTERM" },     { SIGXCPU, "SIGXCPU" },
  { SIGXFSZ, "SIGXFSZ" }, { SIGSYS, "SIGSYS" },   { SIGVTALRM, "SIGVTALRM" }, { SIGPROF, "SIGPROF" },
};

static void G_GNUC_PRINTF (3, 4) say (SrtJudgement *ret, srt_verdict verdict, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  ret->verdict = verdict;
  srt_text_printable_into (ret->message, sizeof ret->message, text, strlen (text));
}

static void
pass (SrtJudgement *ret)
{
  ret->verdict = SRT_VERDICT_PASS;
  ret->message[0] = '\0';
}

static const char *
text_or (const char *text, const char *otherwise)
{
  return text != NULL && text[0] != '\0' ? text : otherwise;
}

static guint
count_cases (const SrtTapSummary *tap)
{
  return tap->passed + tap->failed + tap->skipped + tap->todo;
}

/* "2 of 7 cases failed, the first: NAME"; "" when none did. Caller frees. */
static char *
failed_cases (const SrtTapSummary *tap)
{
  if (tap == NULL || tap->failed == 0)
    return g_strdup ("");
  guint total = count_cases (tap);
  return g_strdup_printf ("%u of %u case%s failed%s %s", tap->failed, total, total == 1 ? "" : "s",
                          tap->failed > 1 ? ", the first:" : ":", tap->first_failure);
}

/* What the cases say besides, to stand behind other words: "; Bail out! REASON", "; 2 of 7 cases failed: NAME". */
static char *
case_words (const SrtTapSummary *tap)
{
  if (tap != NULL && tap->bailed)
    return g_strdup_printf ("; Bail out! %s", tap->reason);
  g_autofree char *failed = failed_cases (tap);
  return g_strconcat (failed[0] != '\0' ? "; " : "", failed, NULL);
}

/* What the executor says of a limit, else which one it was. Caller frees. */
static char *
limit_words (const srt_exit *end, const SrtJudgeBy *by)
{
  if (end->message != NULL && end->message[0] != '\0')
    return g_strdup (end->message);
  g_autofree char *limit = srt_limits_text (by->limits, end->limit);
  return limit[0] != '\0' ? g_strconcat ("over its limit: ", limit, NULL) : g_strdup ("over a limit");
}

static void
judge_oom (const srt_exit *end, const SrtJudgeBy *by, SrtJudgement *ret)
{
  g_autofree char *own = limit_words (end, by);
  if (end->limit & SRT_LIMIT_MEMORY)
    say (ret, SRT_VERDICT_OOM, "%s", own);
  else
    say (ret, SRT_VERDICT_OOM, "%s",
         text_or (end->message, "the kernel killed a process of it: the machine had no memory left"));
}

/* What did not pass, and met a limit of its own: that is the first thing to know. */
static void
blame_limit (const srt_exit *end, const SrtJudgeBy *by, SrtJudgement *ret)
{
  if (end->limit == 0 || !srt_verdict_is_failure (ret->verdict))
    return;
  g_autofree char *limit = limit_words (end, by);
  g_autofree char *before = g_strdup (ret->message);
  say (ret, SRT_VERDICT_LIMIT, "%s; %s", limit, before);
}

static void
judge_timeout (const srt_exit *end, guint64 timeout_ns, SrtJudgement *ret)
{
  g_autofree char *limit = srt_units_format_duration (timeout_ns);
  const char *oom = end->oom ? "; the kernel had killed a process of it for memory" : "";
  if (timeout_ns == 0)
    say (ret, SRT_VERDICT_TIMEOUT, "over its wall time%s", oom);
  else
    say (ret, SRT_VERDICT_TIMEOUT, "still ran after %s%s", limit, oom);
}

static void
judge_hung (const srt_exit *end, guint64 heartbeat_ns, SrtJudgement *ret)
{
  g_autofree char *period = srt_units_format_duration (heartbeat_ns);
  const char *more = text_or (end->message, "");

  if (heartbeat_ns == 0)
    say (ret, SRT_VERDICT_HUNG, "%s", *more ? more : "its heartbeat stopped");
  else
    say (ret, SRT_VERDICT_HUNG, "no heartbeat for %s%s%s", period, *more ? "; " : "", more);
}

static void
judge_killed (const srt_exit *end, const SrtJudgeBy *by, SrtJudgement *ret)
{
  g_autofree char *limit = limit_words (end, by);
  switch (end->why) {
  case SRT_WHY_TIMEOUT:
    judge_timeout (end, by->timeout_ns, ret);
    break;
  case SRT_WHY_LIMIT:
    say (ret, SRT_VERDICT_LIMIT, "%s", limit);
    break;
  case SRT_WHY_HEARTBEAT:
    judge_hung (end, by->heartbeat_ns, ret);
    break;
  case SRT_WHY_SHED:
    say (ret, SRT_VERDICT_KILLED, "killed by srt to free memory for the run");
    break;
  case SRT_WHY_STOP:
    say (ret, SRT_VERDICT_KILLED, "killed by srt: the run was stopped");
    break;
  default:
    say (ret, SRT_VERDICT_KILLED, "killed by srt: %s", text_or (end->message, "the reason is not known"));
    break;
  }
}

static void
judge_crash (const srt_exit *end, const SrtTapSummary *tap, SrtJudgement *ret)
{
  g_autofree char *cases = case_words (tap);
  const char *besides = end->code == SIGKILL ? " (not sent by srt)" : "";
  for (gsize i = 0; i < G_N_ELEMENTS (signal_names); i++)
    if (signal_names[i].number == end->code) {
      say (ret, SRT_VERDICT_CRASH, "%s%s%s", signal_names[i].name, besides, cases);
      return;
    }
  say (ret, SRT_VERDICT_CRASH, "signal %d%s", end->code, cases);
}

static void
judge_signalled (const srt_exit *end, const SrtJudgeBy *by, const SrtTapSummary *tap, SrtJudgement *ret)
{
  judge_crash (end, tap, ret);
  blame_limit (end, by, ret);
}

static void
judge_skip (const SrtTapSummary *tap, const char *otherwise, SrtJudgement *ret)
{
  say (ret, SRT_VERDICT_SKIP, "%s", tap != NULL && tap->skip_all ? text_or (tap->reason, otherwise) : otherwise);
}

static void
judge_status (const srt_exit *end, const SrtTapSummary *tap, SrtJudgement *ret)
{
  g_autofree char *cases = case_words (tap);
  if (end->code == 0)
    pass (ret);
  else if (end->code == EXIT_SKIP)
    judge_skip (tap, "exit status 77", ret);
  else
    say (ret, SRT_VERDICT_FAIL, "exit status %d%s", end->code, cases);
}

/* Everything of the stream is there and no case failed, and the program is content too. */
static void
judge_cases (const SrtTapSummary *tap, SrtJudgement *ret)
{
  guint total = count_cases (tap);
  if (tap->skip_all)
    judge_skip (tap, "1..0: the test skips itself", ret);
  else if (tap->skipped == total)
    say (ret, SRT_VERDICT_SKIP, total == 1 ? "its only case was skipped" : "all %u cases were skipped", total);
  else if (tap->passed == 0)
    say (ret, SRT_VERDICT_PENDING, "no case passed, %u of %u marked TODO", tap->todo, total);
  else
    pass (ret);
}

static void
judge_tap (const srt_exit *end, const SrtTapSummary *tap, SrtJudgement *ret)
{
  g_autofree char *failed = failed_cases (tap);
  if (tap->bailed)
    say (ret, SRT_VERDICT_ERROR, "Bail out! %s", tap->reason);
  else if (tap->failed > 0)
    say (ret, SRT_VERDICT_FAIL, "%s", failed);
  else if (end->code != 0 && end->code != EXIT_SKIP)
    say (ret, SRT_VERDICT_FAIL, tap->seen ? "exit status %d, though no case failed" : "exit status %d, no TAP output",
         end->code);
  else if (end->code == EXIT_SKIP)
    judge_skip (tap, "exit status 77", ret);
  else if (end->dropped > 0)
    say (ret, SRT_VERDICT_ERROR, "its TAP cannot be judged: %" G_GUINT64_FORMAT " bytes of output were over output_max",
         end->dropped);
  else if (!tap->seen)
    say (ret, SRT_VERDICT_ERROR, "no TAP output (format = \"tap\")");
  else if (tap->problem[0] != '\0')
    say (ret, SRT_VERDICT_ERROR, "TAP: %s", tap->problem);
  else
    judge_cases (tap, ret);
}

/* What else the executor knows of a failure. */
static void
add_words (const srt_exit *end, SrtJudgement *ret)
{
  const char *more = text_or (end->message, "");
  if (*more == '\0' || ret->verdict != SRT_VERDICT_FAIL)
    return;
  g_autofree char *before = g_strdup (ret->message);
  say (ret, SRT_VERDICT_FAIL, "%s; %s", before, more);
}

/* Processes that it left behind: the word only of what else had passed, the message of all. */
static void
judge_leak (const srt_exit *end, SrtLeaks leaks, SrtJudgement *ret)
{
  g_autofree char *before = ret->verdict == SRT_VERDICT_PASS ? g_strdup ("") : g_strconcat (ret->message, "; ", NULL);
  srt_verdict verdict = ret->verdict != SRT_VERDICT_PASS ? ret->verdict
                        : leaks == SRT_LEAKS_FAIL        ? SRT_VERDICT_FAIL
                                                         : SRT_VERDICT_LEAK;
  if (end->leaked > 0 && leaks != SRT_LEAKS_IGNORE)
    say (ret, verdict, "%sleft %u process%s behind: %s", before, end->leaked, end->leaked == 1 ? "" : "es",
         text_or (end->leak_text, "their names are not known"));
}

static void
judge_exited (const srt_exit *end, const SrtJudgeBy *by, const SrtTapSummary *tap, SrtJudgement *ret)
{
  static const SrtTapSummary silent = { .planned = -1, .reason = "", .first_failure = "", .problem = "" };
  g_autofree char *cases = case_words (tap);
  if (end->code == EXIT_HARD_ERROR)
    say (ret, SRT_VERDICT_ERROR, "exit status 99: the test says that it could not test%s", cases);
  else if (by->format == SRT_FORMAT_TAP)
    judge_tap (end, tap != NULL ? tap : &silent, ret);
  else
    judge_status (end, tap, ret);
  blame_limit (end, by, ret);
  add_words (end, ret);
  judge_leak (end, by->leaks, ret);
}

static void
judge_not_started (const srt_exit *end, SrtJudgement *ret)
{
  gboolean more = end->message != NULL && end->message[0] != '\0';
  say (ret, SRT_VERDICT_ERROR, "not started: %s%s%s", g_strerror (end->code), more ? "; " : "",
       more ? end->message : "");
}

static srt_cases
cases_of (const SrtTapSummary *tap)
{
  srt_cases cases = { .size = sizeof cases };
  if (tap != NULL) {
    cases.passed = tap->passed;
    cases.failed = tap->failed;
    cases.skipped = tap->skipped;
    cases.pending = tap->todo;
  }
  return cases;
}

void
srt_verdict_judge (const srt_exit *end, const SrtJudgeBy *by, const SrtTapSummary *tap, SrtJudgement *ret)
{
  *ret = (SrtJudgement){ .cases = cases_of (tap) };
  if (end->kind == SRT_EXIT_NOT_STARTED)
    judge_not_started (end, ret);
  else if (end->kind == SRT_EXIT_LOST)
    say (ret, SRT_VERDICT_ERROR, "lost: %s", text_or (end->message, "its end was not seen"));
  else if (end->kind == SRT_EXIT_KILLED)
    judge_killed (end, by, ret);
  else if (end->oom)
    judge_oom (end, by, ret);
  else if (end->kind == SRT_EXIT_SIGNALLED)
    judge_signalled (end, by, tap, ret);
  else if (end->kind == SRT_EXIT_EXITED)
    judge_exited (end, by, tap, ret);
  else
    say (ret, SRT_VERDICT_ERROR, "ended in a way that this srt does not know (%u)", end->kind);
}

const char *
srt_verdict_word (guint32 verdict)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].verdict == verdict)
      return words[i].word;
  return "?";
}

guint32
srt_verdict_parse (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].word, word) == 0)
      return words[i].verdict;
  return SRT_VERDICT_NONE;
}

gboolean
srt_verdict_is_failure (guint32 verdict)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].verdict == verdict)
      return words[i].failure;
  return FALSE;
}

void
srt_counts_add (srt_counts *counts, guint32 verdict, const srt_cases *cases)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].verdict == verdict) {
      *(uint32_t *)(void *)((char *)counts + words[i].count) += 1;
      counts->finished++;
      if (cases != NULL) {
        counts->cases_passed += cases->passed;
        counts->cases_failed += cases->failed;
        counts->cases_skipped += cases->skipped;
        counts->cases_pending += cases->pending;
      }
      return;
    }
}
