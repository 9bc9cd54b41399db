/* SPDX-License-Identifier: MIT
 * The whole plugin, loaded from its file, with its standard output at a pipe, a file or a terminal. Each scenario runs
 * in a child process; what it wrote is what counts. MODULE is the plugin's path. */
#include "scenario.h"
#include "terminal.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
through_pipe (Scenario scenario)
{
  int ends[2];
  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  pid_t child = scenario_start (scenario, ends[1], ends[1]);
  close (ends[1]);
  char *text = scenario_read_all (ends[0]);
  close (ends[0]);
  scenario_finish (child);
  return text;
}

static const char *const plain[] = { "output_lines", "4", NULL };

static void
a_run (Run *run)
{
  static const char text[] = "first\n\033[31mPASS\033[0m 1ms unit/fake\nmiddle\nmiddle\n\xff\033[2J\nlast";
  static const srt_output output = { text, sizeof text - 1 };
  run_begin (run, plain);
  run_test (run, 0, SRT_VERDICT_PASS, NULL);
  run_progress (run, 1);
  run_test (run, 1, SRT_VERDICT_FAIL, &output);
  run->ops->message (run->self, SRT_LOG_WARNING, "", "look out");
  run->ops->message (run->self, SRT_LOG_DEBUG, "", "not for all");
  run_test (run, 2, SRT_VERDICT_PASS, NULL);
  run_end (run);
}

static void
test_pipe (void)
{
  g_autofree char *text = through_pipe (a_run);
  g_assert_cmpstr (text, ==,
                   "Mode: parallel, 2 workers; executor: process\n"
                   "Tests: 3 in 1 suite\n"
                   "PASS         5ms  unit/one\n"
                   "FAIL         5ms  unit/t\\x1B[2Jwo: exit status 3\n"
                   "srt: warning: look out\n"
                   "PASS         5ms  unit/three\n"
                   "\nFailures: 1\n"
                   "\nFAIL         5ms  unit/t\\x1B[2Jwo: exit status 3\n"
                   "    first\n"
                   "    ... 1 lines (28 bytes) left out ...\n"
                   "    middle\n"
                   "    middle\n"
                   "    \\xFF\\x1B[2J\n"
                   "    last\n"
                   "\nSummary: 3/3 complete in 1.50s\n"
                   "Results: 2 PASS, 1 FAIL\n");
}

static void
a_quiet_run (Run *run)
{
  static const char *const quiet[] = { "verbosity", "quiet", "show_output", "never", NULL };
  static const srt_output output = { "never shown", 11 };
  run_begin (run, quiet);
  run_test (run, 0, SRT_VERDICT_PASS, NULL);
  run_test (run, 1, SRT_VERDICT_FAIL, &output);
  run->ops->message (run->self, SRT_LOG_INFO, "", "no news");
  run_end (run);
}

static void
test_quiet (void)
{
  g_autofree char *text = through_pipe (a_quiet_run);
  g_assert_cmpstr (text, ==,
                   "FAIL         5ms  unit/t\\x1B[2Jwo: exit status 3\n"
                   "\nFailures: 1\n\nFAIL         5ms  unit/t\\x1B[2Jwo: exit status 3\n"
                   "\nSummary: 2/3 complete in 1.50s\nResults: 1 PASS, 1 FAIL\n");
}

static void
a_talking_run (Run *run)
{
  static const char *const all[] = { "show_output", "all", "color", "always", NULL };
  static const srt_output output = { "hello\n", 6 };
  run_begin (run, all);
  run_test (run, 0, SRT_VERDICT_PASS, &output);
  run_test (run, 2, SRT_VERDICT_FAIL, &output);
  run_end (run);
}

static void
test_all_output (void)
{
  g_autofree char *text = through_pipe (a_talking_run);
  g_autofree char *seen = terminal_strip_colours (text);
  g_assert_cmpstr (text, !=, seen);
  g_assert_cmpstr (seen, ==,
                   "Mode: parallel, 2 workers; executor: process\nTests: 3 in 1 suite\n"
                   "PASS         5ms  unit/one\n    hello\n"
                   "FAIL         5ms  unit/three: exit status 3\n    hello\n"
                   "\nFailures: 1\n\nFAIL         5ms  unit/three: exit status 3\n"
                   "\nSummary: 2/3 complete in 1.50s\nResults: 1 PASS, 1 FAIL\n");
}

