/* SPDX-License-Identifier: MIT
 * The file appears whole or not at all. */
#include "notifier-junit/replace.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *folder, *path;
  char why[SRT_REPLACE_WHY];
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("srt-replace-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "junit.xml", NULL);
  g_assert_true (g_file_set_contents (f->path, "old", -1, NULL));
}

/* Nothing but the file itself may be left in the folder. */
static void
tear_down (Fixture *f, gconstpointer data)
{
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
  g_free (f->path);
}

static void
assert_content (const char *path, const char *expected)
{
  g_autofree char *content = NULL;
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, expected);
}

static void
test_commit (Fixture *f, gconstpointer data)
{
  srt_replace file;
  g_assert_cmpint (srt_replace_begin (&file, f->path, "run-1", f->why), ==, 0);
  g_assert_cmpint (srt_replace_write (&file, "new", 3), ==, 0);
  assert_content (f->path, "old");
  g_assert_cmpint (srt_replace_commit (&file, 1, f->why), ==, 0);
  assert_content (f->path, "new");
}

static void
test_abandon (Fixture *f, gconstpointer data)
{
  srt_replace file;
  g_assert_cmpint (srt_replace_begin (&file, f->path, "run-1", f->why), ==, 0);
  g_assert_cmpint (srt_replace_write (&file, "new", 3), ==, 0);
  srt_replace_abandon (&file);
  assert_content (f->path, "old");
}

/* Room for 4096 bytes and no more, as on a full disk. */
static void
test_no_room (Fixture *f, gconstpointer data)
{
  srt_replace file;
  g_autofree char *bytes = g_strnfill (5000, 'x');
  struct rlimit limit, before;
  getrlimit (RLIMIT_FSIZE, &before);
  limit = before;
  limit.rlim_cur = 4096;
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
  int begun = srt_replace_begin (&file, f->path, "run-1", f->why), written = srt_replace_write (&file, bytes, 5000);
  int committed = srt_replace_commit (&file, 1, f->why);
  setrlimit (RLIMIT_FSIZE, &before);
  g_assert_cmpint (begun, ==, 0);
  g_assert_cmpint (written, ==, -1);
  g_assert_cmpint (committed, ==, -1);
  g_assert_true (g_str_has_suffix (f->why, "junit.xml: File too large"));
  assert_content (f->path, "old");
}

static void
assert_refused (Fixture *f, const char *path, const char *expected)
{
  srt_replace file;
  g_assert_cmpint (srt_replace_begin (&file, path, "run-1", f->why), ==, -1);
  g_assert_nonnull (strstr (f->why, expected));
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (f->folder, "no", "junit.xml", NULL);
  g_autofree char *link = g_build_filename (f->folder, "link", NULL);
  g_autofree char *folder = g_strconcat (f->folder, "/", NULL);
  assert_refused (f, missing, "does not exist; make it first");
  assert_refused (f, folder, "names a folder, not a file");
  assert_refused (f, f->folder, "is a folder; only a plain file is replaced");
  assert_refused (f, "/dev/null", "is a device, pipe or socket; only a plain file is replaced");
  g_assert_cmpint (symlink (f->path, link), ==, 0);
  assert_refused (f, link, "is a symbolic link; only a plain file is replaced");
  g_unlink (link);
  assert_content (f->path, "old");
}

/* Somebody puts a link there, or takes the folder away, while the file is written. */
static void
test_changed_meanwhile (Fixture *f, gconstpointer data)
{
  srt_replace file;
  g_assert_cmpint (srt_replace_begin (&file, f->path, "run-1", f->why), ==, 0);
  g_unlink (f->path);
  g_assert_cmpint (symlink ("/dev/null", f->path), ==, 0);
  g_assert_cmpint (srt_replace_commit (&file, 0, f->why), ==, -1);
  g_assert_nonnull (strstr (f->why, "is a symbolic link"));
}

/* A stranger's file under the temporary name is neither followed nor written. */
static void
test_temporary_taken (Fixture *f, gconstpointer data)
{
  srt_replace file;
  g_autofree char *taken = g_build_filename (f->folder, ".srt-junit-run-1.tmp", NULL);
  g_assert_cmpint (symlink (f->path, taken), ==, 0);
  g_assert_cmpint (srt_replace_begin (&file, f->path, "run-1", f->why), ==, -1);
  g_assert_nonnull (strstr (f->why, "File exists"));
  g_unlink (taken);
  assert_content (f->path, "old");
}

#define ADD(NAME, FN) g_test_add ("/replace/" NAME, Fixture, NULL, set_up, FN, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("commit", test_commit);
  ADD ("abandon", test_abandon);
  ADD ("no-room", test_no_room);
  ADD ("refusals", test_refusals);
  ADD ("changed-meanwhile", test_changed_meanwhile);
  ADD ("temporary-taken", test_temporary_taken);
  return g_test_run ();
}
