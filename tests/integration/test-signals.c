/* SPDX-License-Identifier: MIT
 * Signals and sudden deaths: the exit status, nothing left, the checkpoint there, and --resume ends the run with every
 * test counted once. Tests count their own runs in files. */
#include "harness.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)

/* N tests; each adds a line to runs/NAME. */
static void
make_tests (ItWorld *w, int n, const char *extra)
{
  it_write (w, "runs/.keep", "");
  for (int i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("t/n%03d_test", i);
    g_autofree char *body = g_strdup_printf ("%s\necho run >> runs/n%03d", extra, i);
    it_script (w, name, body);
  }
}

static guint
runs_of (ItWorld *w, int i)
{
  g_autofree char *name = g_strdup_printf ("runs/n%03d", i);
  g_autofree char *text = it_read (w, name);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  return g_strv_length (lines) > 0 ? g_strv_length (lines) - 1 : 0;
}

/* A signal while a test runs that has left a daemon and ignores TERM. */
static void
check_signal (ItWorld *w, int number, int code)
{
  it_make_event (w, "started");
  make_tests (w, 2, "");
  it_script (
      w, "t/z_test",
      "test -e go && exit 0; trap '' TERM INT HUP; setsid sleep 1000 & : > started; while :; do sleep 1000; done");
  ItChild child = it_start (w, "--child-kill-timeout 200ms t");
  it_wait_event (w, "started");
  g_assert_cmpint (kill (child.pid, number), ==, 0);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, code);
  it_world_assert_nothing_left (w);
  g_assert_true (it_exists (w, ".srt/progress.sdn"));
  it_assert_has (run.out, "--resume");
  it_write (w, "go", "");
  g_auto (ItRun) rest = it_srt (w, "--resume t");
  it_assert_code (&rest, 0);
  it_assert_has (rest.out, "3/3");
  for (int i = 0; i < 2; i++)
    g_assert_cmpuint (runs_of (w, i), ==, 1);
  g_assert_false (it_exists (w, ".srt/progress.sdn"));
}

TEST (interrupt)
{
  check_signal (w, SIGINT, 130);
}

TEST (terminate)
{
  check_signal (w, SIGTERM, 143);
}

TEST (hang_up)
{
  check_signal (w, SIGHUP, 129);
}

/* The second signal does not wait for the grace. */
TEST (second_interrupt)
{
  it_make_event (w, "started");
  it_make_event (w, "termed");
  it_script (w, "t/z_test", "trap ': > termed' TERM; : > started; while :; do sleep 1000 & wait; done");
  ItChild child = it_start (w, "--child-kill-timeout 10m t");
  it_wait_event (w, "started");
  kill (child.pid, SIGINT);
  it_wait_event (w, "termed");
  kill (child.pid, SIGINT);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 130);
}

/* Killed without a chance to clean up: the agents do it. Nothing recorded is lost or run again. */
TEST (killed)
{
  it_make_event (w, "started");
  make_tests (w, 5, "");
  it_script (w, "t/z_test", "test -e go && exit 0; setsid sleep 1000 & : > started; sleep 1000");
  ItChild child = it_start (w, "-j2 t");
  it_wait_event (w, "started");
  kill (child.pid, SIGKILL);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 137);
  it_write (w, "go", "");
  g_auto (ItRun) rest = it_srt (w, "-j2 --resume t");
  it_assert_code (&rest, 0);
  it_assert_has (rest.out, "6/6");
  for (int i = 0; i < 5; i++)
    g_assert_cmpuint (runs_of (w, i), <=, 2);
}

/* After a resume the exit status is that of the whole run. */
TEST (earlier_failure)
{
  it_make_event (w, "started");
  it_script (w, "t/a_test", "echo the first failure; exit 1");
  it_script (w, "t/z_test", "test -e go && exit 0; : > started; sleep 1000");
  ItChild child = it_start (w, "t");
  it_wait_event (w, "started");
  kill (child.pid, SIGINT);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 130);
  it_write (w, "go", "");
  g_auto (ItRun) rest = it_srt (w, "--resume t");
  it_assert_code (&rest, 1);
  it_assert_has (rest.out, "SIGINT");
}

/* A new run without --resume does not lose the old checkpoint. */
TEST (kept_beside)
{
  it_script (w, "t/a_test", "exit 1");
  it_script (w, "t/b_test", "exit 0");
  g_auto (ItRun) first = it_srt (w, "--fail-fast t");
  it_assert_code (&first, 1);
  g_auto (ItRun) second = it_srt (w, "--fail-fast t");
  it_assert_code (&second, 1);
  g_autofree char *all = g_strconcat (second.out, second.err, NULL);
  it_assert_has (all, ".srt/progress.sdn.old");
}

TEST (nothing_to_resume)
{
  it_script (w, "t/a_test", "exit 0");
  g_auto (ItRun) run = it_srt (w, "--resume t");
  it_assert_code (&run, 0);
  g_autofree char *all = g_strconcat (run.out, run.err, NULL);
  it_assert_has (all, "a full run");
}

TEST (damaged)
{
  it_script (w, "t/a_test", "exit 0");
  it_write (w, ".srt/progress.sdn", "this is no checkpoint\n");
  g_auto (ItRun) run = it_srt (w, "--resume t");
  it_assert_code (&run, 0);
  g_autofree char *all = g_strconcat (run.out, run.err, NULL);
  it_assert_has (all, "a full run");
}

