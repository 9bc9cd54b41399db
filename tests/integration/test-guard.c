/* SPDX-License-Identifier: MIT
 * The guard on the real program, in a memory cgroup of the test's own making. EATER takes memory, as a test or from
 * outside. Without the right to make such a cgroup only what needs none is tested. */
#include "cage.h"
#include "harness.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)
#define GUARD                                                                                                          \
  "--set guard.off=false --set guard.sustained=1s --set guard.interval=50ms --set guard.freeze_max=500ms "             \
  "--cpu-threshold 100 "

/* --- who takes memory ------------------------------------------------------------------------------------------- */

/* A test that takes MIB MiB for SECONDS; MORE is a part of its script that comes first. */
static void
eating_test (ItWorld *w, const char *name, guint mib, double seconds, const char *more)
{
  g_autofree char *body = g_strdup_printf ("%s\nexec %s %u %.1f - 800", more, g_getenv ("EATER"), mib, seconds);
  it_script (w, name, body);
}

static void
wait_for_file (ItWorld *w, const char *name)
{
  for (int tries = 0; !it_exists (w, name); tries++) {
    g_assert_cmpint (tries, <, 4000);
    g_usleep (10 * 1000);
  }
}

/* Somebody who is no test: returns when he has what he wants, and ends by himself after a minute. */
static GPid
start_hog (ItWorld *w, guint mib)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *size = g_strdup_printf ("%u", mib);
  g_autofree char *ready = it_path (w, "hog-is-there");
  char *argv[] = { (char *)g_getenv ("EATER"), size, (char *)"60", ready, NULL };
  GPid pid;
  g_spawn_async (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  wait_for_file (w, "hog-is-there");
  return pid;
}

static void
stop_hog (GPid pid)
{
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

static void
assert_order (const char *text, const char *const *parts)
{
  for (; *parts; parts++) {
    const char *at = strstr (text, *parts);
    if (!at)
      g_error ("no \"%s\", or too late, in\n%s", *parts, text);
    text = at + strlen (*parts);
  }
}

/* --- the protected stop ----------------------------------------------------------------------------------------- */

static const char *const the_stop[] = { "=========================================\nGRACEFUL SHUTDOWN INITIATED\n"
                                        "=========================================\nReason: memory\n"
                                        "Completed tests: 2\nPassed: 2, Failed: 0, Skipped: 0\n",
                                        "[SHUTDOWN] Step 1/4: Saving checkpoint... saved\n",
                                        "[SHUTDOWN] Step 2/4: Killing child processes... killed 1\n",
                                        "[SHUTDOWN] Step 3/4: Stopping containers... stopped 0\n",
                                        "[SHUTDOWN] Step 4/4: Exiting with code 42\n",
                                        "To resume: srt ",
                                        NULL };

/* Somebody else takes the memory: 42, nothing left, and --resume ends the run when he is gone. */
TEST (self_protect)
{
  g_auto (ItCage) cage = { 0 };
  it_make_event (w, "started");
  it_script (w, "t/a_test", "echo run >> ../runs-a");
  it_script (w, "t/b_test", "echo run >> ../runs-b");
  it_script (w, "t/c_test", "test -e go && exit 0; setsid sleep 1000 & : > started; sleep 1000");
  if (!it_cage_enter (&cage, 1024))
    return;
  ItChild child = it_start (w, "--self-protect " GUARD "t");
  it_wait_event (w, "started");
  GPid hog = start_hog (w, 950);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 42);
  assert_order (run.out, the_stop);
  it_world_assert_nothing_left (w);
  stop_hog (hog);
  g_assert_true (it_exists (w, ".srt/progress.sdn"));
  g_autofree char *report = it_read (w, ".srt/protected-stop.txt");
  it_assert_has (report, "t/c_test");
  it_assert_has (report, "eater");
  it_assert_has (report, "The last minute:");
  it_assert_has (run.err, ".srt/protected-stop.txt");
  it_write (w, "go", "");
  g_auto (ItRun) rest = it_srt (w, "--resume " GUARD "t");
  it_assert_code (&rest, 0);
  it_assert_has (rest.out, "stopped by memory");
  it_assert_has (rest.out, "3/3");
  g_assert_cmpuint (it_cage_oom_kills (&cage), ==, 0);
}

/* The same in one command. */
TEST (auto_resume)
{
  g_auto (ItCage) cage = { 0 };
  it_make_event (w, "started");
  it_script (w, "t/a_test", "echo run >> runs-a");
  it_script (w, "t/b_test", "test -e go && exit 0; : > started; sleep 1000");
  if (!it_cage_enter (&cage, 1024))
    return;
  ItChild child = it_start (w, "--self-protect --auto-resume --set guard.recovery_for=100ms " GUARD "t");
  it_wait_event (w, "started");
  GPid hog = start_hog (w, 950);
  it_wait_text (child.err, "--auto-resume: goes on when memory is below 70% for 100ms; waits 1h at most");
  it_write (w, "go", "");
  stop_hog (hog);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
  it_assert_has (run.out, "2 PASS");
  g_autofree char *runs = it_read (w, "runs-a");
  g_assert_cmpstr (runs, ==, "run\n");
  g_assert_cmpuint (it_cage_oom_kills (&cage), ==, 0);
}

