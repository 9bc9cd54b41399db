/* SPDX-License-Identifier: MIT
 * The campaign of containers, with a real podman and a store of its own. At random moments of a run:
 *
 *     SIGKILL to srt    after the next srt, which is `srt clean` or --resume, nothing of that run is left: no
 * container, network, volume, mount, process, folder. --resume ends it; no recorded test runs again. SIGINT, SIGTERM,
 * nothing is left when srt has ended. SIGHUP
 *
 * And three runs at once, of which one is killed, do not touch each other's. The numbers are printed.
 *
 *     campaign-containers [--seed SEED]        SRT_CAMPAIGN_CONTAINERS: how many SIGKILLs (default 4)
 */
#include "faults/mix.h"
#include "integration/pod.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 2, SHORT = 4, SIGNALS_EACH = 1, RUNS = 3 };

typedef struct {
  guint hits, late; /* late: the run had ended before the signal came */
  guint boxes;      /* containers that were there after a kill */
  guint by_clean;   /* dead runs that `srt clean` was the next of */
  guint recorded, reruns;
} Tally;

/* --- what may be left ----------------------------------------------------------------------------------------- */

static guint
count_words (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, "\n ", -1);
  guint n = 0;
  for (char **word = words; *word; word++)
    n += **word != '\0';
  return n;
}

static void
assert_no_mount (void)
{
  g_autofree char *text = NULL, *own = g_strconcat (it_pod_store (), "/root/overlay", NULL);
  g_assert_true (g_file_get_contents ("/proc/self/mountinfo", &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++) {
    g_auto (GStrv) fields = g_strsplit (*line, " ", 6);
    if (g_strv_length (fields) > 5 && g_str_has_prefix (fields[4], it_pod_store ()) && !g_str_equal (fields[4], own))
      g_error ("the mount %s is left", fields[4]);
  }
}

/* Folders of single containers, in the store's FOLDER. */
static void
assert_no_folder (const char *folder)
{
  g_autofree char *path = g_build_filename (it_pod_store (), folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *one = g_build_filename (path, name, NULL);
    if (g_file_test (one, G_FILE_TEST_IS_DIR))
      g_error ("the folder %s is left", one);
  }
}

static void
assert_nothing_left (ItWorld *w)
{
  it_pod_assert_empty ();
  g_autofree char *volumes = it_podman ("volume ls -q"), *networks = it_podman ("network ls --format {{.Name}}");
  g_assert_cmpstr (volumes, ==, "");
  g_assert_cmpstr (networks, ==, "podman"); /* podman's own, which is always there */
  assert_no_mount ();
  assert_no_folder ("root/overlay-containers");
  assert_no_folder ("run/overlay-containers");
  it_world_assert_nothing_left (w);
}

/* --- runs ----------------------------------------------------------------------------------------------------- */

/* Tests may write down that they ran; and each process of theirs carries the mark of W. */
static void
configure (ItWorld *w)
{
  g_autofree char *config =
      g_strdup_printf ("executor = { name = \"container\"; image = \"srt-test\"; workspace = \"rw\";\n"
                       "  env = [ \"%s\" ]; %s };\n"
                       "run = { grace = \"200ms\"; };\n",
                       w->mark, geteuid () == 0 ? "user = \"0:0\";" : "");
  it_write (w, "srt.cfg", config);
}

static void
check_undisturbed (ItWorld *w)
{
  mix_reset (w);
  g_auto (ItRun) run = it_srt (w, "-j2 t");
  it_assert_code (&run, 0);
  mix_check_words (&run, 0);
}

static gboolean
has_ended (const ItChild *child)
{
  siginfo_t info = { 0 };
  g_assert_cmpint (waitid (P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT), ==, 0);
  return info.si_pid != 0;
}

/* A random moment of a run, however fast the machine is: some tests have begun, and then a little later. */
static void
wait_for_some_moment (ItWorld *w, const ItChild *child)
{
  guint wanted = (guint)g_test_rand_int_range (0, MIX_N - 1);
  while (mix_count_begun (w) < wanted && !has_ended (child))
    g_usleep (1000);
  g_usleep ((gulong)g_test_rand_int_range (0, wanted == 0 ? 1000 * 1000 : 200 * 1000));
}

/* A run that gets SIGNAL at some moment. */
static ItRun
run_and_signal (ItWorld *w, int signal_number, Tally *tally)
{
  mix_reset (w);
  ItChild child = it_start (w, "-j2 t");
  wait_for_some_moment (w, &child);
  kill (child.pid, signal_number);
  ItRun run = it_wait (w, &child);
  gboolean hit = run.code == 128 + signal_number;
  tally->hits += hit;
  tally->late += !hit;
  if (!hit)
    it_assert_code (&run, 0);
  return run;
}

static void
count_boxes (Tally *tally)
{
  g_autofree char *boxes = it_pod_containers ();
  tally->boxes += count_words (boxes);
}

/* --resume ends what died. One that died behind its last step has no checkpoint, and all runs again. */
static void
resume (ItWorld *w, Tally *tally, const ItRun *dead)
{
  MixRuns before;
  mix_count_runs (w, &before);
  g_auto (ItRun) rest = it_srt (w, "-j2 --resume t");
  it_assert_code (&rest, 0);
  tally->recorded += before.recorded;
  if (before.recorded == 0 && strstr (dead->out, "Summary: "))
    return;
  guint reruns = mix_check_resumed (w, &before);
  g_assert_cmpuint (reruns, <=, WORKERS);
  tally->reruns += reruns;
}

static void
one_kill (ItWorld *w, Tally *tally)
{
  g_auto (ItRun) dead = run_and_signal (w, SIGKILL, tally);
  if (dead.code == 0) {
    assert_nothing_left (w);
    return;
  }
  count_boxes (tally);
  if (g_test_rand_bit ()) {
    g_auto (ItRun) clean = it_srt (w, "clean");
    it_assert_code (&clean, 0);
    assert_nothing_left (w);
    tally->by_clean++;
  }
  resume (w, tally, &dead);
  assert_nothing_left (w);
}

static void
test_kills (ItWorld *w, gconstpointer data)
{
  const char *given = g_getenv ("SRT_CAMPAIGN_CONTAINERS");
  guint wanted = given && atoi (given) > 0 ? (guint)atoi (given) : SHORT;
  Tally tally = { 0 };
  configure (w);
  mix_make (w, TRUE);
  check_undisturbed (w);
  while (tally.hits < wanted) {
    one_kill (w, &tally);
    g_assert_cmpuint (tally.late, <, 50 + 3 * wanted);
  }
  g_test_message ("containers, SIGKILL of srt: %u times (and %u too late); %u containers were there, none after the "
                  "next srt (%u times `srt clean`); %u recorded results kept, %u tests ran again",
                  tally.hits, tally.late, tally.boxes, tally.by_clean, tally.recorded, tally.reruns);
}

static void
test_signals (ItWorld *w, gconstpointer data)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  Tally tally = { 0 };
  configure (w);
  mix_make (w, TRUE);
  for (guint i = 0; i < SIGNALS_EACH * G_N_ELEMENTS (signals); i++) {
    ItRun run = run_and_signal (w, signals[i % G_N_ELEMENTS (signals)], &tally);
    it_run_clear (&run);
    assert_nothing_left (w);
  }
  g_test_message ("containers, SIGINT, SIGTERM, SIGHUP: %u times (and %u too late); nothing left", tally.hits,
                  tally.late);
}