/* Messages to a standard error of its own do not stand between the tests' lines. */
static void
test_two_streams (void)
{
  int out[2], err[2];
  g_assert_cmpint (pipe2 (out, O_CLOEXEC) | pipe2 (err, O_CLOEXEC), ==, 0);
  pid_t child = scenario_start (a_run, out[1], err[1]);
  close (out[1]);
  close (err[1]);
  g_autofree char *lines = scenario_read_all (out[0]);
  g_autofree char *messages = scenario_read_all (err[0]);
  scenario_finish (child);
  g_assert_cmpstr (messages, ==, "srt: warning: look out\n");
  g_assert_null (strstr (lines, "look out"));
}

/* The reader leaves after the first bytes: the run goes on and ends. */
static void
test_reader_leaves (void)
{
  int ends[2];
  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  close (ends[0]);
  pid_t child = scenario_start (a_run, ends[1], ends[1]);
  close (ends[1]);
  scenario_finish (child);
}

enum { MANY = 20000 };

static void
a_run_nobody_reads (Run *run)
{
  static const char *const patience[] = { "flush_timeout", "50ms", NULL };
  run_begin (run, patience);
  for (guint i = 0; i < MANY; i++)
    run_test (run, 0, SRT_VERDICT_PASS, NULL);
  run_end (run);
}

/* The reader is there and never reads: no event waits for it, the end waits for as long as it was told. */
static void
test_reader_is_stuck (void)
{
  for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
    int ends[2];
    g_assert_cmpint (pipe2 (ends, O_CLOEXEC | flags), ==, 0);
    pid_t child = scenario_start (a_run_nobody_reads, ends[1], ends[1]);
    scenario_finish (child);
    close (ends[0]);
    close (ends[1]);
  }
}

static void
run_many (Run *run, guint n)
{
  run_begin (run, NULL);
  for (guint i = 0; i < n; i++)
    run_test (run, 0, SRT_VERDICT_PASS, NULL);
  g_assert_cmpuint (notifier_host_sources (run->host), ==, 1);
  kill (getppid (), SIGUSR1);
}

/* The pipe is full, then its reader comes: the descriptor's source brings the rest. */
static void
a_run_read_late (Run *run)
{
  run_many (run, MANY);
  while (notifier_host_sources (run->host) > 0)
    notifier_host_turn (run->host, 1000);
  run_end (run);
}

/* More than is kept for a reader that does not come. */
static void
a_run_read_too_late (Run *run)
{
  run_many (run, 10 * MANY);
  run_end (run);
}

/* Begin to read only when SCENARIO says so; the number of whole PASS lines in *RET_PASSED. */
/* Without functions on strings, which under the sanitizers measure the rest of the text at each call. */
static guint
count_lines (const char *text, const char *wanted)
{
  const char *end = text + strlen (text), *newline;
  gsize length = strlen (wanted);
  guint n = 0;
  for (const char *at = text; (newline = memchr (at, '\n', (gsize)(end - at))); at = newline + 1)
    n += (gsize)(newline - at) == length && memcmp (at, wanted, length) == 0;
  return n;
}

static char *
read_late (Scenario scenario, guint *ret_passed)
{
  int ends[2], signal_number;
  sigset_t wait_for;
  sigemptyset (&wait_for);
  sigaddset (&wait_for, SIGUSR1);
  sigprocmask (SIG_BLOCK, &wait_for, NULL);
  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  pid_t child = scenario_start (scenario, ends[1], ends[1]);
  close (ends[1]);
  sigwait (&wait_for, &signal_number);
  char *text = scenario_read_all (ends[0]);
  close (ends[0]);
  scenario_finish (child);
  *ret_passed = count_lines (text, "PASS         5ms  unit/one");
  return text;
}

static void
test_reader_is_late (void)
{
  guint passed;
  g_autofree char *text = read_late (a_run_read_late, &passed);
  g_assert_cmpuint (passed, ==, MANY);
  g_assert_true (g_str_has_suffix (text, "Results: 20000 PASS\n"));
}

