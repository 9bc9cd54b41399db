/* SPDX-License-Identifier: MIT
 * --auto-resume on the real program. The machine is one of the plugin monitor-fake: what the file "machine" says it is
 * like, "MEMORY CPU" in percent. */
#include "harness.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)
#define FAKE                                                                                                           \
  "--set guard.off=false --monitor fake:file=machine --set guard.sustained=100ms --set guard.interval=20ms "           \
  "--set guard.recovery_for=20ms "
#define AUTO FAKE "--self-protect --auto-resume "

/* --- the world -------------------------------------------------------------------------------------------------- */

static void
set_machine (ItWorld *w, const char *state)
{
  it_write (w, "machine", state);
}

/* A test that notes that it was begun and goes on only when the file "calm" is there; it says so by the event. */
static void
waiting_test (ItWorld *w, const char *name)
{
  it_script (w, name,
             "echo $0 >> begun; grep SigBlk /proc/self/status >> masks; test -e calm && exit 0\n"
             ": > started; sleep 1000");
}

static void
passing_test (ItWorld *w, const char *name)
{
  it_script (w, name, "echo $0 >> begun");
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;
  for (const char *at = text; (at = strstr (at, part)); at += strlen (part))
    n++;
  return n;
}

static guint
begun (ItWorld *w, const char *name)
{
  g_autofree char *text = it_read (w, "begun");
  return count (text, name);
}

/* Somebody takes the machine, and srt has stopped the run for it. */
static void
take_machine (ItWorld *w, ItChild *child, const char *state, const char *said)
{
  it_wait_event (w, "started");
  set_machine (w, state);
  it_wait_text (child->err, said);
}

/* --- what is left while it waits -------------------------------------------------------------------------------- */

/* Nothing but these may reach the next round: the standard streams. */
static void
assert_close_on_exec (GPid pid)
{
  g_autofree char *folder = g_strdup_printf ("/proc/%d/fdinfo", (int)pid);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *text = NULL;
    guint flags = 0;
    if (atoi (name) <= STDERR_FILENO || !g_file_get_contents (path, &text, NULL, NULL))
      continue;
    const char *at = strstr (text, "flags:");
    g_assert_true (at && sscanf (at, "flags: %o", &flags) == 1);
    if (!(flags & O_CLOEXEC))
      g_error ("descriptor %s is not close-on-exec:\n%s", name, text);
  }
}

static void
assert_nothing_of_the_run (ItWorld *w, GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/task/%d/children", (int)pid, (int)pid);
  g_autofree char *children = NULL;
  g_file_get_contents (path, &children, NULL, NULL);
  g_assert_cmpstr (children ? children : "", ==, "");
  it_world_assert_no_folder (w);
  assert_close_on_exec (pid);
  g_assert_true (it_exists (w, ".srt/progress.sdn"));
}

/* --- it goes on -------------------------------------------------------------------------------------------------- */

/* One command ends the run when the machine is free again. The tests change what the fingerprint says, and are not run
 * again for that. Totals are those of all rounds, for each notifier. */
static void
check_green (ItWorld *w, const char *taken, const char *reason, const char *said)
{
  it_make_event (w, "started");
  it_write (w, "srt.cfg", "run = { fingerprint = [ \"cat\", \"state\" ]; };\n");
  it_write (w, "state", "before");
  it_script (w, "t/a_test", "echo $0 >> begun; echo more >> state");
  waiting_test (w, "t/b_test");
  passing_test (w, "t/c_test");
  ItChild child = it_start (w, AUTO "--notifier junit:path=out.xml t");
  take_machine (w, &child, taken, said);
  assert_nothing_of_the_run (w, child.pid);
  it_write (w, "calm", "");
  set_machine (w, "10 10");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
  it_assert_has (run.out, reason);
  it_assert_has (run.err, "--auto-resume: goes on (round 1 of 3)\n");
  it_assert_has (run.err, "running when it was stopped, so run again: t/b_test");
  it_assert_has (run.err, "kept, by --resume=force");
  it_assert_has (run.out, "3/3");
  it_assert_has (run.out, "3 PASS");
  g_assert_cmpuint (begun (w, "a_test"), ==, 1);
  g_assert_cmpuint (begun (w, "b_test"), ==, 2);
  g_assert_cmpuint (begun (w, "c_test"), ==, 1);
  g_assert_false (it_exists (w, ".srt/progress.sdn"));
  g_autofree char *junit = it_read (w, "out.xml");
  it_assert_has (junit, "tests=\"3\" failures=\"0\"");
  g_assert_cmpuint (count (junit, "<testcase "), ==, 3);
  g_autofree char *masks = it_read (w, "masks");
  g_assert_cmpuint (count (masks, "SigBlk:\t0000000000000000\n"), ==, 2);
}

