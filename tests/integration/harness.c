/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
make_folder (const char *parent, const char *name)
{
  char *path = g_build_filename (parent, name, NULL);
  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
  return path;
}

void
it_world_set_up (ItWorld *world, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  world->root = g_dir_make_tmp ("srt-it-XXXXXX", &error);
  g_assert_no_error (error);
  world->project = make_folder (world->root, "project");
  world->tmp = make_folder (world->root, "tmp");
  world->mark = g_strdup_printf ("SRT_IT_MARK=%s", world->root);
}

static gboolean
has_mark (const char *pid, const char *mark)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "environ", NULL);
  g_autofree char *environ_text = NULL;
  gsize length = 0;
  if (!g_ascii_isdigit (*pid) || !g_file_get_contents (path, &environ_text, &length, NULL))
    return FALSE;
  return memmem (environ_text, length, mark, strlen (mark)) != NULL;
}

/* The command of a process that srt left, or NULL. */
static char *
find_process (ItWorld *world)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *pid;
  while (proc && (pid = g_dir_read_name (proc))) {
    if (!has_mark (pid, world->mark))
      continue;
    g_autofree char *path = g_build_filename ("/proc", pid, "cmdline", NULL);
    g_autofree char *command = NULL;
    g_file_get_contents (path, &command, NULL, NULL);
    return g_strdup_printf ("process %s (%s)", pid, command && *command ? command : "no command line");
  }
  return NULL;
}

