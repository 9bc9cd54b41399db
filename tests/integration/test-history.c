/* SPDX-License-Identifier: MIT
 * What is kept beside a run and after it: the history, `srt analyze`, `srt checkpoint`. */
#include "harness.h"

#include <signal.h>
#include <string.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)

static guint
count (const char *text, const char *part)
{
  guint n = 0;
  for (const char *at = strstr (text, part); at; at = strstr (at + 1, part))
    n++;
  return n;
}

/* Without a configuration nothing is left behind; with one the history is, and only that. */
TEST (wanted)
{
  it_script (w, "t/a_test", "exit 0");
  g_auto (ItRun) plain = it_srt (w, "t");
  it_assert_code (&plain, 0);
  g_assert_false (it_exists (w, ".srt"));
  g_auto (ItRun) none = it_srt (w, "analyze");
  it_assert_code (&none, 2);
  it_assert_has (none.err, "there is no history yet");

  it_write (w, "srt.cfg", "suites = ( { name = \"s\"; paths = [ \"t\" ]; } );\n");
  g_auto (ItRun) off = it_srt (w, "--history never");
  it_assert_code (&off, 0);
  g_assert_false (it_exists (w, ".srt"));
  g_auto (ItRun) on = it_srt (w, "");
  it_assert_code (&on, 0);
  g_assert_true (it_exists (w, ".srt/history.sdn"));
  g_assert_false (it_exists (w, ".srt/progress.sdn"));
}

/* A test that fails every other time, and one that needs memory, stand out. */
TEST (analyze)
{
  it_script (w, "t/calm_test", "exit 0");
  it_script (w, "t/flaky_test", "test -e odd && { rm odd; exit 1; }; : > odd");
  it_script (w, "t/hungry_test", "x=$(head -c 20000000 /dev/zero | tr '\\0' x); test ${#x} = 20000000");
  for (guint i = 0; i < 4; i++) {
    g_auto (ItRun) run = it_srt (w, "--history always t");
    it_assert_code (&run, i % 2 == 0 ? 0 : 1);
  }
  g_auto (ItRun) text = it_srt (w, "analyze --worst-memory=1 --flaky");
  it_assert_code (&text, 0);
  g_assert_cmpuint (count (text.out, "hungry_test"), ==, 1);
  it_assert_has (text.out, "t/flaky_test: FAIL PASS FAIL PASS\n");
  it_assert_has_not (text.out, "calm_test");
  it_assert_has_not (text.out, "Slowest");
  g_auto (ItRun) json = it_srt (w, "analyze --slowest=2 --format json");
  it_assert_code (&json, 0);
  it_assert_has (json.out, "\"slowest\" : [");
  g_assert_cmpuint (count (json.out, "\"id\" :"), ==, 2);
}

/* What a stopped run has done is in the history once, however often it is resumed. */
TEST (resumed)
{
  it_make_event (w, "started");
  it_script (w, "t/a_test", "exit 0");
  it_script (w, "t/z_test", "test -e go && exit 0; : > started; sleep 1000");
  ItChild child = it_start (w, "--history always t");
  it_wait_event (w, "started");
  kill (child.pid, SIGINT);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 130);
  it_write (w, "go", "");
  g_auto (ItRun) rest = it_srt (w, "--history always --resume t");
  it_assert_code (&rest, 0);
  g_autofree char *history = it_read (w, ".srt/history.sdn");
  it_assert_has (history, "\"t/a_test\", [PASS],");
  it_assert_has (history, "\"t/z_test\", [PASS],");
}

/* Killed runs had no time to keep what they knew: the one that goes on does it for them, once. */
TEST (killed)
{
  it_make_event (w, "started");
  it_script (w, "t/a_test", "exit 0");
  it_script (w, "t/m_test", "test -e b && exit 77; : > b; : > started; sleep 1000");
  it_script (w, "t/z_test", "test -e go && exit 0; : > started; sleep 1000");
  const char *const lines[] = { "--history always t", "--history always --resume t", "--history always --resume t" };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    ItChild child = it_start (w, lines[i]);
    it_wait_event (w, "started");
    kill (child.pid, i == 2 ? SIGINT : SIGKILL);
    g_auto (ItRun) run = it_wait (w, &child);
    it_assert_code (&run, i == 2 ? 130 : 137);
    it_world_assert_no_process (w);
    g_assert_true (i == 2 || !it_exists (w, ".srt/history.sdn"));
  }
  it_write (w, "go", "");
  g_auto (ItRun) rest = it_srt (w, "--history always --resume t");
  it_assert_code (&rest, 0);
  g_autofree char *history = it_read (w, ".srt/history.sdn");
  it_assert_has (history, "\"t/a_test\", [PASS],");
  it_assert_has (history, "\"t/m_test\", [SKIP],");
  it_assert_has (history, "\"t/z_test\", [PASS],");
}

/* A history that cannot be kept is said, and changes nothing else. */
TEST (not_kept)
{
  it_script (w, "t/a_test", "exit 0");
  it_write (w, ".srt/history.sdn/in-the-way", "");
  g_auto (ItRun) run = it_srt (w, "--history always t");
  it_assert_code (&run, 0);
  it_assert_has (run.err, "keep the history: ");
}

/* For people and as JSON; of the configured checkpoint or a file; also while the run goes on. */
TEST (checkpoint)
{
  it_make_event (w, "started");
  it_script (w, "t/a_test", "exit 0");
  it_script (w, "t/b_test", "exit 3");
  it_script (w, "t/z_test", ": > started; sleep 1000");
  ItChild child = it_start (w, "t");
  it_wait_event (w, "started");
  g_auto (ItRun) live = it_srt (w, "checkpoint");
  it_assert_code (&live, 0);
  it_assert_has (live.out, "still runs");
  kill (child.pid, SIGINT);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 130);

  g_auto (ItRun) text = it_srt (w, "checkpoint");
  it_assert_code (&text, 0);
  it_assert_has (text.out, "Stopped by SIGINT\n");
  it_assert_has (text.out, "Tests      2 of 3 have a result, 1 PASS, 1 FAIL\n");
  it_assert_has (text.out, "Running    t/z_test\n");
  it_assert_has (text.out, "t/b_test: exit status 3\n");
  it_assert_has (text.out, "(runs again)\n");
  g_auto (ItRun) json = it_srt (w, "checkpoint .srt/progress.sdn --format json");
  it_assert_code (&json, 0);
  it_assert_has (json.out, "\"stop_reason\" : \"SIGINT\"");
  it_assert_has (json.out, "\"finished\" : 2");
  g_assert_cmpuint (count (json.out, "\"verdict\" :"), ==, 3);
  g_auto (ItRun) none = it_srt (w, "checkpoint nowhere.sdn");
  it_assert_code (&none, 2);
  it_assert_has (none.err, "nowhere.sdn");
  it_write (w, "diary", "dear diary\n");
  g_auto (ItRun) wrong = it_srt (w, "checkpoint diary");
  it_assert_code (&wrong, 3);
  it_assert_has (wrong.err, "does not begin as a checkpoint");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/history/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (wanted);
  ADD (analyze);
  ADD (resumed);
  ADD (killed);
  ADD (not_kept);
  ADD (checkpoint);
  return g_test_run ();
}
