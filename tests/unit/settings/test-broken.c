/* SPDX-License-Identifier: MIT
 * Broken configurations, each with its own exact message. */
#include "help.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  const char *name, *text, *message;
} Row;

#define SUITE(MORE)   "suites = ( { name = \"unit\"; paths = [ \"t\" ];\n " MORE " } );\n"
#define PROFILE(MORE) "profiles = { mine = {\n " MORE " }; };\n"

static const Row rows[] = {
#include "broken-rows.h"
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  Bench bench = { 0 };

  bench_set_up (&bench, NULL);
  bench_write (&bench, "srt.cfg", row->text);
  bench_refused (&bench, row->message);
  bench_tear_down (&bench, NULL);
}

static void
test_all_differ (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_true (g_hash_table_add (seen, (gpointer)rows[i].message));
  g_assert_cmpuint (g_hash_table_size (seen), >=, 30);
}

static void
test_missing (Bench *bench, gconstpointer data)
{
  bench->command.config = "team.cfg";
  bench_refused (bench, "team.cfg: cannot read this configuration: No such file or directory");
}

static void
test_folder (Bench *bench, gconstpointer data)
{
  bench->command.config = ".";
  bench_refused (bench, ".: cannot read this configuration: it is no regular file");
}

static void
test_pipe (Bench *bench, gconstpointer data)
{
  g_autofree char *path = g_build_filename (bench->dir, "srt.cfg", NULL);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  bench_refused (bench, "srt.cfg: cannot read this configuration: it is no regular file");
}

static void
test_unreadable (Bench *bench, gconstpointer data)
{
  const char *path = bench_write (bench, "srt.cfg", "run = { };");
  if (geteuid () == 0) {
    g_test_skip ("root reads every file");
    return;
  }
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  bench_refused (bench, "srt.cfg: cannot read this configuration: Permission denied");
}

static void
test_too_large (Bench *bench, gconstpointer data)
{
  const char *path = bench_write (bench, "srt.cfg", "");
  g_assert_cmpint (truncate (path, 5 << 20), ==, 0);
  bench_refused (bench, "srt.cfg: cannot read this configuration: with all that it includes it is over 4 MiB");
}

static void
test_includes (Bench *bench, gconstpointer data)
{
  bench->command.config = "conf/team.cfg";
  bench_write (bench, "conf/team.cfg", "run = { jobs = 1; };\n@include \"more/suites.cfg\"\n");
  bench_write (bench, "conf/more/suites.cfg", "# suites\n\n@include \"deep.cfg\"\nbogus = 1;\n");
  bench_write (bench, "conf/more/deep.cfg", "/* two\nlines */ plugins = { dir = [ \"x\" ]; };");
  bench_refused (bench, "conf/more/deep.cfg:2: plugins.dir: no such key; did you mean \"dirs\"?\n"
                        "conf/more/suites.cfg:4: bogus: no such key; there are run, plugins, suites, profiles, "
                        "rules, executor, executors, monitor, checkpoint, notifiers");
}

static void
test_include_loop (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", "\n@include \"other.cfg\"\n");
  bench_write (bench, "other.cfg", "\n\n@include \"srt.cfg\"\n");
  bench_refused (bench, "other.cfg:3: srt.cfg includes itself; take one @include out of the loop");
}

static void
test_include_missing (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", "run = { };\n  @include \"other.cfg\"\n");
  bench_refused (bench, "srt.cfg:2: cannot read other.cfg: No such file or directory");
}

static void
test_include_folder (Bench *bench, gconstpointer data)
{
  bench_write (bench, "sub/x", "");
  bench_write (bench, "srt.cfg", "@include \"sub\"\n");
  bench_refused (bench, "srt.cfg:1: cannot read sub: it is no regular file");
}

static void
test_include_explosion (Bench *bench, gconstpointer data)
{
  for (int i = 0; i < 12; i++) {
    g_autofree char *name = i == 0 ? g_strdup ("srt.cfg") : g_strdup_printf ("%d.cfg", i);
    g_autofree char *text = g_strdup_printf ("@include \"%d.cfg\"\n@include \"%d.cfg\"\n", i + 1, i + 1);
    bench_write (bench, name, text);
  }
  bench_write (bench, "12.cfg", "");
  bench_refused (bench, "11.cfg:2: more than 1000 files, or files inside files more than 16 deep");
}

static void
test_all_at_once (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg",
               "run = {\n a = 1;\n b = 1;\n c = 1;\n d = 1;\n e = 1;\n f = 1;\n g = 1;\n h = 1;\n"
               " i = 1;\n k = 1;\n l = 1;\n m = 1;\n};");
  g_autoptr (GError) error = NULL;
  g_assert_null (srt_settings_load (NULL, NULL, &bench->command, NULL, bench->dir, &error));
  g_auto (GStrv) lines = g_strsplit (error->message, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 11);
  g_assert_true (g_str_has_prefix (lines[0], "srt.cfg:2: run.a: "));
  g_assert_true (g_str_has_prefix (lines[9], "srt.cfg:11: run.k: "));
  g_assert_cmpstr (lines[10], ==, "and 2 more");
}

