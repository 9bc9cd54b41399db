/* SPDX-License-Identifier: MIT
 * Signals and children. Built twice: with what Linux has, and with the portable twin (then SRT_TEST_TWIN is set). */
#include "base/error.h"
#include "host/loop.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* No test waits for time to pass; this only ends one that would hang. */
static const guint64 TURN_NS = 20000000000u;

typedef struct {
  SrtLoop *loop;
  GString *seen;   /* what came, in words */
  guint ended;     /* helpers */
  int last_status; /* of the last of them */
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  f->seen = g_string_new (NULL);
  f->loop = srt_loop_new (&error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  srt_loop_free (f->loop);
  g_string_free (f->seen, TRUE);
}

static void
ended (void *data, srt_helper *helper, int status)
{
  Fixture *f = data;
  f->ended++;
  f->last_status = status;
}

static void
turn_until_ended (Fixture *f, guint n)
{
  guint64 until = srt_loop_now_ns () + TURN_NS;
  while (f->ended < n) {
    g_assert_cmpuint (srt_loop_now_ns (), <, until);
    srt_loop_turn (f->loop, TURN_NS);
  }
}

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

/* ---- what a helper gets ---- */

static char *
read_report (Fixture *f, srt_spawn *spawn, const srt_fd_map *more, guint n_more)
{
  g_autoptr (GError) error = NULL;
  int32_t status;
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "srt-loop-XXXXXX", NULL);
  int fd = g_mkstemp (path);
  srt_fd_map maps[4] = { { fd, 7 } };
  for (guint i = 0; i < n_more; i++)
    maps[i + 1] = more[i];
  const char *const argv[] = { g_getenv ("CHILD"), "report", NULL };
  spawn->size = sizeof *spawn;
  spawn->argv = argv;
  spawn->fds = maps;
  spawn->n_fds = 1 + n_more;
  srt_loop_spawn (f->loop, f, spawn, ended, f, &status, &error);
  g_assert_no_error (error);
  turn_until_ended (f, 1);
  close (fd);
  char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_unlink (path);
  return text;
}

static void
test_clean_helper (Fixture *f, gconstpointer unused)
{
  g_autofree char *cwd = g_get_current_dir ();
  int leaky[] = { fcntl (0, F_DUPFD, 5), fcntl (0, F_DUPFD, 40) }; /* below and above the targets */
  srt_spawn spawn = { 0 };
  g_setenv ("WORD", "inherited", TRUE);
  signal (SIGUSR1, SIG_IGN);
  g_autofree char *text = read_report (f, &spawn, NULL, 0);
  g_autofree char *wanted =
      g_strdup_printf ("fds 0 1 2 7\nnull 0 1\nsession 0\nblocked 0\nignored 0\ncwd %s\nWORD inherited\n", cwd);
  g_assert_cmpstr (text, ==, wanted);
  signal (SIGUSR1, SIG_DFL);
  close (leaky[0]);
  close (leaky[1]);
}

static void
test_asked_for (Fixture *f, gconstpointer unused)
{
  static const char *const env[] = { "WORD=given", NULL };
  static const srt_fd_map more[] = { { 2, 0 }, { 2, 12 } };
  srt_spawn spawn = { .flags = SRT_SPAWN_SESSION, .env = env, .cwd = "/" };
  g_autofree char *text = read_report (f, &spawn, more, G_N_ELEMENTS (more));
  g_assert_cmpstr (text, ==, "fds 0 1 2 7 12\nnull 1\nsession 1\nblocked 0\nignored 0\ncwd /\nWORD given\n");
}

/* A byte through a child whose descriptors have the numbers IN_TARGET and OUT_TARGET there. */
static void
copy_through (Fixture *f, const int in[2], const int out[2], int in_target, int out_target)
{
  char byte = '?';
  int32_t status;
  g_autofree char *in_word = g_strdup_printf ("%d", in_target), *out_word = g_strdup_printf ("%d", out_target);
  const char *const argv[] = { g_getenv ("CHILD"), "copy", in_word, out_word, NULL };
  const srt_fd_map maps[] = { { in[0], in_target }, { out[1], out_target } };
  srt_spawn spawn = { .size = sizeof spawn, .argv = argv, .fds = maps, .n_fds = 2 };
  g_assert_cmpint (write (in[1], "x", 1), ==, 1);
  f->ended = 0;
  g_assert_nonnull (srt_loop_spawn (f->loop, f, &spawn, ended, f, &status, NULL));
  turn_until_ended (f, 1);
  g_assert_cmpint (f->last_status, ==, 0);
  g_assert_cmpint (read (out[0], &byte, 1), ==, 1);
  g_assert_cmpint (byte, ==, 'x');
}

