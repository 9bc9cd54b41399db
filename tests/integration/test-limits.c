/* SPDX-License-Identifier: MIT
 * Profiles, rules and modes, as an executor gets them; and what an executor cannot hold. The fixture executor "tale"
 * writes down what it was given. */
#include "harness.h"

#include <string.h>
#include <unistd.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)
#define NOTHING                                                                                                        \
  "memory 0 cpu 0 cpu_time 0 io 0 processes 0 files 0 file_size 0 core 0 nice 0 timeout 120 "                          \
  "output 1024\n"

/* Run t/NAME with LINE; what its executor was given is GOT. */
static void
check_got (ItWorld *w, const char *line, const char *name, const char *got)
{
  g_autofree char *whole = g_strconcat ("--executor tale ", line, NULL);
  g_autofree char *file = g_strconcat (name, ".got", NULL);
  g_auto (ItRun) run = it_srt (w, whole);
  it_assert_code (&run, 0);
  g_autofree char *text = it_read (w, file);
  g_assert_cmpstr (text, ==, got);
}

/* The five that are there from the start; without one only the timeout. */
TEST (profiles)
{
  it_script (w, "t/a_test", "");
  check_got (w, "t", "t/a_test", NOTHING);
  check_got (w, "--profile fast t", "t/a_test",
             "memory 128 cpu 500 cpu_time 0 io 1000 processes 0 files 0 file_size 0 core 0 nice 0 timeout 30 output "
             "1024\n");
  check_got (w, "--profile standard t", "t/a_test",
             "memory 512 cpu 1000 cpu_time 0 io 5000 processes 0 files 0 file_size 0 core 0 nice 0 timeout 120 output "
             "1024\n");
  check_got (w, "--profile slow t", "t/a_test",
             "memory 1024 cpu 2000 cpu_time 0 io 10000 processes 0 files 0 file_size 0 core 0 nice 0 timeout 600 "
             "output 1024\n");
  check_got (w, "--profile intensive t", "t/a_test",
             "memory 2048 cpu 4000 cpu_time 0 io 50000 processes 0 files 0 file_size 0 core 0 nice 0 timeout 1800 "
             "output 1024\n");
  check_got (w, "--profile critical --timeout 7 t", "t/a_test",
             "memory 4096 cpu 8000 cpu_time 0 io 100000 processes 0 files 0 file_size 0 core 0 nice 0 timeout 7 output "
             "1024\n");
}

static const char team[] =
    "profiles = { mine = { memory = \"64M\"; cpu = 0.25; io_ops = 7; cpu_time = \"9s\"; processes = 5;\n"
    "  open_files = 64; file_size = 4096; core_size = 0; nice = 3; output_max = \"8K\"; wall = \"11s\"; }; };\n"
    "run = { keep = [ \"sccache\" ]; };\n"
    "suites = ( { name = \"s\"; paths = [ \"t\" ]; profile = \"mine\"; keep = [ \"gpg-agent\" ]; } );\n"
    "rules = ( { match = \"s/b_*\"; profile = \"fast\"; timeout = \"3s\"; memory = \"32M\"; } );\n";

#define MINE                                                                                                           \
  "memory 64 cpu 250 cpu_time 9 io 7 processes 5 files 64 file_size 4096 core 1 nice 3 timeout 11 output 8 keep "      \
  "sccache keep gpg-agent\n"
#define RULED                                                                                                          \
  "memory 32 cpu 500 cpu_time 0 io 1000 processes 0 files 0 file_size 0 core 0 nice 0 timeout 3 output 1024 keep "     \
  "sccache keep gpg-agent\n"

TEST (rules)
{
  it_script (w, "t/a_test", "");
  it_script (w, "t/b_test", "");
  it_write (w, "srt.cfg", team);
  check_got (w, "", "t/a_test", MINE);
  check_got (w, "", "t/b_test", RULED);
}

TEST (safe_mode)
{
  it_script (w, "t/a_test", "");
  check_got (w, "--safe-mode t", "t/a_test",
             "memory 512 cpu 1000 cpu_time 0 io 5000 processes 0 files 0 file_size 0 core 0 nice 0 timeout 120 output "
             "1024\n");
  it_write (w, "srt.cfg", team);
  check_got (w, "--safe-mode", "t/a_test", MINE);
}

TEST (no_limits)
{
  static const char lifted[] = "memory 0 cpu 0 cpu_time 0 io 0 processes 0 files 0 file_size 0 core 0 nice 0 timeout 0 "
                               "output 1024 keep sccache keep gpg-agent\n";
  it_script (w, "t/a_test", "");
  it_script (w, "t/b_test", "");
  it_write (w, "srt.cfg", team);
  check_got (w, "--no-limits", "t/b_test", lifted);
  g_auto (ItRun) both = it_srt (w, "--no-limits --safe-mode");
  it_assert_code (&both, 2);
  it_assert_has (both.err, "only one of them can be");
  /* The later layer counts. */
  g_setenv ("SRT_RUN_SAFE_MODE", "1", TRUE);
  check_got (w, "--no-limits", "t/b_test", lifted);
  g_unsetenv ("SRT_RUN_SAFE_MODE");
}

