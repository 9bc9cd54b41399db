/* SPDX-License-Identifier: MIT
 * Mount points in a tree that is removed, in a mount namespace of our own. */
#include "base/error.h"
#include "base/fs.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static gboolean
own_namespace (void)
{
  return (unshare (CLONE_NEWNS) == 0 || unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
         mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* A bind mount has the device of the file system around it: only the kernel can tell that it is one. */
static void
test_bind_mount (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("srt-mount-XXXXXX", NULL);
  g_autofree char *precious = g_build_filename (dir, "precious", NULL);
  g_autofree char *file = g_build_filename (precious, "file", NULL);
  g_autofree char *tree = g_build_filename (dir, "tree", NULL);
  g_autofree char *point = g_build_filename (tree, "point", NULL);

  if (!own_namespace ()) {
    g_rmdir (dir);
    g_test_skip ("no mount namespace for us here");
    return;
  }
  g_assert_cmpint (g_mkdir (precious, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_cmpint (g_mkdir_with_parents (point, 0700), ==, 0);
  g_assert_cmpint (mount (precious, point, NULL, MS_BIND, NULL), ==, 0);

  g_assert_false (srt_fs_remove_tree (AT_FDCWD, tree, NULL, &error));
  g_assert_error (error, SRT_ERROR, SRT_ERROR_INTERNAL);
  g_assert_nonnull (strstr (error->message, "point is a mount point"));
  g_clear_error (&error);
  g_assert_false (srt_fs_remove_tree (AT_FDCWD, point, NULL, NULL));
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));

  g_assert_cmpint (umount (point), ==, 0);
  g_assert_true (srt_fs_remove_tree (AT_FDCWD, tree, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
  g_assert_true (srt_fs_remove_tree (AT_FDCWD, dir, NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/fs-linux/bind-mount", test_bind_mount);
  return g_test_run ();
}
