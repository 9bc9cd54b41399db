/* SPDX-License-Identifier: MIT
 * The kill campaign: SIGKILL at random moments of a run to srt, to an agent, and to srt with all its agents, under each
 * tier of containment that this machine offers. After each kill:
 *
 *     of srt      nothing is left within 2 s, as its agents clean up; --resume ends the run.
 *     of an agent its test is lost (ERROR), all others get their words, nothing is left.
 *     of both     strict and pidns: nothing is left within 2 s. cgroup: nothing after the next srt, which is --resume.
 *                 subreaper: nothing that carries the run's environment; what has emptied it and has lost everybody who
 *                 knew it is counted, and killed by the campaign.
 *
 * No test whose result was recorded runs again, and no folder or cgroup stays. The numbers are printed.
 *
 *     campaign-kills [--as-user] [--seed SEED]
 *
 * SRT_CAMPAIGN_KILLS "RUNNER,AGENT,BOTH": so many of each under each tier. Without it: 50 of each, shared by the tiers.
 */
#include "faults/cap.h"
#include "faults/mix.h"
#include "faults/strays.h"
#include "faults/tiers.h"
#include "faults/user.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define SHORT     50
#define GONE_S    2.0 /* in a campaign, whose machine has nothing else to do */
#define HANG_S    20.0
#define PROCESSES 1000
#define WORKERS   2

typedef enum { KILL_RUNNER, KILL_AGENT, KILL_BOTH, N_TARGETS } Target;

static const char *const target_names[] = { "runner", "agent", "both" };

typedef struct {
  const char *tier;
  char *refusal; /* why there is no such tier here */
  Target target;
  guint rounds;
} Campaign;

typedef struct {
  guint hits, missed;       /* missed: the run had ended, or had no agent yet */
  guint lost;               /* tests that a killed agent took with it */
  guint recorded, reruns;   /* of an interrupted run */
  guint strays, unprovable; /* of dead runs: alive before and after the next srt */
  double slowest;           /* until nobody was left */
  gint64 span;              /* how long an undisturbed run takes */
  char *arguments;
} Tally;

static void
measure_span (ItWorld *w, Tally *tally)
{
  g_autofree char *line = g_strconcat (tally->arguments, " t", NULL);
  gint64 start = g_get_monotonic_time ();
  mix_reset (w);
  g_auto (ItRun) run = it_srt (w, line);
  tally->span = g_get_monotonic_time () - start;
  it_assert_code (&run, 0);
  mix_check_words (&run, 0);
}

/* At a random moment, also before the first and behind the last test. RET: it hit. */
static gboolean
strike (pid_t srt, Target target, const Tally *tally)
{
  gboolean agents_first = g_test_rand_bit ();
  g_usleep ((gulong)g_test_rand_int_range (0, (int)tally->span));
  if (target == KILL_AGENT)
    return faults_kill_agents (srt, FALSE) > 0;
  if (target == KILL_BOTH && agents_first && faults_kill_agents (srt, TRUE) == 0)
    return FALSE;
  /* Stopped, it can be looked at; whatever it has begun is below it. */
  if (target == KILL_BOTH && !agents_first) {
    kill (srt, SIGSTOP);
    gboolean some = faults_kill_agents (srt, TRUE) > 0;
    kill (srt, some ? SIGKILL : SIGCONT);
    return some;
  }
  return kill (srt, SIGKILL) == 0;
}

static void
check_nobody (Tally *tally)
{
  double allowed = g_getenv ("SRT_CAMPAIGN_KILLS") ? GONE_S : HANG_S;
  double took = faults_wait_for_nobody (allowed);
  if (took < 0) {
    g_autofree char *names = faults_name_marked_strays ("");
    g_error ("left after %.0f s:\n%s", allowed, names ? names : "only the dead");
  }
  tally->slowest = MAX (tally->slowest, took);
}

static void
check_lost (const ItRun *run, Tally *tally)
{
  guint lost = mix_check_words (run, 1);
  it_assert_code (run, lost > 0 ? 1 : 0);
  tally->lost += lost;
}

/* What the next srt has left of a dead run must have nothing that shows whose it is. */
static void
check_unprovable (ItWorld *w, Tally *tally)
{
  g_autofree char *names = faults_name_marked_strays (w->mark);
  if (names)
    g_error ("the next srt has left what is provably ours:\n%s", names);
  tally->unprovable += faults_kill_strays ();
}

/* --resume ends what died. Where that had done everything, and had taken the checkpoint away as its last step, there is
 * nothing to resume, and the tests run as those of a new run. */
static void
resume (ItWorld *w, Tally *tally, const ItRun *dead)
{
  g_autofree char *line = g_strconcat (tally->arguments, " --resume t", NULL);
  MixRuns before;
  mix_count_runs (w, &before);
  g_auto (ItRun) rest = it_srt (w, line);
  guint lost = mix_count_lost (&rest); /* the agents died first, and srt wrote that down before it died */
  it_assert_code (&rest, lost > 0 ? 1 : 0);
  tally->lost += lost;
  tally->recorded += before.recorded;
  if (before.recorded == 0 && strstr (dead->out, "Summary: "))
    return;
  guint reruns = mix_check_resumed (w, &before);
  g_assert_cmpuint (reruns, <=, WORKERS);
  tally->reruns += reruns;
}

