/* SPDX-License-Identifier: MIT
 * A disk that is full, fails or hangs, in the situations that matter most. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include "io-fault.h"
#include "steps.h"

/* The thread syncs only when it is asked. */
static const char *const asked_only[] = { "sync_every", "1000000", "sync_after", "3600s", NULL };

/* The disk is full for a while. */
static void
test_full_then_space (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (60);
  g_autoptr (Host) host = host_new (folder, asked_only);

  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (host, samples, 0, 20, SRT_OK);
  fault_arm_function ("pwrite", 1, ENOSPC, FAULT_FROM_THEN_ON);
  append_samples (host, samples, 20, 40, SRT_E_NO_SPACE);
  g_assert_nonnull (strstr (host_error (host), "No space left on device"));
  g_assert_nonnull (strstr (host_error (host), "wait in memory"));
  g_assert_cmpint (host_sync (host), ==, SRT_E_NO_SPACE);
  g_assert_cmpuint (host_broken (host), ==, 1);
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 20); /* readable, without a torn piece */
  fault_arm (0, 0, FAULT_ONCE);
  append_samples (host, samples, 40, 60, SRT_OK);
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 60);
  g_assert_cmpint (host_sync (host), ==, SRT_OK);
  g_assert_true (fault_is_durable (folder, PROGRESS));
  g_assert_cmpuint (host_broken (host), ==, 1); /* told once */
  host_close (host);
}

/* The same, but nothing comes after: what waits is tried again all the same. */
static void
test_full_then_nothing (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (3);
  g_autoptr (Host) host = host_new (folder, (const char *[]){ "sync_every", "1", "sync_after", "1ms", NULL });

  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  g_assert_cmpint (host_sync (host), ==, SRT_OK);
  fault_arm_function ("pwrite", 1, ENOSPC, FAULT_FROM_THEN_ON);
  append_samples (host, samples, 0, 3, SRT_E_NO_SPACE);
  g_assert_cmpint (host_sync (host), ==, SRT_E_NO_SPACE);
  fault_arm (0, 0, FAULT_ONCE);
  fault_wait_syncs (1);
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 3);
  host_close (host);
}

/* A piece of a row, then no space: the piece is cut off. */
static void
test_torn_and_cut (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (10);
  g_autoptr (Host) host = host_new (folder, asked_only);

  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (host, samples, 0, 5, SRT_OK);
  g_autofree char *before = folder_read (folder, PROGRESS);
  fault_arm_short (1, ENOSPC);
  append_samples (host, samples, 5, 6, SRT_E_NO_SPACE);
  g_autofree char *after = folder_read (folder, PROGRESS);
  g_assert_cmpstr (after, ==, before);
  append_samples (host, samples, 6, 10, SRT_OK);
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 10);
  host_close (host);
}

/* A torn piece that cannot be cut off is overwritten by its own row. */
static void
test_torn_and_not_cut (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (10);
  g_autoptr (Host) host = host_new (folder, asked_only);

  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (host, samples, 0, 5, SRT_OK);
  fault_arm_function ("pwrite", 1, ENOSPC, FAULT_ONCE);
  append_samples (host, samples, 5, 6, SRT_E_NO_SPACE);
  append_samples (host, samples, 6, 10, SRT_OK);
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 10);
  host_close (host);
}

/* Beyond what memory may hold rows are lost, and no sync says that all is well, even when there is space again. */
static void
test_too_many_wait (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, asked_only);
  g_autoptr (Sample) large = sample_new (1);
  g_autofree char *message = g_strnfill (1 << 20, 'm');
  guint taken = 0;

  large->result.message = message;
  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  fault_arm_function ("pwrite", 1, EDQUOT, FAULT_FROM_THEN_ON);
  while (taken < 100 && !strstr (host_error (host), "too many wait")) {
    g_assert_cmpint (host_append (host, &large->result), ==, SRT_E_NO_SPACE);
    taken++;
  }
  g_assert_cmpuint (taken, ==, 64);
  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_sync (host), ==, SRT_E_NO_SPACE);
  g_assert_nonnull (strstr (host_answer_text (host), "were lost"));
  host_close (host);
}