/* Some lines are lost, none is torn, the loss is said, and the summary is there. */
static void
test_reader_is_too_late (void)
{
  guint passed;
  g_autofree char *text = read_late (a_run_read_too_late, &passed);
  gsize line = strlen ("PASS         5ms  unit/one\n");
  g_autofree char *said = g_strdup_printf ("\nsrt: warning: %" G_GSIZE_FORMAT " bytes of this output were dropped: "
                                           "nobody read them\n",
                                           (10 * MANY - passed) * line);
  g_assert_cmpuint (passed, >, 4 * 1024 * 1024 / line);
  g_assert_cmpuint (passed, <, 10 * MANY);
  g_assert_nonnull (strstr (text, said));
  g_assert_true (g_str_has_suffix (text, "Results: 200000 PASS\n"));
}

/* At a terminal: run SCENARIO at a pseudo-terminal of COLUMNS and give back what a person sees at the end. */
static char *
through_terminal (Scenario scenario, int columns, gboolean *ret_drawn)
{
  struct winsize size = { .ws_row = 50, .ws_col = (unsigned short)columns };
  int master, slave;
  g_assert_cmpint (openpty (&master, &slave, NULL, NULL, &size), ==, 0);
  pid_t child = scenario_start (scenario, slave, slave);
  close (slave);
  g_autofree char *bytes = scenario_read_all (master);
  close (master);
  scenario_finish (child);
  *ret_drawn = strstr (bytes, "running") != NULL;
  return terminal_show (bytes, (guint)columns);
}

static void
a_live_run (Run *run)
{
  g_setenv ("TERM", "xterm", TRUE);
  g_unsetenv ("NO_COLOR");
  run_begin (run, plain);
  g_assert_cmpuint (run->ops->progress_period (run->self), >, 0);
  run_progress (run, 1);
  run_test (run, 0, SRT_VERDICT_PASS, NULL);
  run_progress (run, 2);
  run_progress (run, 3);
  run_test (run, 1, SRT_VERDICT_FAIL, NULL);
  run->ops->message (run->self, SRT_LOG_WARNING, "", "look out");
  run_progress (run, 4);
  run_test (run, 2, SRT_VERDICT_PASS, NULL);
  run_progress (run, 5);
  run_end (run);
}

/* Whatever was drawn in between, only whole lines remain; also where the live line is wider than the terminal. */
static void
test_live_line (void)
{
  for (int columns = 70; columns >= 60; columns -= 10) {
    gboolean drawn;
    g_autofree char *seen = through_terminal (a_live_run, columns, &drawn);
    g_assert_true (drawn);
    g_assert_cmpstr (seen, ==,
                     "Mode: parallel, 2 workers; executor: process\nTests: 3 in 1 suite\n"
                     "PASS         5ms  unit/one\n"
                     "FAIL         5ms  unit/t\\x1B[2Jwo: exit status 3\n"
                     "srt: warning: look out\n"
                     "PASS         5ms  unit/three\n"
                     "\nFailures: 1\n\nFAIL         5ms  unit/t\\x1B[2Jwo: exit status 3\n"
                     "\nSummary: 3/3 complete in 1.50s\nResults: 2 PASS, 1 FAIL\n");
  }
}

static void
a_run_breaks_off (Run *run)
{
  g_setenv ("TERM", "xterm", TRUE);
  run_begin (run, NULL);
  run_progress (run, 1);
  notifier_host_free (run->host);
}

static void
test_live_line_broken_off (void)
{
  gboolean drawn;
  g_autofree char *seen = through_terminal (a_run_breaks_off, 80, &drawn);
  g_assert_true (drawn);
  g_assert_cmpstr (
      seen, ==,
      "Mode: parallel, 2 workers; executor: process\nTests: 3 in 1 suite\n\n"); /* the cursor's row is empty */
}

static void
a_dumb_run (Run *run)
{
  g_setenv ("TERM", "dumb", TRUE);
  run_begin (run, NULL);
  g_assert_cmpuint (run->ops->progress_period (run->self), ==, 0);
  run_progress (run, 1);
  run_test (run, 0, SRT_VERDICT_PASS, NULL);
  run_end (run);
}

