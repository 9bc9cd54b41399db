/* SPDX-License-Identifier: MIT */
#include "run/dead.h"
#include "run/rundir.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *base;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->base = g_dir_make_tmp ("srt-rundir-XXXXXX", NULL);
}

static char *
state_dir (Fixture *f)
{
  return g_strdup_printf ("%s/srt-%u", f->base, (guint)geteuid ());
}

/* Nothing but the empty private folder may be left. */
static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *state = state_dir (f);
  g_rmdir (state);
  g_assert_cmpint (g_rmdir (f->base), ==, 0);
  g_free (f->base);
}

static SrtRunDir *
open_dir (Fixture *f, const char *id, gboolean resume)
{
  g_autoptr (GError) error = NULL;
  SrtRunDir *dir = srt_rundir_open (f->base, "/some/project", id, resume, &error);
  g_assert_no_error (error);
  return dir;
}

static void
make_file (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
}

static void
test_removed (Fixture *f, gconstpointer data)
{
  struct stat st;
  SrtRunDir *dir = open_dir (f, "1", FALSE);
  g_autofree char *path = g_strdup (dir->path);
  g_assert_cmpint (stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0700);
  make_file (path, "litter");
  srt_rundir_close (dir);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static gboolean
no_entry (gpointer data, const char *run_id, const char *owner, const char *entry, gsize length, guint *ret_cleaned)
{
  g_assert_not_reached ();
}

static void
not_kept (gpointer data, const char *run_id, const char *reason)
{
  g_error ("%s stays: %s", run_id, reason);
}

static const SrtDeadTable no_entries = { no_entry, not_kept };

/* A folder whose run is dead goes, and one whose run died while it made it; one whose run lives stays. */
static void
test_dead_runs (Fixture *f, gconstpointer data)
{
  g_autoptr (SrtRunDir) living = open_dir (f, "living", FALSE);
  g_autofree char *state = state_dir (f);
  g_autofree char *dead = g_build_filename (state, "run-dead", NULL);
  g_assert_cmpint (g_mkdir (dead, 0700), ==, 0);
  make_file (dead, "litter");
  g_autofree char *unborn = g_build_filename (state, "new-unborn", NULL);
  g_assert_cmpint (g_mkdir (unborn, 0700), ==, 0);
  SrtDeadTally tally;
  srt_dead_clean (living->base_fd, &no_entries, NULL, &tally);
  g_assert_cmpuint (tally.folders, ==, 1);
  g_assert_cmpuint (tally.kept, ==, 0);
  g_assert_false (g_file_test (unborn, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (dead, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (living->path, G_FILE_TEST_IS_DIR));
}

/* Kept TMPDIRs outlive their run and a resumed round, and go with the next new run. */
static void
test_kept (Fixture *f, gconstpointer data)
{
  SrtRunDir *dir = open_dir (f, "1", FALSE);
  g_autofree char *keep = g_strdup (srt_rundir_keep (dir, NULL));
  make_file (keep, "evidence");
  srt_rundir_close (dir);
  g_assert_true (g_file_test (keep, G_FILE_TEST_IS_DIR));
  srt_rundir_close (open_dir (f, "2", TRUE));
  g_assert_true (g_file_test (keep, G_FILE_TEST_IS_DIR));
  srt_rundir_close (open_dir (f, "3", FALSE));
  g_assert_false (g_file_test (keep, G_FILE_TEST_EXISTS));
}

/* A folder that another user could have placed is refused. */
static void
test_not_private (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *state = state_dir (f);
  g_assert_cmpint (g_mkdir (state, 0700), ==, 0);
  g_assert_cmpint (g_chmod (state, 0777), ==, 0);
  g_assert_null (srt_rundir_open (f->base, "/p", "1", FALSE, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (g_strstr_len (error->message, -1, state));
}

/* Tests make sockets in their TMPDIR, whose path may have 107 characters: most of them are theirs. */
static void
test_id (void)
{
  g_autofree char *one = srt_rundir_new_id (), *other = srt_rundir_new_id ();
  g_autofree char *tmpdir = g_strdup_printf ("/tmp/srt-%u/run-%s/tmp-99", G_MAXUINT32, one);
  g_assert_cmpstr (one, !=, other);
  g_assert_cmpuint (strspn (one, "abcdefghijklmnopqrstuvwxyz234567"), ==, strlen (one));
  g_assert_cmpuint (strlen (tmpdir), <=, 40);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/rundir/id", test_id);
  g_test_add ("/run/rundir/removed", Fixture, NULL, set_up, test_removed, tear_down);
  g_test_add ("/run/rundir/dead-runs", Fixture, NULL, set_up, test_dead_runs, tear_down);
  g_test_add ("/run/rundir/kept", Fixture, NULL, set_up, test_kept, tear_down);
  g_test_add ("/run/rundir/not-private", Fixture, NULL, set_up, test_not_private, tear_down);
  return g_test_run ();
}
