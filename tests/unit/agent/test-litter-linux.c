/* SPDX-License-Identifier: MIT
 * What a test leaves in the folders of a container that takes the next one: gone, or at least seen. */
#include "agent/litter.h"
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *root, *a, *b;
  SrtLitter litter;
} Place;

static void
put (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
}

static gboolean
is_there (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
set_up (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *known = NULL, *paths = NULL;

  place->root = g_dir_make_tmp ("srt-litter-XXXXXX", &error);
  g_assert_no_error (error);
  place->a = g_build_filename (place->root, "a", NULL);
  place->b = g_build_filename (place->root, "b", NULL);
  known = g_build_filename (place->a, "lock", NULL);
  g_assert_cmpint (g_mkdir_with_parents (known, 0755), ==, 0);
  g_assert_cmpint (g_mkdir (place->b, 0755), ==, 0);
  put (place->a, "from-the-image");
  put (place->b, "tmp-0");
  paths = g_strdup_printf ("%s:%s/none:%s", place->a, place->root, place->b);
  srt_litter_open (&place->litter, paths, "tmp-0");
}

static void
tear_down (Place *place, gconstpointer data)
{
  g_autofree char *line = g_strdup_printf ("rm -rf %s", place->root);

  for (guint i = 0; i < place->litter.n; i++)
    close (place->litter.dirs[i].fd);
  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, NULL, NULL));
  g_free (place->root);
  g_free (place->a);
  g_free (place->b);
}

/* New things go, those of the image and the TMPDIR stay; again and again. */
static void
test_removed (Place *place, gconstpointer data)
{
  for (guint i = 0; i < 3; i++) {
    g_autofree char *deep = g_build_filename (place->b, "deep", "er", NULL);
    g_autofree char *link = g_build_filename (place->a, "link", NULL);

    put (place->a, "new");
    put (place->a, ".hidden");
    g_assert_cmpint (g_mkdir_with_parents (deep, 0755), ==, 0);
    put (deep, "file");
    g_assert_cmpint (symlink ("/", link), ==, 0);
    g_assert_cmpint (chmod (deep, 0), ==, 0);
    g_assert_cmpint (srt_litter_clean_dirs (&place->litter), ==, 0);
    g_assert_false (is_there (place->a, "new") || is_there (place->a, ".hidden") || is_there (place->b, "deep") ||
                    is_there (place->a, "link"));
    g_assert_true (is_there (place->a, "from-the-image") && is_there (place->a, "lock") &&
                   is_there (place->b, "tmp-0"));
  }
}

static void
test_many (Place *place, gconstpointer data)
{
  for (guint i = 0; i < 300; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);

    put (place->a, name);
  }
  g_assert_cmpint (srt_litter_clean_dirs (&place->litter), ==, 0);
  g_assert_false (is_there (place->a, "0") || is_there (place->a, "299"));
}

/* What was there and is changed cannot be made as it was. */
static void
test_changed (Place *place, gconstpointer data)
{
  g_autofree char *lock = g_build_filename (place->a, "lock", NULL);

  put (lock, "held");
  g_assert_cmpint (srt_litter_clean_dirs (&place->litter), ==, EUCLEAN);
}

static void
test_replaced (Place *place, gconstpointer data)
{
  put (place->a, "from-the-image");
  g_assert_cmpint (srt_litter_clean_dirs (&place->litter), ==, EUCLEAN);
}

static void
test_missing (Place *place, gconstpointer data)
{
  g_autofree char *known = g_build_filename (place->a, "from-the-image", NULL);

  g_assert_cmpint (unlink (known), ==, 0);
  g_assert_cmpint (srt_litter_clean_dirs (&place->litter), ==, EUCLEAN);
}

static void
test_closed (Place *place, gconstpointer data)
{
  g_assert_cmpint (chmod (place->b, 0700), ==, 0);
  g_assert_cmpint (srt_litter_clean_dirs (&place->litter), ==, EUCLEAN);
}

/* More than can be known. */
static void
test_crowded (Place *place, gconstpointer data)
{
  SrtLitter litter;

  for (guint i = 0; i < SRT_LITTER_KNOWN; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);

    put (place->a, name);
  }
  srt_litter_open (&litter, place->a, "tmp-0");
  g_assert_cmpint (srt_litter_clean_dirs (&litter), ==, E2BIG);
  g_assert_true (is_there (place->a, "0"));
  close (litter.dirs[0].fd);
}

static void
test_none (void)
{
  SrtLitter litter;

  srt_litter_open (&litter, NULL, "tmp-0");
  g_assert_cmpint (srt_litter_clean (&litter), ==, 0);
}

#define ADD(NAME) g_test_add ("/agent/litter/" #NAME, Place, NULL, set_up, test_##NAME, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (removed);
  ADD (many);
  ADD (changed);
  ADD (replaced);
  ADD (missing);
  ADD (closed);
  ADD (crowded);
  g_test_add_func ("/agent/litter/none", test_none);
  return g_test_run ();
}