static void
test_dumb_terminal (void)
{
  gboolean drawn;
  g_autofree char *seen = through_terminal (a_dumb_run, 80, &drawn);
  g_assert_false (drawn);
  g_assert_null (strchr (seen, '\033'));
  g_assert_nonnull (strstr (seen, "PASS         5ms  unit/one\n"));
}

/* The steps of a stop, with the results of killed tests between a step and its outcome. */
static void
a_stopped_run (Run *run)
{
  run_begin (run, NULL);
  srt_stop stop = { .size = sizeof stop, .steps = 4, .exit_code = 42, .reason = "memory", .counts = &run->counts };
  run->ops->stopping (run->self, &stop);
  stop.step = 1;
  stop.text = "Saving checkpoint";
  run->ops->stopping (run->self, &stop);
  stop.outcome = "saved";
  run->ops->stopping (run->self, &stop);
  stop.step = 2;
  stop.text = "Killing child processes";
  stop.outcome = NULL;
  run->ops->stopping (run->self, &stop);
  run_progress (run, 1);
  run_test (run, 0, SRT_VERDICT_KILLED, NULL);
  stop.outcome = "killed 1";
  run->ops->stopping (run->self, &stop);
  run->ops->test_unfinished (run->self, &scenario_tests[1], "not started: memory");
  srt_summary summary = { .size = sizeof summary,
                          .exit_code = 42,
                          .counts = &run->counts,
                          .stop_reason = "memory",
                          .resume_hint = "srt --resume" };
  run->counts.finished = run->counts.killed = 1;
  run->ops->run_finished (run->self, &summary);
  notifier_host_free (run->host);
}

static void
test_stop (void)
{
  g_autofree char *text = through_pipe (a_stopped_run);
  const char *banner = strstr (text, "=====");
  g_assert_nonnull (banner);
  g_assert_cmpstr (banner, ==,
                   "=========================================\n"
                   "GRACEFUL SHUTDOWN INITIATED\n"
                   "=========================================\n"
                   "Reason: memory\n"
                   "Completed tests: 0\n"
                   "Passed: 0, Failed: 0, Skipped: 0\n"
                   "[SHUTDOWN] Step 1/4: Saving checkpoint... saved\n"
                   "[SHUTDOWN] Step 2/4: Killing child processes...\n"
                   "KILLED       5ms  unit/one: exit status 3\n"
                   "[SHUTDOWN] Step 2/4: Killing child processes... killed 1\n"
                   "\nSummary: 0/3 complete in 0ms\n"
                   "Results: 1 KILLED\n"
                   "Not finished: 1 test\n"
                   "Stopped by: memory\n"
                   "To resume: srt --resume\n");
}

static void
test_bad_option (void)
{
  static const char *const negative[] = { "output_lines", "-1", NULL };
  NotifierHost *host = notifier_host_new (MODULE, NULL, negative);
  g_assert_null (notifier_host_self (host));
  g_assert_cmpstr (notifier_host_error (host), ==, "output_lines is -1; it must be 0 or more");
  notifier_host_free (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("CLICOLOR_FORCE");
  g_test_add_func ("/console/pipe", test_pipe);
  g_test_add_func ("/console/quiet", test_quiet);
  g_test_add_func ("/console/all-output", test_all_output);
  g_test_add_func ("/console/two-streams", test_two_streams);
  g_test_add_func ("/console/reader-leaves", test_reader_leaves);
  g_test_add_func ("/console/reader-is-stuck", test_reader_is_stuck);
  g_test_add_func ("/console/reader-is-late", test_reader_is_late);
  g_test_add_func ("/console/reader-is-too-late", test_reader_is_too_late);
  g_test_add_func ("/console/live-line", test_live_line);
  g_test_add_func ("/console/live-line-broken-off", test_live_line_broken_off);
  g_test_add_func ("/console/dumb-terminal", test_dumb_terminal);
  g_test_add_func ("/console/stop", test_stop);
  g_test_add_func ("/console/bad-option", test_bad_option);
  return g_test_run ();
}
