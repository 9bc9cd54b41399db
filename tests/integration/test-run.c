/* SPDX-License-Identifier: MIT
 * What a user sees of a run: words, exit statuses, environment, order, output. */
#include "harness.h"

#include <string.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)

/* Every word that a program of its own can cause. */
TEST (words)
{
  it_script (w, "t/a_pass_test", "exit 0");
  it_script (w, "t/b_fail_test", "echo what went wrong; exit 3");
  it_script (w, "t/c_skip_test", "exit 77");
  it_script (w, "t/d_error_test", "exit 99");
  it_script (w, "t/e_crash_test", "kill -SEGV $$");
  it_script (w, "t/f_hang_test", "while :; do sleep 1000; done");
  it_write (w, "t/g_noexec_test.sh", "");
  g_auto (ItRun) run = it_srt (w, "--timeout 1s t");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "PASS", "a_pass_test");
  it_assert_verdict (&run, "FAIL", "b_fail_test");
  it_assert_verdict (&run, "SKIP", "c_skip_test");
  it_assert_verdict (&run, "ERROR", "d_error_test");
  it_assert_verdict (&run, "CRASH", "e_crash_test");
  it_assert_verdict (&run, "TIMEOUT", "f_hang_test");
  it_assert_has (run.out, "what went wrong");
  it_assert_has (run.err, "g_noexec_test.sh: not executable");
}

TEST (all_pass)
{
  it_script (w, "t/one_test", "exit 0");
  it_script (w, "t/two_test", "exit 77");
  g_auto (ItRun) run = it_srt (w, "t");
  it_assert_code (&run, 0);
  g_assert_false (it_exists (w, ".srt/progress.sdn"));
}

TEST (no_tests)
{
  it_write (w, "t/readme", "no test");
  g_auto (ItRun) run = it_srt (w, "t");
  it_assert_code (&run, 4);
  g_auto (ItRun) pass = it_srt (w, "--no-tests=pass t");
  it_assert_code (&pass, 0);
  g_auto (ItRun) missing = it_srt (w, "nowhere");
  it_assert_code (&missing, 2);
  it_assert_has (missing.err, "nowhere");
}

/* What a test finds around itself. */
TEST (environment)
{
  it_script (w, "t/env_test",
             "test \"$SRT\" = 1 && test -n \"$SRT_RUN_ID\" && test \"$SRT_TEST_NAME\" = t/env_test &&"
             " test \"$SRT_ATTEMPT\" = 1 && test \"$SRT_SLOT\" = 0 || exit 1\n"
             "test -d \"$TMPDIR\" && test -z \"$(ls -A \"$TMPDIR\")\" || exit 2\n"
             "case $(readlink /proc/self/fd/0) in /dev/null) ;; *) exit 3;; esac\n"
             "test \"$(ps -o pgid= -p $$ | tr -d ' ')\" = $$ || exit 5\n"
             "test \"$(ps -o sid= -p $$ | tr -d ' ')\" = $$ || exit 6\n"
             "grep -q '^SigBlk:.0000000000000000' /proc/self/status || exit 7\n"
             "ls /proc/$$/fd > \"$TMPDIR/fds\"; test $(grep -c . \"$TMPDIR/fds\") -le 5 || exit 8");
  g_auto (ItRun) run = it_srt (w, "t");
  it_assert_code (&run, 0);
}

/* TMPDIR is empty for each test of a slot, whatever the one before left; a failure's is kept and named. */
TEST (tmpdir)
{
  it_script (w, "t/a_test", "mkdir -p $TMPDIR/deep/er; echo x > $TMPDIR/deep/er/file; chmod 0 $TMPDIR/deep; exit 0");
  it_script (w, "t/b_test", "test -z \"$(ls -A $TMPDIR)\" || exit 1; echo evidence > $TMPDIR/clue; exit 1");
  it_script (w, "t/c_test", "test -z \"$(ls -A $TMPDIR)\"");
  g_auto (ItRun) run = it_srt (w, "t");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "PASS", "a_test");
  it_assert_verdict (&run, "FAIL", "b_test");
  it_assert_verdict (&run, "PASS", "c_test");
  g_autoptr (GRegex) regex = g_regex_new ("/[^ \n]*kept-[^ \n]*", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_assert_true (g_regex_match (regex, run.out, 0, &match));
  g_autofree char *dir = g_match_info_fetch (match, 0);
  g_autofree char *clue = g_build_filename (dir, "clue", NULL);
  g_assert_true (g_file_test (clue, G_FILE_TEST_EXISTS));
  it_script (w, "t/b_test", "exit 0");
  g_auto (ItRun) next = it_srt (w, "t");
  it_assert_code (&next, 0);
  g_assert_false (g_file_test (clue, G_FILE_TEST_EXISTS));
}