/* A test that takes the machine is found by what the machine would be without it. */
TEST (auto_resume_blames)
{
  g_auto (ItCage) cage = { 0 };
  eating_test (w, "t/a_test", 950, 60, "");
  it_script (w, "t/b_test", "exit 0");
  if (!it_cage_enter (&cage, 1024))
    return;
  g_auto (ItRun) run = it_srt (w, "--auto-resume --set guard.recovery_for=100ms " GUARD "t");
  it_assert_code (&run, 1);
  it_assert_has (run.err, "guard: gives up t/a_test: takes the machine over its threshold, also alone: memory ");
  it_assert_verdict (&run, "LIMIT", "a_test");
  it_assert_has (run.out, "1 PASS, 1 LIMIT");
  g_assert_cmpuint (it_cage_oom_kills (&cage), ==, 0);
}

/* Without the flag the run holds and freezes, and ends green when he is gone. */
TEST (hold)
{
  g_auto (ItCage) cage = { 0 };
  it_make_event (w, "started");
  it_make_event (w, "go");
  it_script (w, "t/a_test", ": > started; read x < go; exit 0");
  it_script (w, "t/b_test", "echo run >> runs-b");
  if (!it_cage_enter (&cage, 1024))
    return;
  ItChild child =
      it_start (w, GUARD "--set guard.sustained=10s t"); /* so long one waits before one test is let through */
  it_wait_event (w, "started");
  GPid hog = start_hog (w, 950);
  it_wait_text (child.err, "guard: holds, nothing new is started: memory ");
  it_tell_event (w, "go");
  it_wait_text (child.out, "a_test");
  g_assert_false (it_exists (w, "runs-b"));
  stop_hog (hog);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
  it_assert_has (run.err, "guard: goes on");
  it_assert_has (run.out, "2/2");
}

/* A test that takes MIB MiB, not too fast to be looked at, and gives them back when the file "calm" is there. */
static void
holding_test (ItWorld *w, const char *name, guint mib)
{
  g_autofree char *body = g_strdup_printf ("test -e calm && exit 0\n"
                                           "%s %u 1000 - 60 & until test -e calm; do sleep 0.05; done; kill $!; exit 0",
                                           g_getenv ("EATER"), mib);
  it_script (w, name, body);
}

/* The tests are too large together, and none ends by itself: some are killed and run again, alone; none is lost. */
TEST (shed)
{
  g_auto (ItCage) cage = { 0 };
  for (int i = 0; i < 5; i++) {
    g_autofree char *name = g_strdup_printf ("t/n%d_test", i);
    holding_test (w, name, 200);
  }
  if (!it_cage_enter (&cage, 512))
    return;
  ItChild child = it_start (w, GUARD "-j4 --set guard.stop=false t");
  it_wait_text (child.err, "guard: kills, to run it again later and alone, t/");
  it_write (w, "calm", "");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
  it_assert_has (run.out, "5/5");
  it_assert_has (run.out, "will run again");
  it_assert_has (run.out, "(attempt 2)");
  it_assert_has (run.out, "5 PASS");
  g_assert_cmpuint (it_cage_oom_kills (&cage), ==, 0);
}

/* How many of the large tests ran at once, at most: each adds a line with the number it finds. */
static guint
most_at_once (ItWorld *w)
{
  g_autofree char *text = it_read (w, "counts");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint most = 0;
  for (char **line = lines; *line; line++)
    most = MAX (most, (guint)g_ascii_strtoull (*line, NULL, 10));
  return most;
}

/* When it is known what they need, no more run at once than fit. */
TEST (forecast)
{
  g_auto (ItCage) cage = { 0 };
  for (int i = 0; i < 5; i++) {
    g_autofree char *name = g_strdup_printf ("t/n%d_test", i);
    g_autofree char *body =
        g_strdup_printf (": > now/%d; ls now | wc -l >> counts; %s 200 0.1 - 800; rm now/%d", i, g_getenv ("EATER"), i);
    it_script (w, name, body);
  }
  it_write (w, "now/.keep", "");
  it_script (w, "t/small_test", "exit 0");
  if (!it_cage_enter (&cage, 512))
    return;
  g_auto (ItRun) first = it_srt (w, GUARD "-j1 --history always t");
  it_assert_code (&first, 0);
  g_auto (ItRun) run = it_srt (w, GUARD "-j4 --history always t");
  it_assert_code (&run, 0);
  it_assert_has (run.err, " waits until there is room for the 20");
  it_assert_has (run.out, "6 PASS");
  g_assert_cmpuint (most_at_once (w), <=, 2);
  g_auto (ItRun) off = it_srt (w, GUARD "-j2 --history always --set guard.forecast=false t");
  it_assert_code (&off, 0);
  it_assert_has_not (off.err, "waits until");
  g_assert_cmpuint (it_cage_oom_kills (&cage), ==, 0);
}

