/* SPDX-License-Identifier: MIT
 * Two executors in one run: processes, and beside them the fixtures "tale" (ends as a test's file tells it, one test at
 * once) and "ledger" (makes a file a test). */
#include "harness.h"

#include <glib/gstdio.h>
#include <signal.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)

/* srt finds the fixture FILE: a copy, as whatever else lies beside it is not of these tests. */
static void
offer (ItWorld *w, const char *file)
{
  g_autofree char *from = g_build_filename (g_getenv ("FIXTURE_DIR"), file, NULL);
  g_autofree char *name = g_strconcat ("plugins/", file, NULL), *bytes = NULL;
  gsize length;
  it_write (w, name, "");
  g_autofree char *to = it_path (w, name);
  g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (to, bytes, (gssize)length, NULL));
  g_autofree char *dir = g_path_get_dirname (to), *dirs = g_strdup_printf ("%s,%s", g_getenv ("USUAL_DIRS"), dir);
  g_setenv ("SRT_PLUGINS_DIRS", dirs, TRUE);
}

/* Suites "own" (processes) and "told" (tale, with OPTIONS for its tests); HEAD stands in lines of its own before. */
static void
configure (ItWorld *w, const char *head, const char *options)
{
  g_autofree char *text =
      g_strdup_printf ("%s\n"
                       "suites = ( { name = \"own\"; paths = [ \"t\" ]; },\n"
                       "{ name = \"told\"; paths = [ \"tales\" ]; executor = {\n name = \"tale\"; %s\n"
                       "}; } );\n",
                       head, options);
  offer (w, "executor-tale.so");
  it_write (w, "srt.cfg", text);
}

TEST (results)
{
  configure (w, "", "");
  it_script (w, "t/good_test", "exit 0");
  it_script (w, "t/bad_test", "exit 3");
  it_script (w, "tales/a_test", "kind 200\ncode 11");
  it_script (w, "tales/b_test", "kind 100");
  it_script (w, "tales/c_test", "kind 400\nmessage node 3 died");
  g_auto (ItRun) run = it_srt (w, "-j 3");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "PASS", "good_test");
  it_assert_verdict (&run, "FAIL", "bad_test");
  it_assert_verdict (&run, "CRASH", "a_test");
  it_assert_verdict (&run, "PASS", "b_test");
  it_assert_verdict (&run, "ERROR", "c_test");
  it_assert_has (run.out, "executor: process + tale, ");
  it_assert_has (run.out, " + tale\n");
}

/* A rule sends single tests elsewhere; `srt list` says it, and the options of a suite stay with its own executor. */
TEST (rule)
{
  configure (w, "rules = ( { match = \"own/one_test\"; executor = \"tale\"; } );", "place = \"here\";");
  it_script (w, "t/one_test", "code 4");
  it_script (w, "t/two_test", "exit 5");
  it_script (w, "tales/a_test", "kind 100");
  g_auto (ItRun) list = it_srt (w, "list --format json");
  g_auto (GStrv) tests = g_strsplit (list.out, "\"id\"", -1);
  g_assert_cmpuint (g_strv_length (tests), ==, 4);
  it_assert_has (tests[1], "\"executor\" : \"tale\"");
  it_assert_has (tests[2], "\"executor\" : \"process\"");
  it_assert_has (tests[3], "\"executor\" : \"tale\"");
  g_auto (ItRun) run = it_srt (w, "");
  it_assert_code (&run, 1);
  it_assert_has (run.out, "one_test: exit status 4");
  it_assert_has (run.out, "two_test: exit status 5");
  g_autofree char *ruled = it_read (w, "t/one_test.got"), *said = it_read (w, "tales/a_test.got");
  it_assert_has_not (ruled, "place");
  it_assert_has (said, "place here");
}

/* The command line wins: nothing is a tale any more, and what was said to that one is not in the way. */
TEST (command_line)
{
  configure (w, "executors = ( { name = \"tale\"; refuse = \"create\"; } );", "place = \"here\";");
  it_script (w, "t/good_test", "exit 0");
  it_script (w, "tales/a_test", "exit 6");
  g_auto (ItRun) run = it_srt (w, "--executor process");
  it_assert_code (&run, 1);
  it_assert_has (run.out, "a_test: exit status 6");
  it_assert_has (run.out, "executor: process, ");
}

/* What cannot be used ends srt before any test, with the place that asks for it; what no test needs is not even made.
 */
static void
check_refused (ItWorld *w, const char *command_line, const char *place)
{
  g_auto (ItRun) run = it_srt (w, command_line);
  it_assert_code (&run, 2);
  it_assert_has (run.err, place);
  it_assert_has_not (run.out, "good_test");
}

TEST (refused)
{
  static const char *const where[] = { "create", "describe", "prepare" };
  it_script (w, "t/good_test", "exit 0");
  it_script (w, "tales/a_test", "kind 100");
  for (guint i = 0; i < G_N_ELEMENTS (where); i++) {
    g_autofree char *head = g_strdup_printf ("executors = (\n{ name = \"tale\"; refuse = \"%s\"; } );", where[i]);
    configure (w, head, "");
    check_refused (w, "", "srt.cfg:2: executor tale: containment is required");
    g_auto (ItRun) run = it_srt (w, "t");
    it_assert_code (&run, 0);
  }
}