static char *
find_folder (ItWorld *world)
{
  g_autofree char *state = g_strdup_printf ("%s/srt-%u", world->tmp, (guint)geteuid ());
  g_autoptr (GDir) dir = g_dir_open (state, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    if (!g_str_has_prefix (name, "kept-"))
      return g_strdup_printf ("folder %s/%s", state, name);
  return NULL;
}

/* After a SIGKILL of srt its agents clean up on their own: they get some seconds, and need milliseconds. */
static void
wait_until_gone (ItWorld *world, char *(*find) (ItWorld *world))
{
  g_autofree char *left = find (world);
  for (int tries = 0; left && tries < 200; tries++) {
    g_usleep (25 * 1000);
    g_free (left);
    left = find (world);
  }
  if (left)
    g_error ("%s is left", left);
}

void
it_world_assert_no_process (ItWorld *world)
{
  wait_until_gone (world, find_process);
}

void
it_world_assert_nothing_left (ItWorld *world)
{
  wait_until_gone (world, find_process);
  wait_until_gone (world, find_folder);
}

void
it_world_assert_no_folder (ItWorld *world)
{
  wait_until_gone (world, find_folder);
}

void
it_world_tear_down (ItWorld *world, gconstpointer data)
{
  const char *argv[] = { "rm", "-rf", world->root, NULL };
  it_world_assert_nothing_left (world);
  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_free (world->root);
  g_free (world->project);
  g_free (world->tmp);
  g_free (world->mark);
}

char *
it_path (ItWorld *world, const char *name)
{
  return g_build_filename (world->project, name, NULL);
}

void
it_write (ItWorld *world, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = it_path (world, name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

void
it_script (ItWorld *world, const char *name, const char *body)
{
  g_autofree char *text = g_strconcat ("#!/bin/sh\n", body, "\n", NULL);
  g_autofree char *path = it_path (world, name);
  it_write (world, name, text);
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
}

char *
it_read (ItWorld *world, const char *name)
{
  g_autofree char *path = it_path (world, name);
  char *text = NULL;
  g_file_get_contents (path, &text, NULL, NULL);
  return text ? text : g_strdup ("");
}

gboolean
it_exists (ItWorld *world, const char *name)
{
  g_autofree char *path = it_path (world, name);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* The environment of a user who has configured nothing. */
static char **
make_env (ItWorld *world)
{
  char **env = g_get_environ ();
  const char *gone[] = { "NO_COLOR", "CLICOLOR_FORCE", "XDG_RUNTIME_DIR", "MAKEFLAGS" };
  for (guint i = 0; i < G_N_ELEMENTS (gone); i++)
    env = g_environ_unsetenv (env, gone[i]);
  if (g_getenv ("IT_RUNTIME_DIR"))
    env = g_environ_setenv (env, "XDG_RUNTIME_DIR", g_getenv ("IT_RUNTIME_DIR"), TRUE);
  env = g_environ_setenv (env, "TMPDIR", world->tmp, TRUE);
  env = g_environ_setenv (env, "XDG_CONFIG_HOME", world->root, TRUE);
  env = g_environ_setenv (env, "SRT_IT_MARK", world->root, TRUE);
  env = g_environ_setenv (env, "SRT_GUARD_OFF", "true", TRUE); /* what else this machine does must not decide */
  return env;
}

static int
exit_code (int wait_status)
{
  return WIFSIGNALED (wait_status) ? 128 + WTERMSIG (wait_status) : WEXITSTATUS (wait_status);
}

/* OUT_FD: its standard output, -1: a file. */
static ItChild
start (ItWorld *world, const char *command_line, int out_fd, GSpawnChildSetupFunc set_up, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) env = make_env (world);
  g_auto (GStrv) argv = NULL;
  g_autofree char *line = g_strdup_printf ("%s %s", g_getenv ("SRT_EXE"), command_line);
  ItChild child = {
    .out = g_strdup_printf ("%s/out-%u", world->root, world->children),
    .err = g_strdup_printf ("%s/err-%u", world->root, world->children++),
  };
  g_assert_true (g_shell_parse_argv (line, NULL, &argv, NULL));
  int file_fd = g_open (child.out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  int err_fd = g_open (child.err, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  g_spawn_async_with_pipes_and_fds (world->project, (const char *const *)argv, (const char *const *)env,
                                    G_SPAWN_DO_NOT_REAP_CHILD, set_up, data, -1, out_fd < 0 ? file_fd : out_fd, err_fd,
                                    NULL, NULL, 0, &child.pid, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  close (file_fd);
  close (err_fd);
  return child;
}

ItChild
it_start (ItWorld *world, const char *command_line)
{
  return start (world, command_line, -1, NULL, NULL);
}

ItChild
it_start_to (ItWorld *world, const char *command_line, int out_fd)
{
  return start (world, command_line, out_fd, NULL, NULL);
}

static void
take_terminal (gpointer data)
{
  setsid ();
  ioctl (*(int *)data, TIOCSCTTY, 0);
}

ItChild
it_start_on_terminal (ItWorld *world, const char *command_line, int *ret_terminal)
{
  int terminal = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (terminal, >=, 0);
  g_assert_cmpint (grantpt (terminal), ==, 0);
  g_assert_cmpint (unlockpt (terminal), ==, 0);
  int its_end = g_open (ptsname (terminal), O_RDWR | O_NOCTTY | O_CLOEXEC, 0);
  g_assert_cmpint (its_end, >=, 0);
  ItChild child = start (world, command_line, its_end, take_terminal, &its_end);
  close (its_end);
  *ret_terminal = terminal;
  return child;
}

void
it_wait_stopped (ItChild *child)
{
  int status = 0;
  g_assert_cmpint (waitpid (child->pid, &status, WUNTRACED), ==, child->pid);
  g_assert_true (WIFSTOPPED (status));
}

ItRun
it_wait (ItWorld *world, ItChild *child)
{
  ItRun run = { 0 };
  struct rusage used;
  int status = 0;
  g_assert_cmpint (wait4 (child->pid, &status, 0, &used), ==, child->pid);
  run.code = exit_code (status);
  run.peak_kb = used.ru_maxrss;
  g_file_get_contents (child->out, &run.out, NULL, NULL);
  g_file_get_contents (child->err, &run.err, NULL, NULL);
  g_clear_pointer (&child->out, g_free);
  g_clear_pointer (&child->err, g_free);
  return run;
}

ItRun
it_srt (ItWorld *world, const char *command_line)
{
  ItChild child = it_start (world, command_line);
  return it_wait (world, &child);
}

void
it_run_clear (ItRun *run)
{
  g_free (run->out);
  g_free (run->err);
}

void
it_assert_code (const ItRun *run, int code)
{
  if (run->code != code)
    g_error ("exit status %d, not %d\n--- out\n%s--- err\n%s", run->code, code, run->out, run->err);
}

/* "t/a_test" and "t/a_test:" both name a_test. */
static gboolean
names_test (const char *word, const char *test)
{
  g_autofree char *bare = g_strdup (word);
  gsize length = strlen (bare);
  if (length > 0 && bare[length - 1] == ':')
    bare[length - 1] = '\0';
  g_autofree char *below = g_strconcat ("/", test, NULL);
  return g_str_equal (bare, test) || g_str_has_suffix (bare, below);
}

void
it_assert_verdict (const ItRun *run, const char *word, const char *test)
{
  g_auto (GStrv) lines = g_strsplit (run->out, "\n", -1);
  for (char **line = lines; *line; line++) {
    g_autofree char *trimmed = g_strstrip (g_strdup (*line));
    g_auto (GStrv) words = g_strsplit_set (trimmed, " \t", -1);
    for (char **one = words; g_strcmp0 (words[0], word) == 0 && *one; one++)
      if (names_test (*one, test))
        return;
  }
  g_error ("no line \"%s … %s\" in\n%s\n%s", word, test, run->out, run->err);
}

gboolean
it_has_result (const char *progress, const char *id)
{
  g_autofree char *escaped = g_regex_escape_string (id, -1);
  g_autofree char *pattern = g_strdup_printf ("^  result, \\d+, \\d+, \"%s\", \\d+, true, ", escaped);
  return g_regex_match_simple (pattern, progress, G_REGEX_MULTILINE | G_REGEX_RAW, 0);
}

void
it_assert_has (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("no \"%s\" in\n%s", part, text);
}

void
it_assert_has_not (const char *text, const char *part)
{
  if (strstr (text, part))
    g_error ("\"%s\" in\n%s", part, text);
}

void
it_wait_text (const char *file, const char *text)
{
  for (int tries = 0; tries < 4000; tries++) {
    g_autofree char *now = NULL;
    if (g_file_get_contents (file, &now, NULL, NULL) && strstr (now, text))
      return;
    g_usleep (10 * 1000);
  }
  g_autofree char *last = NULL;
  g_file_get_contents (file, &last, NULL, NULL);
  g_error ("\"%s\" never came in %s:\n%s", text, file, last);
}

void
it_make_event (ItWorld *world, const char *name)
{
  g_autofree char *path = it_path (world, name);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
}

void
it_wait_event (ItWorld *world, const char *name)
{
  g_autofree char *path = it_path (world, name);
  char byte;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  while (read (fd, &byte, 1) > 0)
    continue;
  close (fd);
}

void
it_tell_event (ItWorld *world, const char *name)
{
  g_autofree char *path = it_path (world, name);
  int fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);
  g_assert_cmpint (write (fd, "go\n", 3), ==, 3);
  close (fd);
}