/* What must not be run twice is not killed. */
TEST (not_rerunnable)
{
  g_auto (ItCage) cage = { 0 };
  it_write (w, "srt.cfg",
            "suites = ( { name = \"s\"; paths = [ \"t\" ]; rerunnable = false; } );\n"
            "guard = { stop = false; };\n");
  eating_test (w, "t/a_test", 60, 1.5, "");
  eating_test (w, "t/b_test", 60, 1.5, "");
  if (!it_cage_enter (&cage, 512))
    return;
  g_auto (ItRun) run = it_srt (w, GUARD "-j2 --memory-threshold 80M");
  it_assert_code (&run, 0);
  it_assert_has_not (run.err, "guard: kills");
  it_assert_has (run.out, "2 PASS");
}

/* --- the run's own line, which needs no cgroup ------------------------------------------------------------------- */

TEST (run_memory)
{
  eating_test (w, "t/a_test", 64, 20, "");
  g_auto (ItRun) run = it_srt (w, GUARD "--memory-threshold=32M t");
  it_assert_code (&run, 42);
  it_assert_has (run.out, "memory of the tests 32M");
  it_assert_has (run.out, "Reason: memory of the tests");
  it_assert_has (run.out, "To resume: srt ");
}

TEST (dry_run)
{
  holding_test (w, "t/a_test", 64);
  ItChild child = it_start (w, GUARD "--memory-threshold=32M --dry-run-guard t");
  it_wait_text (child.err, "guard: would hold, nothing new is started: the tests use");
  it_wait_text (child.err, "guard: would stop: the tests use");
  it_write (w, "calm", "");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
}

TEST (switched_off)
{
  eating_test (w, "t/a_test", 64, 0.5, "");
  g_auto (ItRun) run = it_srt (w, "--no-self-protect --memory-threshold=32M --set guard.sustained=100ms t");
  it_assert_code (&run, 0);
  it_assert_has (run.out, "Protection: off");
  g_auto (ItRun) both = it_srt (w, "--no-self-protect --self-protect t");
  it_assert_code (&both, 2);
  it_assert_has (both.err, "only one of them can be");
}

TEST (thresholds_are_told)
{
  it_script (w, "t/a_test", "exit 0");
  g_auto (ItRun) flag = it_srt (w, "--self-protect --cpu-threshold 70 --mem-limit 85% --memory-threshold=6GB t");
  it_assert_has (flag.out,
                 "Protection: memory 85%, CPU 70%, memory of the tests 6G for 10s: stop with a checkpoint and "
                 "exit status 42\n");
  g_auto (ItRun) plain = it_srt (w, "--set guard.off=false t");
  it_assert_has (plain.out,
                 "Protection: memory 90%, CPU 80%: start less, freeze; after 10s kill or stop, where the run "
                 "is the cause\n");
}

/* Without a checkpoint there is nothing to go on with, so it is not called a graceful stop: 3, and why. */
TEST (nothing_saved)
{
  eating_test (w, "t/a_test", 64, 20, "");
  g_auto (ItRun) run = it_srt (w, GUARD "--no-checkpoint --memory-threshold=32M t");
  it_assert_code (&run, 3);
  it_assert_has (run.out, "[SHUTDOWN] Step 1/4: Saving checkpoint... there is none\n");
  it_assert_has (run.out, "[SHUTDOWN] Step 4/4: Exiting with code 3\n");
  it_assert_has (run.err, "this run keeps no checkpoint, so it cannot be resumed: exit status 3 in place of 42");
  it_assert_has_not (run.out, "To resume");
}

/* --- what a look costs ------------------------------------------------------------------------------------------- */

/* An srt whose test can end when 50 looks of the guard have allocated nothing, since it has SAID so. */
static void
check_clean_looks (ItWorld *w, const char *more, const char *said)
{
  g_autofree char *event = it_path (w, "clean"), *from = it_path (w, "count");
  g_autofree char *args = g_strconcat (GUARD "--set guard.interval=20ms --timeout 120 ", more, " t", NULL);
  it_make_event (w, "clean");
  g_setenv ("CLEAN_EVENT", event, TRUE);
  g_setenv ("CLEAN_FROM", from, TRUE);
  g_setenv ("CLEAN_LOOKS", "50", TRUE);
  g_setenv ("G_SLICE", "always-malloc", TRUE);
  g_setenv ("LD_PRELOAD", g_getenv ("COUNT_MALLOC"), TRUE);
  ItChild child = it_start (w, args);
  g_unsetenv ("LD_PRELOAD");
  it_wait_text (child.err, said);
  it_write (w, "count", "");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
}

