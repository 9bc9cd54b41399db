/* SPDX-License-Identifier: MIT */
#include "cage.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HIERARCHY "/sys/fs/cgroup/memory"

static gboolean
write_to (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  int fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);
  gboolean written = fd >= 0 && write (fd, text, strlen (text)) == (ssize_t)strlen (text);
  if (fd >= 0)
    close (fd);
  return written;
}

/* The folder of the memory cgroup that we are in. */
static char *
own_cgroup (void)
{
  g_autofree char *text = NULL;
  g_file_get_contents ("/proc/self/cgroup", &text, NULL, NULL);
  g_auto (GStrv) lines = g_strsplit (text ? text : "", "\n", -1);
  for (char **line = lines; *line; line++) {
    const char *path = strstr (*line, ":memory:");
    if (path)
      return g_strconcat (HIERARCHY, path + strlen (":memory:"), NULL);
  }
  return NULL;
}

gboolean
it_cage_enter (ItCage *cage, guint mib)
{
  g_autofree char *limit = g_strdup_printf ("%u", mib << 20);
  g_autofree char *pid = g_strdup_printf ("%d", (int)getpid ());
  cage->before = own_cgroup ();
  cage->path = g_strdup_printf ("%s/srt-it-%s", cage->before ? cage->before : "/nonexistent", pid);
  if (g_mkdir (cage->path, 0755) == 0 && write_to (cage->path, "memory.limit_in_bytes", limit) &&
      write_to (cage->path, "cgroup.procs", pid))
    return TRUE;
  rmdir (cage->path);
  g_clear_pointer (&cage->path, g_free);
  g_test_skip ("no memory cgroup can be made here");
  return FALSE;
}

guint
it_cage_oom_kills (const ItCage *cage)
{
  g_autofree char *path = g_build_filename (cage->path, "memory.oom_control", NULL);
  g_autofree char *text = NULL;
  g_file_get_contents (path, &text, NULL, NULL);
  const char *at = text ? strstr (text, "oom_kill ") : NULL;
  return at ? (guint)g_ascii_strtoull (at + strlen ("oom_kill "), NULL, 10) : 0;
}

void
it_cage_leave (ItCage *cage)
{
  g_autofree char *pid = g_strdup_printf ("%d", (int)getpid ());
  if (cage->path) {
    g_assert_true (write_to (cage->before, "cgroup.procs", pid));
    for (int tries = 0; rmdir (cage->path) < 0 && errno == EBUSY && tries < 200; tries++)
      g_usleep (25 * 1000); /* the dead are counted a moment longer */
    g_assert_false (g_file_test (cage->path, G_FILE_TEST_EXISTS));
  }
  g_free (cage->path);
  g_free (cage->before);
}
