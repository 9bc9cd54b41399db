/* SPDX-License-Identifier: MIT */
#include "verdict/verdict.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#define SECOND        G_GUINT64_CONSTANT (1000000000)
#define EXITED(CODE)  .kind = SRT_EXIT_EXITED, .code = (CODE)
#define SIGNALLED(NO) .kind = SRT_EXIT_SIGNALLED, .code = (NO)
#define KILLED(WHY)   .kind = SRT_EXIT_KILLED, .code = SIGTERM, .why = (WHY)

typedef struct {
  const char *name;
  srt_exit end;
  srt_verdict verdict;
  const char *message;
  const char *tap; /* a stream, or NULL: nobody read it */
} Row;

/* Judged by the exit status, with and without an eye on the cases. */
static const Row exit_rows[] = {
  /* Not the test's fault */
  { "not-started",
    { .kind = SRT_EXIT_NOT_STARTED, .code = ENOENT },
    SRT_VERDICT_ERROR,
    "not started: No such file or directory",
    NULL },
  { "not-started-more",
    { .kind = SRT_EXIT_NOT_STARTED, .code = EACCES, .message = "cwd /x" },
    SRT_VERDICT_ERROR,
    "not started: Permission denied; cwd /x",
    NULL },
  { "lost", { .kind = SRT_EXIT_LOST, .message = "agent 3 died" }, SRT_VERDICT_ERROR, "lost: agent 3 died", NULL },
  { "lost-bare", { .kind = SRT_EXIT_LOST }, SRT_VERDICT_ERROR, "lost: its end was not seen", NULL },
  { "lost-before-oom", { .kind = SRT_EXIT_LOST, .oom = 1 }, SRT_VERDICT_ERROR, "lost: its end was not seen", NULL },
  { "unknown-kind", { .kind = 12345 }, SRT_VERDICT_ERROR, "ended in a way that this srt does not know (12345)", NULL },
  /* Killed by srt */
  { "timeout", { KILLED (SRT_WHY_TIMEOUT) }, SRT_VERDICT_TIMEOUT, "still ran after 2m", NULL },
  { "timeout-oom",
    { KILLED (SRT_WHY_TIMEOUT), .oom = 1 },
    SRT_VERDICT_TIMEOUT,
    "still ran after 2m; the kernel had killed a process of it for memory",
    NULL },
  { "stop", { KILLED (SRT_WHY_STOP) }, SRT_VERDICT_KILLED, "killed by srt: the run was stopped", NULL },
  { "shed", { KILLED (SRT_WHY_SHED) }, SRT_VERDICT_KILLED, "killed by srt to free memory for the run", NULL },
  { "limit",
    { KILLED (SRT_WHY_LIMIT), .message = "over 10 CPU seconds" },
    SRT_VERDICT_LIMIT,
    "over 10 CPU seconds",
    NULL },
  { "limit-bare", { KILLED (SRT_WHY_LIMIT) }, SRT_VERDICT_LIMIT, "over a limit", NULL },
  { "hung", { KILLED (SRT_WHY_HEARTBEAT) }, SRT_VERDICT_HUNG, "no heartbeat for 30s", NULL },
  { "hung-words",
    { KILLED (SRT_WHY_HEARTBEAT), .message = "not one since its start" },
    SRT_VERDICT_HUNG,
    "no heartbeat for 30s; not one since its start",
    NULL },
  { "killed-unknown", { KILLED (77777) }, SRT_VERDICT_KILLED, "killed by srt: the reason is not known", NULL },
  /* The kernel's word, then signals */
  { "oom-killed",
    { SIGNALLED (SIGKILL), .oom = 1 },
    SRT_VERDICT_OOM,
    "the kernel killed a process of it: the machine had no memory left",
    NULL },
  { "oom-child", { EXITED (0), .oom = 1, .message = "over memory 64M" }, SRT_VERDICT_OOM, "over memory 64M", NULL },
  { "exit-137-is-no-oom", { EXITED (137) }, SRT_VERDICT_FAIL, "exit status 137", NULL },
  { "crash", { SIGNALLED (SIGSEGV) }, SRT_VERDICT_CRASH, "SIGSEGV", NULL },
  { "crash-kill", { SIGNALLED (SIGKILL) }, SRT_VERDICT_CRASH, "SIGKILL (not sent by srt)", NULL },
  { "crash-real-time", { SIGNALLED (40) }, SRT_VERDICT_CRASH, "signal 40", NULL },
  { "crash-bail",
    { SIGNALLED (SIGABRT) },
    SRT_VERDICT_CRASH,
    "SIGABRT; Bail out! a.c:1: no",
    "1..2\nnot ok 1 /a\nBail out! a.c:1: no\n" },
  /* The exit status */
  { "pass", { EXITED (0) }, SRT_VERDICT_PASS, "", NULL },
  { "fail", { EXITED (3) }, SRT_VERDICT_FAIL, "exit status 3", NULL },
  { "fail-hint", { EXITED (3), .message = "it is cold" }, SRT_VERDICT_FAIL, "exit status 3; it is cold", NULL },
  { "pass-hint", { EXITED (0), .message = "it is cold" }, SRT_VERDICT_PASS, "", NULL },
  { "skip", { EXITED (77) }, SRT_VERDICT_SKIP, "exit status 77", NULL },
  { "hard-error", { EXITED (99) }, SRT_VERDICT_ERROR, "exit status 99: the test says that it could not test", NULL },
  { "cut", { EXITED (0), .dropped = 9 }, SRT_VERDICT_PASS, "", NULL },
  /* The exit status, with the cases counted */
  { "counted-pass", { EXITED (0) }, SRT_VERDICT_PASS, "", "1..1\nok 1\n" },
  { "counted-never-judges", { EXITED (0) }, SRT_VERDICT_PASS, "", "1..9\nnot ok 1\n" },
  { "counted-all-skipped", { EXITED (0) }, SRT_VERDICT_PASS, "", "1..1\nok 1 # SKIP\n" },
  { "counted-fail",
    { EXITED (1) },
    SRT_VERDICT_FAIL,
    "exit status 1; 1 of 2 cases failed: b",
    "1..2\nok 1\nnot ok 2 - b\n" },
  { "counted-skip", { EXITED (77) }, SRT_VERDICT_SKIP, "no bus", "1..0 # SKIP no bus\n" },
  { "counted-cut", { EXITED (0), .dropped = 9 }, SRT_VERDICT_PASS, "", "1..2\nok 1\n" },
  /* Leaks */
  { "leak",
    { EXITED (0), .leaked = 1, .leak_text = "sleep (pid 4711)" },
    SRT_VERDICT_LEAK,
    "left 1 process behind: sleep (pid 4711)",
    NULL },
  { "leak-fail",
    { EXITED (1), .leaked = 1, .leak_text = "sh (pid 7)" },
    SRT_VERDICT_FAIL,
    "exit status 1; left 1 process behind: sh (pid 7)",
    NULL },
  { "leak-skip",
    { EXITED (77), .leaked = 2, .leak_text = "a (pid 1), b (pid 2)" },
    SRT_VERDICT_SKIP,
    "exit status 77; left 2 processes behind: a (pid 1), b (pid 2)",
    NULL },
  /* Limits */
  { "oom-limit",
    { SIGNALLED (SIGKILL), .oom = 1, .limit = SRT_LIMIT_MEMORY },
    SRT_VERDICT_OOM,
    "over its limit: memory = 64M",
    NULL },
  { "oom-beats-leak", { EXITED (0), .oom = 1, .leaked = 1, .message = "m" }, SRT_VERDICT_OOM, "m", NULL },
  { "limit-killed",
    { KILLED (SRT_WHY_LIMIT), .limit = SRT_LIMIT_CPU_TIME },
    SRT_VERDICT_LIMIT,
    "over its limit: cpu_time",
    NULL },
  { "limit-two",
    { KILLED (SRT_WHY_LIMIT), .limit = SRT_LIMIT_PROCESSES | SRT_LIMIT_CPU },
    SRT_VERDICT_LIMIT,
    "over its limit: cpu = 1.50, processes = 512",
    NULL },
  { "limit-met-and-passed", { EXITED (0), .limit = SRT_LIMIT_PROCESSES }, SRT_VERDICT_PASS, "", NULL },
  { "limit-met-and-failed",
    { EXITED (2), .limit = SRT_LIMIT_PROCESSES, .message = "hit its limit" },
    SRT_VERDICT_LIMIT,
    "hit its limit; exit status 2",
    NULL },
  { "limit-met-and-crashed",
    { SIGNALLED (SIGXFSZ), .limit = SRT_LIMIT_FILE_SIZE },
    SRT_VERDICT_LIMIT,
    "over its limit: file_size; SIGXFSZ",
    NULL },
  { "limit-met-and-timeout",
    { KILLED (SRT_WHY_TIMEOUT), .limit = SRT_LIMIT_PROCESSES },
    SRT_VERDICT_TIMEOUT,
    "still ran after 2m",
    NULL },
};

