/* SPDX-License-Identifier: MIT
 * Where the progress file lies: its folder, and what others do to both. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "steps.h"

static void
test_folder (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);

  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "r", NULL, NULL), ==, SRT_OK);
  g_autofree char *ignore = folder_read (folder, ".srt/.gitignore");
  g_assert_true (g_str_has_prefix (ignore, "# srt made this folder") && g_str_has_suffix (ignore, "\n*\n"));
  host_close (host);
  /* A later run still knows whose folder it is. */
  g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "r", NULL, NULL), ==, SRT_OK);
  g_assert_cmpint (host_remove (host), ==, SRT_OK);
  host_close (host);
  g_assert_false (folder_has (folder, ".srt"));

  /* A folder that was there, or that holds something of somebody, stays. */
  folder_write (folder, ".srt/mine", "x");
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "r", NULL, NULL), ==, SRT_OK);
  g_assert_cmpint (host_remove (host), ==, SRT_OK);
  host_close (host);
  g_assert_true (folder_has (folder, ".srt/mine"));
  g_assert_false (folder_has (folder, PROGRESS));
  g_assert_false (folder_has (folder, ".srt/.gitignore"));
  folder_write (folder, ".srt/.gitignore", "*\n");
  g_autofree char *mine = g_build_filename (folder, ".srt/mine", NULL);
  g_assert_cmpint (g_remove (mine), ==, 0);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "r", NULL, NULL), ==, SRT_OK);
  g_assert_cmpint (host_remove (host), ==, SRT_OK);
  host_close (host);
  g_assert_true (folder_has (folder, ".srt/.gitignore"));
}

static void
test_missing_parent (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, (const char *[]){ "path", "no/such/progress.sdn", NULL });

  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "r", NULL, NULL), ==, SRT_E_INVALID);
  g_assert_nonnull (strstr (host_error (host), "there is no folder"));
  g_assert_false (folder_has (folder, "no"));
}

/* The folder is removed by a test of the run ("git clean -fdx"): the next sync brings all of it back. */
static void
test_removed_behind_us (void)
{
  g_autoptr (GPtrArray) samples = samples_new (20);

  for (guint whole_folder = 0; whole_folder < 2; whole_folder++) {
    g_autoptr (Folder) folder = folder_new ();
    g_autoptr (Host) host = host_new (folder, NULL);
    g_autofree char *path = g_build_filename (folder, PROGRESS, NULL);
    g_autofree char *ignore = g_build_filename (folder, ".srt/.gitignore", NULL);
    g_autofree char *srt = g_build_filename (folder, ".srt", NULL);
    g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
    append_samples (host, samples, 0, 5, SRT_OK);
    g_assert_cmpint (host_sync (host), ==, SRT_OK);
    append_samples (host, samples, 5, 10, SRT_OK);
    g_assert_cmpint (g_remove (path), ==, 0);
    if (whole_folder) {
      g_assert_cmpint (g_remove (ignore), ==, 0);
      g_assert_cmpint (g_rmdir (srt), ==, 0);
    }
    g_assert_cmpint (host_sync (host), ==, SRT_OK);
    append_samples (host, samples, 10, 20, SRT_OK);
    g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 20);
    g_autoptr (Host) other = host_new (folder, NULL); /* the new file is locked as the old one was */
    g_assert_cmpint (host_open (other, SRT_PROGRESS_RESUME, "two", NULL, NULL), ==, SRT_E_BUSY);
    g_assert_false (folder_has (folder, PROGRESS ".new"));
    g_assert_cmpint (host_remove (host), ==, SRT_OK);
    host_close (host);
    g_assert_false (folder_has (folder, PROGRESS));
  }
}

/* Replaced or cut by somebody: said, and what they put there is left alone. */
static void
test_changed_behind_us (void)
{
  g_autoptr (GPtrArray) samples = samples_new (2);

  for (guint cut = 0; cut < 2; cut++) {
    g_autoptr (Folder) folder = folder_new ();
    g_autoptr (Host) host = host_new (folder, NULL);
    g_autofree char *path = g_build_filename (folder, PROGRESS, NULL);
    g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
    append_samples (host, samples, 0, 1, SRT_OK);
    if (cut)
      g_assert_cmpint (truncate (path, 10), ==, 0);
    else
      folder_write (folder, PROGRESS, "theirs");
    g_assert_cmpint (host_sync (host), ==, SRT_E_LOST);
    g_assert_nonnull (strstr (host_answer_text (host), cut ? "was shortened" : "was replaced"));
    host_drain (host);
    g_assert_cmpuint (host_broken (host), ==, 1);
    if (!cut) {
      g_assert_cmpint (host_remove (host), ==, SRT_OK);
      g_autofree char *text = folder_read (folder, PROGRESS);
      g_assert_cmpstr (text, ==, "theirs");
    }
    host_close (host);
  }
}

static void
test_links (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);
  g_autofree char *victim = g_build_filename (folder, "victim", NULL);
  g_autofree char *srt = g_build_filename (folder, ".srt", NULL);
  g_autofree char *path = g_build_filename (folder, PROGRESS, NULL);

  folder_write (folder, "victim", "precious");
  g_assert_cmpint (g_mkdir (srt, 0755), ==, 0);
  g_assert_cmpint (symlink (victim, path), ==, 0);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_E_DENIED);
  g_assert_nonnull (strstr (host_error (host), "is a symbolic link"));
  g_remove (path);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "one", NULL, NULL), ==, SRT_E_DENIED);
  g_remove (path);
  g_rmdir (srt);
  g_assert_cmpint (symlink (folder, srt), ==, 0);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_E_DENIED);
  g_autofree char *text = folder_read (folder, "victim");
  g_assert_cmpstr (text, ==, "precious");
}

static void
test_foreign_owner (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);
  g_autofree char *path = g_build_filename (folder, PROGRESS, NULL);

  if (geteuid () != 0) {
    g_test_skip ("only root can give a file away");
    return;
  }
  folder_write (folder, PROGRESS, "");
  g_assert_cmpint (chown (path, 12345, 12345), ==, 0);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_E_DENIED);
  g_assert_nonnull (strstr (host_error (host), "belongs to another user (12345)"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/place/folder", test_folder);
  g_test_add_func ("/place/missing-parent", test_missing_parent);
  g_test_add_func ("/place/removed-behind-us", test_removed_behind_us);
  g_test_add_func ("/place/changed-behind-us", test_changed_behind_us);
  g_test_add_func ("/place/links", test_links);
  g_test_add_func ("/place/foreign-owner", test_foreign_owner);
  return g_test_run ();
}
