/* SPDX-License-Identifier: MIT */
#include "screen.h"
#include "../shared/words.h"
#include <string.h>

#define RULE "=========================================\n"

enum { WORD_WIDTH = 8, DURATION_WIDTH = 7 };

static int
says (const char *string)
{
  return string && string[0];
}

void
srt_screen_tally (srt_tally *tally, const srt_result *result)
{
  const srt_cases *cases = &result->cases;
  srt_outcome outcome = srt_words_outcome (result->verdict);
  int failed = srt_words_is_failure (result->verdict);
  int counted = cases->passed || cases->failed || cases->skipped || cases->pending;
  if (outcome == SRT_OUTCOME_UNFINISHED)
    return;
  tally->cases |= counted;
  tally->passed += counted ? cases->passed : outcome == SRT_OUTCOME_PASSED;
  tally->failed += cases->failed ? cases->failed : (uint32_t)failed;
  tally->skipped += counted ? cases->skipped : result->verdict == SRT_VERDICT_SKIP;
  tally->pending += counted ? cases->pending : result->verdict == SRT_VERDICT_PENDING;
}

/* A line of its own, unless there is nothing to say. */
static void
add_field (srt_text *text, const char *label, const char *value)
{
  if (!says (value))
    return;
  srt_text_add (text, label);
  srt_text_add_clean (text, value);
  srt_text_end_line (text);
}

static uint32_t
count_suites (const srt_run *run)
{
  uint32_t n = 0;
  while (run->suites && run->suites[n])
    n++;
  return n;
}

/* In tests, so that the numbers add up to "completed". */
static void
add_earlier (srt_text *text, const srt_run *run)
{
  uint32_t passed = 0, failed = 0, skipped = 0;
  for (unsigned i = 0; i < SRT_WORDS; i++) {
    uint32_t n, verdict = (i + 1) * 100;
    srt_words_count (&run->earlier, i, &n);
    if (srt_words_is_failure (verdict))
      failed += n;
    else if (srt_words_outcome (verdict) == SRT_OUTCOME_PASSED)
      passed += n;
    else if (srt_words_outcome (verdict) == SRT_OUTCOME_SKIPPED)
      skipped += n;
  }
  srt_text_add (text, "Resuming: stopped by ");
  srt_text_add_clean (text, says (run->stop_reason) ? run->stop_reason : "an unknown cause");
  srt_text_addf (text, "; earlier: %u completed, passed %u, failed %u, skipped %u", srt_words_complete (&run->earlier),
                 passed, failed, skipped);
  srt_text_end_line (text);
}

void
srt_screen_header (srt_text *text, const srt_run *run, int verbose)
{
  uint32_t suites = count_suites (run), total = run->earlier.total;
  srt_text_addf (text, "Mode: %s, %u worker%s; executor: ", run->mode, run->workers, srt_text_plural (run->workers));
  srt_text_add_clean (text, run->executor);
  if (says (run->tier)) {
    srt_text_add (text, ", ");
    srt_text_add_clean (text, run->tier);
  }
  srt_text_end_line (text);
  srt_text_addf (text, "Tests: %u in %u suite%s", total, suites, srt_text_plural (suites));
  srt_text_end_line (text);
  add_field (text, "Protection: ", run->protection);
  if (verbose)
    add_field (text, "Checkpoint: ", run->checkpoint);
  if (run->resumed)
    add_earlier (text, run);
}

static void
add_word (srt_text *text, int colour, uint32_t verdict)
{
  srt_text_add (text, srt_style_begin (colour, verdict));
  srt_text_addf (text, "%-*s", WORD_WIDTH, srt_words_name (verdict));
  srt_text_add (text, srt_style_end (colour));
}

static void
add_usage (srt_text *text, const srt_usage *usage, const char *held_by)
{
  srt_text_add (text, " [cpu ");
  srt_text_add_duration (text, usage->user_ns + usage->system_ns);
  if (usage->memory_peak)
    srt_text_addf (text, ", memory %llu KiB", (unsigned long long)usage->memory_peak / 1024);
  if (usage->frozen_ns) {
    srt_text_add (text, ", frozen ");
    srt_text_add_duration (text, usage->frozen_ns);
  }
  if (says (held_by)) {
    srt_text_add (text, "; held by ");
    srt_text_add_clean (text, held_by);
  }
  srt_text_add (text, "]");
}

void
srt_screen_result (srt_text *text, int colour, const srt_result *result, int verbose)
{
  add_word (text, colour, result->verdict);
  srt_text_add (text, " ");
  srt_text_add_duration_padded (text, result->usage.wall_ns, DURATION_WIDTH);
  srt_text_add (text, "  ");
  srt_text_add_clean (text, result->test->id);
  if (says (result->message)) {
    srt_text_add (text, ": ");
    srt_text_add_clean (text, result->message);
  }
  if (result->attempt > 1 || !result->final)
    srt_text_addf (text, " (attempt %u%s)", result->attempt, result->final ? "" : ", will run again");
  if (result->earlier)
    srt_text_add (text, " (earlier round)");
  if (verbose && result->usage.source != SRT_USAGE_NONE)
    add_usage (text, &result->usage, result->held_by);
  srt_text_end_line (text);
}