/* Numbers that are in each other's way: the two of the pipes swapped, and the next ones that are free, which whoever
 * puts the descriptors aside first would take. */
static void
test_crossed_fds (Fixture *f, gconstpointer unused)
{
  int in[2], out[2];
  g_assert_cmpint (pipe2 (in, O_CLOEXEC), ==, 0);
  g_assert_cmpint (pipe2 (out, O_CLOEXEC), ==, 0);
  int next = fcntl (in[0], F_DUPFD_CLOEXEC, 3);
  close (next);
  copy_through (f, in, out, out[1], in[0]);
  copy_through (f, in, out, next + 1, next);
  copy_through (f, in, out, in[0], out[1]);
  const int all[] = { in[0], in[1], out[0], out[1] };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    close (all[i]);
}

static void
test_in_path (Fixture *f, gconstpointer unused)
{
  const char *const argv[] = { "true", NULL };
  srt_spawn spawn = { .size = sizeof spawn, .argv = argv };
  int32_t status;
  g_assert_nonnull (srt_loop_spawn (f->loop, f, &spawn, ended, f, &status, NULL));
  turn_until_ended (f, 1);
  g_assert_cmpint (f->last_status, ==, 0);
}

/* ---- what cannot be started ---- */

static void
check_refused (Fixture *f, const srt_spawn *spawn, int32_t wanted, const char *message)
{
  g_autoptr (GError) error = NULL;
  int32_t status = SRT_OK;
  g_assert_null (srt_loop_spawn (f->loop, f, spawn, ended, f, &status, &error));
  g_assert_cmpint (status, ==, wanted);
  g_assert_error (error, SRT_ERROR, SRT_ERROR_INTERNAL);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_refused (Fixture *f, gconstpointer unused)
{
  const char *argv[] = { "/nowhere/at-all", NULL };
  srt_spawn spawn = { .size = sizeof spawn, .argv = argv };
  check_refused (f, &spawn, SRT_E_NOT_FOUND, "cannot start \"/nowhere/at-all\": No such file or directory");
  argv[0] = "srt-no-such-program";
  check_refused (f, &spawn, SRT_E_NOT_FOUND, "cannot start \"srt-no-such-program\": there is no such program in PATH");
  argv[0] = "/";
  check_refused (f, &spawn, SRT_E_DENIED, "cannot start \"/\": Permission denied");
  argv[0] = "bin/true";
  check_refused (f, &spawn, SRT_E_INVALID,
                 "cannot start a helper: argv[0] must be an absolute path, or a name without '/' that is looked up in "
                 "PATH");
  argv[0] = NULL;
  check_refused (f, &spawn, SRT_E_INVALID, "cannot start a helper: argv is empty");
  argv[0] = "/bin/true";
  spawn.cwd = "/nowhere";
  check_refused (f, &spawn, SRT_E_NOT_FOUND,
                 "cannot start \"/bin/true\" in the folder \"/nowhere\": No such file or directory");
}

static void
test_refused_fds (Fixture *f, gconstpointer unused)
{
  const char *const argv[] = { "/bin/true", NULL };
  srt_fd_map maps[] = { { 0, 4 }, { 1, 4 } };
  srt_spawn spawn = { .size = sizeof spawn, .argv = argv, .fds = maps, .n_fds = 2 };
  check_refused (f, &spawn, SRT_E_INVALID, "cannot start a helper: two descriptors have the same target");
  maps[1].target = 256;
  check_refused (f, &spawn, SRT_E_INVALID, "cannot start a helper: targets of descriptors are 0 to 255");
  maps[1] = (srt_fd_map){ 250, 5 };
  check_refused (f, &spawn, SRT_E_FAILED, "cannot start \"/bin/true\": Bad file descriptor");
}

#define ADD(NAME, TEST) g_test_add ("/loop/" NAME, Fixture, NULL, set_up, TEST, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("signals", test_signals);
  ADD ("signals/ignored", test_ignored_stays);
  ADD ("signals/given-back", test_signals_given_back);
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
#endif
#ifndef SRT_TEST_TWIN
  ADD ("orphans", test_orphans);
#endif
  ADD ("ignored-sigchld", test_ignored_sigchld);
  ADD ("clean-helper", test_clean_helper);
  ADD ("asked-for", test_asked_for);
  ADD ("crossed-fds", test_crossed_fds);
  ADD ("in-path", test_in_path);
  ADD ("refused", test_refused);
  ADD ("refused/fds", test_refused_fds);
  return g_test_run ();
}
