/* SPDX-License-Identifier: MIT
 * One line of /proc/PID/stat, and the walk over what is really below us. */
#include "agent/tree-linux.h"
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STAT_REST                                                                                                      \
  " S 41 42 42 0 -1 4194304 99 0 0 0 5 6 7 8 20 0 3 0 4242 1000000 250 18446744073709551615 1 1 0 0 0 0 0 0"

static void
test_parse (void)
{
  static const char text[] = "42 (a b) (c\n)" STAT_REST;
  SrtProc proc;

  g_assert_true (srt_proc_parse (text, strlen (text), &proc));
  g_assert_cmpint (proc.pid, ==, 42);
  g_assert_cmpint (proc.parent, ==, 41);
  g_assert_cmpstr (proc.comm, ==, "a b) (c?");
  g_assert_cmpint (proc.state, ==, 'S');
  g_assert_false (proc.exiting);
  g_assert_cmpuint (proc.user_ticks, ==, 12);
  g_assert_cmpuint (proc.system_ticks, ==, 14);
  g_assert_cmpuint (proc.threads, ==, 3);
  g_assert_cmpuint (proc.memory_pages, ==, 250);
}

static const char no_number[] = "x (y)" STAT_REST;

static void
test_parse_garbage (void)
{
  const char *const garbage[] = { "", "42", "42 (", "42 (x)", "42 (x) S", "42 )x( S 1 2 3", no_number };
  SrtProc proc;

  for (guint i = 0; i < G_N_ELEMENTS (garbage); i++)
    g_assert_false (srt_proc_parse (garbage[i], strlen (garbage[i]), &proc));
}

static void
test_runs (void)
{
  g_assert_true (srt_proc_runs (&(SrtProc){ .state = 'S', .threads = 1 }));
  g_assert_true (srt_proc_runs (&(SrtProc){ .state = 'Z', .threads = 2 })); /* only its first thread has ended */
  g_assert_false (srt_proc_runs (&(SrtProc){ .state = 'Z', .threads = 1 }));
  g_assert_false (srt_proc_runs (&(SrtProc){ .state = 'R', .exiting = true, .threads = 1 }));
}

static void
collect (void *data, SrtTree *tree, const SrtProc *proc)
{
  g_array_append_val (data, proc->pid);
}

/* A child with a child; returns when both are there. */
static pid_t
make_family (void)
{
  char byte;
  int fds[2];
  pid_t pid;

  g_assert_cmpint (pipe (fds), ==, 0);
  pid = fork ();
  if (pid == 0) {
    if (fork () == 0 && write (fds[1], "x", 1) != 1)
      _exit (1);
    for (;;)
      pause ();
  }
  g_assert_cmpint (read (fds[0], &byte, 1), ==, 1);
  close (fds[0]);
  close (fds[1]);
  return pid;
}

static void
test_walk (gconstpointer no_children_files)
{
  g_autofree SrtTree *tree = g_new0 (SrtTree, 1);
  g_autoptr (GArray) pids = g_array_new (FALSE, FALSE, sizeof (pid_t));
  pid_t pid = make_family ();
  SrtProc grandchild;

  srt_tree_open (tree);
  tree->no_children_files = no_children_files != NULL;
  g_assert_cmpuint (srt_tree_walk (tree, collect, pids), ==, 2);
  g_assert_cmpint (g_array_index (pids, pid_t, 0), ==, pid);
  g_assert_true (srt_proc_read (g_array_index (pids, pid_t, 1), &grandchild));
  g_assert_cmpint (grandchild.parent, ==, pid);
  g_assert_cmpint (srt_tree_signal (tree, &grandchild, SIGKILL), ==, 0);
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

/* A number that belongs to somebody else now gets no signal. */
static void
test_signal_stranger (void)
{
  g_autofree SrtTree *tree = g_new0 (SrtTree, 1);
  SrtProc proc = { .pid = getpid (), .parent = 99999999 };

  srt_tree_open (tree);
  g_assert_cmpint (srt_tree_signal (tree, &proc, SIGKILL), !=, 0);
}

static void
test_marks (void)
{
  g_autofree SrtTree *tree = g_new0 (SrtTree, 1);

  g_assert_true (srt_tree_mark (tree, 7));
  g_assert_true (srt_tree_mark (tree, SRT_TREE_PID_MAX - 1));
  g_assert_false (srt_tree_mark (tree, 7));
  srt_tree_unmark_all (tree);
  g_assert_true (srt_tree_mark (tree, 7));
  g_assert_true (srt_tree_mark (tree, SRT_TREE_PID_MAX - 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agent/tree/parse", test_parse);
  g_test_add_func ("/agent/tree/parse-garbage", test_parse_garbage);
  g_test_add_func ("/agent/tree/runs", test_runs);
  g_test_add_data_func ("/agent/tree/walk", NULL, test_walk);
  g_test_add_data_func ("/agent/tree/walk-all", GINT_TO_POINTER (1), test_walk);
  g_test_add_func ("/agent/tree/signal-stranger", test_signal_stranger);
  g_test_add_func ("/agent/tree/marks", test_marks);
  return g_test_run ();
}
