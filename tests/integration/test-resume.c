/* SPDX-License-Identifier: MIT
 * What --resume takes over from a checkpoint and what it runs again, and that everybody is told of the whole run. Tests
 * note each of their runs in files. */
#include "harness.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)

/* A test that adds a line to runs/NAME and does MORE. */
static void
make_test (ItWorld *w, const char *name, const char *more)
{
  g_autofree char *file = g_strdup_printf ("t/%s_test", name);
  g_autofree char *body = g_strdup_printf ("echo run >> runs/%s\n%s", name, more);
  it_write (w, "runs/.keep", "");
  it_script (w, file, body);
}

/* "a1 b2": how often each of NAMES (one letter each) has run. */
static char *
runs_text (ItWorld *w, const char *names)
{
  GString *text = g_string_new (NULL);
  for (; *names; names++) {
    g_autofree char *file = g_strdup_printf ("runs/%c", *names);
    g_autofree char *runs = it_read (w, file);
    g_string_append_printf (text, "%s%c%" G_GSIZE_FORMAT, text->len > 0 ? " " : "", *names, strlen (runs) / 4);
  }
  return g_string_free (text, FALSE);
}

static void
assert_runs (ItWorld *w, const char *names, const char *expected)
{
  g_autofree char *runs = runs_text (w, names);
  g_assert_cmpstr (runs, ==, expected);
}

static void
remove_file (ItWorld *w, const char *name)
{
  g_autofree char *path = it_path (w, name);
  g_remove (path);
}

/* Start OPTIONS, wait until the test z runs, send SIGINT. From then on z ends at once. */
static void
interrupt_at_z (ItWorld *w, const char *options)
{
  remove_file (w, "go");
  remove_file (w, "started");
  it_make_event (w, "started");
  make_test (w, "z", "test -e go && exit 0; : > started; sleep 1000");
  ItChild child = it_start (w, options);
  it_wait_event (w, "started");
  g_assert_cmpint (kill (child.pid, SIGINT), ==, 0);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 130);
  it_write (w, "go", "");
}

static char *
all_of (const ItRun *run)
{
  return g_strconcat (run->out, run->err, NULL);
}

/* A changed test runs again, a new one runs, a removed one is said; what the round before left running is shown. */
TEST (identity)
{
  make_test (w, "a", "");
  make_test (w, "b", "");
  make_test (w, "c", "");
  interrupt_at_z (w, "t");
  assert_runs (w, "abcz", "a1 b1 c1 z1");

  make_test (w, "b", ": changed");
  remove_file (w, "t/c_test");
  make_test (w, "d", "");
  g_auto (ItRun) rest = it_srt (w, "--resume t");
  it_assert_code (&rest, 0);
  it_assert_has (rest.out, "4/4");
  assert_runs (w, "abdz", "a1 b2 d1 z2");
  g_autofree char *all = all_of (&rest);
  it_assert_has (all, "changed since it ran, so run again: t/b_test\n");
  it_assert_has (all, "recorded, but not in this plan: t/c_test\n");
  it_assert_has (all, "running when it was stopped, so run again: t/z_test\n");
}

/* The same content is the same test, whatever its times and its inode say. */
TEST (touched)
{
  make_test (w, "a", "");
  interrupt_at_z (w, "t");
  remove_file (w, "t/a_test");
  make_test (w, "a", "");
  g_auto (ItRun) rest = it_srt (w, "--resume t");
  it_assert_code (&rest, 0);
  assert_runs (w, "az", "a1 z2");
}

/* What a test is, is in the settings too; how the run is done is not. */
TEST (settings)
{
  make_test (w, "a", "");
  interrupt_at_z (w, "--timeout 100s t");
  g_auto (ItRun) same = it_srt (w, "--timeout 100s -j2 --notifier junit:path=r.xml --fail-fast --verbose --resume t");
  it_assert_code (&same, 0);
  assert_runs (w, "az", "a1 z2");

  interrupt_at_z (w, "--timeout 100s t");
  g_auto (ItRun) other = it_srt (w, "--timeout 101s --resume t");
  it_assert_code (&other, 0);
  assert_runs (w, "az", "a3 z4");
  g_autofree char *all = all_of (&other);
  it_assert_has (all, "every test runs again");
}

/* PATHs that select some of the tests: the results of the others are not thrown away with the end of that run. */
TEST (selected)
{
  make_test (w, "a", "");
  make_test (w, "b", "");
  interrupt_at_z (w, "t");
  g_auto (ItRun) some = it_srt (w, "--resume t/z_test");
  it_assert_code (&some, 0);
  it_assert_has (some.out, "1/1 complete");
  it_assert_has (some.err, "the checkpoint stays: it has results of 2 tests");
  g_auto (ItRun) all = it_srt (w, "--resume t");
  it_assert_code (&all, 0);
  it_assert_has (all.out, "3/3 complete");
  assert_runs (w, "abz", "a1 b1 z2");
  g_assert_false (it_exists (w, ".srt"));
}

/* The same where suites say what there is, and a removed test is no reason to keep anything. */
TEST (selected_suite)
{
  it_write (w, "srt.cfg", "suites = ( { name = \"s\"; paths = [ \"t\" ]; } ); run: { history = \"never\"; };\n");
  make_test (w, "a", "");
  make_test (w, "b", "");
  interrupt_at_z (w, "");
  g_auto (ItRun) some = it_srt (w, "--resume t/z_test t/a_test");
  it_assert_code (&some, 0);
  g_assert_true (it_exists (w, ".srt/progress.sdn"));
  remove_file (w, "t/b_test");
  g_auto (ItRun) rest = it_srt (w, "--resume t/z_test t/a_test");
  it_assert_code (&rest, 0);
  it_assert_has (rest.out, "2/2 complete");
  assert_runs (w, "az", "a1 z2");
  g_assert_false (it_exists (w, ".srt"));
}

