/* SPDX-License-Identifier: MIT
 * Tests that say that they live, and some that do not. A minute is for those that must pass, however slow the machine
 * is. */
#include "harness.h"

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)

/* In sh and in C, until we let them end. */
TEST (beats)
{
  it_script (w, "t/sh_test",
             "echo >&\"$SRT_HEARTBEAT_FD\" || exit 1\n: > begun\n"
             "while [ ! -e go ]; do echo >&\"$SRT_HEARTBEAT_FD\"; sleep 0.01; done");
  g_autofree char *program = g_strdup_printf ("exec %s go", g_getenv ("BEATER"));
  it_script (w, "t/c_test", program);
  it_write (w, "srt.cfg", "suites = ( { name = \"s\"; paths = [ \"t\" ]; heartbeat = \"60s\"; } );\n");
  it_make_event (w, "begun");
  ItChild child = it_start (w, "-j 2");
  it_wait_event (w, "begun");
  it_write (w, "go", "");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
  it_assert_has (run.out, "2 PASS");
  g_assert_cmpstr (run.err, ==, "");
}

static const char quiet[] = "suites = ( { name = \"s\"; paths = [ \"t\" ]; timeout = 0; } );\n"
                            "rules = ( { match = \"a_*\"; heartbeat = \"100ms\"; } );\n";

static void
make_quiet (ItWorld *w)
{
  it_script (w, "t/a_test", "exec sleep 1000");
  it_script (w, "t/b_test", "[ -z \"${SRT_HEARTBEAT_FD-}${SRT_HEARTBEAT_MS-}\" ]");
  it_write (w, "srt.cfg", quiet);
}

/* The word in every place where results are told: screen, report, exit status. */
TEST (silent)
{
  make_quiet (w);
  g_auto (ItRun) run = it_srt (w, "--notifier junit:path=out.xml");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "HUNG", "a_test");
  it_assert_verdict (&run, "PASS", "b_test");
  it_assert_has (run.out, "a_test: no heartbeat for 100ms; not one since its start");
  it_assert_has (run.out, "1 PASS, 1 HUNG");
  g_autofree char *report = it_read (w, "out.xml");
  it_assert_has (report, "tests=\"2\" failures=\"0\" errors=\"1\"");
  it_assert_has (report, "type=\"HUNG\"");
  g_auto (ItRun) analyze = it_srt (w, "analyze --format json");
  it_assert_code (&analyze, 0);
  it_assert_has (analyze.out, "HUNG");
}

/* In the checkpoint, and in the round after it, where it does not run again. */
TEST (resume)
{
  make_quiet (w);
  g_auto (ItRun) run = it_srt (w, "--fail-fast");
  it_assert_code (&run, 1);
  g_auto (ItRun) kept = it_srt (w, "checkpoint");
  it_assert_code (&kept, 0);
  it_assert_has (kept.out, "HUNG");
  g_auto (ItRun) rest = it_srt (w, "--resume");
  it_assert_code (&rest, 1);
  it_assert_verdict (&rest, "PASS", "b_test");
  it_assert_has (rest.out, "1 PASS, 1 HUNG");
}

/* Also one that has closed the descriptor. A process that holds it after the end holds up nothing. */
TEST (descriptor)
{
  it_script (w, "t/a_test", "exec 8>&-\nexec sleep 1000");
  it_script (w, "t/b_test", "sleep 1000 >/dev/null 2>&1 &\nexit 0");
  it_write (w, "srt.cfg",
            "suites = ( { name = \"s\"; paths = [ \"t\" ]; heartbeat = \"60s\"; leaks = \"ignore\"; } );\n"
            "rules = ( { match = \"a_*\"; heartbeat = \"100ms\"; } );\n");
  g_auto (ItRun) run = it_srt (w, "");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "HUNG", "a_test");
  it_assert_verdict (&run, "PASS", "b_test");
}

TEST (no_limits)
{
  it_script (w, "t/a_test", "[ -z \"${SRT_HEARTBEAT_FD-}${SRT_HEARTBEAT_MS-}\" ]");
  it_write (w, "srt.cfg", quiet);
  g_auto (ItRun) run = it_srt (w, "--no-limits");
  it_assert_code (&run, 0);
}

TEST (list)
{
  make_quiet (w);
  g_auto (ItRun) run = it_srt (w, "list --format json");
  it_assert_code (&run, 0);
  it_assert_has (run.out, "\"heartbeat_s\" : 0.1");
}

/* An executor that cannot: said once, before any test; and only where somebody asks for it. */
TEST (not_watched)
{
  it_script (w, "t/a_test", "code 0");
  it_script (w, "t/b_test", "code 0");
  it_write (w, "srt.cfg", "suites = ( { name = \"s\"; paths = [ \"t\" ]; heartbeat = \"60s\"; } );\n");
  g_auto (ItRun) run = it_srt (w, "--executor tale");
  it_assert_code (&run, 0);
  g_auto (GStrv) parts = g_strsplit (run.err, "heartbeat is not watched by executor tale", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  it_assert_has (run.err, "s/a_test asks for it");
  g_auto (ItRun) lifted = it_srt (w, "--executor tale --no-limits");
  it_assert_code (&lifted, 0);
  it_assert_has_not (lifted.err, "heartbeat");
}

TEST (refused)
{
  it_script (w, "t/a_test", "");
  it_write (w, "srt.cfg", "suites = ( { name = \"s\"; paths = [ \"t\" ];\n  heartbeat = 0; } );\n");
  g_auto (ItRun) run = it_srt (w, "");
  it_assert_code (&run, 2);
  it_assert_has (run.err, "srt.cfg:2: suites.s.heartbeat: 0 is out of range; right is at least 10ms");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/heartbeat/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *dirs = g_strdup_printf ("%s,%s", g_getenv ("SRT_PLUGINS_DIRS"), g_getenv ("FIXTURE_DIR"));
  g_setenv ("SRT_PLUGINS_DIRS", dirs, TRUE);
  ADD (beats);
  ADD (silent);
  ADD (resume);
  ADD (descriptor);
  ADD (no_limits);
  ADD (list);
  ADD (not_watched);
  ADD (refused);
  return g_test_run ();
}