/* What is not enforced is said once, before any test. */
TEST (enforcement)
{
  it_script (w, "t/a_test", "");
  it_script (w, "t/b_test", "");
  g_auto (ItRun) said = it_srt (w, "--executor tale --profile fast t");
  it_assert_code (&said, 0);
  g_auto (GStrv) parts = g_strsplit (said.err, "limit cpu is not enforced by executor tale: nothing runs", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  it_assert_has (said.err, "limit io_ops is not enforced by executor tale");
  it_assert_has_not (said.err, "limit memory");
}

/* An executor that cannot do what its options require: a mistake of the configuration, with its place. */
static void
check_refusal (ItWorld *w, const char *where, const char *options)
{
  g_autofree char *text = g_strdup_printf ("\nexecutor = { name = \"tale\";\n  refuse = \"%s\"; };\n", where);
  g_autofree char *words = g_strdup_printf ("containment is required, and there is none (%s)", where);
  it_write (w, "srt.cfg", text);
  g_autofree char *line = g_strconcat (options, " t", NULL);
  g_auto (ItRun) run = it_srt (w, line);
  it_assert_code (&run, 2);
  it_assert_has (run.err, "srt.cfg:2: ");
  it_assert_has (run.err, words);
  it_assert_has_not (run.out, "PASS");
}

TEST (refusal)
{
  it_script (w, "t/a_test", "");
  check_refusal (w, "create", "");
  check_refusal (w, "describe", "");
  check_refusal (w, "prepare", "");
  check_refusal (w, "options", "");
  check_refusal (w, "accepts", "--profile fast");
  g_auto (ItRun) run = it_srt (w, "t"); /* nothing is asked for that could be refused */
  it_assert_code (&run, 0);
}

/* What a suite asks for is refused at its own place. */
TEST (refusal_of_suite)
{
  it_script (w, "t/a_test", "");
  it_script (w, "u/b_test", "");
  it_write (w, "srt.cfg",
            "executor = { name = \"tale\"; };\n"
            "suites = ( { name = \"good\"; paths = [ \"t\" ]; executor = { place = \"here\"; }; },\n"
            "  { name = \"bad\"; paths = [ \"u\" ];\n"
            "    executor = { place = \"nowhere\"; }; } );\n");
  g_auto (ItRun) run = it_srt (w, "");
  it_assert_code (&run, 2);
  it_assert_has (run.err, "srt.cfg:4: ");
  it_assert_has (run.err, "nothing is at nowhere");
  it_assert_has_not (run.out, "PASS");
  g_auto (ItRun) other = it_srt (w, "t");
  it_assert_code (&other, 0);
}

/* The true reason, and what a plugin says of itself below its line. */
TEST (doctor)
{
  g_autofree char *fixture = g_build_filename (g_getenv ("FIXTURE_DIR"), "executor-tale.so", NULL);
  g_autofree char *link = it_path (w, "plugins/executor-tale.so");
  g_autofree char *dirs = g_strdup_printf ("%s,plugins", g_getenv ("USUAL_DIRS"));
  it_write (w, "plugins/.keep", "");
  g_assert_cmpint (symlink (fixture, link), ==, 0);
  g_setenv ("SRT_PLUGINS_DIRS", dirs, TRUE); /* among the other fixtures are some that hang */
  g_auto (ItRun) good = it_srt (w, "doctor");
  it_assert_code (&good, 0);
  const char *line = strstr (good.out, "ok   executor-process "), *tier = strstr (good.out, " - tier subreaper");
  g_assert_nonnull (line);
  g_assert_true (tier > line);
  it_assert_has (good.out, "limit memory");
  g_auto (ItRun) refused = it_srt (w, "doctor --executor tale:refuse=describe");
  it_assert_code (&refused, 3);
  it_assert_has (refused.out, "NO   containment          executor tale: containment is required, and there is none");
}

/* The words and limits that `srt list` shows. */
TEST (list)
{
  it_script (w, "t/b_test", "");
  it_write (w, "srt.cfg", team);
  g_auto (ItRun) run = it_srt (w, "list --format json");
  it_assert_code (&run, 0);
  it_assert_has (run.out, "\"profile\" : \"fast\"");
  it_assert_has (run.out, "\"limits\" : \"memory = 32M, cpu = 0.50, io_ops = 1000\"");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/limits/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("USUAL_DIRS", g_getenv ("SRT_PLUGINS_DIRS"), TRUE);
  g_autofree char *dirs = g_strdup_printf ("%s,%s", g_getenv ("USUAL_DIRS"), g_getenv ("FIXTURE_DIR"));
  g_setenv ("SRT_PLUGINS_DIRS", dirs, TRUE);
  ADD (profiles);
  ADD (rules);
  ADD (safe_mode);
  ADD (no_limits);
  ADD (enforcement);
  ADD (refusal);
  ADD (refusal_of_suite);
  ADD (list);
  ADD (doctor);
  return g_test_run ();
}
