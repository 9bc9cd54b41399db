/* SPDX-License-Identifier: MIT
 * What is printed: `srt config`, the digest, the reference. */
#include "help.h"
#include "srt/srt-plugin.h"

#include <string.h>

static const char text[] =
    "run = { jobs = 4; output_max = 5000000000; tmp_dir = \"a \\\"b\\\" \\\\ \\n\\t \\x01 \xc3\xa9\"; };\n"
    "plugins = { dirs = [ \"p\", \"q\" ]; };\n"
    "executor = { name = \"process\"; slots = 3; big = 99999999999; ratio = 2.0; on = true; };\n"
    "checkpoint = \"none\";\n"
    "notifiers = ( \"console\", { name = \"mail\"; password = \"hush\"; to = ( \"a\", \"b\" ); } );\n"
    "profiles = { fast = { cpu = 0.1; }; mine = { nice = -5; core_size = 0; wall = \"1h1ms\"; }; };\n"
    "suites = ( { name = \"a\"; paths = [ \"t\" ]; env = [ \"X=\\\"1\\\"\" ]; executor = { image = \"x\"; }; },\n"
    "           { name = \"b\"; paths = [ \"u\", \"v\" ]; timeout = 0.25; exclusive = true; } );\n";

/* The lines without the places that they came from. */
static char *
without_origins (const char *printed)
{
  g_auto (GStrv) lines = g_strsplit (printed, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    char *comment = g_strrstr (lines[i], " # ");
    if (comment)
      *comment = '\0';
    g_strchomp (lines[i]);
  }
  return g_strjoinv ("\n", lines);
}

static void
test_round_trip (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", text);
  SrtSettings *first = bench_load (bench);
  g_autofree char *printed = srt_settings_print (first, NULL, NULL);

  bench_write (bench, "elsewhere/again.cfg", printed);
  bench->command.config = "elsewhere/again.cfg";
  SrtSettings *second = bench_load (bench);
  g_autofree char *again = srt_settings_print (second, NULL, NULL);
  g_autofree char *values = without_origins (printed);
  g_autofree char *values_again = without_origins (again);
  g_assert_cmpstr (values, ==, values_again);
  g_assert_cmpstr (srt_settings_digest (first), ==, srt_settings_digest (second));
  g_assert_cmpstr (srt_settings_string (first, SRT_KEY_RUN_TMP_DIR), ==,
                   srt_settings_string (second, SRT_KEY_RUN_TMP_DIR));
}

static void
assert_line (const char *printed, const char *line)
{
  g_test_message ("%s", line);
  g_assert_nonnull (strstr (printed, line));
}

static void
test_lines (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", text);
  bench_set (bench, "run.grace", "90");
  bench->envp[0] = "SRT_RUN_FAIL_FAST=on";
  g_autofree char *printed = srt_settings_print (bench_load (bench), NULL, NULL);

  assert_line (printed, "\n  jobs = 4;                                      # srt.cfg:1\n");
  assert_line (printed, "\n  parallel = true;                               # srt.cfg:1\n");
  assert_line (printed, "\n  timeout = \"2m\";                                # default\n");
  assert_line (printed, "\n  grace = \"1m30s\";                               # --set run.grace\n");
  assert_line (printed, "\n  fail_fast = true;                              # SRT_RUN_FAIL_FAST\n");
  assert_line (printed, "\ncheckpoint = \"none\";                             # srt.cfg:4\n");
  assert_line (printed, "\n  big = 99999999999L;                            # srt.cfg:3\n");
  assert_line (printed, "\n    timeout = \"250ms\";                           # srt.cfg:8\n");
  assert_line (printed, "\n    password = \"hush\";                           # srt.cfg:5\n");
}

static gboolean
is_password (guint32 kind, const char *plugin, const char *option, gpointer data)
{
  guint *asked = data;
  ++*asked;
  return kind == SRT_KIND_NOTIFIER && g_str_equal (plugin, "mail") && g_str_equal (option, "password");
}