/* A sync fails: the rows go to a new file, rows that come meanwhile too, and the old file is never synced again. */
static void
test_rescue (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (30);
  g_autoptr (Host) host = host_new (folder, asked_only);
  guint retries = fault_retries ();

  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (host, samples, 0, 10, SRT_OK);
  g_assert_cmpint (host_sync (host), ==, SRT_OK);
  append_samples (host, samples, 10, 20, SRT_OK);
  fault_arm_function ("fdatasync", 1, EIO, FAULT_ONCE);
  g_assert_cmpint (host_ask (host, 1), ==, SRT_OK);
  fault_wait_syncs (1);
  append_samples (host, samples, 20, 30, SRT_OK); /* before, while or after the new file takes over */
  host_turn (host);
  g_assert_cmpstr (host_answers (host), ==, "100 0\n1 0\n");
  g_assert_cmpint (host_sync (host), ==, SRT_OK);
  g_assert_true (fault_is_durable (folder, PROGRESS));
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 30);
  g_assert_cmpuint (fault_retries (), ==, retries);
  g_assert_cmpuint (host_broken (host), ==, 0);
  host_close (host);
}

/* Rows that come while the new file is being synced are copied to it before it takes over. */
static void
test_rescue_catches_up (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (30);
  g_autoptr (Host) host = host_new (folder, asked_only);

  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (host, samples, 0, 10, SRT_OK);
  g_autofree char *path = g_build_filename (folder, PROGRESS, NULL);
  g_assert_cmpint (g_unlink (path), ==, 0); /* gone: the first sync is the new file's */
  fault_hold_sync ();
  g_assert_cmpint (host_ask (host, 1), ==, SRT_OK);
  fault_wait_held ();
  append_samples (host, samples, 10, 30, SRT_OK);
  fault_release ();
  host_turn (host);
  g_assert_cmpstr (host_answers (host), ==, "1 0\n");
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 30);
  host_close (host);
}

/* Neither here nor in a new file: said, once, and the rows are still written. Later the disk is well again. */
static void
test_broken_then_well (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (30);
  g_autoptr (Host) host = host_new (folder, asked_only);

  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (host, samples, 0, 10, SRT_OK);
  fault_arm_function ("fdatasync", 1, EIO, FAULT_FROM_THEN_ON);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (host_sync (host), ==, SRT_E_FAILED);
  g_assert_nonnull (strstr (host_answer_text (host), "cannot write a new"));
  append_samples (host, samples, 10, 20, SRT_OK);
  host_drain (host);
  g_assert_cmpuint (host_broken (host), ==, 1);
  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_sync (host), ==, SRT_OK);
  g_assert_true (fault_is_durable (folder, PROGRESS));
  append_samples (host, samples, 20, 30, SRT_OK);
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 30);
  host_close (host);
}

/* A sync that never comes back: nothing waits for it, the next run can have the file, and its late return harms nobody.
 */
static void
test_stuck (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (40);
  Host *host = host_new (folder, asked_only);

  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  fault_hold_sync ();
  g_assert_cmpint (host_ask (host, 1), ==, SRT_OK);
  fault_wait_held ();
  append_samples (host, samples, 0, 40, SRT_OK);
  g_assert_cmpint (host_stopped (host, "memory"), ==, SRT_OK);
  g_assert_cmpint (host_ask (host, 2), ==, SRT_OK);
  host_close (host);
  g_assert_cmpstr (host_answers (host), ==, "");
  host_free (host);

  g_autoptr (Host) next = host_new (folder, asked_only);
  Expected expected = { .written = samples };
  g_assert_cmpint (host_open (next, SRT_PROGRESS_RESUME, "two", expected_row, &expected), ==, SRT_OK);
  g_assert_cmpuint (expected.rows, ==, 40);
  g_assert_cmpstr (host_state (next)->stop_reason, ==, "memory");
  fault_release ();
  g_assert_cmpint (host_remove (next), ==, SRT_OK);
  host_close (next);
  fault_wait_all_closed ();
  g_assert_false (folder_has (folder, PROGRESS)); /* the late one has not brought it back */
  g_assert_false (folder_has (folder, PROGRESS ".new"));
}