TEST (memory)
{
  check_green (w, "95 10", "Reason: memory\n",
               "--auto-resume: goes on when memory is below 70% and CPU below 80% for 20ms; waits 1h at most (round 1 "
               "of 3)\n");
}

TEST (cpu)
{
  check_green (w, "10 95", "Reason: cpu\n",
               "--auto-resume: goes on when memory is below 90% and CPU below 70% for 20ms");
}

/* Below its threshold is not enough for what stopped the run. */
TEST (recovery_line)
{
  it_make_event (w, "started");
  waiting_test (w, "t/a_test");
  ItChild child = it_start (w, AUTO "--set guard.recovery=30 --auto-resume-wait 300ms t");
  take_machine (w, &child, "95 10", "goes on when memory is below 30%");
  set_machine (w, "40 10");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 42);
  it_assert_has (run.err, "--auto-resume: the machine has not recovered in 300ms\n");
  it_assert_has (run.err, "--auto-resume: the checkpoint stays. To resume: srt ");
  g_assert_true (it_exists (w, ".srt/progress.sdn"));
}

/* The program file is not needed any more once it runs. */
TEST (without_its_file)
{
  g_autofree char *copy = it_path (w, "srt-copy");
  g_autofree char *usual = g_strdup (g_getenv ("SRT_EXE"));
  const char *argv[] = { "cp", usual, copy, NULL };
  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  it_make_event (w, "started");
  waiting_test (w, "t/a_test");
  g_setenv ("SRT_EXE", copy, TRUE);
  ItChild child = it_start (w, AUTO "t");
  g_setenv ("SRT_EXE", usual, TRUE);
  take_machine (w, &child, "95 10", "goes on when");
  g_assert_cmpint (unlink (copy), ==, 0);
  it_write (w, "calm", "");
  set_machine (w, "10 10");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
}

/* --- it ends ----------------------------------------------------------------------------------------------------- */

static void
check_signal (ItWorld *w, int number)
{
  it_make_event (w, "started");
  passing_test (w, "t/a_test");
  waiting_test (w, "t/b_test");
  ItChild child = it_start (w, AUTO "t");
  take_machine (w, &child, "95 10", "goes on when");
  kill (child.pid, number);
  g_auto (ItRun) run = it_wait (w, &child);
  g_autofree char *words = g_strdup_printf ("--auto-resume: stopped by signal %d while it waited\n", number);
  it_assert_code (&run, 128 + number);
  it_assert_has (run.err, words);
  it_assert_has (run.err, "--auto-resume: the checkpoint stays. To resume: srt --set ");
  it_world_assert_nothing_left (w);
  it_write (w, "calm", "");
  set_machine (w, "10 10");
  g_auto (ItRun) rest = it_srt (w, FAKE "--resume t");
  it_assert_code (&rest, 0);
  it_assert_has (rest.out, "2 PASS");
  g_assert_cmpuint (begun (w, "a_test"), ==, 1);
}

TEST (term)
{
  check_signal (w, SIGTERM);
}

TEST (interrupt)
{
  check_signal (w, SIGINT);
}

TEST (hangup)
{
  check_signal (w, SIGHUP);
}

/* The machine is taken in the second round too. What the first has killed runs last there. */
TEST (no_round_left)
{
  it_make_event (w, "started");
  waiting_test (w, "t/a_test");
  passing_test (w, "t/b_test");
  ItChild child = it_start (w, AUTO "--auto-resume=1 t");
  take_machine (w, &child, "95 10", "goes on when");
  g_assert_cmpuint (begun (w, "b_test"), ==, 0);
  set_machine (w, "10 10");
  it_wait_event (w, "started");
  g_assert_cmpuint (begun (w, "b_test"), ==, 1);
  set_machine (w, "95 10");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 42);
  it_assert_has (run.err, "--auto-resume: no round is left of 1; ends with 42\n");
  it_assert_has (run.err, "--auto-resume: who took the machine, and what each test used: ");
  it_assert_has (run.err, "To resume: srt ");
  g_assert_cmpuint (begun (w, "b_test"), ==, 1);
}

