/* SPDX-License-Identifier: MIT
 * The whole plugin, loaded from its file: events in, a file out that a parser reads. MODULE is the plugin's path. */
#include "fixtures/notifier-host.h"
#include <glib/gstdio.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char *folder, *path;
  NotifierHost *host;
  const srt_notifier_ops *ops;
  void *self;
  srt_test *tests;
  const srt_test **plan;
  guint n;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("srt-junit-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "junit.xml", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->host)
    notifier_host_free (f->host);
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0); /* nothing else was left there */
  for (guint i = 0; i < f->n; i++)
    g_free ((char *)f->tests[i].id);
  g_free (f->tests);
  g_free (f->plan);
  g_free (f->folder);
  g_free (f->path);
}

static void
load (Fixture *f, const char *output)
{
  const char *const options[] = { "path", f->path, "output", output, NULL };
  f->host = notifier_host_new (MODULE, f->folder, options);
  f->ops = notifier_host_ops (f->host);
  f->self = notifier_host_self (f->host);
  g_assert_nonnull (f->self);
}

/* N tests in suites of 100. */
static void
start (Fixture *f, guint n)
{
  static const char *const suites[] = { "s0", "s1", "s2", NULL };
  srt_run run = { .size = sizeof run, .cwd = "/", .suites = suites };
  f->n = n;
  f->tests = g_new0 (srt_test, n);
  f->plan = g_new0 (const srt_test *, n);
  for (guint i = 0; i < n; i++) {
    char *id = g_strdup_printf ("%s/test-%u", suites[i / 100 % 3], i);
    f->tests[i] =
        (srt_test){ .size = sizeof (srt_test), .index = i, .id = id, .suite = suites[i / 100 % 3], .name = id + 3 };
    f->plan[i] = &f->tests[i];
  }
  run.tests = f->plan;
  run.earlier.total = n;
  f->ops->run_started (f->self, &run);
}

static srt_result
result_of (const srt_test *test, guint32 verdict)
{
  return (srt_result){
    .size = sizeof (srt_result), .verdict = verdict, .test = test, .attempt = 1, .final = 1, .message = ""
  };
}

static void
end (Fixture *f)
{
  srt_summary summary = { .size = sizeof summary, .elapsed_ns = 1 };
  f->ops->run_finished (f->self, &summary);
}

static guint
number (xmlNode *node, const char *name)
{
  xmlChar *value = xmlGetProp (node, (const xmlChar *)name);
  g_assert_nonnull (value);
  guint n = (guint)atoi ((const char *)value);
  xmlFree (value);
  return n;
}

/* Counts what is really in the file, and holds it against what its heads say. */
static void
assert_file (const char *path, guint tests, guint failures, guint errors, guint skipped)
{
  guint seen[4] = { 0 };
  xmlDoc *doc = xmlReadFile (path, NULL, XML_PARSE_NONET | XML_PARSE_HUGE);
  g_assert_nonnull (doc);
  xmlNode *root = xmlDocGetRootElement (doc);
  for (xmlNode *suite = xmlFirstElementChild (root); suite; suite = xmlNextElementSibling (suite))
    for (xmlNode *test = xmlFirstElementChild (suite); test; test = xmlNextElementSibling (test)) {
      xmlNode *said = xmlFirstElementChild (test);
      const char *element = said ? (const char *)said->name : "";
      seen[0]++;
      seen[1] += strcmp (element, "failure") == 0;
      seen[2] += strcmp (element, "error") == 0;
      seen[3] += strcmp (element, "skipped") == 0;
    }
  const guint expected[] = { tests, failures, errors, skipped };
  const char *const names[] = { "tests", "failures", "errors", "skipped" };
  for (int i = 0; i < 4; i++) {
    g_test_message ("%s", names[i]);
    g_assert_cmpuint (seen[i], ==, expected[i]);
    g_assert_cmpuint (number (root, names[i]), ==, expected[i]);
  }
  xmlFreeDoc (doc);
}

static char *
content (Fixture *f)
{
  char *text = NULL;
  g_assert_true (g_file_get_contents (f->path, &text, NULL, NULL));
  return text;
}

static void
test_interrupted (Fixture *f, gconstpointer data)
{
  load (f, "failed");
  start (f, 6);
  assert_file (f->path, 1, 0, 1, 0); /* the run has not ended */
  srt_result pass = result_of (&f->tests[0], SRT_VERDICT_PASS), fail = result_of (&f->tests[1], SRT_VERDICT_FAIL);
  srt_result killed = result_of (&f->tests[2], SRT_VERDICT_KILLED), skip = result_of (&f->tests[3], SRT_VERDICT_SKIP);
  f->ops->test_finished (f->self, &pass);
  f->ops->test_finished (f->self, &fail);
  f->ops->test_finished (f->self, &killed);
  f->ops->test_finished (f->self, &skip);
  f->ops->test_unfinished (f->self, &f->tests[4], "not started: SIGINT");
  end (f); /* nobody said a word about the last test: it is an error too */
  assert_file (f->path, 6, 1, 3, 1);
  g_autofree char *text = content (f);
  g_assert_nonnull (strstr (text, "<error message=\"not started: SIGINT\" type=\"UNFINISHED\">"));
  g_assert_cmpstr (notifier_host_log (f->host), ==, "");
}

/* The run ends without its last event: what stands there is no older, green report. */
static void
test_cut_short (Fixture *f, gconstpointer data)
{
  g_assert_true (g_file_set_contents (f->path, "<testsuites/>", -1, NULL));
  load (f, "failed");
  start (f, 2);
  notifier_host_free (g_steal_pointer (&f->host));
  assert_file (f->path, 1, 0, 1, 0);
}