/* Full when it is to be gone on with: what could not be begun holds no lock, so a new one can be tried at once. */
static void
test_full_then_new (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (4);
  g_autoptr (Host) host = host_new (folder, asked_only);

  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (host, samples, 0, 4, SRT_OK);
  host_close (host);
  fault_arm_function ("pwrite", 1, ENOSPC, FAULT_FROM_THEN_ON);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "two", NULL, NULL), ==, SRT_E_NO_SPACE);
  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "three", NULL, NULL), ==, SRT_OK);
  host_close (host);
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 4);
}

/* The history waits for nothing: what a stuck disk does not take is said, and comes when it does. */
static void
test_stuck_history (void)
{
  g_autoptr (Folder) folder = folder_new ();
  srt_history row = { .size = sizeof row, .n = 1, .id = "a", .verdict = { SRT_VERDICT_PASS }, .wall_ns = { 4711 } };
  Host *host = host_new (folder, NULL);

  fault_arm (0, 0, FAULT_ONCE);
  fault_hold_sync ();
  g_assert_cmpint (host_store (host, &row, 1), ==, SRT_E_LOST);
  g_assert_nonnull (strstr (host_error (host), "the disk does not take "));
  host_free (host);
  g_autofree char *before = folder_read (folder, ".srt/history.sdn");
  g_assert_cmpstr (before, ==, "");
  fault_release ();
  fault_wait_all_closed ();
  g_autofree char *after = folder_read (folder, ".srt/history.sdn");
  g_assert_nonnull (strstr (after, "[4711]"));
}

/* Nobody asks: a group of rows, or one row that has waited, is synced all the same. */
static void
test_groups (void)
{
  static const char *const paces[][5] = { { "sync_every", "3", "sync_after", "3600s", NULL },
                                          { "sync_every", "1000000", "sync_after", "1ms", NULL } };
  g_autoptr (GPtrArray) samples = samples_new (3);

  for (guint i = 0; i < G_N_ELEMENTS (paces); i++) {
    g_autoptr (Folder) folder = folder_new ();
    g_autoptr (Host) host = host_new (folder, paces[i]);
    fault_arm (0, 0, FAULT_ONCE);
    g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
    g_assert_cmpint (host_sync (host), ==, SRT_OK);
    fault_arm (0, 0, FAULT_ONCE);
    append_samples (host, samples, 0, 3, SRT_OK);
    fault_wait_syncs (1);
    host_close (host);
    g_assert_true (fault_is_durable (folder, PROGRESS));
  }
}

/* What is not synced at close is then. */
static void
test_close_syncs (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (3);
  g_autoptr (Host) host = host_new (folder, asked_only);

  fault_arm (0, 0, FAULT_ONCE);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (host, samples, 0, 3, SRT_OK);
  g_assert_false (fault_is_durable (folder, PROGRESS));
  host_close (host);
  g_assert_true (fault_is_durable (folder, PROGRESS));
}

/* No locks on this file system: it works, and says so. */
static void
test_lockless (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, asked_only);

  fault_arm_function ("flock", 1, ENOLCK, FAULT_FROM_THEN_ON);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  g_assert_nonnull (strstr (host_log (host), "no locks on this file system"));
  host_close (host);
  fault_arm (0, 0, FAULT_ONCE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/disk/full-then-space", test_full_then_space);
  g_test_add_func ("/disk/full-then-nothing", test_full_then_nothing);
  g_test_add_func ("/disk/torn-and-cut", test_torn_and_cut);
  g_test_add_func ("/disk/torn-and-not-cut", test_torn_and_not_cut);
  g_test_add_func ("/disk/too-many-wait", test_too_many_wait);
  g_test_add_func ("/disk/rescue", test_rescue);
  g_test_add_func ("/disk/rescue-catches-up", test_rescue_catches_up);
  g_test_add_func ("/disk/broken-then-well", test_broken_then_well);
  g_test_add_func ("/disk/stuck", test_stuck);
  g_test_add_func ("/disk/stuck-history", test_stuck_history);
  g_test_add_func ("/disk/full-then-new", test_full_then_new);
  g_test_add_func ("/disk/groups", test_groups);
  g_test_add_func ("/disk/close-syncs", test_close_syncs);
  g_test_add_func ("/disk/lockless", test_lockless);
  return g_test_run ();
}
