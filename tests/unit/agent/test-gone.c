/* SPDX-License-Identifier: MIT
 * A runner that is gone before its agent has said a word: the agent leaves all the same, and takes the run's folder
 * along. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_gone (void)
{
  g_autofree char *dir = g_dir_make_tmp ("srt-gone-XXXXXX", NULL);
  g_autofree char *option = g_strconcat ("--dir=", dir, NULL);
  int ends[2], status = -1;
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, ends), ==, 0);
  close (ends[0]); /* before the agent starts: nobody is at the other end any more */
  pid_t pid = fork ();
  if (pid == 0) {
    dup2 (ends[1], 3);
    alarm (20); /* an agent that waits forever ends the test, not the suite */
    execl (g_getenv ("SRT_TEST_AGENT"), "srt-agent", "--slot=0", option, NULL);
    _exit (127);
  }
  close (ends[1]);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_cmpint (g_access (dir, F_OK), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agent/runner-gone-before-hello", test_gone);
  return g_test_run ();
}