/* Judged by TAP. */
static const Row tap_rows[] = {
  { "pass", { EXITED (0) }, SRT_VERDICT_PASS, "", "1..1\nok 1\n" },
  { "pass-todo", { EXITED (0) }, SRT_VERDICT_PASS, "", "1..2\nok 1\nnot ok 2 # TODO\n" },
  { "timeout-exited-0",
    { .kind = SRT_EXIT_KILLED, .code = -1, .why = SRT_WHY_TIMEOUT },
    SRT_VERDICT_TIMEOUT,
    "still ran after 2m",
    "1..1\nok 1\n" },
  { "stop-after-failure",
    { KILLED (SRT_WHY_STOP) },
    SRT_VERDICT_KILLED,
    "killed by srt: the run was stopped",
    "not ok 1\n" },
  { "crash-all-ok", { SIGNALLED (SIGABRT) }, SRT_VERDICT_CRASH, "SIGABRT", "1..1\nok 1\n" },
  { "fail", { EXITED (1) }, SRT_VERDICT_FAIL, "1 of 2 cases failed: b", "1..2\nok 1\nnot ok 2 - b\n" },
  { "fail-one", { EXITED (0) }, SRT_VERDICT_FAIL, "1 of 1 case failed: b", "1..1\nnot ok 1 - b\n" },
  { "fail-two",
    { EXITED (0) },
    SRT_VERDICT_FAIL,
    "2 of 2 cases failed, the first: a",
    "1..2\nnot ok 1 - a\nnot ok 2 - b\n" },
  { "fail-beats-plan", { EXITED (0) }, SRT_VERDICT_FAIL, "1 of 1 case failed: a", "1..5\nnot ok 1 - a\n" },
  { "fail-beats-skip", { EXITED (77) }, SRT_VERDICT_FAIL, "1 of 1 case failed: a", "1..1\nnot ok 1 - a\n" },
  { "fail-beats-cut", { EXITED (0), .dropped = 9 }, SRT_VERDICT_FAIL, "1 of 1 case failed: a", "1..9\nnot ok 1 - a\n" },
  { "status", { EXITED (3) }, SRT_VERDICT_FAIL, "exit status 3, though no case failed", "1..1\nok 1\n" },
  { "status-beats-plan", { EXITED (3) }, SRT_VERDICT_FAIL, "exit status 3, though no case failed", "1..5\nok 1\n" },
  { "status-beats-cut",
    { EXITED (1), .dropped = 9 },
    SRT_VERDICT_FAIL,
    "exit status 1, though no case failed",
    "1..2\nok 1\n" },
  { "status-none", { EXITED (3) }, SRT_VERDICT_FAIL, "exit status 3, no TAP output", "" },
  { "hard-error",
    { EXITED (99) },
    SRT_VERDICT_ERROR,
    "exit status 99: the test says that it could not test; 1 of 1 case failed: a",
    "1..1\nnot ok 1 a\n" },
  { "bail", { EXITED (255) }, SRT_VERDICT_ERROR, "Bail out! no disk", "1..9\nnot ok 1 a\nBail out! no disk\n" },
  { "skip-status", { EXITED (77) }, SRT_VERDICT_SKIP, "exit status 77", "" },
  { "skip-all", { EXITED (0) }, SRT_VERDICT_SKIP, "no net", "1..0 # SKIP no net\n" },
  { "skip-all-bare", { EXITED (0) }, SRT_VERDICT_SKIP, "1..0: the test skips itself", "1..0\n" },
  { "skip-all-status", { EXITED (77) }, SRT_VERDICT_SKIP, "no net", "1..0 # SKIP no net\n" },
  { "skip-all-fail", { EXITED (1) }, SRT_VERDICT_FAIL, "exit status 1, though no case failed", "1..0 # SKIP no net\n" },
  { "skipped", { EXITED (0) }, SRT_VERDICT_SKIP, "all 2 cases were skipped", "1..2\nok # SKIP\nok # SKIP\n" },
  { "skipped-one", { EXITED (0) }, SRT_VERDICT_SKIP, "its only case was skipped", "1..1\nok # SKIP\n" },
  { "pending",
    { EXITED (0) },
    SRT_VERDICT_PENDING,
    "no case passed, 1 of 2 marked TODO",
    "1..2\nnot ok # TODO\nok # SKIP\n" },
  { "none", { EXITED (0) }, SRT_VERDICT_ERROR, "no TAP output (format = \"tap\")", "hello\n" },
  { "not-read", { EXITED (0) }, SRT_VERDICT_ERROR, "no TAP output (format = \"tap\")", NULL },
  { "too-few", { EXITED (0) }, SRT_VERDICT_ERROR, "TAP: planned 5 cases, saw 3", "1..5\nok\nok\nok\n" },
  { "no-plan", { EXITED (0) }, SRT_VERDICT_ERROR, "TAP: no plan (1..N)", "ok\n" },
  { "cut",
    { EXITED (0), .dropped = 9 },
    SRT_VERDICT_ERROR,
    "its TAP cannot be judged: 9 bytes of output were over output_max",
    "1..2\nok 1\n" },
  { "cut-whole-so-far",
    { EXITED (0), .dropped = 9 },
    SRT_VERDICT_ERROR,
    "its TAP cannot be judged: 9 bytes of output were over output_max",
    "1..1\nok 1\n" },
  { "leak",
    { EXITED (0), .leaked = 2 },
    SRT_VERDICT_LEAK,
    "left 2 processes behind: their names are not known",
    "1..1\nok\n" },
};

