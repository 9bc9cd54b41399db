/* SPDX-License-Identifier: MIT
 * Containers that take many tests: the same words as with one for each, and nothing of a test that the next one sees.
 */
#include "pod.h"

#include <sys/stat.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)
#define RUN        "--no-checkpoint --executor container:image=srt-test"

/* Who is left has its own name by then. */
#define SLEEPS "until [ \"$(cat /proc/$!/comm)\" = sleep ]; do :; done\n"

/* Names decide the order: what looks comes right behind what leaves something. */
static const struct {
  const char *name, *body;
} mixed[] = {
  { "t/01_pass_test", "exit 0" },
  { "t/02_fail_test", "echo it differs; exit 3" },
  { "t/03_skip_test", "exit 77" },
  { "t/04_crash_test", "kill -SEGV $$" },
  { "t/05_abort_test", "kill -ABRT $$" },
  { "t/06_files_test", "for d in /tmp /var/tmp /run /dev/shm /dev/mqueue /.srt/tmp $TMPDIR; do : >$d/seen; done\n"
                       "mkdir -p /tmp/.deep/a/b; : >/tmp/.deep/a/b/c; chmod 0 /tmp/.deep/a /tmp/.deep\n"
                       "ln -s / /tmp/root; mkfifo /tmp/pipe; [ -e /tmp/seen ] && [ -e /.srt/tmp/seen ]" },
  { "t/07_no_files_test",
    "for d in /tmp /var/tmp /run /dev/shm /dev/mqueue /.srt/tmp; do [ ! -e $d/seen ] || exit 1; done\n"
    "[ -z \"$(ls -A $TMPDIR)\" ] && [ ! -e /tmp/.deep ] && [ ! -L /tmp/root ] && [ ! -e /tmp/pipe ]" },
  { "t/08_gone_test", "rmdir $TMPDIR; cd /; umask 0; ulimit -n 20; export MARK=left; exit 0" },
  { "t/09_not_gone_test", "[ -d $TMPDIR ] && [ -z \"$MARK\" ] && [ $(ulimit -n) != 20 ] && [ $(umask) != 0000 ]" },
  { "t/10_hang_test", "trap '' TERM; : >/tmp/hung; while :; do sleep 1000; done" },
  { "t/11_not_hung_test", "[ ! -e /tmp/hung ] && ! pidof sleep" },
  { "t/12_leak_test", "setsid sleep 1000 &\n" SLEEPS ": >/tmp/leaked" },
  { "t/13_no_leak_test", "[ ! -e /tmp/leaked ] && ! pidof sleep" },
  { "t/14_fail_leak_test", "sleep 1000 &\n" SLEEPS "exit 9" },
  { "t/15_no_leak_test", "! pidof sleep" },
  { "t/16_memory_test", "exec dd if=/dev/zero of=/dev/null bs=300M" },
  { "t/17_memory_test", "exec dd if=/dev/zero of=/dev/null bs=300M" },
  { "t/18_pass_test", "exit 0" },
  { "t/19_tmpdir_test", ": >$TMPDIR/kept; exit 4" },
  { "t/20_no_tmpdir_test", "[ ! -e $TMPDIR/kept ] && : >$TMPDIR/mine" },
};

/* What is said of tests, without figures that differ from run to run. */
static char *
words_of (const char *out)
{
  g_autoptr (GRegex) figures = g_regex_new ("\\b([0-9.]+ ?(ms|s)\\b|pid [0-9]+|memory [0-9]+ MB)", 0, 0, NULL);
  g_auto (GStrv) lines = g_strsplit (out, "\n", -1);
  GString *words = g_string_new (NULL);
  for (guint i = 0; lines[i]; i++)
    if (g_regex_match_simple (" t/[0-9][0-9]_|Results", lines[i], 0, 0)) {
      g_autofree char *line = g_regex_replace_literal (figures, lines[i], -1, 0, "#", 0, NULL);
      g_auto (GStrv) parts = g_regex_split_simple (" +", line, 0, 0);
      g_autofree char *text = g_strjoinv (" ", parts);
      g_string_append_printf (words, "%s\n", text);
    }
  return g_string_free (words, FALSE);
}

