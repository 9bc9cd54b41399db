/* SPDX-License-Identifier: MIT
 * A campaign: SIGINT, SIGTERM, SIGHUP and SIGKILL, each SRT_CAMPAIGN times (default 10), at random moments of a
 * parallel run of tests that sleep, leave children and ignore TERM. After each: the right exit status, no process and
 * no folder left, and the checkpoint there; then --resume ends the run, and no test whose result was recorded has run
 * again. The counts are printed. */
#include "integration/harness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define N_TESTS 24

typedef struct {
  guint finished, stopped, reruns, recorded;
} Tally;

static guint
rounds (void)
{
  const char *given = g_getenv ("SRT_CAMPAIGN");
  return given && atoi (given) > 0 ? (guint)atoi (given) : 10;
}

static void
make_tests (ItWorld *w)
{
  const char *bodies[] = {
    "sleep 0.01",
    "sleep 0.03; exit 77",
    "sleep 1000 & sleep 0.01; kill $!",
    "(setsid sleep 1000 >/dev/null 2>&1 &) ; sleep 0.02",
    "trap '' TERM INT HUP; sleep 0.02",
    "echo some output; echo and some more >&2",
  };
  for (int i = 0; i < N_TESTS; i++) {
    g_autofree char *name = g_strdup_printf ("t/n%02d_test", i);
    g_autofree char *body = g_strdup_printf ("echo run >> runs/n%02d; %s", i, bodies[i % (int)G_N_ELEMENTS (bodies)]);
    it_script (w, name, body);
  }
}

/* Forget the runs before. */
static void
reset (ItWorld *w)
{
  for (int i = 0; i < N_TESTS; i++) {
    g_autofree char *name = g_strdup_printf ("runs/n%02d", i);
    it_write (w, name, "");
  }
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;
  for (const char *at = strstr (text, part); at; at = strstr (at + 1, part))
    n++;
  return n;
}

/* How often each test ran, against what the checkpoint had at the interruption. */
static void
check_runs (ItWorld *w, const char *checkpoint, Tally *tally)
{
  for (int i = 0; i < N_TESTS; i++) {
    g_autofree char *name = g_strdup_printf ("runs/n%02d", i);
    g_autofree char *id = g_strdup_printf ("t/n%02d_test", i);
    g_autofree char *text = it_read (w, name);
    guint runs = count (text, "run\n");
    g_assert_cmpuint (runs, >=, 1);
    if (it_has_result (checkpoint, id)) {
      tally->recorded++;
      g_assert_cmpuint (runs, ==, 1);
    }
    tally->reruns += runs - 1;
  }
}

/* Killed after its last step, when nothing but its exit was missing? No exit status can tell that of SIGKILL. */
static gboolean
was_whole (ItWorld *w, const ItRun *run)
{
  return strstr (run->out, "24/24 complete") && !it_exists (w, ".srt/progress.sdn");
}

static void
one_round (ItWorld *w, int number, GRand *rand, Tally *tally)
{
  reset (w);
  ItChild child = it_start (w, "-j2 --child-kill-timeout 200ms t");
  g_usleep ((gulong)g_rand_int_range (rand, 0, 350) * 1000); /* the random moment is what is tested */
  kill (child.pid, number);
  g_auto (ItRun) run = it_wait (w, &child);
  gboolean finished = run.code == 0 || (number == SIGKILL && was_whole (w, &run));
  if (!finished)
    it_assert_code (&run, 128 + number);
  if (number == SIGKILL)
    it_world_assert_no_process (w); /* a folder may be left until the next srt */
  else
    it_world_assert_nothing_left (w);
  tally->finished += finished;
  tally->stopped += !finished;
  if (finished)
    return;
  g_autofree char *checkpoint = it_read (w, ".srt/progress.sdn");
  g_auto (ItRun) rest = it_srt (w, "-j2 --resume t");
  it_assert_code (&rest, 0);
  it_assert_has (rest.out, "24/24");
  it_world_assert_nothing_left (w);
  guint reruns = tally->reruns;
  check_runs (w, checkpoint, tally);
  if (tally->reruns > reruns + 2)
    g_error ("%u tests ran again\n--- stopped\n%s%s--- checkpoint\n%s--- resumed\n%s%s", tally->reruns - reruns,
             run.out, run.err, checkpoint, rest.out, rest.err);
  g_assert_false (it_exists (w, ".srt/progress.sdn"));
}

static void
campaign (ItWorld *w, gconstpointer data)
{
  int number = GPOINTER_TO_INT (data);
  Tally tally = { 0 };
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32)number);
  make_tests (w);
  for (guint i = 0; i < rounds (); i++)
    one_round (w, number, rand, &tally);
  g_test_message ("%s: %u rounds, %u stopped, %u had ended before; %u recorded results kept, %u tests ran again",
                  g_strsignal (number), rounds (), tally.stopped, tally.finished, tally.recorded, tally.reruns);
  /* Each interruption costs at most the two tests in flight. */
  g_assert_cmpuint (tally.reruns, <=, 2 * tally.stopped);
}

#define ADD(NAME, NUMBER)                                                                                              \
  g_test_add ("/faults/signals/" NAME, ItWorld, GINT_TO_POINTER (NUMBER), it_world_set_up, campaign, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("interrupt", SIGINT);
  ADD ("terminate", SIGTERM);
  ADD ("hang-up", SIGHUP);
  ADD ("kill", SIGKILL);
  return g_test_run ();
}
