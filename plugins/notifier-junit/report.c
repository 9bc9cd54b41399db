/* SPDX-License-Identifier: MIT */
#include "report.h"
#include "../shared/clean.h"
#include "../shared/words.h"
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIECE = 4096 };

typedef struct {
  const srt_report *report;
  srt_report_fn fn;
  void *data;
  xmlTextWriterPtr xml;
  int failed;
} writer;

typedef struct {
  unsigned tests, failures, errors, skipped;
  uint64_t wall_ns;
} totals;

static void
check (writer *w, int result)
{
  w->failed |= result < 0;
}

static void
start (writer *w, const char *element)
{
  check (w, xmlTextWriterStartElement (w->xml, (const xmlChar *)element));
}

static void
end (writer *w)
{
  check (w, xmlTextWriterEndElement (w->xml));
}

/* Content, made clean: of the element or attribute that is open. */
static void
put (writer *w, const char *string)
{
  char out[PIECE + 1];
  size_t rest = strlen (string), used;
  while (rest > 0) {
    out[srt_clean (string, rest, 0, out, PIECE, &used)] = '\0';
    check (w, xmlTextWriterWriteString (w->xml, (const xmlChar *)out));
    string += used;
    rest -= used;
  }
}

static void
attribute (writer *w, const char *name, const char *value)
{
  check (w, xmlTextWriterStartAttribute (w->xml, (const xmlChar *)name));
  put (w, value);
  check (w, xmlTextWriterEndAttribute (w->xml));
}

static void
attribute_count (writer *w, const char *name, unsigned n)
{
  char number[16];
  snprintf (number, sizeof number, "%u", n);
  attribute (w, name, number);
}

/* Seconds; by hand, as printf would take the decimal point of the locale. */
static void
attribute_time (writer *w, uint64_t ns)
{
  char seconds[32];
  snprintf (seconds, sizeof seconds, "%llu.%03llu", (unsigned long long)(ns / 1000000000),
            (unsigned long long)(ns / 1000000 % 1000));
  attribute (w, "time", seconds);
}

/* In UTC, without a zone, as most readers want it. */
static void
attribute_timestamp (writer *w, uint64_t real_ns)
{
  char text[32];
  struct tm when;
  time_t seconds = (time_t)(real_ns / 1000000000);
  if (gmtime_r (&seconds, &when) && strftime (text, sizeof text, "%Y-%m-%dT%H:%M:%S", &when))
    attribute (w, "timestamp", text);
}

static void
attribute_file (writer *w, const srt_test *test)
{
  size_t length = w->report->cwd ? strlen (w->report->cwd) : 0;
  const char *file = test->file;
  if (!file)
    return;
  if (length > 1 && strncmp (file, w->report->cwd, length) == 0 && file[length] == '/')
    file += length + 1;
  attribute (w, "file", file);
}

static void
add_row (totals *sum, const srt_row *row)
{
  srt_outcome outcome = srt_words_outcome (row->verdict);
  sum->tests++;
  sum->failures += outcome == SRT_OUTCOME_FAILED;
  sum->errors += outcome == SRT_OUTCOME_BROKEN || outcome == SRT_OUTCOME_UNFINISHED;
  sum->skipped += outcome == SRT_OUTCOME_SKIPPED;
  sum->wall_ns += row->wall_ns;
}

static void
put_totals (writer *w, const totals *sum, uint64_t wall_ns)
{
  attribute_count (w, "tests", sum->tests);
  attribute_count (w, "failures", sum->failures);
  attribute_count (w, "errors", sum->errors);
  attribute_count (w, "skipped", sum->skipped);
  attribute_time (w, wall_ns);
}

static const char *
word_of (const srt_row *row)
{
  return row->verdict == SRT_VERDICT_NONE ? "UNFINISHED" : srt_words_name (row->verdict);
}

static void
put_line (writer *w, const char *label, const char *value)
{
  put (w, label);
  put (w, value);
  check (w, xmlTextWriterWriteString (w->xml, (const xmlChar *)"\n"));
}

/* What a person needs beyond the message. */
static void
put_notes (writer *w, const srt_row *row)
{
  char number[24];
  put_line (w, word_of (row), "");
  if (row->message)
    put_line (w, "", row->message);
  if (row->kept_dir)
    put_line (w, "TMPDIR kept: ", row->kept_dir);
  snprintf (number, sizeof number, "%llu", (unsigned long long)row->output_lost);
  if (row->output_lost)
    put_line (w, "bytes of output over output_max, dropped: ", number);
}

static void
put_property (writer *w, const char *name, const char *value)
{
  start (w, "property");
  attribute (w, "name", name);
  attribute (w, "value", value);
  end (w);
}

/* What held the test's limits, which one it met, and how many processes it left. */
static void
put_properties (writer *w, const srt_row *row)
{
  char text[128];
  if (!row->held_by && !row->limit && !row->leaked)
    return;
  start (w, "properties");
  if (row->held_by)
    put_property (w, "held_by", row->held_by);
  srt_words_limits (row->limit, text, sizeof text);
  if (row->limit)
    put_property (w, "limit", text);
  snprintf (text, sizeof text, "%u", row->leaked);
  if (row->leaked)
    put_property (w, "leaked", text);
  end (w);
}