void
srt_screen_slow (srt_text *text, int colour, const srt_test *test, uint64_t after_ns, uint64_t timeout_ns)
{
  const char *style = srt_style_level (colour, SRT_LOG_WARNING);
  srt_text_addf (text, "srt: %sSLOW%s ", style, style[0] ? srt_style_end (colour) : "");
  srt_text_add_clean (text, test->id);
  srt_text_add (text, ": still runs after ");
  srt_text_add_duration (text, after_ns);
  srt_text_add (text, "; its timeout is ");
  srt_text_add_duration (text, timeout_ns);
  srt_text_end_line (text);
}

static void
add_tally (srt_text *text, const srt_tally *tally)
{
  srt_text_addf (text, "Passed: %llu, Failed: %llu, Skipped: %llu", (unsigned long long)tally->passed,
                 (unsigned long long)tally->failed, (unsigned long long)tally->skipped);
  if (tally->pending)
    srt_text_addf (text, ", Pending: %llu", (unsigned long long)tally->pending);
  srt_text_end_line (text);
}

void
srt_screen_stop (srt_text *text, const srt_stop *stop, const srt_tally *tally)
{
  if (stop->exit_code != SRT_SCREEN_PROTECTED) {
    srt_text_add (text, "Stopping early: ");
    srt_text_add_clean (text, stop->reason);
    srt_text_addf (text, "; %u/%u complete", srt_words_complete (stop->counts), stop->counts->total);
    srt_text_end_line (text);
    return;
  }
  srt_text_add (text, RULE "GRACEFUL SHUTDOWN INITIATED\n" RULE "Reason: ");
  srt_text_add_clean (text, stop->reason);
  srt_text_end_line (text);
  srt_text_addf (text, "Completed tests: %u\n", srt_words_complete (stop->counts));
  add_tally (text, tally);
}

void
srt_screen_step (srt_text *text, const srt_stop *stop, int continued)
{
  int last = stop->step == stop->steps;
  if (!continued) {
    srt_text_addf (text, "[SHUTDOWN] Step %u/%u: ", stop->step, stop->steps);
    srt_text_add_clean (text, stop->text);
    srt_text_add (text, last ? "" : "...");
  }
  if (says (stop->outcome)) {
    srt_text_add (text, " ");
    srt_text_add_clean (text, stop->outcome);
  }
  if (stop->outcome || last)
    srt_text_end_line (text);
}

void
srt_screen_unfinished (srt_text *text, const srt_test *test, const char *reason)
{
  srt_text_addf (text, "%-*s %*s  ", WORD_WIDTH, "NOT RUN", DURATION_WIDTH, "-");
  srt_text_add_clean (text, test->id);
  if (says (reason)) {
    srt_text_add (text, ": ");
    srt_text_add_clean (text, reason);
  }
  srt_text_end_line (text);
}

static void
add_counts (srt_text *text, int colour, const srt_counts *counts)
{
  const char *between = "";
  srt_text_add (text, "Results: ");
  for (unsigned i = 0; i < SRT_WORDS; i++) {
    uint32_t n;
    const char *word = srt_words_count (counts, i, &n);
    if (n == 0)
      continue;
    srt_text_addf (text, "%s%s%u %s%s", between, srt_style_begin (colour, (i + 1) * 100), n, word,
                   srt_style_end (colour));
    between = ", ";
  }
  srt_text_add (text, between[0] ? "" : "none");
  srt_text_end_line (text);
}

/* Why the run is not whole, and how to go on. */
static void
add_rest (srt_text *text, const srt_summary *summary, uint32_t unfinished)
{
  if (unfinished) {
    srt_text_addf (text, "Not finished: %u test%s", unfinished, srt_text_plural (unfinished));
    srt_text_end_line (text);
  }
  add_field (text, "Stopped by: ", summary->stop_reason);
  if (summary->cleaned)
    srt_text_addf (text, "Cleaned up %u orphaned resource%s\n", summary->cleaned, srt_text_plural (summary->cleaned));
  add_field (text, "To resume: ", summary->resume_hint);
}

void
srt_screen_summary (srt_text *text, int colour, const srt_summary *summary, const srt_tally *tally, uint32_t unfinished)
{
  const srt_counts *counts = summary->counts;
  srt_text_addf (text, "\n%sSummary%s: %u/%u complete in ", srt_style_bold (colour), srt_style_end (colour),
                 srt_words_complete (counts), counts->total);
  srt_text_add_duration (text, summary->elapsed_ns);
  srt_text_end_line (text);
  add_counts (text, colour, counts);
  if (tally->cases) {
    srt_text_add (text, "Cases: ");
    add_tally (text, tally);
  }
  add_rest (text, summary, unfinished);
}

static const char *
level_word (uint32_t level)
{
  if (level >= SRT_LOG_ERROR)
    return "error: ";
  if (level >= SRT_LOG_WARNING)
    return "warning: ";
  return level >= SRT_LOG_INFO ? "" : "debug: ";
}

void
srt_screen_message (srt_text *text, int colour, uint32_t level, const char *from, const char *message)
{
  const char *style = srt_style_level (colour, level);
  srt_text_addf (text, "srt: %s%s%s", style, level_word (level), style[0] ? srt_style_end (colour) : "");
  if (says (from)) {
    srt_text_add_clean (text, from);
    srt_text_add (text, ": ");
  }
  srt_text_add_clean (text, message);
  srt_text_end_line (text);
}
