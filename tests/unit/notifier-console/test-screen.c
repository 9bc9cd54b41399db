/* SPDX-License-Identifier: MIT
 * Events → the words of the screen, as golden texts. */
#include "notifier-console/screen.h"
#include <glib.h>
#include <string.h>

static const srt_test test = { .size = sizeof test, .id = "unit/parser", .suite = "unit", .name = "parser" };

static void
assert_text (srt_text *text, const char *expected)
{
  g_autofree char *got = g_strndup (text->bytes, text->length);
  g_assert_cmpstr (got, ==, expected);
  srt_text_reset (text);
}

static void
test_header (void)
{
  srt_text text = { 0 };
  const char *const suites[] = { "unit", "system", NULL };
  srt_run run = { .size = sizeof run,
                  .workers = 4,
                  .mode = "parallel",
                  .executor = "process",
                  .tier = "subreaper",
                  .suites = suites,
                  .checkpoint = "/tmp/x.sdn",
                  .stop_reason = "cpu",
                  .protection = "cpu 80%, memory 90%" };
  run.earlier.total = 4000;
  srt_screen_header (&text, &run, 0);
  assert_text (&text, "Mode: parallel, 4 workers; executor: process, subreaper\nTests: 4000 in 2 suites\n"
                      "Protection: cpu 80%, memory 90%\n");
  run.protection = "";
  run.workers = 1;
  run.tier = "";
  run.mode = "sequential";
  run.resumed = 1;
  run.earlier =
      (srt_counts){ .total = 4000, .finished = 150, .pass = 139, .flaky = 1, .fail = 7, .crash = 1, .skip = 2 };
  srt_screen_header (&text, &run, 1);
  assert_text (&text, "Mode: sequential, 1 worker; executor: process\nTests: 4000 in 2 suites\n"
                      "Checkpoint: /tmp/x.sdn\n"
                      "Resuming: stopped by cpu; earlier: 150 completed, passed 140, failed 8, skipped 2\n");
}

static void
test_slow (void)
{
  const srt_test slow = { .size = sizeof slow, .id = "t/a\033" };
  srt_text text;
  srt_text_reset (&text);
  srt_screen_slow (&text, 0, &slow, 60000000000, 120000000000);
  text.bytes[text.length] = '\0';
  g_assert_cmpstr (text.bytes, ==, "srt: SLOW t/a\\x1B: still runs after 1m00s; its timeout is 2m00s\n");
}

static void
test_results (void)
{
  srt_text text = { 0 };
  srt_result result = { .size = sizeof result,
                        .verdict = SRT_VERDICT_PASS,
                        .test = &test,
                        .attempt = 1,
                        .final = 1,
                        .usage = { .wall_ns = 12345678 },
                        .message = "" };
  srt_screen_result (&text, 0, &result, 0);
  assert_text (&text, "PASS        12ms  unit/parser\n");
  srt_screen_result (&text, 1, &result, 0);
  assert_text (&text, "\033[32mPASS    \033[0m    12ms  unit/parser\n");
  result.verdict = SRT_VERDICT_CRASH;
  result.message = "SIGSEGV\033[2J";
  result.usage.wall_ns = 61 * G_GUINT64_CONSTANT (1000000000);
  srt_screen_result (&text, 0, &result, 0);
  assert_text (&text, "CRASH      1m01s  unit/parser: SIGSEGV\\x1B[2J\n");
  result.attempt = 2;
  result.final = 0;
  result.message = "exit status 3";
  result.verdict = SRT_VERDICT_FAIL;
  result.usage = (srt_usage){
    .source = SRT_USAGE_WAIT4, .wall_ns = 1204000000, .user_ns = 2000000, .system_ns = 1000000, .memory_peak = 2048
  };
  srt_screen_result (&text, 0, &result, 1);
  assert_text (&text,
               "FAIL       1.20s  unit/parser: exit status 3 (attempt 2, will run again) [cpu 3ms, memory 2 KiB]\n");
  result.final = result.earlier = 1;
  srt_screen_result (&text, 0, &result, 0);
  assert_text (&text, "FAIL       1.20s  unit/parser: exit status 3 (attempt 2) (earlier round)\n");
}