static void
put_verdict (writer *w, const srt_row *row)
{
  static const char *const elements[] = { [SRT_OUTCOME_SKIPPED] = "skipped",
                                          [SRT_OUTCOME_FAILED] = "failure",
                                          [SRT_OUTCOME_BROKEN] = "error",
                                          [SRT_OUTCOME_UNFINISHED] = "error" };
  srt_outcome outcome = srt_words_outcome (row->verdict);
  if (outcome == SRT_OUTCOME_PASSED)
    return;
  start (w, elements[outcome]);
  attribute (w, "message", row->message ? row->message : word_of (row));
  if (outcome != SRT_OUTCOME_SKIPPED) {
    attribute (w, "type", word_of (row));
    put_notes (w, row);
  }
  end (w);
}

/* Earlier attempts, in the words of Surefire. One that srt killed says nothing about the test. */
static void
put_attempts (writer *w, const srt_row *row)
{
  int passed = srt_words_outcome (row->verdict) == SRT_OUTCOME_PASSED;
  for (const srt_attempt *attempt = row->attempts; attempt; attempt = attempt->next) {
    int failure = srt_words_outcome (attempt->verdict) == SRT_OUTCOME_FAILED;
    if (!srt_words_is_failure (attempt->verdict))
      continue;
    start (w, passed ? failure ? "flakyFailure" : "flakyError" : failure ? "rerunFailure" : "rerunError");
    attribute (w, "message", attempt->message);
    attribute (w, "type", srt_words_name (attempt->verdict));
    end (w);
  }
}

static int
put_output (void *data, const char *text, size_t length)
{
  writer *w = data;
  check (w, xmlTextWriterWriteString (w->xml, (const xmlChar *)text));
  return !w->failed;
}

static void
put_row (writer *w, const srt_row *row)
{
  start (w, "testcase");
  attribute (w, "classname", row->test->suite);
  attribute (w, "name", row->test->name);
  attribute_file (w, row->test);
  attribute_time (w, row->wall_ns);
  put_properties (w, row);
  put_verdict (w, row);
  put_attempts (w, row);
  if (row->output.length > 0) {
    start (w, "system-out");
    srt_excerpt_emit (&row->output, &w->report->limits, put_output, w);
    end (w);
  }
  /* LEAK, PRESSURE, FLAKY: passed, with a remark. */
  if (row->verdict != SRT_VERDICT_PASS && srt_words_outcome (row->verdict) == SRT_OUTCOME_PASSED) {
    start (w, "system-err");
    put_notes (w, row);
    end (w);
  }
  end (w);
}

static void
put_suite (writer *w, const srt_row *const *rows, size_t n)
{
  totals sum = { 0 };
  for (size_t i = 0; i < n; i++)
    add_row (&sum, rows[i]);
  start (w, "testsuite");
  attribute (w, "name", rows[0]->test->suite);
  put_totals (w, &sum, sum.wall_ns);
  attribute_timestamp (w, w->report->start_real_ns);
  attribute (w, "hostname", w->report->host_name);
  for (size_t i = 0; i < n; i++)
    put_row (w, rows[i]);
  end (w);
}

/* By suite; within it in the plan's order, which is the order in memory. */
static int
compare_suites (const void *a, const void *b)
{
  const srt_row *one = *(const srt_row *const *)a, *other = *(const srt_row *const *)b;
  int order = strcmp (one->test->suite, other->test->suite);
  return order ? order : (one > other) - (one < other);
}

static void
put_suites (writer *w, const srt_row **sorted)
{
  totals sum = { 0 };
  size_t n = w->report->n;
  for (size_t i = 0; i < n; i++) {
    sorted[i] = &w->report->rows[i];
    add_row (&sum, sorted[i]);
  }
  qsort (sorted, n, sizeof *sorted, compare_suites);
  start (w, "testsuites");
  attribute (w, "name", "srt");
  put_totals (w, &sum, w->report->elapsed_ns);
  for (size_t i = 0, next; i < n && !w->failed; i = next) {
    for (next = i + 1; next < n && strcmp (sorted[i]->test->suite, sorted[next]->test->suite) == 0; next++)
      ;
    put_suite (w, sorted + i, next - i);
  }
  end (w);
}

/* libxml2 prints its own words about a write that failed: it need not know. */
static int
on_write (void *context, const char *bytes, int length)
{
  writer *w = context;
  if (!w->failed)
    check (w, w->fn (w->data, bytes, (size_t)length));
  return length;
}

static void
put_document (writer *w, const srt_row **sorted)
{
  check (w, xmlTextWriterSetIndent (w->xml, 1));
  check (w, xmlTextWriterStartDocument (w->xml, NULL, "UTF-8", NULL));
  put_suites (w, sorted);
  check (w, xmlTextWriterEndDocument (w->xml));
  check (w, xmlTextWriterFlush (w->xml));
}

int
srt_report_write (const srt_report *report, srt_report_fn fn, void *data)
{
  writer w = { .report = report, .fn = fn, .data = data, .failed = 1 };
  const srt_row **sorted = malloc ((report->n + 1) * sizeof *sorted);
  xmlOutputBufferPtr buffer = sorted ? xmlOutputBufferCreateIO (on_write, NULL, &w, NULL) : NULL;
  w.xml = buffer ? xmlNewTextWriter (buffer) : NULL;
  if (w.xml) {
    w.failed = 0;
    put_document (&w, sorted);
    xmlFreeTextWriter (w.xml); /* closes the buffer too */
  } else if (buffer)
    xmlOutputBufferClose (buffer);
  free (sorted);
  return w.failed ? -1 : 0;
}