/* --- runs beside each other ----------------------------------------------------------------------------------- */

static ItChild
start_held (ItWorld *w, guint i)
{
  g_autofree char *test = g_strdup_printf ("r%u/held_test", i), *runs = g_strdup_printf ("runs-%u", i),
                  *go = g_strdup_printf ("go-%u", i), *line = g_strdup_printf ("--no-checkpoint r%u", i),
                  *body = g_strdup_printf (": >%s; read line <%s", runs, go);
  it_script (w, test, body);
  it_make_event (w, runs);
  it_make_event (w, go);
  ItChild child = it_start (w, line);
  it_wait_event (w, runs);
  return child;
}

static void
test_beside (ItWorld *w, gconstpointer data)
{
  ItChild children[RUNS];
  configure (w);
  for (guint i = 0; i < RUNS; i++)
    children[i] = start_held (w, i);
  g_auto (ItRun) idle = it_srt (w, "clean");
  it_assert_has (idle.out, "Nothing to clean up");
  kill (children[0].pid, SIGKILL);
  ItRun dead = it_wait (w, &children[0]);
  it_assert_code (&dead, 128 + SIGKILL);
  it_run_clear (&dead);
  g_auto (ItRun) clean = it_srt (w, "clean");
  it_assert_code (&clean, 0);
  g_autofree char *boxes = it_pod_containers ();
  g_assert_cmpuint (count_words (boxes), ==, RUNS - 1);
  for (guint i = 1; i < RUNS; i++) {
    g_autofree char *go = g_strdup_printf ("go-%u", i);
    it_tell_event (w, go);
    g_auto (ItRun) run = it_wait (w, &children[i]);
    it_assert_code (&run, 0);
  }
  assert_nothing_left (w);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *why = it_pod_open ();
  if (why) {
    g_print ("1..0 # SKIP %s\n", why);
    return 0;
  }
  g_test_add ("/faults/containers/kills", ItWorld, NULL, it_world_set_up, test_kills, it_world_tear_down);
  g_test_add ("/faults/containers/signals", ItWorld, NULL, it_world_set_up, test_signals, it_world_tear_down);
  g_test_add ("/faults/containers/beside", ItWorld, NULL, it_world_set_up, test_beside, it_world_tear_down);
  int status = g_test_run ();
  it_pod_close ();
  return status;
}