static void
judge (const srt_exit *end, SrtFormat format, const char *stream, SrtJudgement *ret)
{
  static const srt_limits limits = { .memory = 64 << 20, .processes = 512, .cpu_milli = 1500 };
  const SrtJudgeBy by = {
    .format = format, .timeout_ns = 120 * SECOND, .heartbeat_ns = 30 * SECOND, .limits = &limits
  };
  g_autoptr (SrtTap) tap = srt_tap_new ();
  SrtTapSummary summary;
  if (stream != NULL)
    srt_tap_feed (tap, stream, strlen (stream));
  srt_tap_end (tap, &summary);
  srt_verdict_judge (end, &by, stream != NULL ? &summary : NULL, ret);
}

static void
check_row (const Row *row, SrtFormat format)
{
  SrtJudgement judgement;
  judge (&row->end, format, row->tap, &judgement);
  g_assert_cmpstr (srt_verdict_word (judgement.verdict), ==, srt_verdict_word (row->verdict));
  g_assert_cmpstr (judgement.message, ==, row->message);
  g_assert_cmpuint (judgement.cases.size, ==, sizeof (srt_cases));
}

static void
test_exit_row (gconstpointer data)
{
  check_row (data, SRT_FORMAT_EXIT);
}

static void
test_tap_row (gconstpointer data)
{
  check_row (data, SRT_FORMAT_TAP);
}