/* Word for word what the first users know. */
static void
test_banner (void)
{
  srt_text text = { 0 };
  srt_counts counts = { .total = 4000, .finished = 152, .killed = 2 };
  srt_tally tally = { .passed = 1450, .failed = 10, .skipped = 5 };
  srt_stop stop = { .size = sizeof stop, .steps = 4, .exit_code = 42, .reason = "cpu", .counts = &counts };
  srt_screen_stop (&text, &stop, &tally);
  stop.step = 1;
  stop.text = "Saving checkpoint";
  stop.outcome = "saved";
  srt_screen_step (&text, &stop, 0);
  stop.step = 2;
  stop.text = "Killing child processes";
  stop.outcome = NULL;
  srt_screen_step (&text, &stop, 0);
  stop.outcome = "killed 3";
  srt_screen_step (&text, &stop, 1);
  stop.step = 3;
  stop.text = "Stopping containers";
  stop.outcome = "stopped 0";
  srt_screen_step (&text, &stop, 0);
  stop.step = 4;
  stop.text = "Exiting with code 42";
  stop.outcome = NULL;
  srt_screen_step (&text, &stop, 0);
  assert_text (&text, "=========================================\n"
                      "GRACEFUL SHUTDOWN INITIATED\n"
                      "=========================================\n"
                      "Reason: cpu\n"
                      "Completed tests: 150\n"
                      "Passed: 1450, Failed: 10, Skipped: 5\n"
                      "[SHUTDOWN] Step 1/4: Saving checkpoint... saved\n"
                      "[SHUTDOWN] Step 2/4: Killing child processes... killed 3\n"
                      "[SHUTDOWN] Step 3/4: Stopping containers... stopped 0\n"
                      "[SHUTDOWN] Step 4/4: Exiting with code 42\n");
}

static void
test_short_stop (void)
{
  srt_text text = { 0 };
  srt_counts counts = { .total = 10, .finished = 4, .killed = 1 };
  srt_tally tally = { 0 };
  srt_stop stop = { .size = sizeof stop, .steps = 4, .exit_code = 130, .reason = "SIGINT", .counts = &counts };
  srt_screen_stop (&text, &stop, &tally);
  assert_text (&text, "Stopping early: SIGINT; 3/10 complete\n");
}

static void
test_summary (void)
{
  srt_text text = { 0 };
  srt_tally tally = { .passed = 20, .failed = 2, .skipped = 1, .cases = 1 };
  srt_counts counts = { .total = 10, .finished = 8, .pass = 5, .fail = 1, .oom = 1, .killed = 1 };
  srt_summary summary = { .size = sizeof summary,
                          .counts = &counts,
                          .elapsed_ns = 2500000000,
                          .cleaned = 3,
                          .stop_reason = "SIGINT",
                          .resume_hint = "srt --resume" };
  srt_screen_summary (&text, 0, &summary, &tally, 3);
  assert_text (&text, "\nSummary: 7/10 complete in 2.50s\n"
                      "Results: 5 PASS, 1 FAIL, 1 OOM, 1 KILLED\n"
                      "Cases: Passed: 20, Failed: 2, Skipped: 1\n"
                      "Not finished: 3 tests\n"
                      "Stopped by: SIGINT\n"
                      "Cleaned up 3 orphaned resources\n"
                      "To resume: srt --resume\n");
  counts = (srt_counts){ .total = 1, .finished = 1, .pass = 1 };
  summary = (srt_summary){
    .size = sizeof summary, .counts = &counts, .complete = 1, .cleaned = 1, .stop_reason = "", .resume_hint = ""
  };
  tally.cases = 0;
  srt_screen_summary (&text, 0, &summary, &tally, 0);
  assert_text (&text, "\nSummary: 1/1 complete in 0ms\nResults: 1 PASS\nCleaned up 1 orphaned resource\n");
}

