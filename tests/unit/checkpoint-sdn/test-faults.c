/* SPDX-License-Identifier: MIT
 * Every call to the disk fails once, or from then on, in every way: no row that was taken is lost, no sync is answered
 * that did not happen, nothing leaks, and each error says why. */
#include <errno.h>
#include <string.h>
#include "io-fault.h"
#include "steps.h"

enum { EARLIER = 4, ROWS = 14 };

/* The thread syncs only when it is asked: each run of a script makes the same calls in the same order. */
static const char *const asked_only[] = { "sync_every", "1000000", "sync_after", "3600s", NULL };

/* A script: something happens with the checkpoint while the disk fails. */
typedef struct {
  guint mode;          /* NEW or RESUME */
  gboolean comes_back; /* the disk is well again before the last sync */
  gint32 open, last_sync;
  guint refused;      /* rows whose append returned an error */
  guint rows;         /* given to append */
  const char *struck; /* the function that failed first, or NULL */
} Script;

static void
append (Host *host, GPtrArray *samples, Script *script, guint from, guint to)
{
  for (guint i = from; i < to; i++) {
    script->refused += host_append (host, &((Sample *)samples->pdata[i])->result) != SRT_OK;
    script->rows++;
  }
}

static void
run_script (Script *script, const char *folder, GPtrArray *samples)
{
  g_autoptr (Host) host = host_new (folder, asked_only);
  Expected expected = { .written = samples };

  script->open = host_open (host, script->mode, "script", expected_row, &expected);
  if (script->open == SRT_OK) {
    g_assert_cmpuint (expected.rows, ==, script->mode == SRT_PROGRESS_RESUME ? EARLIER : 0);
    append (host, samples, script, EARLIER, 8);
    gint32 status = host_sync (host);
    if (status == SRT_OK)
      g_assert_true (fault_is_durable (folder, PROGRESS));
    append (host, samples, script, 8, ROWS);
    host_stopped (host, "a reason");
    script->struck = fault_function ();
    if (script->comes_back)
      fault_arm (0, 0, FAULT_ONCE);
    script->last_sync = host_sync (host);
    if (script->last_sync == SRT_OK)
      g_assert_true (fault_is_durable (folder, PROGRESS));
    host_close (host);
  }
  if (script->struck == NULL)
    script->struck = fault_function ();
  g_assert_cmpuint (expected.wrong, ==, 0);
  host_drain (host);
  g_assert_cmpuint (host_broken (host), <=, 1);
}

/* An earlier run's file, written while all is well. */
static void
write_earlier (const char *folder, GPtrArray *samples)
{
  g_autoptr (Host) host = host_new (folder, asked_only);

  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "earlier", NULL, NULL), ==, SRT_OK);
  for (guint i = 0; i < EARLIER; i++)
    g_assert_cmpint (host_append (host, &((Sample *)samples->pdata[i])->result), ==, SRT_OK);
  g_assert_cmpint (host_sync (host), ==, SRT_OK);
  host_close (host);
}

static void
check_outcome (const Script *script, const char *folder, GPtrArray *samples)
{
  guint earlier = count_rows (folder, PROGRESS ".old", samples);
  guint rows = count_rows (folder, PROGRESS, samples);

  if (script->open != SRT_OK) {
    g_assert_cmpuint (rows + earlier, ==, EARLIER); /* what was there is there, under one name or the other */
    return;
  }
  g_assert_cmpuint (script->rows, ==, ROWS - EARLIER);
  g_assert_cmpuint (rows + earlier, >=, EARLIER + script->rows - script->refused);
  if (script->last_sync == SRT_OK)
    g_assert_cmpuint (rows + earlier, ==, ROWS);
  g_assert_true (script->refused == 0 || g_str_equal (script->struck, "pwrite"));
}

typedef struct {
  int error; /* 0: a short write */
  FaultSpan span;
  gboolean comes_back;
} Way;

static void
arm_way (const Way *way, guint at)
{
  if (way->error == 0)
    fault_arm_short (at, 0);
  else
    fault_arm (at, way->error, way->span);
}

