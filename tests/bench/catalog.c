/* SPDX-License-Identifier: MIT
 * What finding tests costs: bench-catalog [FILES]. Makes a tree of FILES programs in TMPDIR (100 a folder), then prints
 * the time of a catalog and its plan, the best and the middle of 9. */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fs.h"
#include "plan/plan.h"

enum { ROUNDS = 9, IN_FOLDER = 100 };

static void
make_tree (const char *root, guint files)
{
  for (guint i = 0; i < files; i++) {
    g_autofree char *folder = g_strdup_printf ("%s/test/group-%u", root, i / IN_FOLDER);
    g_autofree char *path = g_strdup_printf ("%s/case_%u_test", folder, i);
    if (i % IN_FOLDER == 0 && g_mkdir_with_parents (folder, 0755) != 0)
      g_error ("%s: cannot be made", folder);
    int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    if (fd < 0)
      g_error ("%s: cannot be made", path);
    close (fd);
  }
}

static gint64
measure (const SrtSettings *settings, const char *root, guint files)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SrtCatalog) catalog = srt_catalog_new (settings, NULL, root, &error);
  if (catalog == NULL)
    g_error ("%s", error->message);
  g_autoptr (SrtPlan) plan = srt_plan_new (catalog);
  gint64 end = g_get_monotonic_time ();
  if (plan->tests->len != files)
    g_error ("found %u of %u", plan->tests->len, files);
  return end - start;
}

static int
compare (const void *a, const void *b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  guint files = argc > 1 ? (guint)strtoul (argv[1], NULL, 10) : 10000;
  gint64 us[ROUNDS];
  g_autofree char *root = g_dir_make_tmp ("srt-bench-XXXXXX", &error);
  if (root == NULL)
    g_error ("%s", error->message);
  make_tree (root, files);
  g_autoptr (SrtSettings) settings = srt_settings_load (NULL, NULL, NULL, NULL, root, &error);
  for (guint i = 0; i < ROUNDS; i++)
    us[i] = measure (settings, root, files);
  qsort (us, ROUNDS, sizeof *us, compare);
  g_print ("%u files: best %.1f ms, middle %.1f ms\n", files, us[0] / 1e3, us[ROUNDS / 2] / 1e3);
  return srt_fs_remove_tree (AT_FDCWD, root, NULL, &error) ? 0 : 1;
}