/* A test cannot leave anything: not a background process that holds its output, not a daemon. */
TEST (leftovers)
{
  it_script (w, "t/orphan_test", "sleep 1000 & exit 0");
  it_script (w, "t/daemon_test", "setsid sh -c 'trap \"\" TERM HUP; sleep 1000 & wait' >/dev/null 2>&1 & exit 0");
  it_script (w, "t/z_test", "exit 0");
  g_auto (ItRun) run = it_srt (w, "t");
  it_assert_verdict (&run, "LEAK", "orphan_test");
  it_assert_verdict (&run, "LEAK", "daemon_test");
  it_assert_verdict (&run, "PASS", "z_test");
  it_assert_has (run.out, "sleep");
  it_assert_code (&run, 0);
  it_assert_has (run.out, "Cleaned up");
}

/* Output over its cap is cut, and said; the test is not hurt. */
TEST (output_cap)
{
  it_script (w, "t/loud_test", "head -c 3000000 /dev/zero | tr '\\0' 'x'; exit 1");
  g_auto (ItRun) run = it_srt (w, "--output-max 64K t");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "FAIL", "loud_test");
  g_assert_cmpuint (strlen (run.out), <, 200000);
  it_assert_has (run.out, "2934464"); /* 3000000 - 65536: what was dropped */
}

TEST (tap)
{
  it_write (w, "srt.cfg",
            "suites = ( { name = \"tap\"; paths = [\"t\"]; patterns = [\"*.t\"]; command = [\"sh\", \"{file}\"];"
            " format = \"tap\"; } );\n");
  it_write (w, "t/good.t", "echo 1..2; echo ok 1; echo 'ok 2 # SKIP no net'\n");
  it_write (w, "t/bad.t", "echo 1..2; echo ok 1; echo 'not ok 2 - sums'; exit 1\n");
  it_write (w, "t/short.t", "echo 1..3; echo ok 1\n");
  it_write (w, "t/skip.t", "echo '1..0 # SKIP no database'\n");
  it_write (w, "t/todo.t", "echo 1..1; echo 'not ok 1 # TODO later'\n");
  g_auto (ItRun) run = it_srt (w, "");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "PASS", "good.t");
  it_assert_verdict (&run, "FAIL", "bad.t");
  it_assert_verdict (&run, "ERROR", "short.t");
  it_assert_verdict (&run, "SKIP", "skip.t");
  it_assert_verdict (&run, "PENDING", "todo.t");
  it_assert_has (run.out, "sums");
  it_assert_has (run.out, "no database");
}

/* At once means at once: each of two tests waits for the other. And never two in one slot. */
TEST (parallel)
{
  it_make_event (w, "ab");
  it_script (w, "t/a_test", "echo $SRT_SLOT > ab");
  it_script (w, "t/b_test", "read slot < ab; test \"$slot\" != $SRT_SLOT");
  g_auto (ItRun) run = it_srt (w, "-j2 --timeout 60s t");
  it_assert_code (&run, 0);
  it_assert_has (run.out, "parallel");
}

TEST (exclusive)
{
  it_write (w, "srt.cfg",
            "suites = ( { name = \"alone\"; paths = [\"x\"]; exclusive = true; },"
            " { name = \"other\"; paths = [\"t\"]; } );\n");
  const char *body = "mkdir \"$(dirname \"$0\")/../lock\" || exit 1; sleep 0.05; rmdir \"$(dirname \"$0\")/../lock\"";
  it_script (w, "x/a_test", body);
  it_script (w, "x/b_test", body);
  it_script (w, "t/c_test", "test ! -d \"$(dirname \"$0\")/../lock\"");
  it_script (w, "t/d_test", "test ! -d \"$(dirname \"$0\")/../lock\"");
  g_auto (ItRun) run = it_srt (w, "-j4");
  it_assert_code (&run, 0);
}