/* One script with the AT-th call failing; FALSE: there was no such call any more. */
static gboolean
strike (guint mode, const Way *way, guint at)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (ROWS);
  Script script = { .mode = mode, .comes_back = way->comes_back };

  fault_arm (0, 0, FAULT_ONCE);
  write_earlier (folder, samples);
  guint retries = fault_retries (), open_files = fault_open_files ();
  arm_way (way, at);
  run_script (&script, folder, samples);
  g_assert_cmpuint (fault_retries (), ==, retries);
  g_assert_cmpuint (fault_open_files (), ==, open_files);

  if (g_test_verbose ())
    g_test_message ("%s %u: %s; open %d, refused %u, last sync %d", g_strerror (way->error), at, script.struck,
                    script.open, script.refused, script.last_sync);
  /* Being interrupted, or writing by halves, is nothing that anybody hears of. */
  if (way->error == EINTR || way->error == 0) {
    g_assert_cmpint (script.open, ==, SRT_OK);
    g_assert_cmpint (script.last_sync, ==, SRT_OK);
    g_assert_cmpuint (script.refused, ==, 0);
  }
  /* One failure, or a disk that is well again, costs no row of a run that could begin. */
  if (script.open == SRT_OK && (way->span == FAULT_ONCE || way->comes_back))
    g_assert_cmpint (script.last_sync, ==, SRT_OK);
  fault_arm (0, 0, FAULT_ONCE);
  check_outcome (&script, folder, samples);
  return script.struck != NULL;
}

/* How many calls the script makes when all is well. */
static guint
count_calls (guint mode)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (ROWS);
  Script script = { .mode = mode };

  fault_arm (0, 0, FAULT_ONCE);
  write_earlier (folder, samples);
  fault_arm (0, 0, FAULT_ONCE);
  run_script (&script, folder, samples);
  g_assert_cmpint (script.open, ==, SRT_OK);
  g_assert_cmpint (script.last_sync, ==, SRT_OK);
  return fault_calls ();
}

static void
test_every_call (gconstpointer data)
{
  static const Way ways[] = {
    { EIO, FAULT_ONCE, FALSE },         { ENOSPC, FAULT_ONCE, FALSE },         { EDQUOT, FAULT_ONCE, FALSE },
    { EMFILE, FAULT_ONCE, FALSE },      { EINTR, FAULT_ONCE, FALSE },          { 0, FAULT_ONCE, FALSE },
    { EIO, FAULT_FROM_THEN_ON, FALSE }, { ENOSPC, FAULT_FROM_THEN_ON, FALSE }, { EROFS, FAULT_FROM_THEN_ON, FALSE },
    { EIO, FAULT_FROM_THEN_ON, TRUE },  { ENOSPC, FAULT_FROM_THEN_ON, TRUE },
  };
  guint mode = GPOINTER_TO_UINT (data), calls = count_calls (mode), struck = 0;

  g_assert_cmpuint (calls, >, 30);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    for (guint at = 1; at <= calls; at++)
      struck += strike (mode, &ways[i], at) ? 1 : 0;
  g_test_message ("%u calls, %u faults struck", calls, struck);
  /* Every call in every way, but for the short write, which only writes can be. */
  g_assert_cmpuint (struck, >, calls * (G_N_ELEMENTS (ways) - 1));
}

static void
test_history_every_call (void)
{
  static const int errors[] = { EIO, ENOSPC, EMFILE, EDQUOT };
  g_autoptr (Folder) folder = folder_new ();
  srt_history row = { .size = sizeof row, .n = 1, .id = "a", .verdict = { SRT_VERDICT_PASS }, .wall_ns = { 1 } };
  g_autofree char *before = NULL;

  fault_arm (0, 0, FAULT_ONCE);
  g_autoptr (Host) host = host_new (folder, NULL);
  g_assert_cmpint (host_store (host, &row, 1), ==, SRT_OK);
  before = folder_read (folder, ".srt/history.sdn");
  row.wall_ns[0] = 2;
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    for (guint at = 1; at < 30; at++) {
      fault_arm (at, errors[i], FAULT_ONCE);
      gint32 status = host_store (host, &row, 1);
      fault_arm (0, 0, FAULT_ONCE);
      g_autofree char *after = folder_read (folder, ".srt/history.sdn");
      if (status == SRT_OK) { /* new, and back to the old for the next */
        g_assert_cmpstr (after, !=, before);
        folder_write (folder, ".srt/history.sdn", before);
      } else if (strcmp (after, before) != 0) { /* the very last step: the new one is there, but not surely */
        g_assert_nonnull (strstr (after, "[2, 1]"));
        folder_write (folder, ".srt/history.sdn", before);
      }
      g_assert_cmpuint (fault_open_files (), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/faults/every-call/new", GUINT_TO_POINTER (SRT_PROGRESS_NEW), test_every_call);
  g_test_add_data_func ("/faults/every-call/resume", GUINT_TO_POINTER (SRT_PROGRESS_RESUME), test_every_call);
  g_test_add_func ("/faults/every-call/history", test_history_every_call);
  return g_test_run ();
}
