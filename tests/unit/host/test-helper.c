/* SPDX-License-Identifier: MIT
 * What a helper gets, and which cannot be started. Built twice, as test-loop.c is. */
#include "base/error.h"
#include "loop-fixture.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

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

#define ADD(NAME, TEST) g_test_add ("/helper/" NAME, Fixture, NULL, set_up, TEST, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("clean-helper", test_clean_helper);
  ADD ("asked-for", test_asked_for);
  ADD ("crossed-fds", test_crossed_fds);
  ADD ("in-path", test_in_path);
  ADD ("refused", test_refused);
  ADD ("refused/fds", test_refused_fds);
  return g_test_run ();
}
