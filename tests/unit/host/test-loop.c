/* SPDX-License-Identifier: MIT
 * Signals and children. Built twice: with what Linux has, and with the portable twin (then SRT_TEST_TWIN is set). */
#include "loop-fixture.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static srt_helper *
run (Fixture *f, gpointer owner, const char *what, const char *argument)
{
  g_autoptr (GError) error = NULL;
  int32_t status = SRT_OK;
  const char *const argv[] = { g_getenv ("CHILD"), what, argument, NULL };
  srt_spawn spawn = { .size = sizeof spawn, .argv = argv };
  srt_helper *helper = srt_loop_spawn (f->loop, owner, &spawn, ended, f, &status, &error);
  g_assert_no_error (error);
  return helper;
}

/* ---- signals ---- */

static void
see_signal (gpointer data, int number)
{
  Fixture *f = data;
  g_string_append_printf (f->seen, "%d ", number);
}

static void
test_signals (Fixture *f, gconstpointer unused)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGCONT, SIGWINCH };
  srt_loop_on_signal (f->loop, see_signal, f);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autofree char *wanted = g_strdup_printf ("%d ", numbers[i]);
    raise (numbers[i]);
    while (f->seen->len == 0)
      srt_loop_turn (f->loop, TURN_NS);
    g_assert_cmpstr (f->seen->str, ==, wanted);
    g_string_truncate (f->seen, 0);
  }
}

/* As under nohup; the signal behind it shows that the first is not merely late. */
static void
test_ignored_stays (Fixture *f, gconstpointer unused)
{
  g_autofree char *wanted = g_strdup_printf ("%d ", SIGTERM);
  srt_loop_free (f->loop);
  signal (SIGHUP, SIG_IGN);
  f->loop = srt_loop_new (NULL);
  srt_loop_on_signal (f->loop, see_signal, f);
  raise (SIGHUP);
  raise (SIGTERM);
  while (f->seen->len == 0)
    srt_loop_turn (f->loop, TURN_NS);
  g_assert_cmpstr (f->seen->str, ==, wanted);
  signal (SIGHUP, SIG_DFL);
}

/* After the loop the signals do what they did before. */
static void
test_signals_given_back (Fixture *f, gconstpointer unused)
{
  sigset_t mask;
  struct sigaction action;
  srt_loop_free (f->loop);
  f->loop = NULL;
  sigprocmask (SIG_SETMASK, NULL, &mask);
  g_assert_cmpint (sigismember (&mask, SIGTERM), ==, 0);
  sigaction (SIGTERM, NULL, &action);
  g_assert_true (action.sa_handler == SIG_DFL);
}

/* After the last word a late one is not heard, by the loop or by whatever acted on it before. */
static void
test_signals_deaf (Fixture *f, gconstpointer unused)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
  if (g_test_subprocess ()) {
    srt_loop_on_signal (f->loop, see_signal, f);
    srt_loop_go_deaf (f->loop);
    for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
      raise (numbers[i]);
    srt_loop_turn (f->loop, 0);
    g_assert_cmpuint (f->seen->len, ==, 0);
    g_clear_pointer (&f->loop, srt_loop_free);
    for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
      raise (numbers[i]);
    _exit (0);
  }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
stop_it (gpointer data, int number)
{
  *(gboolean *)data = TRUE;
}

static void
test_run (Fixture *f, gconstpointer unused)
{
  gboolean stop = FALSE;
  srt_loop_on_signal (f->loop, stop_it, &stop);
  raise (SIGINT);
  srt_loop_run (f->loop, &stop);
  g_assert_true (stop);
}

/* A turn that may not wait comes back at once; one that may wait a little comes back without a reason too. */
static void
test_turn_comes_back (Fixture *f, gconstpointer unused)
{
  srt_loop_turn (f->loop, 0);
  srt_loop_turn (f->loop, 1000);
  g_assert_cmpuint (f->seen->len, ==, 0);
}

/* ---- children ---- */