static void
check_no_cgroup (const char *run_id)
{
  g_autofree char *cgroup = run_id ? faults_find_cgroup (run_id) : NULL;
  if (cgroup)
    g_error ("%s is left", cgroup);
}

/* Strict and pidns need nobody for it; the others need an agent that lives. */
static gboolean
goes_alone (const Campaign *campaign)
{
  return campaign->target != KILL_BOTH || strcmp (campaign->tier, "strict") == 0 ||
         strcmp (campaign->tier, "pidns") == 0;
}

static void
after_death (ItWorld *w, const Campaign *campaign, Tally *tally, const ItRun *dead)
{
  if (goes_alone (campaign))
    check_nobody (tally);
  tally->strays += faults_count_strays ();
  resume (w, tally, dead);
  if (strcmp (campaign->tier, "subreaper") == 0)
    check_unprovable (w, tally);
}

static void
one_round (ItWorld *w, const Campaign *campaign, Tally *tally)
{
  g_autofree char *line = g_strconcat (tally->arguments, " t", NULL);
  mix_reset (w);
  ItChild child = it_start (w, line);
  gboolean hit = strike (child.pid, campaign->target, tally);
  g_autofree char *run_id = mix_find_run_id (w);
  g_auto (ItRun) run = it_wait (w, &child);
  gboolean dead = run.code == 128 + SIGKILL;
  tally->hits += hit && (dead || campaign->target == KILL_AGENT);
  tally->missed += !hit || (!dead && campaign->target != KILL_AGENT);
  if (dead)
    after_death (w, campaign, tally, &run);
  else
    check_lost (&run, tally);
  check_nobody (tally);
  check_no_cgroup (run_id);
  it_world_assert_nothing_left (w);
}

static void
test_campaign (ItWorld *w, gconstpointer data)
{
  const Campaign *campaign = data;
  Tally tally = { 0 };
  if (campaign->refusal) {
    g_test_skip (campaign->refusal);
    return;
  }
  g_autofree char *tier = faults_tier_arguments (campaign->tier);
  g_autofree char *arguments = g_strdup_printf ("%s -j%d --child-kill-timeout 200ms", tier, WORKERS);
  tally.arguments = arguments;
  mix_make (w, FALSE);
  measure_span (w, &tally);
  while (tally.hits < campaign->rounds) {
    one_round (w, campaign, &tally);
    g_assert_cmpuint (tally.missed, <, 50 + 3 * campaign->rounds);
  }
  g_test_message ("%s, SIGKILL of %s: %u times (and %u too early or too late); nobody left after at most %.3f s; "
                  "%u tests lost with their agent; %u recorded results kept, %u tests ran again; of dead runs %u "
                  "processes lived until the next srt, %u could not be proven ours",
                  campaign->tier, target_names[campaign->target], tally.hits, tally.missed, tally.slowest, tally.lost,
                  tally.recorded, tally.reruns, tally.strays, tally.unprovable);
}

/* "1000,200,200", or the short form over N_OFFERED tiers. */
static guint
rounds_of (Target target, guint n_offered)
{
  const char *given = g_getenv ("SRT_CAMPAIGN_KILLS");
  g_auto (GStrv) parts = g_strsplit (given ? given : "", ",", -1);
  if (given == NULL)
    return (SHORT + n_offered - 1) / n_offered;
  if (g_strv_length (parts) != N_TARGETS)
    g_error ("SRT_CAMPAIGN_KILLS=%s: three numbers are wanted: RUNNER,AGENT,BOTH", given);
  return (guint)strtoul (parts[target], NULL, 10);
}

static void
add_tiers (void)
{
  char *refusals[FAULTS_N_TIERS];
  guint n_offered = 0;
  for (guint i = 0; i < FAULTS_N_TIERS; i++) {
    refusals[i] = faults_tier_refusal (faults_tiers[i]);
    n_offered += refusals[i] == NULL;
  }
  for (guint i = 0; n_offered > 0 && i < FAULTS_N_TIERS; i++)
    for (Target target = 0; target < N_TARGETS; target++) {
      g_autofree char *path = g_strdup_printf ("/faults/kills/%s/%s", faults_tiers[i], target_names[target]);
      Campaign *campaign = g_new0 (Campaign, 1); /* for as long as the program runs */
      *campaign = (Campaign){ faults_tiers[i], refusals[i], target, rounds_of (target, n_offered) };
      g_test_add (path, ItWorld, campaign, it_world_set_up, test_campaign, it_world_tear_down);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1 && strcmp (argv[1], "--as-user") == 0 && !faults_become_user ()) {
    g_print ("1..0 # SKIP not started by root, or another user cannot reach the build\n");
    return 0;
  }
  faults_cap_processes (PROCESSES);
  faults_become_subreaper ();
  add_tiers ();
  return g_test_run ();
}