TEST (refused_limit)
{
  it_script (w, "t/good_test", "exit 0");
  it_script (w, "tales/a_test", "kind 100");
  configure (
      w, "executors = ( { name = \"tale\"; refuse = \"accepts\"; } );\nrules = ( { match = \"*\"; cpu = 1.0; } );", "");
  check_refused (w, "", "srt.cfg:1: executor tale: containment is required");
}

TEST (refused_names)
{
  it_script (w, "t/good_test", "exit 0");
  it_script (w, "tales/a_test", "kind 100");
  configure (w, "rules = ( { match = \"told/*\";\nexecutor = \"nowhere\"; } );", "");
  check_refused (w, "", "srt.cfg:2: ");
  check_refused (w, "", "nowhere");
  configure (w, "", "plaice = \"here\";");
  check_refused (w, "", "srt.cfg:4: executor tale: has no option \"plaice\"");
  configure (w, "", "refuse = \"start\";");
  check_refused (w, "", "srt.cfg:4: executor tale: ");
}

/* --resume runs what is left, on the one that it needs: the other, whose test is done before z says that it runs, would
 * refuse. */
TEST (resume)
{
  configure (w, "", "");
  it_make_event (w, "started");
  it_script (w, "t/a_test", "echo run >> runs\nexit 0");
  it_script (w, "t/z_test",
             "test -e go && exit 0\nuntil test -e tales/a_test.got; do sleep 0.01; done\n: > started\nsleep 1000");
  it_script (w, "tales/a_test", "kind 100");
  ItChild child = it_start (w, "-j 2");
  it_wait_event (w, "started");
  g_assert_cmpint (kill (child.pid, SIGINT), ==, 0);
  g_auto (ItRun) stopped = it_wait (w, &child);
  it_assert_code (&stopped, 130);
  it_world_assert_no_process (w);
  it_write (w, "go", "");
  configure (w, "executors = ( { name = \"tale\"; refuse = \"create\"; } );", "");
  g_auto (ItRun) last = it_srt (w, "--resume");
  it_assert_code (&last, 0);
  it_assert_has (last.out, "3 PASS");
  g_autofree char *runs = it_read (w, "runs");
  g_assert_cmpstr (runs, ==, "run\n");
}

/* Where a test runs is a part of what it is. */
TEST (resume_elsewhere)
{
  configure (w, "", "");
  it_make_event (w, "started");
  it_script (w, "t/a_test", "echo run >> runs");
  it_script (w, "t/z_test", "test -e go && exit 0\n: > started\nsleep 1000");
  it_script (w, "tales/a_test", "kind 100");
  ItChild child = it_start (w, "t");
  it_wait_event (w, "started");
  kill (child.pid, SIGTERM);
  g_auto (ItRun) stopped = it_wait (w, &child);
  it_assert_code (&stopped, 143);
  it_write (w, "go", "");
  configure (w, "rules = ( { match = \"own/a_test\"; executor = \"tale\"; } );", "");
  g_auto (ItRun) run = it_srt (w, "--resume");
  it_assert_code (&run, 0);
  it_assert_has (run.err, "settings");
  g_assert_true (it_exists (w, "t/a_test.got"));
}

/* A run that is killed leaves things of both; each entry of its ledger goes to the executor that wrote it. */
TEST (dead)
{
  offer (w, "executor-ledger.so");
  it_make_event (w, "started");
  it_write (w, "srt.cfg",
            "suites = ( { name = \"made\"; paths = [ \"m\" ]; executor = \"ledger\"; },\n"
            "  { name = \"own\"; paths = [ \"t\" ]; } );\n");
  it_script (w, "m/hang_test", "exit 0");
  it_script (w, "t/a_test", ": > started; sleep 1000");
  ItChild child = it_start (w, "-j 2");
  it_wait_event (w, "started");
  g_assert_true (it_exists (w, "m/hang_test.made"));
  g_assert_cmpint (kill (child.pid, SIGKILL), ==, 0);
  g_auto (ItRun) killed = it_wait (w, &child);
  it_assert_code (&killed, 137);
  it_world_assert_no_process (w); /* agents outlive their srt, until their tests are gone */
  g_auto (ItRun) clean = it_srt (w, "clean");
  it_assert_code (&clean, 0);
  g_assert_false (it_exists (w, "m/hang_test.made"));
  it_world_assert_no_folder (w);
}

/* What is asked for besides is asked too, and is as good a reason for a bad word. */
TEST (doctor)
{
  configure (w, "", "");
  g_auto (ItRun) good = it_srt (w, "doctor");
  it_assert_has (good.out, "ok   with tale            tale\n");
  configure (w, "executors = ( { name = \"tale\"; refuse = \"create\"; } );", "");
  g_auto (ItRun) bad = it_srt (w, "doctor");
  it_assert_code (&bad, 3);
  it_assert_has (bad.out, "NO   with tale            srt.cfg:1: executor tale: containment is required");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/hybrid/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("USUAL_DIRS", g_getenv ("SRT_PLUGINS_DIRS"), TRUE);
  ADD (results);
  ADD (rule);
  ADD (command_line);
  ADD (refused);
  ADD (refused_limit);
  ADD (refused_names);
  ADD (resume);
  ADD (resume_elsewhere);
  ADD (dead);
  ADD (doctor);
  return g_test_run ();
}