static void
test_exit_status (Fixture *f, gconstpointer unused)
{
  srt_helper *helper = run (f, f, "exit", "42");
  g_assert_cmpint (srt_loop_pid (helper), >, 1);
  g_assert_cmpuint (f->ended, ==, 0);
  turn_until_ended (f, 1);
  g_assert_true (WIFEXITED (f->last_status));
  g_assert_cmpint (WEXITSTATUS (f->last_status), ==, 42);
}

static void
test_kill (Fixture *f, gconstpointer unused)
{
  srt_helper *helper = run (f, f, "sleep", NULL);
  g_assert_cmpint (srt_loop_kill (helper, 12345), ==, SRT_E_INVALID);
  g_assert_cmpint (srt_loop_kill (helper, SIGTERM), ==, SRT_OK);
  turn_until_ended (f, 1);
  g_assert_true (WIFSIGNALED (f->last_status));
  g_assert_cmpint (WTERMSIG (f->last_status), ==, SIGTERM);
}

static void
kill_ended (void *data, srt_helper *helper, int status)
{
  ended (data, helper, srt_loop_kill (helper, SIGKILL));
}

/* The pid may belong to another by then. */
static void
test_kill_after_end (Fixture *f, gconstpointer unused)
{
  const char *const argv[] = { g_getenv ("CHILD"), "exit", "0", NULL };
  srt_spawn spawn = { .size = sizeof spawn, .argv = argv };
  int32_t status;
  g_assert_nonnull (srt_loop_spawn (f->loop, f, &spawn, kill_ended, f, &status, NULL));
  turn_until_ended (f, 1);
  g_assert_cmpint (f->last_status, ==, SRT_E_NOT_FOUND);
}

static void
test_many (Fixture *f, gconstpointer unused)
{
  for (int i = 0; i < 200; i++)
    run (f, f, "exit", "0");
  turn_until_ended (f, 200);
  g_assert_cmpuint (srt_loop_strays (f->loop), ==, 0);
}

static void
spawn_again (void *data, srt_helper *helper, int status)
{
  Fixture *f = data;
  const char *const argv[] = { g_getenv ("CHILD"), "exit", "0", NULL };
  srt_spawn spawn = { .size = sizeof spawn, .argv = argv };
  int32_t why;
  if (++f->ended < 20)
    g_assert_nonnull (srt_loop_spawn (f->loop, f, &spawn, spawn_again, f, &why, NULL));
}

static void
test_spawn_in_callback (Fixture *f, gconstpointer unused)
{
  spawn_again (f, NULL, 0);
  turn_until_ended (f, 20);
}

static void
drop_all (void *data, srt_helper *helper, int status)
{
  Fixture *f = data;
  f->ended++;
  f->last_status = (int)srt_loop_drop_owner (f->loop, f);
}

/* A callback that ends all others of its owner, some of which have ended already. */
static void
test_drop_in_callback (Fixture *f, gconstpointer unused)
{
  const char *const argv[] = { g_getenv ("CHILD"), "exit", "0", NULL };
  srt_spawn spawn = { .size = sizeof spawn, .argv = argv };
  int32_t status;
  for (int i = 0; i < 5; i++)
    g_assert_nonnull (srt_loop_spawn (f->loop, f, &spawn, drop_all, f, &status, NULL));
  turn_until_ended (f, 1);
  g_assert_cmpint (f->last_status, ==, 4);
  run (f, f->seen, "exit", "0");
  turn_until_ended (f, 2);
  g_assert_cmpuint (srt_loop_strays (f->loop), ==, 0);
}