/* A failed attempt behind which a passed one came; another that was to run again and never did. */
static void
test_attempts (Fixture *f, gconstpointer data)
{
  load (f, "none");
  start (f, 2);
  srt_result first = result_of (&f->tests[0], SRT_VERDICT_FAIL), last = result_of (&f->tests[0], SRT_VERDICT_FLAKY);
  srt_result only = result_of (&f->tests[1], SRT_VERDICT_TIMEOUT);
  first.final = only.final = 0;
  first.message = "exit status 9";
  f->ops->test_finished (f->self, &first);
  f->ops->test_finished (f->self, &last);
  f->ops->test_finished (f->self, &only);
  end (f);
  g_autofree char *text = content (f);
  g_assert_nonnull (strstr (text, "<flakyFailure message=\"exit status 9\" type=\"FAIL\"/>"));
  g_assert_nonnull (strstr (text, "type=\"UNFINISHED\""));
  g_assert_nonnull (strstr (text, "<rerunError message=\"\" type=\"TIMEOUT\"/>"));
}

/* Rows of a checkpoint have an id and no more; one of them is of a test that the plan no longer has. */
static void
test_earlier (Fixture *f, gconstpointer data)
{
  load (f, "failed");
  start (f, 300);
  for (guint i = 0; i < 300; i++) {
    g_autofree char *id = g_strdup (f->tests[i].id);
    srt_test bare = { .size = sizeof bare, .id = id };
    srt_result result = result_of (&bare, i == 7 ? SRT_VERDICT_CRASH : SRT_VERDICT_PASS);
    result.earlier = 1;
    f->ops->test_finished (f->self, &result);
  }
  srt_test gone = { .size = sizeof gone, .id = "gone/deep/one" };
  srt_result result = result_of (&gone, SRT_VERDICT_FAIL);
  f->ops->test_finished (f->self, &result);
  f->ops->test_finished (f->self, &result);
  end (f);
  assert_file (f->path, 301, 1, 1, 0);
  g_autofree char *text = content (f);
  g_assert_nonnull (strstr (text, "<testcase classname=\"gone\" name=\"deep/one\""));
}

static void
finish_with_output (Fixture *f, guint i, guint32 verdict, const srt_output *output)
{
  srt_result result = result_of (&f->tests[i], verdict);
  result.output = output;
  result.output_bytes = output->length;
  f->ops->test_finished (f->self, &result);
}

/* Of passed tests the output is gone when the event is over. */
static void
test_output (Fixture *f, gconstpointer choice)
{
  srt_output failed = { "of the failed one\n", 18 };
  load (f, choice);
  start (f, 3);
  for (guint i = 0; i < 2; i++) {
    g_autofree char *bytes = g_strdup_printf ("of passed one %u\n", i);
    srt_output passed = { bytes, strlen (bytes) };
    finish_with_output (f, i, SRT_VERDICT_PASS, &passed);
    memset (bytes, '!', passed.length);
  }
  finish_with_output (f, 2, SRT_VERDICT_FAIL, &failed);
  end (f);
  g_autofree char *text = content (f);
  gboolean all = strcmp (choice, "all") == 0, none = strcmp (choice, "none") == 0;
  g_assert_cmpint (strstr (text, "<system-out>of passed one 0\n</system-out>") != NULL, ==, all);
  g_assert_cmpint (strstr (text, "<system-out>of passed one 1\n</system-out>") != NULL, ==, all);
  g_assert_cmpint (strstr (text, "<system-out>of the failed one\n</system-out>") != NULL, ==, !none);
  g_assert_null (strchr (text, '!'));
}

/* As many as a large run has; also that nothing in it grows with the square of it. */
static void
test_many (Fixture *f, gconstpointer data)
{
  enum { MANY = 10000 };
  srt_output output = { "assertion failed\n", 17 };
  load (f, "failed");
  start (f, MANY);
  for (guint i = 0; i < MANY; i++)
    finish_with_output (f, i, i % 10 ? SRT_VERDICT_PASS : SRT_VERDICT_FAIL, &output);
  end (f);
  assert_file (f->path, MANY, MANY / 10, 0, 0);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  const char *const options[] = { "path", "/nowhere/at/all/junit.xml", NULL };
  f->host = notifier_host_new (MODULE, NULL, options);
  g_assert_null (notifier_host_self (f->host));
  g_assert_cmpstr (notifier_host_error (f->host), ==,
                   "the folder of /nowhere/at/all/junit.xml does not exist; make it first");
}

/* The folder goes away during the run: said, and no harm. */
static void
test_folder_goes (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (f->folder, "in", NULL);
  g_autofree char *path = g_build_filename (folder, "junit.xml", NULL);
  const char *const options[] = { "path", path, NULL };
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  f->host = notifier_host_new (MODULE, f->folder, options);
  f->ops = notifier_host_ops (f->host);
  f->self = notifier_host_self (f->host);
  start (f, 1);
  g_unlink (path);
  g_rmdir (folder);
  end (f);
  g_assert_true (g_str_has_prefix (notifier_host_log (f->host), "error: the folder of "));
}

#define ADD(NAME, DATA, FN) g_test_add ("/junit/" NAME, Fixture, DATA, set_up, FN, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("interrupted", NULL, test_interrupted);
  ADD ("cut-short", NULL, test_cut_short);
  ADD ("attempts", NULL, test_attempts);
  ADD ("earlier", NULL, test_earlier);
  ADD ("output/failed", "failed", test_output);
  ADD ("output/all", "all", test_output);
  ADD ("output/none", "none", test_output);
  ADD ("many", NULL, test_many);
  ADD ("refused", NULL, test_refused);
  ADD ("folder-goes", NULL, test_folder_goes);
  return g_test_run ();
}