TEST (fail_fast)
{
  it_script (w, "t/a_test", "exit 1");
  it_script (w, "t/b_test", "touch ran");
  g_auto (ItRun) run = it_srt (w, "--fail-fast t");
  it_assert_code (&run, 1);
  it_assert_has (run.out, "Stopping early");
  g_assert_false (it_exists (w, "ran"));
  g_assert_true (it_exists (w, ".srt/progress.sdn"));
}

TEST (fail_fast_timeout)
{
  it_script (w, "t/a_test", "sleep 1000");
  it_script (w, "t/b_test", "touch ran");
  g_auto (ItRun) run = it_srt (w, "--fail-fast --timeout 200ms t");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "TIMEOUT", "a_test");
  g_assert_false (it_exists (w, "ran"));
}

/* The bound on the whole: what was done counts, the rest is for --resume. */
TEST (parallel_timeout)
{
  it_script (w, "t/a_test", "exit 0");
  it_script (w, "t/b_test", "test -e go || sleep 1000");
  it_script (w, "t/c_test", "exit 0");
  g_auto (ItRun) run = it_srt (w, "--parallel -j1 --parallel-timeout 1s t");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "PASS", "a_test");
  it_assert_has (run.out, "parallel-timeout");
  it_write (w, "go", "");
  g_auto (ItRun) rest = it_srt (w, "--parallel -j1 --resume t");
  it_assert_code (&rest, 0);
  it_assert_has (rest.out, "3/3");
}

/* TERM first; a test that does not mind gets KILL after the grace. */
TEST (timeout_steps)
{
  it_script (w, "t/a_test", "trap 'echo got TERM; exit 0' TERM; sleep 1000 & wait");
  it_script (w, "t/b_test", "trap '' TERM; while :; do sleep 1000; done");
  g_auto (ItRun) run = it_srt (w, "--timeout 1s --child-kill-timeout 3s t");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "TIMEOUT", "a_test");
  it_assert_verdict (&run, "TIMEOUT", "b_test");
  it_assert_has (run.out, "got TERM");
}

TEST (list)
{
  it_script (w, "t/b_test", "exit 0");
  it_script (w, "t/a_test", "touch ran");
  g_auto (ItRun) text = it_srt (w, "list t");
  it_assert_code (&text, 0);
  g_assert_cmpstr (text.out, ==, "t/a_test\nt/b_test\n");
  g_auto (ItRun) json = it_srt (w, "list --format json t");
  it_assert_code (&json, 0);
  it_assert_has (json.out, "\"id\" : \"t/a_test\"");
  g_assert_false (it_exists (w, "ran"));
}

/* The interrupted half of a run never looks green in the report. */
TEST (junit_interrupted)
{
  it_script (w, "t/a_test", "exit 0");
  it_script (w, "t/b_test", "exit 1");
  it_script (w, "t/c_test", "exit 0");
  g_auto (ItRun) run = it_srt (w, "--fail-fast --notifier junit:path=report.xml t");
  it_assert_code (&run, 1);
  g_autofree char *xml = it_read (w, "report.xml");
  it_assert_has (xml, "tests=\"3\"");
  it_assert_has (xml, "failures=\"1\"");
  it_assert_has (xml, "errors=\"1\"");
  it_assert_has (xml, "fail-fast");
}

/* Profiles whose limits cannot be held are said, not ignored. */
TEST (profile)
{
  it_script (w, "t/a_test", "exit 0");
  g_auto (ItRun) none = it_srt (w, "--profile nonesuch t");
  it_assert_code (&none, 2);
  it_assert_has (none.err, "nonesuch");
}

/* A checkpoint folder that cannot be written: said, and the run goes on. */
TEST (read_only_project)
{
  it_script (w, "t/a_test", "exit 0");
  it_write (w, ".srt", "a file where the folder should be");
  g_auto (ItRun) run = it_srt (w, "t");
  it_assert_code (&run, 0);
  g_autofree char *all = g_strconcat (run.out, run.err, NULL);
  it_assert_has (all, "cannot be resumed");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/run/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (words);
  ADD (all_pass);
  ADD (no_tests);
  ADD (environment);
  ADD (tmpdir);
  ADD (leftovers);
  ADD (output_cap);
  ADD (tap);
  ADD (parallel);
  ADD (exclusive);
  ADD (fail_fast);
  ADD (fail_fast_timeout);
  ADD (parallel_timeout);
  ADD (timeout_steps);
  ADD (list);
  ADD (junit_interrupted);
  ADD (profile);
  ADD (read_only_project);
  return g_test_run ();
}
