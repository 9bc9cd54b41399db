/* SPDX-License-Identifier: MIT
 * The rows of a checkpoint against a plan made by hand. */
#include "run/resume.h"

typedef struct {
  SrtTest tests[4];
  GPtrArray *array;
  SrtCatalog catalog;
  SrtPlan *plan;
  SrtResume *resume;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const ids[] = { "s/a", "s/b", "s/c", "s/d" };
  f->array = g_ptr_array_new ();
  for (guint i = 0; i < 4; i++) {
    f->tests[i] = (SrtTest){ .pub = { .size = sizeof (srt_test), .id = ids[i], .suite = "s", .name = ids[i] + 2 } };
    g_ptr_array_add (f->array, &f->tests[i]);
  }
  f->tests[1].exclusive = TRUE;
  f->catalog = (SrtCatalog){ .tests = f->array };
  f->plan = srt_plan_new (&f->catalog);
  f->resume = srt_resume_new (f->plan);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  srt_resume_free (f->resume);
  srt_plan_free (f->plan);
  g_ptr_array_unref (f->array);
}

static void
add_row (Fixture *f, const char *id, guint32 verdict, guint32 final)
{
  srt_test test = { .size = sizeof test, .id = id };
  srt_result row = {
    .size = sizeof row, .verdict = verdict, .test = &test, .attempt = 1, .final = final, .message = "m"
  };
  srt_resume_row (f->resume, &row);
}

/* With SUSPECTS a '|' stands before them. */
static char *
todo_text (Fixture *f, gboolean suspects)
{
  guint n = 0;
  g_autoptr (GPtrArray) todo = srt_resume_todo (f->resume, suspects ? &n : NULL);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < todo->len; i++) {
    if (suspects && i == todo->len - n)
      g_string_append_c (text, '|');
    g_string_append (text, ((const SrtTest *)g_ptr_array_index (todo, i))->pub.name);
  }
  return g_string_free (text, FALSE);
}

static void
test_todo (Fixture *f, gconstpointer data)
{
  g_autofree char *all = todo_text (f, FALSE);
  g_assert_cmpstr (all, ==, "acdb"); /* b is exclusive */
  add_row (f, "s/c", SRT_VERDICT_PASS, 1);
  add_row (f, "s/a", SRT_VERDICT_KILLED, 0); /* not final: runs again */
  add_row (f, "s/gone", SRT_VERDICT_PASS, 1);
  g_autofree char *rest = todo_text (f, FALSE);
  g_assert_cmpstr (rest, ==, "adb");
  g_assert_cmpuint (srt_resume_gone (f->resume)->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (srt_resume_gone (f->resume), 0), ==, "s/gone");
  srt_resume_forget (f->resume);
  g_autofree char *again = todo_text (f, FALSE);
  g_assert_cmpstr (again, ==, "acdb");
}

/* What was killed in an earlier round and has no result stands last, behind exclusive tests too. */
static void
test_suspects (Fixture *f, gconstpointer data)
{
  g_autofree char *none = todo_text (f, TRUE);
  g_assert_cmpstr (none, ==, "acdb");
  add_row (f, "s/b", SRT_VERDICT_KILLED, 0);
  add_row (f, "s/a", SRT_VERDICT_KILLED, 0);
  add_row (f, "s/a", SRT_VERDICT_KILLED, 0);
  add_row (f, "s/c", SRT_VERDICT_KILLED, 0);
  add_row (f, "s/c", SRT_VERDICT_PASS, 1); /* run again since */
  add_row (f, "s/gone", SRT_VERDICT_KILLED, 0);
  add_row (f, "s/d", SRT_VERDICT_FAIL, 0); /* under pressure: a second chance was to come */
  g_autofree char *two = todo_text (f, TRUE);
  g_assert_cmpstr (two, ==, "d|ab");
  g_autofree char *by_hand = todo_text (f, FALSE);
  g_assert_cmpstr (by_hand, ==, "adb");
  add_row (f, "s/d", SRT_VERDICT_PASS, 1);
  g_autofree char *only = todo_text (f, TRUE);
  g_assert_cmpstr (only, ==, "|ab");
  srt_resume_forget (f->resume);
  g_autofree char *all = todo_text (f, TRUE);
  g_assert_cmpstr (all, ==, "acdb");
}

static void
test_last_row_counts (Fixture *f, gconstpointer data)
{
  srt_counts counts = { .size = sizeof counts, .total = 4 };
  add_row (f, "s/a", SRT_VERDICT_FAIL, 1);
  add_row (f, "s/a", SRT_VERDICT_PASS, 1);
  add_row (f, "s/b", SRT_VERDICT_TIMEOUT, 1);
  srt_resume_counts (f->resume, &counts);
  g_assert_cmpuint (counts.finished, ==, 2);
  g_assert_cmpuint (counts.pass, ==, 1);
  g_assert_cmpuint (counts.fail, ==, 0);
  g_assert_cmpuint (counts.timeout, ==, 1);
}

/* Told into a sink they are counted, and not written into the checkpoint a second time (there is none here). */
static void
test_tell (Fixture *f, gconstpointer data)
{
  SrtSink sink;
  g_autoptr (SrtNotify) notify = srt_notify_new (FALSE);
  g_autoptr (SrtCheckpoint) checkpoint = srt_checkpoint_new (notify);
  srt_sink_init (&sink, notify, checkpoint, 4);
  add_row (f, "s/d", SRT_VERDICT_SKIP, 1);
  add_row (f, "s/b", SRT_VERDICT_PASS, 1);
  srt_resume_tell (f->resume, &sink);
  g_assert_cmpuint (sink.counts.finished, ==, 2);
  g_assert_cmpuint (sink.counts.skip, ==, 1);
  g_assert_cmpuint (sink.counts.total, ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/run/resume/todo", Fixture, NULL, set_up, test_todo, tear_down);
  g_test_add ("/run/resume/suspects", Fixture, NULL, set_up, test_suspects, tear_down);
  g_test_add ("/run/resume/last-row-counts", Fixture, NULL, set_up, test_last_row_counts, tear_down);
  g_test_add ("/run/resume/tell", Fixture, NULL, set_up, test_tell, tear_down);
  return g_test_run ();
}
