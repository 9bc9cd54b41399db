/* SPDX-License-Identifier: MIT */
#include "run/dead.h"
#include "run/ledger.h"
#include "run/rundir.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *base;
  SrtRunDir *dir;
  SrtLedger *ledger;
  char *file;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->base = g_dir_make_tmp ("srt-ledger-XXXXXX", NULL);
  f->dir = srt_rundir_open (f->base, "/some/project", "live", FALSE, NULL);
  g_assert_nonnull (f->dir);
  f->ledger = srt_ledger_new (f->dir->path);
  f->file = g_build_filename (f->dir->path, "ledger", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *state = g_strdup_printf ("%s/srt-%u", f->base, (guint)geteuid ());
  srt_ledger_free (f->ledger);
  srt_rundir_close (f->dir);
  g_assert_cmpint (g_rmdir (state), ==, 0);
  g_assert_cmpint (g_rmdir (f->base), ==, 0);
  g_free (f->base);
  g_free (f->file);
}

static int32_t
note (Fixture *f, const char *entry)
{
  const char *reason = NULL;
  int32_t status = srt_ledger_write (f->ledger, "executor toy", entry, strlen (entry), &reason);
  g_assert_true ((status == SRT_OK) == (reason == NULL));
  return status;
}

static gboolean
collect (gpointer data, const char *owner, const char *entry, gsize length)
{
  g_string_append_printf (data, "%s|%.*s\n", owner, (int)length, entry);
  return TRUE;
}

static char *
read_back (Fixture *f, gboolean expected)
{
  g_autoptr (GError) error = NULL;
  GString *seen = g_string_new (NULL);
  gboolean good = srt_ledger_read (f->dir->lock_fd, collect, seen, &error);
  g_assert_cmpint (good, ==, expected);
  g_assert_true (good == (error == NULL));
  return g_string_free (seen, FALSE);
}

static void
test_written (Fixture *f, gconstpointer data)
{
  struct stat st;
  g_autofree char *before = read_back (f, TRUE);
  g_assert_cmpstr (before, ==, "");
  g_assert_false (g_file_test (f->file, G_FILE_TEST_EXISTS)); /* until there is something to write */
  g_assert_cmpint (note (f, "cgroup /a b"), ==, SRT_OK);
  g_assert_cmpint (note (f, "tab\there"), ==, SRT_OK);
  g_assert_cmpint (stat (f->file, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0600);
  g_autofree char *seen = read_back (f, TRUE);
  g_assert_cmpstr (seen, ==, "executor toy|cgroup /a b\nexecutor toy|tab\there\n");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *longest = g_strnfill (SRT_LEDGER_ENTRY_MAX, 'x');
  g_autofree char *too_long = g_strnfill (SRT_LEDGER_ENTRY_MAX + 1, 'x');
  const char *reason;
  g_assert_cmpint (note (f, ""), ==, SRT_E_INVALID);
  g_assert_cmpint (note (f, "two\nlines"), ==, SRT_E_INVALID);
  g_assert_cmpint (note (f, too_long), ==, SRT_E_INVALID);
  g_assert_cmpint (srt_ledger_write (f->ledger, "executor toy", "a\0b", 3, &reason), ==, SRT_E_INVALID);
  g_assert_false (g_file_test (f->file, G_FILE_TEST_EXISTS));
  g_assert_cmpint (note (f, longest), ==, SRT_OK);
}

/* A link in its place is not written through. */
static void
test_link (Fixture *f, gconstpointer data)
{
  g_autofree char *victim = g_build_filename (f->dir->path, "victim", NULL);
  g_assert_cmpint (symlink (victim, f->file), ==, 0);
  g_assert_cmpint (note (f, "x"), ==, SRT_E_FAILED);
  g_assert_false (g_file_test (victim, G_FILE_TEST_EXISTS));
  g_autofree char *seen = read_back (f, FALSE);
  g_assert_cmpstr (seen, ==, "");
}

/* A line that was never acknowledged is none; what srt does not write is an error. */
static void
test_damaged (Fixture *f, gconstpointer data)
{
  g_assert_true (g_file_set_contents (f->file, "executor a\tone\nexecutor a\ttw", -1, NULL));
  g_autofree char *torn = read_back (f, TRUE);
  g_assert_cmpstr (torn, ==, "executor a|one\n");
  const char *const wrong[] = { "no tab\n", "\tno owner\n", "executor a\t\n" };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_assert_true (g_file_set_contents (f->file, wrong[i], -1, NULL));
    g_autofree char *seen = read_back (f, FALSE);
    g_assert_cmpstr (seen, ==, "");
  }
}