static void
run_git (ItWorld *w, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line =
      g_strdup_printf ("git -C %s -c user.name=t -c user.email=t@t -c init.defaultBranch=main %s", w->project, words);
  int status = -1;
  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, &status, &error));
  g_assert_cmpint (status, ==, 0);
}

/* Results on another revision, or on other changes to it, are stale: said, and run again, unless they are wanted. What
 * git does not track does not count. */
TEST (sources)
{
  g_autofree char *git = g_find_program_in_path ("git");
  if (!git) {
    g_test_skip ("there is no git");
    return;
  }
  it_write (w, "source.c", "int x;\n");
  run_git (w, "init -q");
  run_git (w, "add source.c");
  run_git (w, "commit -q -m first");
  make_test (w, "a", "");
  interrupt_at_z (w, "t");
  g_auto (ItRun) same = it_srt (w, "--resume t"); /* runs/, t/ and go are new, and not tracked */
  it_assert_code (&same, 0);
  assert_runs (w, "az", "a1 z2");

  interrupt_at_z (w, "t");
  it_write (w, "source.c", "int y;\n");
  g_auto (ItRun) other = it_srt (w, "--fail-fast --resume=force t");
  it_assert_code (&other, 0);
  assert_runs (w, "az", "a2 z4");
  g_autofree char *forced = all_of (&other);
  it_assert_has (forced, " dirty ");
  it_assert_has (forced, "kept, by --resume=force");

  interrupt_at_z (w, "t");
  run_git (w, "commit -q -a -m second");
  g_auto (ItRun) stale = it_srt (w, "--resume t");
  it_assert_code (&stale, 0);
  assert_runs (w, "az", "a4 z6");
  g_autofree char *all = all_of (&stale);
  it_assert_has (all, "1 result, up to ");
  it_assert_has (all, "of other sources (git ");
}

/* Any command can say what the sources are; one that cannot is an error. */
TEST (fingerprint_command)
{
  it_script (w, "version", "cat version.txt");
  it_write (w, "version.txt", "1.0\n");
  it_write (w, "srt.cfg", "run: { fingerprint = \"./version\"; };\n");
  make_test (w, "a", "");
  interrupt_at_z (w, "t");
  g_auto (ItRun) none = it_srt (w, "--set run.fingerprint=none --resume --fail-fast t/a_test");
  it_assert_code (&none, 0);
  assert_runs (w, "a", "a1");

  interrupt_at_z (w, "t");
  it_write (w, "version.txt", "2.0\n");
  g_auto (ItRun) stale = it_srt (w, "--resume t");
  it_assert_code (&stale, 0);
  assert_runs (w, "az", "a3 z3");
  g_autofree char *all = all_of (&stale);
  it_assert_has (all, "(1.0; now 2.0)");

  remove_file (w, "version.txt");
  g_auto (ItRun) broken = it_srt (w, "t");
  it_assert_code (&broken, 2);
  it_assert_has (broken.err, "run.fingerprint: ");
  it_assert_has (broken.err, "exit status 1");
}

/* Nobody has to wait for a command that hangs. */
TEST (fingerprint_hangs)
{
  it_make_event (w, "asked");
  it_script (w, "version", ": > asked; exec sleep 1000");
  make_test (w, "a", "");
  ItChild child = it_start (w, "--set run.fingerprint=./version t");
  it_wait_event (w, "asked");
  kill (child.pid, SIGINT);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 130);
  it_assert_has (run.err, "it was interrupted");
  assert_runs (w, "a", "a0");
}

/* Console and report speak of the whole run: what passed, failed and was skipped before counts. */
TEST (totals)
{
  make_test (w, "a", "");
  make_test (w, "b", "echo the reason; exit 1");
  make_test (w, "c", "exit 77");
  interrupt_at_z (w, "t");
  g_auto (ItRun) rest = it_srt (w, "--resume --notifier junit:path=report.xml t");
  it_assert_code (&rest, 1);
  assert_runs (w, "abcz", "a1 b1 c1 z2");
  it_assert_has (rest.out, "earlier: 3 completed, passed 1, failed 1, skipped 1");
  it_assert_has (rest.out, "Summary: 4/4 complete");
  it_assert_has (rest.out, "2 PASS");
  it_assert_has (rest.out, "1 FAIL");
  it_assert_has (rest.out, "1 SKIP");
  it_assert_has (rest.out, "b_test");
  g_autofree char *xml = it_read (w, "report.xml");
  it_assert_has (xml, "tests=\"4\"");
  it_assert_has (xml, "failures=\"1\"");
  it_assert_has (xml, "skipped=\"1\"");
  const char *const names[] = { "a_test", "b_test", "c_test", "z_test" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    it_assert_has (xml, names[i]);
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/resume/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (identity);
  ADD (touched);
  ADD (settings);
  ADD (selected);
  ADD (selected_suite);
  ADD (sources);
  ADD (fingerprint_command);
  ADD (fingerprint_hangs);
  ADD (totals);
  return g_test_run ();
}
