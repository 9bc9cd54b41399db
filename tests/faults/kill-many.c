/* SPDX-License-Identifier: MIT
 * 500 processes that fork anew whenever a child of theirs is dead, and the order to end at once, again and again under
 * each tier of containment: how long until there is not one left. */
#include "faults/cap.h"
#include "faults/strays.h"
#include "faults/tiers.h"
#include "faults/user.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define ROUNDS     20 /* of a campaign; else a few, as it is hard on whoever else works here */
#define ROUNDS_FEW 5
#define PROCESSES  1500 /* 500, a child of each, srt and some more */

/* Seconds until nobody may be left; tier subreaper needs /proc for it. */
static double
allowed (const char *tier)
{
  return g_str_equal (tier, "subreaper") ? 3.0 : 0.2;
}

static double
one_round (ItWorld *w, const char *arguments)
{
  alarm (60); /* for what would never say that it has started */
  ItChild child = it_start (w, arguments);
  it_wait_event (w, "started");
  gint64 start = g_get_monotonic_time ();
  kill (child.pid, SIGTERM);
  g_auto (ItRun) run = it_wait (w, &child);
  g_assert_cmpfloat (faults_wait_for_nobody (10), >=, 0);
  double took = (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  it_assert_code (&run, 128 + SIGTERM);
  it_world_assert_nothing_left (w);
  return took;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* The times are told. Only in a campaign, whose machine has nothing else to do, they must hold; there, too, the median,
 * as single rounds may be late for no fault of srt's. */
static void
check_times (const char *tier, double *took, guint rounds)
{
  guint good = 0;
  qsort (took, rounds, sizeof *took, compare);
  for (guint i = 0; i < rounds; i++)
    good += took[i] < allowed (tier);
  g_test_message ("%s: %u of %u times nobody was left, %u times within %.1f s; median %.3f s, slowest %.3f s", tier,
                  rounds, rounds, good, allowed (tier), took[rounds / 2], took[rounds - 1]);
  if (rounds == ROUNDS)
    g_assert_cmpfloat (took[rounds / 2], <, allowed (tier));
}

static void
test_tier (ItWorld *w, gconstpointer data)
{
  const char *tier = data;
  g_autofree char *refusal = faults_tier_refusal (tier);
  guint rounds = g_getenv ("SRT_CAMPAIGN_KILLS") ? ROUNDS : ROUNDS_FEW;
  double took[ROUNDS];
  if (refusal) {
    g_test_skip (refusal);
    return;
  }
  g_autofree char *wanted = faults_tier_arguments (tier);
  g_autofree char *arguments = g_strdup_printf ("%s,pids_max=1200 --child-kill-timeout 0s t", wanted);
  g_autofree char *body = g_strdup_printf ("exec '%s' five-hundred", g_getenv ("SRT_HOSTILE_EXE"));
  it_make_event (w, "started");
  it_script (w, "t/many_test", body);
  for (guint i = 0; i < rounds; i++)
    took[i] = one_round (w, arguments);
  check_times (tier, took, rounds);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1 && g_str_equal (argv[1], "--as-user") && !faults_become_user ()) {
    g_print ("1..0 # SKIP not started by root, or another user cannot reach the build\n");
    return 0;
  }
  faults_cap_processes (PROCESSES);
  faults_become_subreaper ();
  for (const char *const *tier = faults_tiers; *tier; tier++) {
    g_autofree char *path = g_strconcat ("/faults/kill-many/", *tier, NULL);
    g_test_add (path, ItWorld, *tier, it_world_set_up, test_tier, it_world_tear_down);
  }
  return g_test_run ();
}
