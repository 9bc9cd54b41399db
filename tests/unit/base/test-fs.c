/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "base/fs.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct {
  char *dir;
  int fd;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("srt-fs-XXXXXX", NULL);
  f->fd = open (f->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint (f->fd, >=, 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (srt_fs_remove_tree (AT_FDCWD, f->dir, NULL, &error));
  g_assert_false (g_file_test (f->dir, G_FILE_TEST_EXISTS));
  close (f->fd);
  g_free (f->dir);
}

static void
make_file (int dirfd, const char *name)
{
  int fd = openat (dirfd, name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
}

static gboolean
exists (int dirfd, const char *name)
{
  return faccessat (dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
test_tree (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint removed = 99;

  g_assert_cmpint (mkdirat (f->fd, "t", 0700), ==, 0);
  g_assert_cmpint (mkdirat (f->fd, "t/a", 0700), ==, 0);
  g_assert_cmpint (mkdirat (f->fd, "t/a/b", 0700), ==, 0);
  g_assert_cmpint (mkdirat (f->fd, "t/c", 0700), ==, 0);
  make_file (f->fd, "t/x");
  make_file (f->fd, "t/a/y");
  make_file (f->fd, "t/a/b/z");
  g_assert_cmpint (mkfifoat (f->fd, "t/fifo", 0), ==, 0);
  g_assert_true (srt_fs_remove_tree (f->fd, "t", &removed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (removed, ==, 8);
  g_assert_false (exists (f->fd, "t"));
}

static void
test_missing_and_file (Fixture *f, gconstpointer data)
{
  guint removed = 99;
  g_assert_true (srt_fs_remove_tree (f->fd, "nothing", &removed, NULL));
  g_assert_cmpuint (removed, ==, 0);
  make_file (f->fd, "one");
  g_assert_true (srt_fs_remove_tree (f->fd, "one", &removed, NULL));
  g_assert_cmpuint (removed, ==, 1);
}

static void
test_links_are_not_followed (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (mkdirat (f->fd, "kept", 0700), ==, 0);
  make_file (f->fd, "kept/precious");
  g_assert_cmpint (mkdirat (f->fd, "t", 0700), ==, 0);
  g_assert_cmpint (symlinkat ("../kept", f->fd, "t/link"), ==, 0);
  g_assert_cmpint (symlinkat ("kept", f->fd, "top-link"), ==, 0);
  g_assert_cmpint (symlinkat ("loop", f->fd, "t/loop"), ==, 0);
  g_assert_true (srt_fs_remove_tree (f->fd, "t", NULL, NULL));
  g_assert_true (srt_fs_remove_tree (f->fd, "top-link", NULL, NULL));
  g_assert_false (exists (f->fd, "top-link"));
  g_assert_true (exists (f->fd, "kept/precious"));
}

static void
test_refused_names (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "", "/", ".", "..", "t/", "t/.", "t/..", "/.." };
  g_assert_cmpint (mkdirat (f->fd, "t", 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (srt_fs_remove_tree (f->fd, names[i], NULL, &error));
    g_assert_error (error, SRT_ERROR, SRT_ERROR_INTERNAL);
  }
  g_assert_true (exists (f->fd, "t"));
}

/* As an ordinary user this takes the way over chmod; as root the modes do not matter. */
static void
test_closed_folders (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  static const mode_t modes[] = { 0000, 0100, 0200, 0400, 0500, 0300 };
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++) {
    g_assert_cmpint (mkdirat (f->fd, "t", 0700), ==, 0);
    g_assert_cmpint (mkdirat (f->fd, "t/closed", 0700), ==, 0);
    g_assert_cmpint (mkdirat (f->fd, "t/closed/in", 0700), ==, 0);
    make_file (f->fd, "t/closed/in/file");
    g_assert_cmpint (fchmodat (f->fd, "t/closed/in", modes[i], 0), ==, 0);
    g_assert_cmpint (fchmodat (f->fd, "t/closed", modes[i], 0), ==, 0);
    g_assert_cmpint (fchmodat (f->fd, "t", modes[i], 0), ==, 0);
    g_assert_true (srt_fs_remove_tree (f->fd, "t", NULL, &error));
    g_assert_no_error (error);
    g_assert_false (exists (f->fd, "t"));
  }
}

/* Deeper than PATH_MAX and than the descriptors that we may have. */
static void
test_deep (Fixture *f, gconstpointer data)
{
  enum { DEPTH = 1000 };
  g_autoptr (GError) error = NULL;
  struct rlimit few, before;
  guint removed = 0;
  int at = dup (f->fd);

  for (int i = 0; i < DEPTH; i++) {
    g_assert_cmpint (mkdirat (at, "deeper", 0700), ==, 0);
    int next = openat (at, "deeper", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_assert_cmpint (next, >=, 0);
    make_file (next, "leaf");
    close (at);
    at = next;
  }
  close (at);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  few = before;
  few.rlim_cur = 32;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &few), ==, 0);
  g_assert_true (srt_fs_remove_tree (f->fd, "deeper", &removed, &error));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (removed, ==, 2 * DEPTH);
}

static void
test_wide (Fixture *f, gconstpointer data)
{
  guint removed = 0;
  g_assert_cmpint (mkdirat (f->fd, "t", 0700), ==, 0);
  for (int i = 0; i < 900; i++) {
    g_autofree char *name = g_strdup_printf ("t/%d", i);
    if (i % 3 == 0)
      g_assert_cmpint (mkdirat (f->fd, name, 0700), ==, 0);
    else
      make_file (f->fd, name);
  }
  g_assert_true (srt_fs_remove_tree (f->fd, "t", &removed, NULL));
  g_assert_cmpuint (removed, ==, 901);
}

static void
test_trusted (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (srt_fs_check_trusted (f->fd, f->dir, &error));
  g_assert_cmpint (fchmod (f->fd, 0720), ==, 0);
  g_assert_false (srt_fs_check_trusted (f->fd, f->dir, &error));
  g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "0720"));
  g_clear_error (&error);
  g_assert_cmpint (fchmod (f->fd, 01777), ==, 0);
  g_assert_false (srt_fs_check_trusted (f->fd, f->dir, NULL));
  g_assert_cmpint (fchmod (f->fd, 0700), ==, 0);
}

static void
expect_not_private (const char *path, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (srt_fs_open_private_dir (path, &error), ==, -1);
  g_assert_error (error, SRT_ERROR, SRT_ERROR_INTERNAL);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_private_dir (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *own = g_build_filename (f->dir, "own", NULL);
  g_autofree char *link = g_build_filename (f->dir, "link", NULL);
  g_autofree char *file = g_build_filename (f->dir, "file", NULL);
  g_autofree char *orphan = g_build_filename (f->dir, "no", "parent", NULL);
  struct stat st;

  int fd = srt_fs_open_private_dir (own, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fstat (fd, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 07777, ==, 0700);
  close (fd);
  fd = srt_fs_open_private_dir (own, &error);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_assert_cmpint (symlinkat ("own", f->fd, "link"), ==, 0);
  make_file (f->fd, "file");
  expect_not_private (link, "is a link");
  expect_not_private (file, "is a link or a file");
  expect_not_private (orphan, "No such file");
  g_assert_cmpint (fchmodat (f->fd, "own", 0770, 0), ==, 0);
  expect_not_private (own, "0770");
  g_assert_cmpint (fchmodat (f->fd, "own", 0707, 0), ==, 0);
  expect_not_private (own, "0707");
}

static void
test_state_dir (Fixture *f, gconstpointer data)
{
  g_autofree char *base = g_build_filename (f->dir, "base", NULL);
  g_autofree char *in_runtime = g_build_filename (f->dir, "srt", NULL);
  g_autofree char *in_tmp = g_strdup_printf ("%s/srt-%u", g_get_tmp_dir (), (guint)geteuid ());

  g_autofree char *chosen = srt_fs_state_dir (base, NULL);
  g_assert_cmpstr (chosen, ==, base);
  g_assert_true (g_file_test (base, G_FILE_TEST_IS_DIR));

  g_assert_true (g_setenv ("XDG_RUNTIME_DIR", f->dir, TRUE));
  g_autofree char *runtime = srt_fs_state_dir (NULL, NULL);
  g_assert_cmpstr (runtime, ==, in_runtime);

  g_assert_cmpint (fchmod (f->fd, 0777), ==, 0); /* no longer ours alone */
  g_autofree char *untrusted = srt_fs_state_dir (NULL, NULL);
  g_assert_cmpint (fchmod (f->fd, 0700), ==, 0);
  g_assert_cmpstr (untrusted, ==, in_tmp);
  g_unsetenv ("XDG_RUNTIME_DIR");
  g_autofree char *unset = srt_fs_state_dir (NULL, NULL);
  g_assert_cmpstr (unset, ==, in_tmp);
}

#define ADD(NAME, FN) g_test_add ("/base/fs/" NAME, Fixture, NULL, set_up, FN, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("tree", test_tree);
  ADD ("missing-and-file", test_missing_and_file);
  ADD ("links-are-not-followed", test_links_are_not_followed);
  ADD ("refused-names", test_refused_names);
  ADD ("closed-folders", test_closed_folders);
  ADD ("deep", test_deep);
  ADD ("wide", test_wide);
  ADD ("trusted", test_trusted);
  ADD ("private-dir", test_private_dir);
  ADD ("state-dir", test_state_dir);
  return g_test_run ();
}
