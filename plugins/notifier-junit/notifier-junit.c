/* SPDX-License-Identifier: MIT
 * notifier-junit: the run as a file that Jenkins and GitLab read. This file is the glue: events → rows → report →
 * file. From the start of the run to its end the file says that the run has not ended, so that a run that was cut short
 * by force leaves no green report of an older one. */
#include "replace.h"
#include "report.h"
#include "rows.h"
#include "spool.h"
#include "../shared/words.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const srt_host *host;
  const char *path;
  int keep_failed, keep_all; /* whose output */
  const srt_run *run;        /* NULL: no run, or no memory for it */
  srt_report report;
  srt_rows rows;
  srt_spool spool;
  char host_name[256];
} junit;

static int
write_bytes (void *data, const char *bytes, size_t length)
{
  return srt_replace_write (data, bytes, length);
}

static void
write_report (junit *j, const srt_row *rows, size_t n, int durable)
{
  char why[SRT_REPLACE_WHY];
  srt_replace file;
  j->report.rows = rows;
  j->report.n = n;
  if (srt_replace_begin (&file, j->path, j->host->run_id, why) < 0) {
    j->host->logf (j->host, SRT_LOG_ERROR, "%s", why);
    return;
  }
  if (srt_report_write (&j->report, write_bytes, &file) < 0 && !file.error) {
    srt_replace_abandon (&file);
    j->host->logf (j->host, SRT_LOG_ERROR, "cannot write %s: out of memory", j->path);
  } else if (srt_replace_commit (&file, durable, why) < 0)
    j->host->logf (j->host, SRT_LOG_ERROR, "%s", why);
}

/* Until the run has ended, this is what stands in the file. */
static void
write_placeholder (junit *j)
{
  char name[128];
  snprintf (name, sizeof name, "run %s", j->host->run_id);
  srt_test test = { .size = sizeof test, .id = "", .suite = "srt", .name = name };
  char message[] = "this run has not ended: it is still going on, or srt was killed";
  srt_row row = { .test = &test, .message = message };
  write_report (j, &row, 1, 0);
}

static void
on_run_started (void *self, const srt_run *run)
{
  junit *j = self;
  if (srt_rows_init (&j->rows, run->tests, run->earlier.total) < 0) {
    j->host->logf (j->host, SRT_LOG_ERROR, "no report: out of memory");
    return;
  }
  j->run = run;
  j->report.cwd = run->cwd;
  j->report.start_real_ns = run->start_real_ns;
  write_placeholder (j);
}

/* Where the output of RESULT can be read when the report is written. */
static void
keep_output (junit *j, const srt_result *result, srt_bytes *ret)
{
  srt_bytes now;
  srt_bytes_of_result (j->host, result, &now);
  *ret = (srt_bytes){ .host = j->host, .fd = -1 };
  if (j->keep_failed && srt_words_is_failure (result->verdict))
    *ret = now; /* the core keeps it */
  else if (j->keep_all)
    srt_spool_keep (&j->spool, &now, &j->report.limits, ret);
}

static void
on_test_finished (void *self, const srt_result *result)
{
  junit *j = self;
  srt_bytes output;
  srt_row *row = j->run ? srt_rows_find (&j->rows, result->test) : NULL;
  if (!row)
    return;
  if (!result->final) {
    srt_rows_add_attempt (row, result);
    return;
  }
  keep_output (j, result, &output);
  srt_rows_finish (row, result, &output);
}

static void
on_test_unfinished (void *self, const srt_test *test, const char *reason)
{
  junit *j = self;
  srt_row *row = j->run ? srt_rows_find (&j->rows, test) : NULL;
  if (row)
    srt_rows_set_reason (row, reason);
}

static void
on_run_finished (void *self, const srt_summary *summary)
{
  junit *j = self;
  if (!j->run)
    return;
  j->report.elapsed_ns = summary->elapsed_ns;
  write_report (j, j->rows.list, j->rows.n, 1);
}

/* Better now than after an hour of tests. */
static int32_t
check_path (const srt_host *host, const char *path)
{
  char why[SRT_REPLACE_WHY];
  srt_replace file;
  if (srt_replace_begin (&file, path, host->run_id, why) < 0) {
    host->set_errorf (host, "%s", why);
    return SRT_E_INVALID;
  }
  srt_replace_abandon (&file);
  return SRT_OK;
}

static int32_t
create (const srt_host *host, void **ret_self)
{
  const char *path = host->get_string (host->options, "path");
  const char *output = host->get_string (host->options, "output");
  uint64_t most = host->get_bytes (host->options, "output_max");
  int32_t status = check_path (host, path);
  if (status != SRT_OK)
    return status;
  junit *j = calloc (1, sizeof *j);
  if (!j) {
    host->set_errorf (host, "out of memory");
    return SRT_E_NO_MEMORY;
  }
  j->host = host;
  j->path = path;
  j->keep_all = strcmp (output, "all") == 0;
  j->keep_failed = strcmp (output, "none") != 0;
  j->report.host_name = gethostname (j->host_name, sizeof j->host_name - 1) == 0 ? j->host_name : "localhost";
  j->report.limits = (srt_excerpt_limits){
    .head_lines = UINT64_MAX, .tail_lines = UINT64_MAX, .head_bytes = most / 4, .tail_bytes = most - most / 4
  };
  srt_spool_init (&j->spool, host);
  *ret_self = j;
  return SRT_OK;
}

static void
destroy (void *self)
{
  junit *j = self;
  srt_rows_clear (&j->rows);
  srt_spool_clear (&j->spool);
  free (j);
}

static const srt_notifier_ops ops = {
  .size = sizeof ops,
  .run_started = on_run_started,
  .test_finished = on_test_finished,
  .test_unfinished = on_test_unfinished,
  .run_finished = on_run_finished,
};

#define OPTION(NAME, TYPE, FLAGS, DEFAULT, CHOICES, HELP)                                                              \
  {                                                                                                                    \
    sizeof (srt_option), TYPE, FLAGS, NAME, DEFAULT, HELP, CHOICES                                                     \
  }

static const srt_option options[] = {
  OPTION ("path", SRT_TYPE_PATH, SRT_OPTION_REQUIRED, NULL, NULL, "The file to write; its folder must exist"),
  OPTION ("output", SRT_TYPE_CHOICE, 0, "failed", "failed|all|none", "Whose output is in the report"),
  OPTION ("output_max", SRT_TYPE_SIZE, 0, "64K", NULL,
          "How much of a test's output: the first quarter and the last three quarters of that size"),
};

SRT_PLUGIN_REGISTER (SRT_KIND_NOTIFIER, "junit", "0.1.0", "A JUnit report for Jenkins, GitLab and others", options,
                     sizeof options / sizeof *options, &ops, NULL, create, destroy);