/* --- the ledger of a dead run --------------------------------------------------------------------------------- */

typedef struct {
  GString *seen;
  gboolean able;
} Heir;

static gboolean
inherit (gpointer data, const char *run_id, const char *owner, const char *entry, gsize length, guint *ret_cleaned)
{
  Heir *heir = data;
  g_string_append_printf (heir->seen, "%s %s %.*s\n", run_id, owner, (int)length, entry);
  *ret_cleaned += heir->able ? 2 : 0;
  return heir->able;
}

static void
see_kept (gpointer data, const char *run_id, const char *reason)
{
  g_string_append_printf (((Heir *)data)->seen, "%s kept\n", run_id);
}

static void
make_dead (Fixture *f, const char *name, const char *ledger)
{
  g_autofree char *path = g_strdup_printf ("%s/srt-%u/%s", f->base, (guint)geteuid (), name);
  g_autofree char *file = g_build_filename (path, "ledger", NULL);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, ledger, -1, NULL));
}

/* A folder stays until all of its ledger is done; then it goes, and is counted. */
static void
test_dead (Fixture *f, gconstpointer data)
{
  static const SrtDeadTable table = { inherit, see_kept };
  Heir heir = { g_string_new (NULL), FALSE };
  SrtDeadTally tally;
  make_dead (f, "run-dead", "executor toy\tone\nexecutor toy\ttwo\n");
  srt_dead_clean (f->dir->base_fd, &table, &heir, &tally);
  g_assert_cmpstr (heir.seen->str, ==, "dead executor toy one\n");
  g_assert_cmpuint (tally.kept, ==, 1);
  g_assert_null (srt_dead_tally_text (&tally));
  heir.able = TRUE;
  g_string_truncate (heir.seen, 0);
  srt_dead_clean (f->dir->base_fd, &table, &heir, &tally);
  g_assert_cmpstr (heir.seen->str, ==, "dead executor toy one\ndead executor toy two\n");
  g_autofree char *text = srt_dead_tally_text (&tally);
  g_assert_cmpstr (text, ==,
                   "Cleaned up 5 orphaned resources: 1 folder of dead runs, 4 of their processes, cgroups, containers");
  srt_dead_clean (f->dir->base_fd, &table, &heir, &tally);
  g_assert_null (srt_dead_tally_text (&tally));
  g_string_free (heir.seen, TRUE);
}

/* What cannot be read stays, and is said. */
static void
test_dead_damaged (Fixture *f, gconstpointer data)
{
  static const SrtDeadTable table = { inherit, see_kept };
  Heir heir = { g_string_new (NULL), TRUE };
  SrtDeadTally tally;
  make_dead (f, "run-odd", "nonsense\n");
  srt_dead_clean (f->dir->base_fd, &table, &heir, &tally);
  g_assert_cmpstr (heir.seen->str, ==, "odd kept\n");
  g_assert_cmpuint (tally.folders, ==, 0);
  g_autofree char *file = g_strdup_printf ("%s/srt-%u/run-odd/ledger", f->base, (guint)geteuid ());
  g_assert_cmpint (g_unlink (file), ==, 0);
  srt_dead_clean (f->dir->base_fd, &table, &heir, &tally);
  g_assert_cmpuint (tally.folders, ==, 1);
  g_string_free (heir.seen, TRUE);
}

#define ADD(NAME, TEST) g_test_add ("/run/ledger/" NAME, Fixture, NULL, set_up, TEST, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("written", test_written);
  ADD ("refused", test_refused);
  ADD ("link", test_link);
  ADD ("damaged", test_damaged);
  ADD ("dead", test_dead);
  ADD ("dead-damaged", test_dead_damaged);
  return g_test_run ();
}