/* What is wrong outside files: { "KEY=VALUE" of --set or "SRT_…=VALUE", message }. */
static const char *const outside[][2] = {
  { "run.jobs=many", "--set run.jobs: \"many\" is no whole number" },
  { "run.jobs=5000", "--set run.jobs: 5000 is out of range; right is 0 to 4096" },
  { "run.jobs=-1", "--set run.jobs: -1 is out of range; right is 0 to 4096" },
  { "run.jobs=99999999999999999999", "--set run.jobs: 99999999999999999999 is too large a number" },
  { "run.jbos=4", "--set run.jbos: no such key; did you mean \"run.jobs\"?" },
  { "jobs=4", "--set jobs: no such key; did you mean \"run.jobs\"?" },
  { "colour=4", "--set colour: no such key; `srt config` shows all of them" },
  { "run.parallel=maybe", "--set run.parallel: \"maybe\" is neither true nor false" },
  { "run.timeout=soon",
    "--set run.timeout: \"soon\" is no duration; write it like \"250ms\", \"30s\", \"2m\" or \"1h30m\"" },
  { "run.profile=fats",
    "--set run.profile: there is no profile \"fats\"; there are fast, standard, slow, intensive, critical" },
  { "run.tmp_dir=\xff", "--set run.tmp_dir: the value is not UTF-8" },
  { "profiles.fats.memory=1G", "--set profiles.fats.memory: there is no profile \"fats\"; did you mean \"fast\"?" },
  { "profiles.fast=1G",
    "--set profiles.fast: no such key; there are memory, cpu, io_ops, cpu_time, processes, open_files, "
    "file_size, core_size, nice, output_max, wall, executor" },
  { "profiles.fast.memry=1G", "--set profiles.fast.memry: no such key; did you mean \"memory\"?" },
  { "suites.unit.timeout=1s", "--set suites.unit.timeout: there is no suite \"unit\"" },
  { "notifiers=junit", "--set notifiers: use --notifier NAME[:OPTION=VALUE,…] for this" },
  { "executor=none", "--set executor: a run needs one; it cannot be \"none\" (default: \"process\")" },
  { "executor=a/b",
    "--set executor: \"a/b\" is no plugin's name; these are letters, digits, - and _, as in \"junit\"" },
  { "run.keep=/bin/sh", "--set run.keep: \"/bin/sh\" is no name of a program; write it without a path, like "
                        "\"gpg-agent\"" },
  { "run.leaks=maybe", "--set run.leaks: \"maybe\" is not possible; right is one of report, fail, ignore" },
  { "run.slow_after=200%", "--set run.slow_after: \"200%\" is no percentage; write it like \"80%\", 0 to 100" },
  { "SRT_RUN_JOBS=x", "SRT_RUN_JOBS: \"x\" is no whole number" },
  { "SRT_RUN_JBOS=4", "SRT_RUN_JBOS: no setting has this variable; did you mean \"SRT_RUN_JOBS\"?" },
  { "SRT_PLUGINS_ELSEWHERE=x", "SRT_PLUGINS_ELSEWHERE: no setting has this variable; `srt config` shows all settings" },
  { "SRT_RUN_TIMEOUT=-3s",
    "SRT_RUN_TIMEOUT: \"-3s\" is no duration; write it like \"250ms\", \"30s\", \"2m\" or \"1h30m\"" },
};

static void
test_outside (gconstpointer data)
{
  const char *const *row = data;
  Bench bench = { 0 };

  bench_set_up (&bench, NULL);
  if (g_str_has_prefix (row[0], "SRT_")) {
    bench.envp[0] = row[0];
  } else {
    g_auto (GStrv) parts = g_strsplit (row[0], "=", 2);
    bench_set (&bench, parts[0], parts[1]);
  }
  bench_refused (&bench, row[1]);
  bench_tear_down (&bench, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/settings/broken/file/", rows[i].name, NULL);
    g_test_add_data_func (path, &rows[i], test_row);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (outside); i++) {
    g_autofree char *path = g_strdup_printf ("/settings/broken/outside/%" G_GSIZE_FORMAT, i);
    g_test_add_data_func (path, outside[i], test_outside);
  }
  g_test_add_func ("/settings/broken/all-differ", test_all_differ);
  BENCH_ADD ("/settings/broken/missing", test_missing);
  BENCH_ADD ("/settings/broken/folder", test_folder);
  BENCH_ADD ("/settings/broken/pipe", test_pipe);
  BENCH_ADD ("/settings/broken/unreadable", test_unreadable);
  BENCH_ADD ("/settings/broken/too-large", test_too_large);
  BENCH_ADD ("/settings/broken/includes", test_includes);
  BENCH_ADD ("/settings/broken/include-loop", test_include_loop);
  BENCH_ADD ("/settings/broken/include-missing", test_include_missing);
  BENCH_ADD ("/settings/broken/include-folder", test_include_folder);
  BENCH_ADD ("/settings/broken/include-explosion", test_include_explosion);
  BENCH_ADD ("/settings/broken/all-at-once", test_all_at_once);
  return g_test_run ();
}
