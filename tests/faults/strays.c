/* SPDX-License-Identifier: MIT */
#include "faults/strays.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void
faults_become_subreaper (void)
{
  g_assert_cmpint (prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), ==, 0);
}

/* A file of a process; "" when it is gone. */
static char *
read_of (pid_t pid, const char *name, gsize *ret_length)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", (int)pid, name);
  char *text = NULL;
  return g_file_get_contents (path, &text, ret_length, NULL) ? text : g_strdup ("");
}

/* The state letter stands behind the command, which may hold brackets itself. */
static gboolean
is_alive (pid_t pid)
{
  g_autofree char *stat = read_of (pid, "stat", NULL);
  const char *close = strrchr (stat, ')');
  return close && close[1] == ' ' && !strchr ("ZX", close[2]);
}

static void
add_children (GArray *found, pid_t pid)
{
  g_autofree char *tasks = g_strdup_printf ("/proc/%d/task", (int)pid);
  g_autoptr (GDir) dir = g_dir_open (tasks, 0, NULL);
  const char *task;
  while (dir && (task = g_dir_read_name (dir))) {
    g_autofree char *name = g_strdup_printf ("task/%s/children", task);
    g_autofree char *list = read_of (pid, name, NULL);
    g_auto (GStrv) words = g_strsplit (list, " ", -1);
    for (char **word = words; *word; word++)
      if (g_ascii_isdigit (**word)) {
        pid_t child = atoi (*word);
        g_array_append_val (found, child);
      }
  }
}

/* All below PID, parents before their children. */
static GArray *
find_below (pid_t pid)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (pid_t));
  add_children (found, pid);
  for (guint i = 0; i < found->len; i++)
    add_children (found, g_array_index (found, pid_t, i));
  return found;
}

/* SRT's child, or the init of a namespace. Others of that name are tests that have not got their own image yet, and who
 * tries what can be had here. */
static gboolean
is_agent (pid_t pid, pid_t srt)
{
  gsize length = 0;
  g_autofree char *comm = read_of (pid, "comm", NULL);
  g_autofree char *status = read_of (pid, "status", NULL);
  g_autofree char *command = read_of (pid, "cmdline", &length);
  g_autofree char *parent = g_strdup_printf ("\nPPid:\t%d\n", (int)srt);
  const char *numbers = strstr (status, "\nNSpid:\t");
  const char *end = numbers ? strchr (numbers + 1, '\n') : NULL;
  gboolean has_slot = memmem (command, length, "--slot=", strlen ("--slot=")) != NULL;
  gboolean is_init = end && end[-1] == '1' && end[-2] == '\t';
  return strcmp (comm, "srt-agent\n") == 0 && has_slot && is_alive (pid) && (strstr (status, parent) || is_init);
}

/* By a pidfd, and only if the process behind it is an agent: its number may be another's by now. */
static gboolean
kill_agent (pid_t pid, pid_t srt)
{
  int fd = (int)syscall (SYS_pidfd_open, pid, 0);
  gboolean done = fd >= 0 && is_agent (pid, srt) && syscall (SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) == 0;
  if (fd >= 0)
    close (fd);
  return done;
}

guint
faults_kill_agents (pid_t srt, gboolean all)
{
  g_autoptr (GArray) below = find_below (srt);
  guint killed = 0, first = below->len > 0 ? (guint)g_test_rand_int_range (0, (int)below->len) : 0;
  for (guint i = 0; i < below->len && (all || killed == 0); i++) {
    pid_t pid = g_array_index (below, pid_t, (first + i) % below->len);
    killed += kill_agent (pid, srt);
  }
  return killed;
}

double
faults_wait_for_nobody (double seconds)
{
  gint64 start = g_get_monotonic_time (), end = start + (gint64)(seconds * G_USEC_PER_SEC);
  for (;;) {
    pid_t pid = waitpid (-1, NULL, WNOHANG | __WALL);
    if (pid < 0 && errno == ECHILD)
      return (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    if (pid == 0 && g_get_monotonic_time () >= end)
      return -1;
    if (pid == 0)
      g_usleep (500);
  }
}

guint
faults_count_strays (void)
{
  g_autoptr (GArray) below = find_below (getpid ());
  guint alive = 0;
  for (guint i = 0; i < below->len; i++)
    alive += is_alive (g_array_index (below, pid_t, i));
  return alive;
}

char *
faults_name_marked_strays (const char *mark)
{
  g_autoptr (GArray) below = find_below (getpid ());
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < below->len; i++) {
    pid_t pid = g_array_index (below, pid_t, i);
    gsize length = 0;
    g_autofree char *env = read_of (pid, "environ", &length);
    g_autofree char *comm = read_of (pid, "comm", NULL);
    if (is_alive (pid) && memmem (env, length, mark, strlen (mark)))
      g_string_append_printf (names, "process %d: %s", (int)pid, comm);
  }
  return names->len > 0 ? g_strdup (names->str) : NULL;
}

guint
faults_kill_strays (void)
{
  guint killed = 0;
  while (faults_wait_for_nobody (0) < 0) {
    g_autoptr (GArray) below = find_below (getpid ());
    for (guint i = 0; i < below->len; i++) {
      pid_t pid = g_array_index (below, pid_t, i);
      killed += is_alive (pid) && kill (pid, SIGKILL) == 0;
    }
    faults_wait_for_nobody (0.05);
  }
  return killed;
}

/* "4:memory:/a/b" → /sys/fs/cgroup/memory/a/b; version 2 has no name and one of two places. */
static char *
find_in (const char *line, const char *leaf)
{
  g_auto (GStrv) parts = g_strsplit (line, ":", 3);
  if (g_strv_length (parts) < 3)
    return NULL;
  const char *places[] = { g_str_has_prefix (parts[1], "name=") ? parts[1] + 5 : parts[1], "unified" };
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree char *path = g_build_filename ("/sys/fs/cgroup", places[i], parts[2], leaf, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      return g_steal_pointer (&path);
  }
  return NULL;
}

char *
faults_find_cgroup (const char *run_id)
{
  g_autofree char *leaf = g_strconcat ("srt-", run_id, NULL);
  g_autofree char *text = read_of (getpid (), "cgroup", NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  char *found = NULL;
  for (char **line = lines; *line && !found; line++)
    found = find_in (*line, leaf);
  return found;
}
