/* SPDX-License-Identifier: MIT
 * The resume campaign: SIGKILL to srt at random moments of a run of 300 tests, then --resume, which may be killed too,
 * until the run ends. The tests count their own runs, and the checkpoint's text is read here by hand. So it is seen
 * that
 *
 *     every test has exactly one result in the report at the end, and none is skipped;
 *     no test whose row was written before a kill runs again after it;
 *     a kill costs at most as many further runs as tests were in flight.
 *
 *     campaign-resume [--seed SEED]        SRT_CAMPAIGN_RESUME: how many kills (default 20)
 */
#include "integration/harness.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TESTS = 300, WORKERS = 2, SHORT = 20 };

typedef struct {
  guint wanted, kills, runs_ended; /* runs_ended: whole runs that were checked */
  guint late;                      /* the run had ended before the signal came */
  guint recorded, reruns, torn;    /* rows found after kills; runs of a test beyond its first */
  gint64 span;                     /* of an undisturbed run */
} Tally;

static const char *
test_name (guint i)
{
  static __thread char name[16];
  g_snprintf (name, sizeof name, "n%03u_test", i);
  return name;
}

static void
make_tests (ItWorld *w)
{
  g_autofree char *folder = it_path (w, "t");
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  for (guint i = 0; i < TESTS; i++) {
    g_autofree char *path = g_build_filename (folder, test_name (i), NULL);
    g_assert_cmpint (symlink (g_getenv ("SRT_COUNT_RUN_EXE"), path), ==, 0);
  }
}

/* How often test I has run since the last reset. */
static guint
runs_of (ItWorld *w, guint i)
{
  struct stat status;
  g_autofree char *folder = it_path (w, "runs");
  g_autofree char *path = g_build_filename (folder, test_name (i), NULL);
  return g_stat (path, &status) == 0 ? (guint)status.st_size : 0;
}

static void
reset (ItWorld *w)
{
  g_autofree char *folder = it_path (w, "runs");
  g_mkdir (folder, 0755);
  for (guint i = 0; i < TESTS; i++) {
    g_autofree char *path = g_build_filename (folder, test_name (i), NULL);
    g_unlink (path);
  }
}

/* Which tests have a whole, final row; each at most one. */
static void
read_rows (ItWorld *w, gboolean *recorded, Tally *tally)
{
  g_autofree char *text = it_read (w, ".srt/progress.sdn");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = g_strv_length (lines);
  memset (recorded, 0, TESTS * sizeof *recorded);
  tally->torn += n > 0 && *lines[n - 1] != '\0';
  for (guint i = 0; i + 1 < n; i++) { /* what has no line end is no row yet */
    const char *id = strstr (lines[i], "\"t/n");
    if (!g_str_has_prefix (lines[i], "  result, ") || !id || !strstr (lines[i], "_test\", 1, true, PASS,"))
      continue;
    int number = atoi (id + 4);
    g_assert_false (recorded[number]);
    recorded[number] = TRUE;
    tally->recorded++;
  }
}

/* Killed after its last step, when nothing but its exit was missing? No exit status can tell that of SIGKILL. */
static gboolean
was_whole (ItWorld *w, const ItRun *run)
{
  return strstr (run->out, "300/300 complete") && !it_exists (w, ".srt/progress.sdn");
}

/* Start OPTIONS with LEFT tests to run, and kill it somewhere between its begin and its expected end. TRUE: the kill
 * came in time. */
static gboolean
run_and_kill (ItWorld *w, const char *options, guint left, Tally *tally)
{
  gint64 span = MAX (tally->span * left / TESTS, 1000);
  ItChild child = it_start (w, options);
  g_usleep ((gulong)g_test_rand_int_range (0, (int)span)); /* the random moment is what is tested */
  kill (child.pid, SIGKILL);
  g_auto (ItRun) run = it_wait (w, &child);
  if (run.code != 137)
    it_assert_code (&run, 0);
  gboolean in_time = run.code == 137 && !was_whole (w, &run);
  tally->kills += in_time;
  tally->late += !in_time;
  return in_time;
}

