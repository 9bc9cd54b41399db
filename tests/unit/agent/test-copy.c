/* SPDX-License-Identifier: MIT
 * What a test has left, copied: also when some of it cannot be. */
#include "agent/copy.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *root, *from, *to;
  int fd; /* root */
} World;

static void
set_up (World *w, gconstpointer data)
{
  w->root = g_dir_make_tmp ("srt-copy-XXXXXX", NULL);
  w->from = g_build_filename (w->root, "from", NULL);
  w->to = g_build_filename (w->root, "to", NULL);
  g_assert_cmpint (g_mkdir (w->from, 0700), ==, 0);
  w->fd = open (w->root, O_RDONLY | O_DIRECTORY);
}

static void
tear_down (World *w, gconstpointer data)
{
  const char *argv[] = { "sh", "-c", "chmod -R u+rwx \"$0\"; rm -rf \"$0\"", w->root, NULL };

  close (w->fd);
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (w->root);
  g_free (w->from);
  g_free (w->to);
}

static void
put (World *w, const char *name, const char *text, gssize size, int mode)
{
  g_autofree char *path = g_build_filename (w->from, name, NULL);

  g_assert_true (g_file_set_contents (path, text, size, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static void
check (World *w, const char *name, const char *text, gsize size, guint mode)
{
  g_autofree char *path = g_build_filename (w->to, name, NULL);
  g_autofree char *found = NULL;
  gsize length;
  GStatBuf st;

  g_assert_true (g_file_get_contents (path, &found, &length, NULL));
  g_assert_cmpmem (found, length, text, size);
  g_assert_cmpint (g_lstat (path, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777, ==, mode);
}

static void
test_whole (World *w, gconstpointer data)
{
  g_autofree char *large = g_strnfill (100000, 'x');
  g_autofree char *folder = g_build_filename (w->from, "d", NULL);
  g_autofree char *link = g_build_filename (w->from, "l", NULL);
  g_autofree char *fifo = g_build_filename (w->from, "p", NULL);
  g_autofree char *link_copy = g_build_filename (w->to, "l", NULL);
  g_autofree char *fifo_copy = g_build_filename (w->to, "p", NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  put (w, "large", large, 100000, 0640);
  put (w, "d/empty", "", 0, 0755);
  g_assert_cmpint (symlink ("/no/such", link), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0500), ==, 0);
  g_assert_cmpint (srt_copy_tree (w->fd, "from", w->to), ==, 0);
  check (w, "large", large, 100000, 0640);
  check (w, "d/empty", "", 0, 0755);
  g_autofree char *target = g_file_read_link (link_copy, NULL);
  g_assert_cmpstr (target, ==, "/no/such");
  g_assert_false (g_file_test (fifo_copy, G_FILE_TEST_EXISTS));
}

/* It ends where it is too deep, and says so; the rest is there. */
static void
test_deep (World *w, gconstpointer data)
{
  g_autoptr (GString) path = g_string_new (w->from);

  for (int i = 0; i < 100; i++) {
    g_string_append (path, "/d");
    g_assert_cmpint (g_mkdir (path->str, 0700), ==, 0);
  }
  put (w, "near", "n", 1, 0600);
  g_assert_cmpint (srt_copy_tree (w->fd, "from", w->to), ==, ELOOP);
  check (w, "near", "n", 1, 0600);
}

static void
test_refused (World *w, gconstpointer data)
{
  g_assert_cmpint (g_mkdir (w->to, 0700), ==, 0);
  g_assert_cmpint (srt_copy_tree (w->fd, "from", w->to), ==, EEXIST);
  g_assert_cmpint (srt_copy_tree (w->fd, "none", w->to), ==, ENOENT);
}

#define ADD(NAME) g_test_add ("/agent/copy/" #NAME, World, NULL, set_up, test_##NAME, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (whole);
  ADD (deep);
  ADD (refused);
  return g_test_run ();
}
