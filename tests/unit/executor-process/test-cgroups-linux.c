/* SPDX-License-Identifier: MIT
 * Controllers of version 2 on fake cgroups, and on a real one what needs no controller: stepping aside, removing, and
 * refusing what a ledger should not name. The real ones need root. */
#include "base/fs.h"
#include "cgroups.h"
#include "cleanup.h"
#include "parse.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  char *own;
  Cgroups *cgroups;
} Fixture;

static void
put (const char *dir, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  g_assert_true (g_file_set_contents_full (path, content, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static char *
get (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  return content;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->own = g_dir_make_tmp ("srt-cgroups-XXXXXX", NULL);
  fixture->cgroups = g_new0 (Cgroups, 1);
  g_snprintf (fixture->cgroups->group, PATH_MAX, "%s/srt-run", fixture->own);
  g_assert_cmpint (g_mkdir (fixture->cgroups->group, 0700), ==, 0);
  put (fixture->own, "cgroup.controllers", "cpuset cpu io memory pids\n");
  put (fixture->own, "cgroup.subtree_control", "");
  put (fixture->cgroups->group, "cgroup.controllers", "");
  put (fixture->cgroups->group, "cgroup.subtree_control", "");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_path_get_basename (fixture->own);
  int tmp_fd = g_open (g_get_tmp_dir (), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  g_assert_true (srt_fs_remove_tree (tmp_fd, name, NULL, NULL));
  g_close (tmp_fd, NULL);
  g_free (fixture->own);
  g_free (fixture->cgroups);
}

static void
test_handed_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *own = NULL, *group = NULL;

  g_assert_true (cgroup_v2_delegate (fixture->cgroups, fixture->own, CONTROLLER_MEMORY));
  own = get (fixture->own, "cgroup.subtree_control");
  group = get (fixture->cgroups->group, "cgroup.subtree_control");
  g_assert_cmpstr (own, ==, "+memory");
  g_assert_cmpstr (group, ==, "+memory");
  g_assert_cmpuint (fixture->cgroups->controllers[CONTROLLER_MEMORY].version, ==, 2);
  g_assert_true (fixture->cgroups->controllers[CONTROLLER_MEMORY].handed_down);
}

/* The run's cgroup has it already: our own is not touched. */
static void
test_there_already (Fixture *fixture, gconstpointer data)
{
  g_autofree char *own = NULL;

  put (fixture->cgroups->group, "cgroup.controllers", "pids io\n");
  g_assert_true (cgroup_v2_delegate (fixture->cgroups, fixture->own, CONTROLLER_IO));
  own = get (fixture->own, "cgroup.subtree_control");
  g_assert_cmpstr (own, ==, "");
  g_assert_false (fixture->cgroups->controllers[CONTROLLER_IO].handed_down);
}

/* "cpu" is not "cpuset". */
static void
test_not_given (Fixture *fixture, gconstpointer data)
{
  put (fixture->own, "cgroup.controllers", "cpuset memory\n");
  g_assert_false (cgroup_v2_delegate (fixture->cgroups, fixture->own, CONTROLLER_CPU));
  g_assert_true (
      g_str_has_prefix (fixture->cgroups->controllers[CONTROLLER_CPU].why, "the cpu controller is not given to "));
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->cgroups->group, "cgroup.subtree_control", NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_false (cgroup_v2_delegate (fixture->cgroups, fixture->own, CONTROLLER_PIDS));
  g_assert_nonnull (strstr (fixture->cgroups->controllers[CONTROLLER_PIDS].why, g_strerror (ENOENT)));
  g_assert_cmpuint (fixture->cgroups->controllers[CONTROLLER_PIDS].version, ==, 0);
}

/* A folder in the real hierarchy of version 2, or NULL (skipped). */
static char *
make_real (void)
{
  g_autofree char *mounts = NULL;
  const char *at;
  SrtMount mount = { 0 };
  char *path;

  g_assert_true (g_file_get_contents ("/proc/self/mountinfo", &mounts, NULL, NULL));
  for (at = mounts; at && (at = srt_parse_next_mount (at, &mount)) && !mount.v2;)
    continue;
  path = at ? g_strdup_printf ("%s/srt-test-%d", mount.point, getpid ()) : NULL;
  if (path && g_mkdir (path, 0755) == 0)
    return path;
  g_test_skip ("no cgroup of version 2 can be made here");
  g_free (path);
  return NULL;
}

static gboolean
is_in (const char *end)
{
  g_autofree char *groups = NULL;

  return g_file_get_contents ("/proc/self/cgroup", &groups, NULL, NULL) && strstr (groups, end) != NULL;
}

static void
join (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "cgroup.procs", NULL);
  int fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);

  if (fd < 0 || write (fd, "0", 1) != 1)
    _exit (90);
  g_close (fd, NULL);
}

/* In a child, which may go where it likes: its exit status says at which step it failed. */
static int
step (const char *own)
{
  g_autofree Cgroups *cgroups = g_new0 (Cgroups, 1);

  join (own);
  g_snprintf (cgroups->group, PATH_MAX, "%s/run", own);
  if (g_mkdir (cgroups->group, 0755) < 0)
    return 1;
  if (!cgroup_step_aside (cgroups, own) || !is_in ("/run/runner\n"))
    return 2;
  if (!cgroup_step_aside (cgroups, own)) /* done already */
    return 3;
  if (!cgroup_step_back (cgroups) || is_in ("/run"))
    return 4;
  if (fork () == 0) { /* a second one in it */
    pause ();
    _exit (0);
  }
  return cgroup_step_aside (cgroups, own) ? 5 : 0;
}

static void
test_step (void)
{
  g_autofree char *own = make_real ();
  guint32 killed = 0, removed = 0;
  int status;
  pid_t pid;

  if (!own)
    return;
  pid = fork ();
  if (pid == 0)
    _exit (step (own));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_cmpint (cgroup_remove_tree (own, &killed, &removed), ==, 0);
  g_assert_cmpuint (killed, ==, 1);
  g_assert_cmpuint (removed, ==, 2);
  g_assert_cmpint (g_access (own, F_OK), ==, -1);
  g_assert_cmpint (cgroup_remove_tree (own, &killed, &removed), ==, 0); /* once more is no error */
}

static void
set_error (const srt_host *host, const char *format, ...)
{
}

static const struct {
  const char *run_id, *entry;
  int32_t status;
} entries[] = {
  { "1", "cgroup /sys/fs/cgroup/srt-1", SRT_OK }, /* gone already */
  { "1", "cgroup /sys/fs/cgroup/srt-2", SRT_E_CORRUPT },
  { "1", "cgroup /sys/fs/cgroup/srt-1/slot-0", SRT_E_CORRUPT },
  { "1", "cgroup srt-1", SRT_E_CORRUPT },
  { "1", "cgroup /sys/../tmp/srt-1", SRT_E_CORRUPT },
  { "1", "cgroup ", SRT_E_CORRUPT },
  { "1", "", SRT_E_CORRUPT },
  { "1", "container x", SRT_E_CORRUPT },
  { "", "processes", SRT_E_CORRUPT },
  { "no-such-run", "processes", SRT_OK },
};

static void
test_entries (void)
{
  const srt_host host = { .size = sizeof host, .set_errorf = set_error };

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++) {
    uint32_t cleaned = 0;

    g_assert_cmpint (cleanup_entry (&host, entries[i].run_id, entries[i].entry, strlen (entries[i].entry), &cleaned),
                     ==, entries[i].status);
    g_assert_cmpuint (cleaned, ==, 0);
  }
}