static void
test_no_timeout_said (void)
{
  const srt_exit end = { KILLED (SRT_WHY_TIMEOUT) };
  SrtJudgement judgement;
  const SrtJudgeBy by = { .format = SRT_FORMAT_EXIT };
  srt_verdict_judge (&end, &by, NULL, &judgement);
  g_assert_cmpstr (judgement.message, ==, "over its wall time");
}

/* What a suite thinks of leaks changes the word of what had passed, and of nothing else. */
static void
test_leaks (void)
{
  static const struct {
    int code;
    SrtLeaks leaks;
    srt_verdict verdict;
    const char *message;
  } rows[] = {
    { 0, SRT_LEAKS_REPORT, SRT_VERDICT_LEAK, "left 1 process behind: x" },
    { 0, SRT_LEAKS_FAIL, SRT_VERDICT_FAIL, "left 1 process behind: x" },
    { 0, SRT_LEAKS_IGNORE, SRT_VERDICT_PASS, "" },
    { 77, SRT_LEAKS_FAIL, SRT_VERDICT_SKIP, "exit status 77; left 1 process behind: x" },
    { 1, SRT_LEAKS_IGNORE, SRT_VERDICT_FAIL, "exit status 1" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    const srt_exit end = { EXITED (rows[i].code), .leaked = 1, .leak_text = "x" };
    const SrtJudgeBy by = { .format = SRT_FORMAT_EXIT, .leaks = rows[i].leaks };
    SrtJudgement judgement;
    srt_verdict_judge (&end, &by, NULL, &judgement);
    g_assert_cmpstr (srt_verdict_word (judgement.verdict), ==, srt_verdict_word (rows[i].verdict));
    g_assert_cmpstr (judgement.message, ==, rows[i].message);
  }
}

static void
test_cases (void)
{
  const srt_exit end = { EXITED (0) };
  SrtJudgement judgement;
  judge (&end, SRT_FORMAT_EXIT, "1..7\nok\nok\nok\nnot ok\nnot ok\nok # SKIP\nnot ok # TODO\n", &judgement);
  g_assert_cmpuint (judgement.cases.passed, ==, 3);
  g_assert_cmpuint (judgement.cases.failed, ==, 2);
  g_assert_cmpuint (judgement.cases.skipped, ==, 1);
  g_assert_cmpuint (judgement.cases.pending, ==, 1);
}

/* A message is one printable line that fits, whatever the test and the executor say. */
static void
test_message (void)
{
  g_autofree char *long_name = g_strnfill (3000, 'n');
  g_autofree char *stream = g_strdup_printf ("1..1\nnot ok 1 %s\n", long_name);
  srt_exit end = { EXITED (1) };
  SrtJudgement judgement;
  judge (&end, SRT_FORMAT_TAP, stream, &judgement);
  g_assert_cmpuint (strlen (judgement.message), <, sizeof judgement.message);
  g_assert_true (g_str_has_suffix (judgement.message, "n..."));
  end = (srt_exit){ .kind = SRT_EXIT_LOST, .message = "two\nlines \xff" };
  judge (&end, SRT_FORMAT_EXIT, NULL, &judgement);
  g_assert_cmpstr (judgement.message, ==, "lost: two\\x0alines \\xff");
}

static void
test_words (void)
{
  static const guint32 failures[] = { SRT_VERDICT_FAIL, SRT_VERDICT_ERROR, SRT_VERDICT_CRASH, SRT_VERDICT_TIMEOUT,
                                      SRT_VERDICT_OOM,  SRT_VERDICT_LIMIT, SRT_VERDICT_HUNG };
  guint known = 0, failing = 0;
  for (guint32 verdict = 1; verdict < 2000; verdict++) {
    const char *word = srt_verdict_word (verdict);
    if (g_str_equal (word, "?"))
      continue;
    known++;
    g_assert_cmpuint (srt_verdict_parse (word), ==, verdict);
    failing += srt_verdict_is_failure (verdict) ? 1 : 0;
  }
  g_assert_cmpuint (known, ==, 14);
  g_assert_cmpuint (failing, ==, G_N_ELEMENTS (failures));
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    g_assert_true (srt_verdict_is_failure (failures[i]));
  g_assert_cmpstr (srt_verdict_word (SRT_VERDICT_PASS), ==, "PASS");
  g_assert_cmpuint (srt_verdict_parse ("pass"), ==, SRT_VERDICT_NONE);
  g_assert_cmpuint (srt_verdict_parse (""), ==, SRT_VERDICT_NONE);
  g_assert_false (srt_verdict_is_failure (4242));
}

static void
test_counts (void)
{
  srt_counts counts = { .size = sizeof counts, .total = 9 };
  const srt_cases cases = { .size = sizeof cases, .passed = 1, .failed = 2, .skipped = 3, .pending = 4 };
  srt_counts_add (&counts, SRT_VERDICT_PASS, &cases);
  srt_counts_add (&counts, SRT_VERDICT_PASS, NULL);
  srt_counts_add (&counts, SRT_VERDICT_KILLED, &cases);
  srt_counts_add (&counts, SRT_VERDICT_LEAK, NULL);
  srt_counts_add (&counts, SRT_VERDICT_NONE, &cases);
  srt_counts_add (&counts, 4242, &cases);
  g_assert_cmpuint (counts.finished, ==, 4);
  g_assert_cmpuint (counts.pass, ==, 2);
  g_assert_cmpuint (counts.killed, ==, 1);
  g_assert_cmpuint (counts.leak, ==, 1);
  g_assert_cmpuint (counts.fail, ==, 0);
  g_assert_cmpuint (counts.total, ==, 9);
  g_assert_cmpuint (counts.cases_passed, ==, 2);
  g_assert_cmpuint (counts.cases_failed, ==, 4);
  g_assert_cmpuint (counts.cases_skipped, ==, 6);
  g_assert_cmpuint (counts.cases_pending, ==, 8);
}

static void
add_rows (const char *prefix, const Row *rows, gsize n, GTestDataFunc test)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *path = g_strconcat (prefix, rows[i].name, NULL);
    g_test_add_data_func (path, &rows[i], test);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_rows ("/verdict/exit/", exit_rows, G_N_ELEMENTS (exit_rows), test_exit_row);
  add_rows ("/verdict/tap/", tap_rows, G_N_ELEMENTS (tap_rows), test_tap_row);
  g_test_add_func ("/verdict/no-timeout-said", test_no_timeout_said);
  g_test_add_func ("/verdict/leaks", test_leaks);
  g_test_add_func ("/verdict/cases", test_cases);
  g_test_add_func ("/verdict/message", test_message);
  g_test_add_func ("/verdict/words", test_words);
  g_test_add_func ("/verdict/counts", test_counts);
  return g_test_run ();
}
