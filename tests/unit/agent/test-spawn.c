/* SPDX-License-Identifier: MIT
 * The child's side of a start: the heartbeat's descriptor, whatever number the agent has it under. */
#include "agent/beat.h"
#include "agent/spawn.h"
#include <fcntl.h>
#include <glib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The exit status of SCRIPT as a test whose heartbeat is BEAT_FD in the agent. */
static int
run_script (const char *script, int beat_fd)
{
  char *argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)script, NULL }, *env[] = { NULL };
  const srt_limits limits = { .size = sizeof limits };
  const SrtSpawnPlan plan = { .argv = argv,
                              .env = env,
                              .cwd = "/",
                              .null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC),
                              .out_fd = 1,
                              .err_fd = 2,
                              .beat_fd = beat_fd,
                              .group_fd = -1,
                              .limits = &limits };
  SrtSpawnFailure failure;
  int status;
  pid_t pid = fork ();

  if (pid == 0) {
    srt_spawn_in_child (&plan, &failure);
    _exit (126);
  }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  close (plan.null_fd);
  return WEXITSTATUS (status);
}

static void
test_number (gconstpointer data)
{
  int fd = GPOINTER_TO_INT (data), fds[2];
  char byte = 0;

  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  g_assert_cmpint (dup3 (fds[1], fd, O_CLOEXEC), ==, fd);
  close (fds[1]);
  g_assert_cmpint (run_script ("printf x >&8", fd), ==, 0);
  g_assert_cmpint (read (fds[0], &byte, 1), ==, 1);
  g_assert_cmpint (byte, ==, 'x');
  g_assert_cmpint (fcntl (fd, F_GETFD), ==, FD_CLOEXEC); /* ours is as it was */
  close (fd);
  close (fds[0]);
}

static void
test_none (void)
{
  g_assert_cmpint (run_script ("{ true >&8; } 2>/dev/null || exit 9", -1), ==, 9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int fd = 3; fd < 40; fd++) /* what we may have inherited under our numbers */
    close (fd);
  g_test_add_data_func ("/agent/spawn/beat-same", GINT_TO_POINTER (SRT_BEAT_FD), test_number);
  g_test_add_data_func ("/agent/spawn/beat-other", GINT_TO_POINTER (20), test_number);
  g_test_add_func ("/agent/spawn/beat-none", test_none);
  return g_test_run ();
}
