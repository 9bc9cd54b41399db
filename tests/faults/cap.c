/* SPDX-License-Identifier: MIT */
#include "faults/cap.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define PIDS "/sys/fs/cgroup/pids"

/* g_file_set_contents would make a new file. */
static gboolean
write_to (const char *folder, const char *name, unsigned number)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  FILE *file = g_fopen (path, "we");
  gboolean good = file && fprintf (file, "%u", number) > 0;
  return file && fclose (file) == 0 && good;
}

/* Our cgroup of that hierarchy, before or after. */
static char *
own_cgroup (void)
{
  g_autofree char *text = NULL;
  g_autoptr (GRegex) line = g_regex_new ("^[0-9]+:pids:(.*)$", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  if (!g_file_get_contents ("/proc/self/cgroup", &text, NULL, NULL) || !g_regex_match (line, text, 0, &match))
    return NULL;
  g_autofree char *below = g_match_info_fetch (match, 1);
  return g_build_filename (PIDS, below, NULL);
}

static void
leave (void)
{
  g_autofree char *own = own_cgroup ();
  g_autofree char *parent = own ? g_path_get_dirname (own) : NULL;
  g_autofree char *name = g_strdup_printf ("srt-faults-%d", (int)getpid ());
  if (own && g_str_has_suffix (own, name) && write_to (parent, "cgroup.procs", (unsigned)getpid ()))
    g_rmdir (own);
}

/* Of test programs that were aborted. Those of living ones do not go. */
static void
remove_empty (const char *parent)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, "srt-faults-")) {
      g_autofree char *path = g_build_filename (parent, name, NULL);
      g_rmdir (path);
    }
}

static gboolean
enter (unsigned n)
{
  g_autofree char *parent = own_cgroup ();
  g_autofree char *name = g_strdup_printf ("srt-faults-%d", (int)getpid ());
  g_autofree char *own = parent ? g_build_filename (parent, name, NULL) : NULL;
  if (own == NULL)
    return FALSE;
  remove_empty (parent);
  if (g_mkdir (own, 0755) < 0)
    return FALSE;
  if (write_to (own, "pids.max", n) && write_to (own, "cgroup.procs", (unsigned)getpid ()))
    return atexit (leave) == 0;
  g_rmdir (own);
  return FALSE;
}

void
faults_cap_processes (unsigned n)
{
  const struct rlimit limit = { 4 * n, 4 * n };
  if (geteuid () != 0)
    setrlimit (RLIMIT_NPROC, &limit);
  else if (!enter (n))
    g_printerr ("# no cgroup that limits processes here\n");
}
