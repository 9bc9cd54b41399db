/* SPDX-License-Identifier: MIT
 * Recorded results against what their tests and the sources are now. */
#include "run/identity.h"

#include <glib/gstdio.h>

enum { TESTS = 4 };

typedef struct {
  char *dir;
  char *argv[2];
  SrtSuite suite;
  SrtTest tests[TESTS];
  char digests[TESTS][SRT_CONTENT_DIGEST_SIZE];
  GPtrArray *array;
  SrtCatalog catalog;
  SrtPlan *plan;
  SrtResume *resume;
  SrtNotify *notify;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const ids[TESTS] = { "s/a", "s/b", "s/c", "s/d" };
  f->dir = g_dir_make_tmp ("srt-identity-XXXXXX", NULL);
  f->argv[0] = f->dir;
  f->array = g_ptr_array_new ();
  for (guint i = 0; i < TESTS; i++) {
    char *file = g_build_filename (f->dir, ids[i] + 2, NULL);
    g_assert_true (g_file_set_contents (file, ids[i], -1, NULL));
    f->tests[i] = (SrtTest){
      .pub = { .size = sizeof (srt_test), .id = ids[i], .suite = "s", .name = ids[i] + 2, .file = file },
      .suite = &f->suite,
      .argv = f->argv,
    };
    g_assert_true (srt_identity_digest (&f->tests[i], f->digests[i]));
    g_ptr_array_add (f->array, &f->tests[i]);
  }
  f->catalog = (SrtCatalog){ .tests = f->array };
  f->plan = srt_plan_new (&f->catalog);
  f->resume = srt_resume_new (f->plan);
  f->notify = srt_notify_new (FALSE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  srt_notify_free (f->notify);
  srt_resume_free (f->resume);
  srt_plan_free (f->plan);
  g_ptr_array_unref (f->array);
  for (guint i = 0; i < TESTS; i++) {
    g_remove (f->tests[i].pub.file);
    g_free ((char *)f->tests[i].pub.file);
  }
  g_remove (f->dir);
  g_free (f->dir);
}

static void
add_row (Fixture *f, guint i, const char *digest, const char *source)
{
  srt_test test = { .size = sizeof test, .id = f->tests[i].pub.id };
  srt_result row = {
    .size = sizeof row,
    .verdict = SRT_VERDICT_PASS,
    .test = &test,
    .attempt = 1,
    .final = 1,
    .message = "",
    .digest = digest,
    .source = source,
  };
  srt_resume_row (f->resume, &row);
}

/* Which tests run again, now that the sources are SOURCE. */
static void
check (Fixture *f, const char *source, gboolean force, const char *expected)
{
  const SrtIdentityNow now = { .source = source, .force = force, .now_real_ns = 1 };
  GString *text = g_string_new (NULL);
  srt_identity_check (f->resume, &now, f->notify);
  g_autoptr (GPtrArray) todo = srt_resume_todo (f->resume, NULL);
  for (guint i = 0; i < todo->len; i++)
    g_string_append (text, ((const SrtTest *)g_ptr_array_index (todo, i))->pub.name);
  g_assert_cmpstr (text->str, ==, expected);
  g_string_free (text, TRUE);
}

/* Another content, no content then, and none now: all three are another test. */
static void
test_content (Fixture *f, gconstpointer data)
{
  add_row (f, 0, f->digests[0], "");
  add_row (f, 1, f->digests[0], "");
  add_row (f, 2, NULL, "");
  add_row (f, 3, f->digests[3], "");
  g_assert_cmpint (g_remove (f->tests[3].pub.file), ==, 0);
  check (f, NULL, TRUE, "bcd");
}

static void
add_sources (Fixture *f)
{
  add_row (f, 0, f->digests[0], "git 1");
  add_row (f, 1, f->digests[1], "git 2");
  add_row (f, 2, f->digests[2], "");   /* nobody could say */
  add_row (f, 3, f->digests[3], NULL); /* it was said, and cannot be read any more */
}

static void
test_sources (Fixture *f, gconstpointer data)
{
  add_sources (f);
  check (f, "git 1", FALSE, "bd");
}

static void
test_sources_forced (Fixture *f, gconstpointer data)
{
  add_sources (f);
  check (f, "git 3", TRUE, "");
}

static void
test_sources_unknown (Fixture *f, gconstpointer data)
{
  add_sources (f);
  check (f, "", FALSE, "");
  check (f, NULL, FALSE, "");
}

#define ADD(NAME) g_test_add ("/run/identity/" #NAME, Fixture, NULL, set_up, test_##NAME, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (content);
  ADD (sources);
  ADD (sources_forced);
  ADD (sources_unknown);
  return g_test_run ();
}
