/* SPDX-License-Identifier: MIT */
#include "scenario.h"
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

const srt_test scenario_tests[SCENARIO_TESTS] = {
  { .size = sizeof (srt_test), .index = 0, .id = "unit/one", .suite = "unit", .name = "one" },
  { .size = sizeof (srt_test), .index = 1, .id = "unit/t\033[2Jwo", .suite = "unit", .name = "t\033[2Jwo" },
  { .size = sizeof (srt_test), .index = 2, .id = "unit/three", .suite = "unit", .name = "three" },
};

void
run_begin (Run *run, const char *const *options)
{
  static const char *const suites[] = { "unit", NULL };
  srt_run start = { .size = sizeof start, .workers = 2, .mode = "parallel", .executor = "process", .suites = suites };
  start.earlier.total = SCENARIO_TESTS;
  run->host = notifier_host_new (MODULE, NULL, options);
  run->ops = notifier_host_ops (run->host);
  run->self = notifier_host_self (run->host);
  run->counts = (srt_counts){ .size = sizeof run->counts, .total = SCENARIO_TESTS };
  run->ops->run_started (run->self, &start);
}

void
run_test (Run *run, guint i, guint32 verdict, const srt_output *output)
{
  srt_result result = { .size = sizeof result,
                        .verdict = verdict,
                        .test = &scenario_tests[i],
                        .attempt = 1,
                        .final = 1,
                        .usage = { .wall_ns = 5000000 },
                        .message = verdict == SRT_VERDICT_PASS ? "" : "exit status 3",
                        .output = output,
                        .output_bytes = output ? output->length : 0 };
  run->counts.finished++;
  run->counts.pass += verdict == SRT_VERDICT_PASS;
  run->counts.fail += verdict == SRT_VERDICT_FAIL;
  run->ops->test_finished (run->self, &result);
}

void
run_progress (Run *run, guint seconds)
{
  const srt_test *const running[] = { &scenario_tests[2] };
  guint64 since[] = { (guint64)g_get_monotonic_time () * 1000 };
  srt_sample sample = { .size = sizeof sample,
                        .valid = SRT_SAMPLE_MEMORY | SRT_SAMPLE_CPU,
                        .memory_total = 1000,
                        .memory_available = 550,
                        .cpu_busy = 80 };
  srt_progress progress = { .size = sizeof progress,
                            .running = 1,
                            .elapsed_ns = seconds * G_GUINT64_CONSTANT (1000000000),
                            .counts = &run->counts,
                            .sample = &sample,
                            .tests = running,
                            .since_ns = since };
  run->ops->progress (run->self, &progress);
}

void
run_end (Run *run)
{
  srt_summary summary = { .size = sizeof summary,
                          .complete = 1,
                          .elapsed_ns = 1500000000,
                          .counts = &run->counts,
                          .stop_reason = "",
                          .resume_hint = "" };
  run->ops->run_finished (run->self, &summary);
  notifier_host_free (run->host);
}

pid_t
scenario_start (Scenario scenario, int out, int err)
{
  pid_t child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child > 0)
    return child;
  signal (SIGPIPE, SIG_IGN);
  dup2 (out, STDOUT_FILENO);
  dup2 (err, STDERR_FILENO);
  Run run = { 0 };
  scenario (&run);
  _exit (0);
}

void
scenario_finish (pid_t child)
{
  int status;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
}

char *
scenario_read_all (int fd)
{
  GString *text = g_string_new (NULL);
  char bytes[4096];
  for (gssize n; (n = read (fd, bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR);)
    if (n > 0)
      g_string_append_len (text, bytes, n);
  return g_string_free (text, FALSE);
}