TEST (same_words)
{
  for (guint i = 0; i < G_N_ELEMENTS (mixed); i++)
    it_script (w, mixed[i].name, mixed[i].body);
  it_write (w, "srt.cfg",
            "profiles = { small = { memory = \"64M\"; wall = \"60s\"; }; };\n"
            "suites = ( { name = \"t\"; paths = [ \"t\" ]; profile = \"small\"; } );\n"
            "rules = ( { match = \"*10_hang*\"; timeout = \"0.5s\"; } );\n");
  g_auto (ItRun) cold = it_srt (w, RUN " -j1 --child-kill-timeout 0.2");
  g_auto (ItRun) warm = it_srt (w, RUN ",reuse=100 -j1 --child-kill-timeout 0.2");
  g_autofree char *cold_words = words_of (cold.out);
  g_autofree char *warm_words = words_of (warm.out);
  g_assert_cmpstr (warm_words, ==, cold_words);
  it_assert_code (&cold, 1);
  it_assert_code (&warm, 1);
  it_assert_verdict (&warm, "PASS", "t/07_no_files_test");
  it_assert_verdict (&warm, "PASS", "t/09_not_gone_test");
  it_assert_verdict (&warm, "TIMEOUT", "t/10_hang_test");
  it_assert_verdict (&warm, "LEAK", "t/12_leak_test");
  it_assert_verdict (&warm, "PASS", "t/15_no_leak_test");
  it_assert_verdict (&warm, "PASS", "t/20_no_tmpdir_test");
  it_assert_has_not (cold.err, "remove");
  it_assert_has_not (warm.err, "remove");
}

/* The names of the containers that tests have run in, as they wrote them down. */
static guint
n_containers (ItWorld *w)
{
  g_autofree char *text = it_read (w, "names");
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; lines[i]; i++)
    g_hash_table_add (names, lines[i]);
  return g_hash_table_size (names);
}

static ItRun
run_named (ItWorld *w, const char *config, const char *options)
{
  it_write (w, "srt.cfg", config);
  it_write (w, "names", "");
  g_autofree char *names = it_path (w, "names");
  g_assert_cmpint (chmod (names, 0666), ==, 0);
  g_autofree char *line = g_strconcat ("--no-checkpoint ", options, NULL);
  return it_srt (w, line);
}

TEST (taken_again)
{
  for (guint i = 1; i <= 7; i++) {
    g_autofree char *name = g_strdup_printf ("t/%u_test", i);
    it_script (w, name, "hostname >>names");
  }
  g_auto (ItRun) thrice = run_named (w, "", "--executor container:image=srt-test,workspace=rw,reuse=3 -j1 t");
  it_assert_code (&thrice, 0);
  g_assert_cmpuint (n_containers (w), ==, 3);
  g_auto (ItRun) cold = run_named (w, "", "--executor container:image=srt-test,workspace=rw -j2 t");
  it_assert_code (&cold, 0);
  g_assert_cmpuint (n_containers (w), ==, 7);
}

/* A suite that asks for another container gets one, and says itself how often it is used; with an overlay, which
 * cannot be cleaned, never again. */
TEST (by_suite)
{
  it_script (w, "a/1_test", "hostname >>names");
  it_script (w, "a/2_test", "hostname >>names");
  it_script (w, "b/1_test", "hostname >>names; [ $MOOD = good ]");
  it_script (w, "b/2_test", "hostname >>names; [ $MOOD = good ]");
  it_script (w, "c/1_test", "[ ! -e here ] && : >here");
  it_script (w, "c/2_test", "[ ! -e here ] && : >here");
  g_autofree char *config = g_strdup_printf (
      "executor = { name = \"container\"; image = \"srt-test\"; reuse = 10; workspace = \"rw\"; };\n"
      "suites = ( { name = \"a\"; paths = [ \"a\" ]; },\n"
      "  { name = \"b\"; paths = [ \"b\" ]; executor = { reuse = 1; env = [ \"MOOD=good\" ]; }; },\n"
      "  { name = \"c\"; paths = [ \"c\" ]; executor = { workspace = \"overlay\"; user = \"0:0\"; }; } );\n");
  g_auto (ItRun) run = run_named (w, config, "-j1");
  it_assert_code (&run, 0);
  g_assert_cmpuint (n_containers (w), ==, 3);
}

TEST (no_number)
{
  it_script (w, "t/a_test", "exit 0");
  g_auto (ItRun) run = it_srt (w, RUN ",reuse=0 t");
  it_assert_code (&run, 2);
  it_assert_has (run.err, "reuse is a number of tests, 1 or more");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/container-warm/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *why = it_pod_open ();
  if (why) {
    g_print ("1..0 # SKIP %s\n", why);
    return 0;
  }
  ADD (same_words);
  ADD (taken_again);
  ADD (by_suite);
  ADD (no_number);
  int status = g_test_run ();
  it_pod_close ();
  return status;
}