/* It has the run's name, but is a folder like any other. */
static void
test_no_cgroup (void)
{
  const srt_host host = { .size = sizeof host, .set_errorf = set_error };
  g_autofree char *dir = g_dir_make_tmp ("srt-XXXXXX", NULL);
  g_autofree char *name = g_path_get_basename (dir);
  g_autofree char *entry = g_strconcat ("cgroup ", dir, NULL);
  uint32_t cleaned = 0;

  g_assert_cmpint (cleanup_entry (&host, name + 4, entry, strlen (entry), &cleaned), ==, SRT_E_CORRUPT);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

/* One that is marked, and its child that is not. */
static void
test_processes (void)
{
  g_autofree char *id = g_strdup_printf ("test-%d", getpid ());
  g_autofree char *mark = g_strconcat ("SRT_RUN_ID=", id, NULL);
  char *envp[] = { mark, NULL };
  const char *argv[] = { "/bin/sh", "-c", "env -i sleep 1000 & echo; wait", NULL };
  g_autoptr (GError) error = NULL;
  int out, status;
  char byte;
  GPid pid;

  g_spawn_async_with_pipes (NULL, (char **)argv, envp, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, &out, NULL,
                            &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (out, &byte, 1), ==, 1);
  g_assert_cmpint (processes_kill (id), ==, 2);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
  g_assert_cmpint (read (out, &byte, 1), ==, 0); /* the child held it too */
  g_assert_cmpint (processes_kill (id), ==, 0);
  g_close (out, NULL);
}

#define ADD(NAME, FN) g_test_add ("/executor-process/cgroups/" NAME, Fixture, NULL, set_up, FN, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("handed-down", test_handed_down);
  ADD ("there-already", test_there_already);
  ADD ("not-given", test_not_given);
  ADD ("refused", test_refused);
  g_test_add_func ("/executor-process/cgroups/step", test_step);
  g_test_add_func ("/executor-process/cleanup/entries", test_entries);
  g_test_add_func ("/executor-process/cleanup/no-cgroup", test_no_cgroup);
  g_test_add_func ("/executor-process/cleanup/processes", test_processes);
  return g_test_run ();
}