/* Two rounds that finish nothing are the last, however many are allowed. */
TEST (no_progress)
{
  it_make_event (w, "started");
  waiting_test (w, "t/a_test");
  ItChild child = it_start (w, AUTO "--auto-resume=9 t");
  take_machine (w, &child, "95 10", "goes on when");
  set_machine (w, "10 10");
  it_wait_event (w, "started");
  set_machine (w, "95 10");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 42);
  it_assert_has (run.err, "two rounds in a row have finished no test, so another one is not tried. What ran when they "
                          "were stopped: t/a_test\n");
  it_assert_has (run.err, "/.srt/protected-stop.txt");
}

/* --- the test that takes the machine ------------------------------------------------------------------------------ */

/* Its second try is alone and last: it gets its result, and so do all others. */
static void
check_blamed (ItWorld *w, const char *options)
{
  g_autofree char *line =
      g_strdup_printf (FAKE "--auto-resume --memory-threshold=32M --notifier junit:path=out.xml %s t", options);
  g_autofree char *eater = g_strdup_printf ("echo $0 >> begun; exec %s 64 60 -", g_getenv ("EATER"));
  passing_test (w, "t/a_test");
  it_script (w, "t/b_test", eater);
  passing_test (w, "t/c_test");
  g_auto (ItRun) run = it_srt (w, line);
  it_assert_code (&run, 1);
  it_assert_has (run.out, "Reason: memory of the tests\n");
  it_assert_verdict (&run, "LIMIT", "b_test");
  it_assert_has (run.out, "takes the machine over its threshold, also alone: the tests use ");
  it_assert_has (run.err, "guard: gives up t/b_test: takes the machine over its threshold, also alone: ");
  it_assert_has (run.err, "who took the machine: ");
  it_assert_has (run.out, "2 PASS, 1 LIMIT");
  g_assert_cmpuint (begun (w, "b_test"), ==, 2);
  g_autofree char *report = it_read (w, ".srt/protected-stop.txt");
  it_assert_has (report, "t/b_test");
  g_autofree char *junit = it_read (w, "out.xml");
  it_assert_has (junit, "tests=\"3\"");
  it_assert_has (junit, "also alone");
  g_assert_false (it_exists (w, ".srt/progress.sdn"));
}

TEST (blamed)
{
  check_blamed (w, "--sequential");
  g_assert_cmpuint (begun (w, "a_test"), ==, 1);
  g_assert_cmpuint (begun (w, "c_test"), ==, 1);
}

TEST (blamed_beside_others)
{
  check_blamed (w, "-j3");
}

/* --- what makes no sense ------------------------------------------------------------------------------------------ */

TEST (usage)
{
  passing_test (w, "t/a_test");
  g_auto (ItRun) off = it_srt (w, "--no-self-protect --auto-resume t");
  it_assert_code (&off, 2);
  it_assert_has (off.err, "only one of them can be");
  g_auto (ItRun) lost = it_srt (w, FAKE "--auto-resume --no-checkpoint t");
  it_assert_code (&lost, 2);
  it_assert_has (lost.err, "--auto-resume: this run has no checkpoint to go on from (checkpoint = \"none\")\n");
  g_auto (ItRun) dry = it_srt (w, AUTO "--dry-run-guard t");
  it_assert_code (&dry, 0);
  it_assert_has (dry.err, "--auto-resume: of no use here: --dry-run-guard stops nothing\n");
  g_auto (ItRun) word = it_srt (w, "--auto-resume=often t");
  it_assert_code (&word, 2);
  it_assert_has (word.err, "--auto-resume");
}

/* A test that runs srt itself is not taken for a round of ours; nor is a variable of old. */
TEST (variable)
{
  it_script (w, "t/a_test", "env | grep SRT_AUTO_RESUME && exit 1; exit 0");
  g_setenv ("SRT_AUTO_RESUME_ROUND", "1:1:0", TRUE);
  g_auto (ItRun) run = it_srt (w, "t");
  g_unsetenv ("SRT_AUTO_RESUME_ROUND");
  it_assert_code (&run, 0);
  it_assert_has_not (run.err, "checkpoint");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/auto-resume/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *dirs = g_strdup_printf ("%s,%s", g_getenv ("SRT_PLUGINS_DIRS"), g_getenv ("FIXTURE_DIR"));
  g_setenv ("SRT_PLUGINS_DIRS", dirs, TRUE);
  g_test_init (&argc, &argv, NULL);
  ADD (memory);
  ADD (cpu);
  ADD (recovery_line);
  ADD (without_its_file);
  ADD (term);
  ADD (interrupt);
  ADD (hangup);
  ADD (no_round_left);
  ADD (no_progress);
  ADD (blamed);
  ADD (blamed_beside_others);
  ADD (usage);
  ADD (variable);
  return g_test_run ();
}