static void
test_drop_owner (Fixture *f, gconstpointer unused)
{
  int mine, other;
  for (int i = 0; i < 3; i++)
    run (f, &mine, "sleep", NULL);
  srt_helper *stays = run (f, &other, "sleep", NULL);
  g_assert_cmpuint (srt_loop_drop_owner (f->loop, &mine), ==, 3);
  g_assert_cmpuint (srt_loop_drop_owner (f->loop, &mine), ==, 0);
  srt_loop_kill (stays, SIGKILL);
  turn_until_ended (f, 1);
  srt_loop_free (f->loop); /* reaps the dropped ones */
  f->loop = NULL;
  g_assert_cmpuint (f->ended, ==, 1);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

/* More zombies than are reaped at once, all there before the first turn. */
static void
test_strays (Fixture *f, gconstpointer unused)
{
  enum { N = 300 };
  pid_t pids[N];
  siginfo_t info;
  for (int i = 0; i < N; i++)
    if ((pids[i] = fork ()) == 0)
      _exit (0);
  for (int i = 0; i < N; i++)
    g_assert_cmpint (waitid (P_PID, (id_t)pids[i], &info, WEXITED | WNOWAIT), ==, 0);
  guint64 until = srt_loop_now_ns () + TURN_NS;
  while (srt_loop_strays (f->loop) < N) {
    g_assert_cmpuint (srt_loop_now_ns (), <, until);
    srt_loop_turn (f->loop, TURN_NS);
  }
}

#ifndef SRT_TEST_TWIN
static void
test_orphans (Fixture *f, gconstpointer unused)
{
  run (f, f, "orphan", "5");
  turn_until_ended (f, 1);
  while (srt_loop_strays (f->loop) < 5)
    srt_loop_turn (f->loop, TURN_NS);
}
#endif

#ifndef SRT_TEST_TWIN
/* Those of a helper that has died, which ignore its end, are killed; a helper that lives is not. */
static void
test_kill_strays (Fixture *f, gconstpointer unused)
{
  srt_helper *lives = run (f, f, "sleep", NULL);
  g_assert_cmpuint (srt_loop_kill_strays (f->loop), ==, 0);
  run (f, f, "leave", "5");
  turn_until_ended (f, 1);
  g_assert_cmpuint (srt_loop_kill_strays (f->loop), >=, 1);
  g_assert_cmpuint (srt_loop_strays (f->loop), <=, 5); /* less when the chain was cut before it was whole */
  g_assert_cmpuint (srt_loop_kill_strays (f->loop), ==, 0);
  g_assert_cmpint (srt_loop_kill (lives, SIGKILL), ==, SRT_OK);
  turn_until_ended (f, 2);
}

/* Children from before the loop are somebody else's. */
static void
test_spare_others (Fixture *f, gconstpointer unused)
{
  srt_loop_free (f->loop);
  pid_t other = fork ();
  if (other == 0)
    for (;;)
      pause ();
  f->loop = srt_loop_new (NULL);
  g_assert_cmpuint (srt_loop_kill_strays (f->loop), ==, 0);
  g_assert_cmpint (waitpid (other, NULL, WNOHANG), ==, 0);
  kill (other, SIGKILL);
  g_assert_cmpint (waitpid (other, NULL, 0), ==, other);
}
#endif

/* Left to us by a parent that ignores it: the kernel would reap the helpers unseen. */
static void
test_ignored_sigchld (Fixture *f, gconstpointer unused)
{
  srt_loop_free (f->loop);
  signal (SIGCHLD, SIG_IGN);
  f->loop = srt_loop_new (NULL);
  run (f, f, "exit", "7");
  turn_until_ended (f, 1);
  g_assert_cmpint (WEXITSTATUS (f->last_status), ==, 7);
}

#define ADD(NAME, TEST) g_test_add ("/loop/" NAME, Fixture, NULL, set_up, TEST, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("signals", test_signals);
  ADD ("signals/ignored", test_ignored_stays);
  ADD ("signals/given-back", test_signals_given_back);
  ADD ("signals/deaf", test_signals_deaf);
  ADD ("run", test_run);
  ADD ("turn", test_turn_comes_back);
  ADD ("exit-status", test_exit_status);
  ADD ("kill", test_kill);
  ADD ("kill/after-end", test_kill_after_end);
  ADD ("many", test_many);
  ADD ("spawn-in-callback", test_spawn_in_callback);
  ADD ("drop-in-callback", test_drop_in_callback);
  ADD ("drop-owner", test_drop_owner);
  ADD ("strays", test_strays);
#ifndef SRT_TEST_TWIN
  ADD ("kill-strays", test_kill_strays);
  ADD ("spare-others", test_spare_others);
  ADD ("orphans", test_orphans);
#endif
  ADD ("ignored-sigchld", test_ignored_sigchld);
  return g_test_run ();
}