static void
test_secret (Bench *bench, gconstpointer data)
{
  guint asked = 0;
  bench_write (bench, "srt.cfg", text);
  g_autofree char *printed = srt_settings_print (bench_load (bench), is_password, &asked);

  assert_line (printed, "\n    password = \"***\";");
  g_assert_null (strstr (printed, "hush"));
  g_assert_cmpuint (asked, ==, 7); /* 4 of the executor, 2 of mail, 1 of a suite */
}

static char *
digest_of (const char *configuration, const char *key, const char *value)
{
  Bench bench = { 0 };
  bench_set_up (&bench, NULL);
  /* Paths are in the digest: the folder must be the same for all. */
  g_autofree char *whole = g_strconcat (
      configuration, "suites = ( { name = \"a\"; paths = [ \"/t\" ]; command = [ \"sh\", \"{file}\" ]; } );\n", NULL);
  bench_write (&bench, "srt.cfg", whole);
  if (key)
    bench_set (&bench, key, value);
  char *digest = g_strdup (srt_settings_digest (bench_load (&bench)));
  bench_tear_down (&bench, NULL);
  return digest;
}

static void
test_digest (void)
{
  static const struct {
    const char *configuration, *key, *value;
    gboolean same;
  } rows[] = {
    { "", NULL, NULL, TRUE },
    { "/* a comment */\nrun = { jobs = 7; verbose = true; fail_fast = true; };", NULL, NULL, TRUE },
    { "notifiers = ( \"junit\" );\nplugins = { dirs = [ \"x\" ]; };\ncheckpoint = \"none\";", NULL, NULL, TRUE },
    { "run = { timeout = 120; };", NULL, NULL, TRUE },
    { "run = { timeout = 121; };", NULL, NULL, FALSE },
    { "profiles = { fast = { memory = \"1G\"; }; };", NULL, NULL, FALSE },
    { "run = { no_limits = true; };", NULL, NULL, FALSE },
    { "run = { safe_mode = true; };", NULL, NULL, FALSE },
    { "run = { leaks = \"fail\"; };", NULL, NULL, FALSE },
    { "run = { slow_after = 10; };", NULL, NULL, TRUE },
    { "rules = ( { match = \"x\"; } );", NULL, NULL, FALSE },
    { "executor = \"container\";", NULL, NULL, FALSE },
    { "", "suites.a.env", "X=1", FALSE },
    { "", "suites.a.command", "sh,-e,{file}", FALSE },
    { "", "suites.a.timeout", "120s", FALSE },
    { "", "suites.a.heartbeat", "30s", FALSE },
  };
  g_autofree char *base = digest_of ("", NULL, NULL);

  g_assert_cmpuint (strlen (base), ==, 64);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *digest = digest_of (rows[i].configuration, rows[i].key, rows[i].value);
    g_test_message ("%s %s", rows[i].configuration, rows[i].key ? rows[i].key : "");
    g_assert_cmpint (g_str_equal (digest, base), ==, rows[i].same);
  }
}

/* docs/configuration.md is made from the tables. After a change of them: SRT_UPDATE_DOCS=1 meson test settings-print.
 */
static void
test_reference (void)
{
  const char *root = g_getenv ("SRT_SOURCE_ROOT");
  g_autofree char *page = srt_settings_reference ();
  g_autofree char *committed = NULL;
  g_assert_nonnull (root);
  g_autofree char *path = g_build_filename (root, "docs", "configuration.md", NULL);

  if (g_getenv ("SRT_UPDATE_DOCS"))
    g_assert_true (g_file_set_contents (path, page, -1, NULL));
  g_assert_true (g_file_get_contents (path, &committed, NULL, NULL));
  g_assert_cmpstr (committed, ==, page);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  BENCH_ADD ("/settings/print/round-trip", test_round_trip);
  BENCH_ADD ("/settings/print/lines", test_lines);
  BENCH_ADD ("/settings/print/secret", test_secret);
  g_test_add_func ("/settings/print/digest", test_digest);
  g_test_add_func ("/settings/print/reference", test_reference);
  return g_test_run ();
}