/* What ran since BEFORE was counted: nothing that had a row then; otherwise each test at most once. */
static void
check_runs (ItWorld *w, const gboolean *recorded, guint *before)
{
  for (guint i = 0; i < TESTS; i++) {
    guint runs = runs_of (w, i);
    if (recorded[i] && runs != before[i])
      g_error ("%s had a row, and has run again", test_name (i));
    g_assert_cmpuint (runs, <=, before[i] + 1);
    before[i] = runs;
  }
}

static guint
sum_of (const guint *runs)
{
  guint sum = 0;
  for (guint i = 0; i < TESTS; i++)
    sum += runs[i];
  return sum;
}

static void
check_report (ItWorld *w, const ItRun *run)
{
  g_autofree char *xml = it_read (w, "report.xml");
  it_assert_has (run->out, "300/300 complete");
  it_assert_has (xml, "tests=\"300\"");
  for (guint i = 0; i < TESTS; i++) {
    g_autofree char *attribute = g_strdup_printf ("name=\"%s\"", test_name (i));
    const char *first = strstr (xml, attribute);
    g_assert_nonnull (first);
    g_assert_null (strstr (first + 1, attribute));
  }
}

static guint
left_of (const gboolean *recorded)
{
  guint left = 0;
  for (guint i = 0; i < TESTS; i++)
    left += !recorded[i];
  return left;
}

/* One run from its begin to its end, with one kill or more. */
static void
one_run (ItWorld *w, Tally *tally)
{
  gboolean recorded[TESTS] = { FALSE };
  guint runs[TESTS] = { 0 };
  guint kills = 0;
  reset (w);
  gboolean killed = run_and_kill (w, "-j2 t", TESTS, tally);
  while (killed) {
    kills++;
    it_world_assert_no_process (w); /* what was in flight may have been about to count itself */
    check_runs (w, recorded, runs);
    read_rows (w, recorded, tally);
    if (tally->kills >= tally->wanted || g_test_rand_int_range (0, 3) == 0)
      break;
    killed = run_and_kill (w, "-j2 --resume t", left_of (recorded), tally);
  }
  if (!killed) { /* it ended, and its checkpoint is gone */
    it_world_assert_no_process (w);
    check_runs (w, recorded, runs);
    return;
  }
  g_auto (ItRun) rest = it_srt (w, "-j2 --resume --notifier junit:path=report.xml t");
  it_assert_code (&rest, 0);
  check_runs (w, recorded, runs);
  check_report (w, &rest);
  for (guint i = 0; i < TESTS; i++)
    g_assert_cmpuint (runs[i], >=, 1);
  g_assert_cmpuint (sum_of (runs), <=, TESTS + kills * WORKERS);
  tally->reruns += sum_of (runs) - TESTS;
  tally->runs_ended++;
  g_assert_false (it_exists (w, ".srt/progress.sdn"));
}

static void
campaign (ItWorld *w, gconstpointer data)
{
  const char *given = g_getenv ("SRT_CAMPAIGN_RESUME");
  Tally tally = { .wanted = given && atoi (given) > 0 ? (guint)atoi (given) : SHORT };
  make_tests (w);
  reset (w);
  gint64 start = g_get_monotonic_time ();
  g_auto (ItRun) whole = it_srt (w, "-j2 t");
  tally.span = g_get_monotonic_time () - start;
  it_assert_code (&whole, 0);
  while (tally.kills < tally.wanted)
    one_run (w, &tally);
  g_test_message ("%u kills in %u runs (%u more came after the end); %u rows found after kills, none ran again; "
                  "%u tests in flight ran again; %u torn rows",
                  tally.kills, tally.runs_ended, tally.late, tally.recorded, tally.reruns, tally.torn);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/faults/resume", ItWorld, NULL, it_world_set_up, campaign, it_world_tear_down);
  return g_test_run ();
}
