/* SPDX-License-Identifier: MIT
 * The checkpoint's disk is full, read-only, or in use by another run: what is said, what is kept, and the exit status.
 * A small file system of its own stands in for the full disk, in a mount namespace of this process; without the right
 * to make one these tests are skipped. */
#include "harness.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)

/* The project's .srt is a disk of 32 KiB. FALSE: skipped. */
static gboolean
mount_small (ItWorld *w)
{
  g_autofree char *path = it_path (w, ".srt");
  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
  if (mount ("none", path, "tmpfs", MS_NOSUID | MS_NODEV, "size=32k,mode=0755") == 0)
    return TRUE;
  g_test_skip (g_strerror (errno));
  return FALSE;
}

static void
unmount (ItWorld *w)
{
  g_autofree char *path = it_path (w, ".srt");
  g_assert_cmpint (umount2 (path, MNT_DETACH), ==, 0);
}

/* N tests t/nNN that note their runs, between t/a and t/z. */
static void
make_tests (ItWorld *w, guint n)
{
  it_write (w, "runs/.keep", "");
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("t/n%02u_test", i);
    g_autofree char *body = g_strdup_printf ("echo run >> runs/n%02u", i);
    it_script (w, name, body);
  }
}

static guint
runs_in_all (ItWorld *w, guint n)
{
  guint runs = 0;
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("runs/n%02u", i);
    g_autofree char *text = it_read (w, name);
    runs += (guint)strlen (text) / 4;
  }
  return runs;
}

#define FILL "cat /dev/zero > .srt/fill 2>/dev/null; test -s .srt/fill"

/* Full in the middle and to the end: said once, every test runs and is told, and the exit status is not 0. */
TEST (full)
{
  if (!mount_small (w))
    return;
  it_script (w, "t/a_test", FILL);
  make_tests (w, 30);
  g_auto (ItRun) run = it_srt (w, "--notifier junit:path=report.xml t");
  it_assert_code (&run, 3);
  it_assert_has (run.out, "31/31 complete");
  g_autofree char *all = g_strconcat (run.out, run.err, NULL);
  it_assert_has (all, "results can no longer be saved: ");
  it_assert_has (all, "No space left on device");
  g_autofree char *xml = it_read (w, "report.xml");
  it_assert_has (xml, "tests=\"31\"");
  unmount (w);
}

/* There is space again before the run is stopped: nothing was lost, and --resume runs nothing twice. */
TEST (full_for_a_while)
{
  if (!mount_small (w))
    return;
  it_make_event (w, "started");
  it_script (w, "t/a_test", FILL);
  make_tests (w, 30);
  it_script (w, "t/o_test", "rm .srt/fill");
  it_script (w, "t/z_test", "test -e go && exit 0; : > started; sleep 1000");
  ItChild child = it_start (w, "t");
  it_wait_event (w, "started");
  kill (child.pid, SIGINT);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 130);
  g_autofree char *all = g_strconcat (run.out, run.err, NULL);
  it_assert_has (all, "results can no longer be saved: ");
  it_assert_has (all, "all results could be saved after all");
  it_assert_has (run.out, "To resume: ");
  it_write (w, "go", "");
  g_auto (ItRun) rest = it_srt (w, "--resume t");
  it_assert_code (&rest, 0);
  it_assert_has (rest.out, "33/33 complete");
  g_assert_cmpuint (runs_in_all (w, 30), ==, 30);
  unmount (w);
}

/* Full when a run is to be gone on with: what is recorded counts, and stays. */
TEST (full_at_resume)
{
  if (!mount_small (w))
    return;
  it_make_event (w, "started");
  make_tests (w, 5);
  it_script (w, "t/z_test", "test -e go && exit 0; : > started; sleep 1000");
  ItChild child = it_start (w, "t");
  it_wait_event (w, "started");
  kill (child.pid, SIGINT);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 130);
  it_write (w, "go", "");
  g_autofree char *path = it_path (w, ".srt");
  /* It may be as full as it is: a read-only one cannot even take a round's first row. */
  g_assert_cmpint (mount ("none", path, NULL, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL), ==, 0);
  g_auto (ItRun) asked = it_srt (w, "--resume --checkpoint sdn:sync_every=5 t");
  it_assert_code (&asked, 3);
  it_assert_has (asked.err, "Read-only file system");
  g_auto (ItRun) rest = it_srt (w, "--resume t");
  it_assert_code (&rest, 0);
  it_assert_has (rest.out, "6/6 complete");
  g_assert_cmpuint (runs_in_all (w, 5), ==, 5);
  g_autofree char *all = g_strconcat (rest.out, rest.err, NULL);
  it_assert_has (all, "its results count, but no new ones can be saved");
  g_assert_true (it_exists (w, ".srt/progress.sdn"));
  unmount (w);
}

/* No place for a checkpoint: said, and the run goes on; where it was asked for, nothing is begun. */
static void
check_no_place (ItWorld *w)
{
  g_auto (ItRun) run = it_srt (w, "t");
  it_assert_code (&run, 0);
  g_autofree char *all = g_strconcat (run.out, run.err, NULL);
  it_assert_has (all, "this run cannot be resumed");
  g_auto (ItRun) asked = it_srt (w, "--checkpoint sdn:path=.srt/mine.sdn t");
  it_assert_code (&asked, 3);
  it_assert_has (asked.err, ".srt/mine.sdn");
  g_assert_cmpuint (runs_in_all (w, 2), ==, 2);
}

TEST (read_only)
{
  g_autofree char *path = it_path (w, ".srt");
  make_tests (w, 2);
  if (geteuid () == 0) {
    if (!mount_small (w))
      return;
    g_assert_cmpint (mount ("none", path, NULL, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL), ==, 0);
  } else {
    g_assert_cmpint (g_mkdir (path, 0555), ==, 0);
  }
  check_no_place (w);
  if (geteuid () == 0)
    unmount (w);
}

/* Another run has it: neither a new run nor --resume begins, and who has it is said. */
TEST (busy)
{
  it_make_event (w, "started");
  it_make_event (w, "go");
  it_script (w, "t/a_test", ": > started; read x < go");
  ItChild child = it_start (w, "t");
  it_wait_event (w, "started");
  g_autofree char *who = g_strdup_printf ("in use by another run, process %d", (int)child.pid);
  const char *const lines[] = { "t", "--resume t" };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_auto (ItRun) second = it_srt (w, lines[i]);
    it_assert_code (&second, 2);
    it_assert_has (second.err, who);
  }
  g_auto (ItRun) beside = it_srt (w, "--checkpoint sdn:path=.srt/other.sdn --list t");
  it_assert_code (&beside, 0);
  it_tell_event (w, "go");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 0);
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/disk/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* What is mounted here is seen by nobody else, and gone with us. */
  if (unshare (CLONE_NEWNS) == 0)
    mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
  ADD (full);
  ADD (full_for_a_while);
  ADD (full_at_resume);
  ADD (read_only);
  ADD (busy);
  return g_test_run ();
}