static void
test_messages (void)
{
  srt_text text = { 0 };
  srt_screen_message (&text, 0, SRT_LOG_WARNING, "notifier junit", "no\nspace");
  srt_screen_message (&text, 0, SRT_LOG_INFO, "", "hello");
  srt_screen_message (&text, 1, SRT_LOG_ERROR, NULL, "bad");
  assert_text (&text, "srt: warning: notifier junit: no\\nspace\nsrt: hello\nsrt: \033[1;31merror: \033[0mbad\n");
}

/* Cases where they are known, else the test as one; a crash behind passed cases is one failure. */
static void
test_tally (void)
{
  srt_tally tally = { 0 };
  srt_result results[] = {
    { .verdict = SRT_VERDICT_PASS, .cases = { .passed = 7, .skipped = 1 } },
    { .verdict = SRT_VERDICT_PASS },
    { .verdict = SRT_VERDICT_FAIL, .cases = { .passed = 2, .failed = 3, .pending = 1 } },
    { .verdict = SRT_VERDICT_CRASH, .cases = { .passed = 4 } },
    { .verdict = SRT_VERDICT_TIMEOUT },
    { .verdict = SRT_VERDICT_SKIP },
    { .verdict = SRT_VERDICT_PENDING },
    { .verdict = SRT_VERDICT_KILLED, .cases = { .passed = 9 } },
    { .verdict = SRT_VERDICT_LEAK },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    srt_screen_tally (&tally, &results[i]);
  g_assert_cmpuint (tally.passed, ==, 7 + 1 + 2 + 4 + 1);
  g_assert_cmpuint (tally.failed, ==, 3 + 1 + 1);
  g_assert_cmpuint (tally.skipped, ==, 1 + 1);
  g_assert_cmpuint (tally.pending, ==, 1 + 1);
  g_assert_true (tally.cases);
}

/* A name of any length gives one line that ends. */
static void
test_long_name (void)
{
  g_autofree char *name = g_strnfill (100000, 'x');
  srt_test longest = { .size = sizeof longest, .id = name };
  srt_result result = {
    .size = sizeof result, .verdict = SRT_VERDICT_FAIL, .test = &longest, .final = 1, .message = name
  };
  srt_text text = { 0 };
  srt_screen_result (&text, 0, &result, 0);
  g_assert_cmpuint (text.length, <, SRT_TEXT_SIZE);
  g_autofree char *got = g_strndup (text.bytes, text.length);
  g_assert_true (g_str_has_prefix (got, "FAIL "));
  g_assert_true (g_str_has_suffix (got, "x...\n"));
}

static void
test_durations (void)
{
  static const struct {
    guint64 ms;
    const char *text;
  } table[] = { { 0, "0ms" },       { 999, "999ms" },      { 1000, "1.00s" },    { 59999, "59.99s" },
                { 60000, "1m00s" }, { 3599999, "59m59s" }, { 3600000, "1h00m" }, { 360000000, "100h00m" } };
  srt_text text = { 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    srt_text_add_duration (&text, table[i].ms * 1000000);
    assert_text (&text, table[i].text);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/screen/header", test_header);
  g_test_add_func ("/screen/slow", test_slow);
  g_test_add_func ("/screen/results", test_results);
  g_test_add_func ("/screen/banner", test_banner);
  g_test_add_func ("/screen/short-stop", test_short_stop);
  g_test_add_func ("/screen/summary", test_summary);
  g_test_add_func ("/screen/messages", test_messages);
  g_test_add_func ("/screen/tally", test_tally);
  g_test_add_func ("/screen/long-name", test_long_name);
  g_test_add_func ("/screen/durations", test_durations);
  return g_test_run ();
}