TEST (looks_allocate_nothing)
{
  it_script (w, "t/a_test", "read x < clean; exit 0");
  if (g_getenv ("COUNT_MALLOC"))
    check_clean_looks (w, "", "");
  else
    g_test_skip ("allocations cannot be counted in this build");
}

/* Nor does one while something is held. */
TEST (holds_allocate_nothing)
{
  g_autofree char *body = g_strdup_printf ("%s 64 1000 & read x < clean; kill $!; exit 0", g_getenv ("EATER"));
  it_script (w, "t/a_test", body);
  it_script (w, "t/b_test", "read x < clean; exit 0");
  it_script (w, "t/c_test", "exit 0");
  if (g_getenv ("COUNT_MALLOC"))
    check_clean_looks (w, "-j2 --memory-threshold=32M --set guard.stop=false --set guard.shed=false",
                       "guard: holds, nothing new is started: ");
  else
    g_test_skip ("allocations cannot be counted in this build");
}

/* --- a failure under pressure ------------------------------------------------------------------------------------ */

/* A test that is over the line that stands for a full machine, and fails on its first attempt when it was seen. */
static void
pressing_test (ItWorld *w, const char *second)
{
  g_autofree char *body = g_strdup_printf ("test $SRT_ATTEMPT = 1 || exit %s\n%s 64 1000 - & "
                                           "until test -e seen; do sleep 0.05; done; sleep 1; kill $!; exit 7",
                                           second, g_getenv ("EATER"));
  it_script (w, "t/a_test", body);
}

static ItRun
run_pressed (ItWorld *w, const char *more)
{
  g_autofree char *seen = it_path (w, "seen");
  g_autofree char *line = g_strconcat (GUARD "--memory-threshold=32M --set guard.stop=false ", more, NULL);
  g_unlink (seen);
  ItChild child = it_start (w, line);
  it_wait_text (child.err, "guard: holds, nothing new is started: ");
  it_write (w, "seen", "");
  return it_wait (w, &child);
}

static void
check_pressure (ItWorld *w, const char *second, int code)
{
  pressing_test (w, second);
  it_script (w, "t/b_test", "exit 1"); /* fails when all is well: once */
  g_auto (ItRun) run = run_pressed (w, "t");
  it_assert_code (&run, code);
  it_assert_has (run.out, "t/a_test: exit status 7 (attempt 1, will run again)");
  if (g_str_equal (second, "0")) {
    it_assert_verdict (&run, "PRESSURE", "t/a_test");
    it_assert_has (run.out, "passed alone; under pressure FAIL: exit status 7 (attempt 2)");
  } else {
    it_assert_has (run.out, "t/a_test: exit status 5 (attempt 2)");
  }
  it_assert_has_not (run.out, "t/b_test: exit status 1 (attempt");
}

TEST (pressure_passes)
{
  check_pressure (w, "0", 1); /* for the sake of b_test */
  it_script (w, "t/b_test", "exit 0");
  g_auto (ItRun) green = run_pressed (w, "t");
  it_assert_code (&green, 0);
  it_assert_has (green.out, "1 PASS, 1 PRESSURE");
  g_auto (ItRun) red = run_pressed (w, "--pressure fail t");
  it_assert_code (&red, 1);
}

TEST (pressure_fails)
{
  check_pressure (w, "5", 1);
}

/* --- CPU --------------------------------------------------------------------------------------------------------- */

/* Others keep one core busy; a line below that is exceeded also with one worker. */
TEST (cpu)
{
  it_make_event (w, "started");
  it_script (w, "t/a_test", ": > started; sleep 1000");
  ItChild child = it_start (w, GUARD "--self-protect --cpu-threshold 5 t");
  it_wait_event (w, "started");
  GPid hog = start_hog (w, 0);
  g_auto (ItRun) run = it_wait (w, &child);
  stop_hog (hog);
  it_assert_code (&run, 42);
  it_assert_has (run.out, "Reason: cpu\n");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/guard/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (self_protect);
  ADD (auto_resume);
  ADD (auto_resume_blames);
  ADD (hold);
  ADD (shed);
  ADD (forecast);
  ADD (not_rerunnable);
  ADD (run_memory);
  ADD (dry_run);
  ADD (switched_off);
  ADD (thresholds_are_told);
  ADD (nothing_saved);
  ADD (looks_allocate_nothing);
  ADD (holds_allocate_nothing);
  ADD (pressure_passes);
  ADD (pressure_fails);
  ADD (cpu);
  return g_test_run ();
}