/* Two runs cannot use one checkpoint at once. */
TEST (busy)
{
  it_make_event (w, "started");
  it_make_event (w, "go");
  it_script (w, "t/a_test", ": > started; read x < go; exit 0");
  ItChild child = it_start (w, "t");
  it_wait_event (w, "started");
  g_auto (ItRun) second = it_srt (w, "t");
  it_assert_code (&second, 2);
  it_assert_has (second.err, "progress.sdn");
  it_tell_event (w, "go");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
}

static gsize
size_of (ItWorld *w, const char *name)
{
  g_autofree char *text = it_read (w, name);
  return strlen (text);
}

/* Ctrl+Z on a real terminal: the test stands still, and its clock and that of the whole run with it, for longer than
 * both would have. */
TEST (suspend)
{
  int terminal;
  it_make_event (w, "started");
  it_script (w, "t/a_test", ": > started; until test -e go; do echo tick >> ticks; sleep 0.01; done");
  ItChild child = it_start_on_terminal (w, "-j2 --timeout 2s --parallel-timeout 2s t", &terminal);
  it_wait_event (w, "started");
  g_assert_cmpint (write (terminal, "\x1a", 1), ==, 1);
  it_wait_stopped (&child);
  gsize before = size_of (w, "ticks");
  g_usleep (2500 * 1000); /* time itself is what is tested */
  g_assert_cmpuint (size_of (w, "ticks"), ==, before);
  it_write (w, "go", "");
  kill (child.pid, SIGCONT);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
  close (terminal);
}

/* Interrupted while it is suspended: the end comes with the next SIGCONT. */
TEST (interrupt_suspended)
{
  it_make_event (w, "started");
  it_script (w, "t/a_test", ": > started; while :; do sleep 1000; done");
  ItChild child = it_start (w, "t");
  it_wait_event (w, "started");
  kill (child.pid, SIGTSTP);
  it_wait_stopped (&child);
  kill (child.pid, SIGINT);
  kill (child.pid, SIGCONT);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 130);
}

/* The terminal goes away. */
TEST (terminal_gone)
{
  int terminal;
  it_make_event (w, "started");
  it_script (w, "t/a_test", "setsid sleep 1000 & : > started; sleep 1000");
  ItChild child = it_start_on_terminal (w, "t", &terminal);
  it_wait_event (w, "started");
  close (terminal);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 129);
  it_world_assert_nothing_left (w);
  g_assert_true (it_exists (w, ".srt/progress.sdn"));
}

/* Nobody reads any more (srt | head): the end comes with the next line. */
TEST (pipe_closed)
{
  int fds[2];
  it_make_event (w, "started");
  it_make_event (w, "go");
  it_script (w, "t/a_test", ": > started; read x < go; exit 0");
  it_script (w, "t/b_test", "setsid sleep 1000 & sleep 1000");
  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  ItChild child = it_start_to (w, "t", fds[1]);
  close (fds[1]);
  it_wait_event (w, "started");
  close (fds[0]);
  it_tell_event (w, "go");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 141);
  it_world_assert_nothing_left (w);
  g_assert_true (it_exists (w, ".srt/progress.sdn"));
}

/* A signal when everything is done and said, the checkpoint removed too: 128+N would promise one. */
TEST (late)
{
  g_autofree char *usual = g_strdup (g_getenv ("SRT_PLUGINS_DIRS"));
  g_autofree char *dirs = g_strdup_printf ("%s,%s", usual, g_getenv ("FIXTURE_DIR"));
  const char *command = "--notifier late-signals:path=x t";
  g_setenv ("SRT_PLUGINS_DIRS", dirs, TRUE);
  it_script (w, "t/a_test", "exit 0");
  g_auto (ItRun) run = it_srt (w, command);
  it_assert_code (&run, 0);
  g_assert_false (it_exists (w, ".srt/progress.sdn"));
  it_script (w, "t/b_test", "exit 1");
  g_auto (ItRun) failed = it_srt (w, command);
  it_assert_code (&failed, 1);
  g_setenv ("SRT_PLUGINS_DIRS", usual, TRUE);
}

/* Said once, in time, and the verdict stays. */
TEST (slow)
{
  it_script (w, "t/a_test", "until grep -q SLOW ../err-0 2>/dev/null; do sleep 0.05; done");
  it_script (w, "t/b_test", "exit 0");
  g_auto (ItRun) run = it_srt (w, "--timeout 20s --slow-after 1% t");
  it_assert_code (&run, 0);
  g_auto (GStrv) parts = g_strsplit (run.err, "SLOW t/a_test", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  it_assert_has (run.err, "srt: SLOW t/a_test: still runs after 200ms; its timeout is 20.00s");
  it_assert_has (run.out, "2 PASS");
  g_auto (ItRun) never = it_srt (w, "--timeout 20s --slow-after 0 t/b_test");
  it_assert_code (&never, 0);
  it_assert_has_not (never.err, "SLOW");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/signals/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (interrupt);
  ADD (terminate);
  ADD (hang_up);
  ADD (second_interrupt);
  ADD (killed);
  ADD (earlier_failure);
  ADD (kept_beside);
  ADD (nothing_to_resume);
  ADD (damaged);
  ADD (busy);
  ADD (suspend);
  ADD (interrupt_suspended);
  ADD (terminal_gone);
  ADD (pipe_closed);
  ADD (late);
  ADD (slow);
  return g_test_run ();
}
