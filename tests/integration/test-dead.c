/* SPDX-License-Identifier: MIT
 * Dead runs: what their ledgers name is cleaned up by the next srt, of any project and with any executor configured,
 * and by `srt clean`. The fixture executor "ledger" makes a file a test. */
#include "harness.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)

/* From now on srt finds the fixture executor, or does not. */
static void
offer_ledger (gboolean offered)
{
  g_autofree char *both = g_strdup_printf ("%s,%s", g_getenv ("USUAL_DIRS"), g_getenv ("FIXTURE_DIR"));
  g_setenv ("SRT_PLUGINS_DIRS", offered ? both : g_getenv ("USUAL_DIRS"), TRUE);
}

static gboolean
has_ended (GPid pid)
{
  siginfo_t info = { 0 };
  return waitid (P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
}

/* A run that died while the test t/NAME had its file. */
static void
make_dead_run (ItWorld *w, const char *name)
{
  g_autofree char *program = g_strdup_printf ("t/%s_test", name);
  g_autofree char *made = g_strconcat (program, ".made", NULL);
  g_autofree char *line = g_strconcat ("--executor ledger ", program, NULL);
  offer_ledger (TRUE);
  it_script (w, program, "exit 0");
  ItChild child = it_start (w, line);
  while (!it_exists (w, made)) {
    g_assert_false (has_ended (child.pid));
    g_usleep (2000);
  }
  kill (child.pid, SIGKILL);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 137);
}

/* Nothing of the executor is loaded where nothing is dead. */
TEST (nothing)
{
  g_auto (ItRun) run = it_srt (w, "clean");
  it_assert_code (&run, 0);
  it_assert_has (run.out, "Nothing to clean up");
}

TEST (next_run)
{
  make_dead_run (w, "hang");
  it_script (w, "t/quick_test", "exit 0");
  g_auto (ItRun) run = it_srt (w, "--executor ledger t/quick_test");
  it_assert_code (&run, 0);
  it_assert_has (run.err,
                 "Cleaned up 2 orphaned resources: 1 folder of dead runs, 1 of their processes, cgroups, containers");
  g_assert_false (it_exists (w, "t/hang_test.made"));
}

/* The next srt is of another project and runs its tests elsewhere. */
TEST (other_project)
{
  make_dead_run (w, "hang");
  it_script (w, "other/quick_test", "exit 0");
  it_write (w, "other/srt.cfg", "");
  g_auto (ItRun) run = it_srt (w, "--config other/srt.cfg other");
  it_assert_code (&run, 0);
  it_assert_has (run.err, "Cleaned up 2 orphaned resources");
  g_assert_false (it_exists (w, "t/hang_test.made"));
}

/* An executor that is not there: said, and the folder waits for it. */
TEST (not_loadable)
{
  make_dead_run (w, "hang");
  offer_ledger (FALSE);
  g_auto (ItRun) without = it_srt (w, "clean");
  it_assert_code (&without, 3);
  it_assert_has (without.err, "no executor plugin \"ledger\"");
  it_assert_has (without.err, "it stays for the next `srt clean`");
  it_assert_has (without.out, "Nothing could be cleaned up");
  g_assert_true (it_exists (w, "t/hang_test.made"));
  offer_ledger (TRUE);
  g_auto (ItRun) run = it_srt (w, "clean");
  it_assert_code (&run, 0);
  it_assert_has (run.out, "Cleaned up 2 orphaned resources");
  g_assert_false (it_exists (w, "t/hang_test.made"));
}

/* What an executor cannot clean up now is tried again by the next. */
TEST (stubborn)
{
  g_autofree char *made = it_path (w, "t/hang-stubborn_test.made");
  make_dead_run (w, "hang-stubborn");
  g_auto (ItRun) first = it_srt (w, "clean");
  it_assert_code (&first, 3);
  it_assert_has (first.err, "does not go");
  g_assert_cmpint (g_unlink (made), ==, 0);
  g_auto (ItRun) second = it_srt (w, "clean");
  it_assert_code (&second, 0);
}

/* A run that lives is left alone. */
TEST (living)
{
  it_make_event (w, "started");
  it_make_event (w, "go");
  it_script (w, "t/a_test", ": > started; read x < go; exit 0");
  ItChild child = it_start (w, "t");
  it_wait_event (w, "started");
  g_auto (ItRun) clean = it_srt (w, "clean");
  it_assert_has (clean.out, "Nothing to clean up");
  it_tell_event (w, "go");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/dead/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("USUAL_DIRS", g_getenv ("SRT_PLUGINS_DIRS"), TRUE);
  ADD (nothing);
  ADD (next_run);
  ADD (other_project);
  ADD (not_loadable);
  ADD (stubborn);
  ADD (living);
  return g_test_run ();
}
