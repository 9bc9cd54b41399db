/* SPDX-License-Identifier: MIT
 * The words for how a test ended, made from what its executor saw, and where the evidence goes: screen, JUnit report,
 * checkpoint. The fixture executor "tale" ends as the test's file tells it. */
#include "harness.h"

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)

/* A test that ends as TALE says gets WORD and the message TEXT; srt exits with CODE. */
static void
check_tale (ItWorld *w, const char *tale, const char *word, const char *text, int code)
{
  it_script (w, "t/a_test", tale);
  g_auto (ItRun) run = it_srt (w, "--executor tale --profile mine t");
  it_assert_code (&run, code);
  it_assert_verdict (&run, word, "a_test");
  it_assert_has (run.out, text);
}

TEST (words)
{
  it_write (w, "srt.cfg", "profiles = { mine = { memory = \"64M\"; }; };\n");
  check_tale (w, "kind 100", "PASS", "1 PASS", 0);
  check_tale (w, "kind 100\ncode 3", "FAIL", "a_test: exit status 3", 1);
  check_tale (w, "kind 200\ncode 11", "CRASH", "a_test: SIGSEGV", 1);
  check_tale (w, "kind 500\ncode 9\nwhy 100", "TIMEOUT", "a_test: still ran after 2m", 1);
  check_tale (w, "kind 500\ncode 15\nwhy 500\nmessage not one since noon", "HUNG", "a_test: not one since noon", 1);
  check_tale (w, "kind 200\ncode 9", "CRASH", "SIGKILL (not sent by srt)", 1);
  check_tale (w, "code 137", "FAIL", "exit status 137", 1);
  check_tale (w, "kind 200\ncode 9\noom 1\nlimit 1", "OOM", "over its limit: memory = 64M", 1);
  check_tale (w, "kind 200\ncode 9\noom 1", "OOM", "the machine had no memory left", 1);
  check_tale (w, "kind 500\ncode 9\nwhy 400\nlimit 16\nmessage 70 processes over its limit of 64 (measured)", "LIMIT",
              "a_test: 70 processes over its limit of 64 (measured)", 1);
  check_tale (w, "code 1\nlimit 16", "LIMIT", "over its limit: processes; exit status 1", 1);
  check_tale (w, "limit 16", "PASS", "1 PASS", 0);
  check_tale (w, "leaked 1\nleak_text sleep (pid 7)", "LEAK", "left 1 process behind: sleep (pid 7)", 0);
  check_tale (w, "kind 400\nmessage agent 3 died", "ERROR", "lost: agent 3 died", 1);
}

/* What a run, a suite and a rule say of leaks; the nearest wins. */
TEST (leaks)
{
  it_script (w, "t/a_test", "leaked 2\nleak_text x (pid 7), y (pid 8)");
  it_script (w, "t/b_test", "leaked 1");
  it_script (w, "t/c_test", "leaked 1");
  it_write (w, "srt.cfg",
            "suites = ( { name = \"s\"; paths = [ \"t/a_test\", \"t/c_test\" ]; leaks = \"fail\"; },\n"
            "           { name = \"r\"; paths = [ \"t/b_test\" ]; } );\n"
            "rules = ( { match = \"c_*\"; leaks = \"ignore\"; } );\n");
  g_auto (ItRun) run = it_srt (w, "--executor tale");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "FAIL", "a_test");
  it_assert_has (run.out, "left 2 processes behind: x (pid 7), y (pid 8)");
  it_assert_verdict (&run, "LEAK", "b_test");
  it_assert_verdict (&run, "PASS", "c_test");
  g_auto (ItRun) none = it_srt (w, "--executor tale --leaks ignore");
  it_assert_code (&none, 0);
  it_assert_has (none.out, "3 PASS");
}

/* Whoever writes when the word is given changes nothing: neither output nor a second end. */
TEST (late)
{
  it_script (w, "t/a_test", "late yes");
  it_script (w, "t/b_test", "code 0");
  g_auto (ItRun) run = it_srt (w, "--executor tale --notifier junit:path=out.xml t");
  it_assert_code (&run, 0);
  it_assert_has (run.out, "2 PASS");
  it_assert_has_not (run.out, "FAIL");
  g_autofree char *report = it_read (w, "out.xml");
  it_assert_has (report, "tests=\"2\" failures=\"0\" errors=\"0\"");
  it_assert_has_not (report, "late");
}

/* Which mechanism held the limits stands in every record of the result, in a later round too. */
TEST (held_by)
{
  it_script (w, "t/a_test", "kind 500\ncode 9\nwhy 400\nlimit 1\nheld_by memory: cgroup v1\nleaked 3");
  it_script (w, "t/b_test", "kind 400");
  g_auto (ItRun) run = it_srt (w, "--fail-fast --executor tale --notifier junit:path=out.xml t");
  it_assert_code (&run, 1);
  it_assert_has (run.out, "Limits held by: memory: cgroup v1");
  g_autofree char *report = it_read (w, "out.xml");
  it_assert_has (report, "<property name=\"held_by\" value=\"memory: cgroup v1\"/>");
  it_assert_has (report, "<property name=\"limit\" value=\"memory\"/>");
  it_assert_has (report, "<property name=\"leaked\" value=\"3\"/>");
  g_autofree char *rows = it_read (w, ".srt/progress.sdn");
  it_assert_has (rows, "memory: cgroup v1");
  g_auto (ItRun) rest = it_srt (w, "--resume --executor tale --notifier junit:path=rest.xml t");
  it_assert_code (&rest, 1);
  g_autofree char *again = it_read (w, "rest.xml");
  it_assert_has (again, "<property name=\"held_by\" value=\"memory: cgroup v1\"/>");
  it_assert_has (again, "<property name=\"leaked\" value=\"3\"/>");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/verdicts/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *dirs = g_strdup_printf ("%s,%s", g_getenv ("SRT_PLUGINS_DIRS"), g_getenv ("FIXTURE_DIR"));
  g_setenv ("SRT_PLUGINS_DIRS", dirs, TRUE);
  ADD (words);
  ADD (leaks);
  ADD (late);
  ADD (held_by);
  return g_test_run ();
}
