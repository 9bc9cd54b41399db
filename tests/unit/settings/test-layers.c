/* SPDX-License-Identifier: MIT */
#include "help.h"
#include "srt/srt-plugin.h"

#define S G_GUINT64_CONSTANT (1000000000)

static const SrtSuite *
suite (const SrtSettings *settings, guint index)
{
  return srt_settings_suites (settings)->pdata[index];
}

static const SrtPluginUse *
use (const SrtSettings *settings, guint32 kind, guint index)
{
  return srt_settings_plugins (settings, kind)->pdata[index];
}

static const SrtRawOption *
option (const SrtPluginUse *plugin, const char *name)
{
  for (guint i = 0; i < plugin->options->len; i++) {
    const SrtRawOption *o = plugin->options->pdata[i];
    if (g_str_equal (o->name, name))
      return o;
  }
  return NULL;
}

static void
test_defaults (Bench *bench, gconstpointer data)
{
  SrtSettings *s = bench_load (bench);

  g_assert_false (srt_settings_bool (s, SRT_KEY_RUN_PARALLEL));
  g_assert_cmpint (srt_settings_int (s, SRT_KEY_RUN_JOBS), ==, 0);
  g_assert_cmpuint (srt_settings_duration_ns (s, SRT_KEY_RUN_TIMEOUT), ==, 120 * S);
  g_assert_cmpuint (srt_settings_duration_ns (s, SRT_KEY_RUN_PARALLEL_TIMEOUT), ==, 300 * S);
  g_assert_cmpuint (srt_settings_bytes (s, SRT_KEY_RUN_OUTPUT_MAX), ==, 1 << 20);
  g_assert_cmpstr (srt_settings_string (s, SRT_KEY_RUN_KEEP_TMP), ==, "failed");
  g_assert_cmpstr (srt_settings_string (s, SRT_KEY_RUN_TMP_DIR), ==, "");
  g_assert_null (srt_settings_list (s, SRT_KEY_PLUGINS_DIRS)[0]);
  g_assert_true (srt_settings_is_default (s, SRT_KEY_RUN_TIMEOUT));
  bench_assert_origin (s, SRT_KEY_RUN_TIMEOUT, "default");
  g_assert_cmpuint (srt_settings_suites (s)->len, ==, 0);
  g_assert_cmpstr (use (s, SRT_KIND_EXECUTOR, 0)->name, ==, "process");
  g_assert_cmpstr (use (s, SRT_KIND_CHECKPOINT, 0)->name, ==, "sdn");
  g_assert_cmpstr (use (s, SRT_KIND_NOTIFIER, 0)->name, ==, "console");
  g_assert_cmpuint (srt_settings_plugins (s, SRT_KIND_MONITOR)->len, ==, 1);
  g_assert_cmpstr (srt_settings_project_dir (s), ==, bench->dir);
}

/* Each layer says what those above it say as well; the last one that does wins. */
static void
test_order (Bench *bench, gconstpointer data)
{
  bench->system_file = bench_write (
      bench, "etc/srt.cfg", "run = { jobs = 1; keep_tmp_max = 1; timeout = 1; grace = 1; output_max = 5000; };");
  bench->user_file =
      bench_write (bench, "home/srt.cfg", "run = { jobs = 2; keep_tmp_max = 2; timeout = 2; grace = 2; };");
  bench_write (bench, "srt.cfg", "\nrun = { jobs = 3;\n keep_tmp_max = 3;\n timeout = 3; };");
  bench->envp[0] = "SRT_RUN_JOBS=4";
  bench->envp[1] = "SRT_RUN_KEEP_TMP_MAX=4";
  bench_set (bench, "run.jobs", "5");
  SrtSettings *s = bench_load (bench);

  g_assert_cmpint (srt_settings_int (s, SRT_KEY_RUN_JOBS), ==, 5);
  bench_assert_origin (s, SRT_KEY_RUN_JOBS, "--set run.jobs");
  g_assert_cmpint (srt_settings_int (s, SRT_KEY_RUN_KEEP_TMP_MAX), ==, 4);
  bench_assert_origin (s, SRT_KEY_RUN_KEEP_TMP_MAX, "SRT_RUN_KEEP_TMP_MAX");
  g_assert_cmpuint (srt_settings_duration_ns (s, SRT_KEY_RUN_TIMEOUT), ==, 3 * S);
  bench_assert_origin (s, SRT_KEY_RUN_TIMEOUT, "srt.cfg:4");
  g_assert_cmpuint (srt_settings_duration_ns (s, SRT_KEY_RUN_GRACE), ==, 2 * S);
  g_assert_cmpstr (srt_settings_origin (s, SRT_KEY_RUN_GRACE)->file, ==, bench->user_file);
  g_assert_cmpuint (srt_settings_bytes (s, SRT_KEY_RUN_OUTPUT_MAX), ==, 5000);
  g_assert_false (srt_settings_is_default (s, SRT_KEY_RUN_OUTPUT_MAX));
}

static void
test_wholes_and_merges (Bench *bench, gconstpointer data)
{
  bench->user_file = bench_write (bench, "home/srt.cfg",
                                  "suites = ( { name = \"mine\"; paths = [ \"t\" ]; } );\n"
                                  "notifiers = ( \"console\", \"desktop\" );\n"
                                  "profiles = { fast = { memory = \"1M\"; cpu = 9; }; huge = { wall = \"9h\"; }; };\n"
                                  "executor = { name = \"process\"; slots = 2; };\n");
  bench_write (bench, "srt.cfg",
               "suites = ( { name = \"a\"; paths = [ \"t\" ]; }, { name = \"b\"; paths = [ \"u\" ]; } );\n"
               "notifiers = ( { name = \"junit\"; path = \"out.xml\"; } );\n"
               "profiles = { fast = { cpu = 3; }; };\n"
               "executor = \"process\";\n");
  SrtSettings *s = bench_load (bench);
  const SrtProfile *fast = srt_settings_profile (s, "fast");

  g_assert_cmpuint (srt_settings_suites (s)->len, ==, 2);
  g_assert_cmpstr (suite (s, 0)->name, ==, "a");
  g_assert_cmpuint (srt_settings_plugins (s, SRT_KIND_NOTIFIER)->len, ==, 1);
  g_assert_cmpstr (use (s, SRT_KIND_NOTIFIER, 0)->name, ==, "junit");
  g_assert_cmpuint (use (s, SRT_KIND_EXECUTOR, 0)->options->len, ==, 0);
  g_assert_cmpuint (fast->limits.memory, ==, 1 << 20);
  g_assert_cmpfloat (fast->limits.cpu, ==, 3.0);
  g_assert_cmpuint (fast->wall_ns, ==, 30 * S);
  g_assert_cmpuint (fast->limits.io_ops, ==, 1000);
  g_assert_cmpuint (srt_settings_profile (s, "huge")->wall_ns, ==, 9 * 3600 * S);
  g_assert_null (srt_settings_profile (s, "fats"));
}

static void
test_builtin_profiles (Bench *bench, gconstpointer data)
{
  static const struct {
    const char *name;
    guint64 memory_mb;
    double cpu;
    guint64 wall_s, io_ops;
  } rows[] = { { "fast", 128, 0.5, 30, 1000 },
               { "standard", 512, 1, 120, 5000 },
               { "slow", 1024, 2, 600, 10000 },
               { "intensive", 2048, 4, 1800, 50000 },
               { "critical", 4096, 8, 3600, 100000 } };
  SrtSettings *s = bench_load (bench);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    const SrtProfile *p = srt_settings_profile (s, rows[i].name);
    g_assert_cmpuint (p->limits.memory, ==, rows[i].memory_mb << 20);
    g_assert_cmpfloat (p->limits.cpu, ==, rows[i].cpu);
    g_assert_cmpuint (p->wall_ns, ==, rows[i].wall_s * S);
    g_assert_cmpuint (p->limits.io_ops, ==, rows[i].io_ops);
    g_assert_cmpint (p->limits.core_size, ==, -1);
    g_assert_cmpuint (p->limits.cpu_time_ns + p->limits.processes + p->limits.open_files + p->limits.file_size, ==, 0);
  }
}

static void
test_environment (Bench *bench, gconstpointer data)
{
  g_autofree char *elsewhere = g_build_filename (bench->dir, "b,c", NULL);
  g_autofree char *near = g_build_filename (bench->dir, "a", NULL);

  bench->envp[0] = "SRT_PLUGINS_DIRS=a,b\\,c";
  bench->envp[1] = "SRT_RUN_PARALLEL=Yes";
  bench->envp[2] = "SRT_RUN_TIMEOUT="; /* says nothing */
  bench->envp[3] = "SRT_RUN_ID=run-1"; /* a run inside a run */
  bench->envp[4] = "SRT_TEST_NAME=x";  /* likewise */
  bench->envp[5] = "SRT_SUBTITLES=1";  /* somebody else's */
  SrtSettings *s = bench_load (bench);

  g_assert_true (srt_settings_bool (s, SRT_KEY_RUN_PARALLEL));
  g_assert_cmpstr (srt_settings_list (s, SRT_KEY_PLUGINS_DIRS)[0], ==, near);
  g_assert_cmpstr (srt_settings_list (s, SRT_KEY_PLUGINS_DIRS)[1], ==, elsewhere);
  g_assert_true (srt_settings_is_default (s, SRT_KEY_RUN_TIMEOUT));
}

/* run.jobs above 1 means parallel, unless the same or a later layer says otherwise. */
static void
test_jobs_imply_parallel (void)
{
  static const struct {
    const char *file, *jobs, *parallel;
    gboolean expected;
  } rows[] = {
    { "run = { jobs = 4; };", NULL, NULL, TRUE },
    { "run = { jobs = 1; };", NULL, NULL, FALSE },
    { "run = { jobs = 4; parallel = false; };", NULL, NULL, FALSE },
    { "run = { jobs = 4; };", NULL, "false", FALSE },
    { "run = { parallel = false; };", "4", NULL, TRUE },
    { "run = { parallel = true; };", "1", NULL, TRUE },
    { "", "4", "false", FALSE },
    { "", "0", NULL, FALSE },
    { "", NULL, "true", TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    Bench bench = { 0 };
    bench_set_up (&bench, NULL);
    bench_write (&bench, "srt.cfg", rows[i].file);
    if (rows[i].jobs)
      bench_set (&bench, "run.jobs", rows[i].jobs);
    if (rows[i].parallel)
      bench_set (&bench, "run.parallel", rows[i].parallel);
    g_assert_cmpint (srt_settings_bool (bench_load (&bench), SRT_KEY_RUN_PARALLEL), ==, rows[i].expected);
    bench_tear_down (&bench, NULL);
  }
}

static const char timeouts_text[] =
    "run = { timeout = \"50s\"; };\n"
    "suites = ( { name = \"said\"; paths = [ \"t\" ]; timeout = \"7s\"; grace = \"3s\"; output_max = \"8K\"; },\n"
    "           { name = \"unsaid\"; paths = [ \"t\" ]; } );\n"
    "profiles = { unbounded = { memory = \"1G\"; }; };\n";

static void
test_timeout_stays (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", timeouts_text);
  bench->envp[0] = "SRT_RUN_TIMEOUT=9";
  SrtSettings *s = bench_load (bench);

  g_assert_cmpuint (suite (s, 0)->timeout_ns, ==, 7 * S);
  g_assert_cmpuint (suite (s, 1)->timeout_ns, ==, G_MAXUINT64);
  g_assert_cmpuint (suite (s, 1)->grace_ns, ==, G_MAXUINT64);
  g_assert_cmpuint (suite (s, 1)->output_max, ==, G_MAXUINT64);
  g_assert_cmpuint (srt_settings_profile (s, "fast")->wall_ns, ==, 30 * S);
}

static void
test_timeout_of_command_wins (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", timeouts_text);
  bench_set (bench, "run.timeout", "9s");
  bench_set (bench, "run.grace", "1s");
  bench_set (bench, "run.output_max", "16K");
  bench_set (bench, "profiles.slow.wall", "11s");
  SrtSettings *s = bench_load (bench);

  g_assert_cmpuint (suite (s, 0)->timeout_ns, ==, 9 * S);
  g_assert_cmpuint (suite (s, 0)->grace_ns, ==, 1 * S);
  g_assert_cmpuint (suite (s, 0)->output_max, ==, 16384);
  g_assert_cmpuint (suite (s, 1)->timeout_ns, ==, G_MAXUINT64);
  g_assert_cmpuint (srt_settings_profile (s, "fast")->wall_ns, ==, 9 * S);
  g_assert_cmpuint (srt_settings_profile (s, "slow")->wall_ns, ==, 11 * S);
  g_assert_cmpuint (srt_settings_profile (s, "unbounded")->wall_ns, ==, 0);
}

static void
test_single_overrides (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg",
               "suites = ( { name = \"a.b\"; paths = [ \"t\" ]; } );\n"
               "executor = { name = \"process\"; slots = 2; cgroup = \"x\"; };\n");
  bench_set (bench, "suites.a.b.timeout", "4s");
  bench_set (bench, "suites.a.b.patterns", "*_x,*_y");
  bench_set (bench, "profiles.fast.memory", "256M");
  bench_set (bench, "executor.slots", "9");
  bench_set (bench, "checkpoint", "other:path=p");
  SrtSettings *s = bench_load (bench);

  g_assert_cmpuint (suite (s, 0)->timeout_ns, ==, 4 * S);
  g_assert_cmpstr (suite (s, 0)->patterns[1], ==, "*_y");
  g_assert_cmpuint (srt_settings_profile (s, "fast")->limits.memory, ==, 256 << 20);
  g_assert_cmpstr (option (use (s, SRT_KIND_EXECUTOR, 0), "slots")->text, ==, "9");
  g_assert_cmpstr (option (use (s, SRT_KIND_EXECUTOR, 0), "cgroup")->text, ==, "x");
  g_assert_cmpstr (use (s, SRT_KIND_CHECKPOINT, 0)->name, ==, "other");
}

static void
test_uses (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg",
               "notifiers = ( \"console\", { name = \"junit\"; path = \"a.xml\"; n = 3; } );\n"
               "executor = { name = \"container\"; image = \"x\"; };\n");
  bench_use (bench, SRT_KIND_NOTIFIER, "junit:path=b.xml");
  bench_use (bench, SRT_KIND_NOTIFIER, "mail:to=a\\,b\\:c,to=d");
  bench_use (bench, SRT_KIND_EXECUTOR, "process:slots=2");
  bench_use (bench, SRT_KIND_CHECKPOINT, "none");
  SrtSettings *s = bench_load (bench);

  g_assert_cmpuint (srt_settings_plugins (s, SRT_KIND_NOTIFIER)->len, ==, 3);
  g_assert_cmpstr (use (s, SRT_KIND_NOTIFIER, 0)->name, ==, "console");
  g_assert_cmpstr (option (use (s, SRT_KIND_NOTIFIER, 1), "path")->text, ==, "b.xml");
  g_assert_cmpstr (option (use (s, SRT_KIND_NOTIFIER, 1), "n")->text, ==, "3");
  g_assert_cmpuint (use (s, SRT_KIND_NOTIFIER, 2)->options->len, ==, 2);
  g_assert_cmpstr (option (use (s, SRT_KIND_NOTIFIER, 2), "to")->text, ==, "a,b:c");
  g_assert_cmpuint (srt_settings_plugins (s, SRT_KIND_EXECUTOR)->len, ==, 1);
  g_assert_cmpstr (use (s, SRT_KIND_EXECUTOR, 0)->name, ==, "process");
  g_assert_null (option (use (s, SRT_KIND_EXECUTOR, 0), "image"));
  g_assert_cmpuint (srt_settings_plugins (s, SRT_KIND_CHECKPOINT)->len, ==, 0);
}

static void
test_no_notifiers_then_one (Bench *bench, gconstpointer data)
{
  bench_use (bench, SRT_KIND_NOTIFIER, "none");
  bench_use (bench, SRT_KIND_NOTIFIER, "junit:path=b.xml");
  SrtSettings *s = bench_load (bench);

  g_assert_cmpuint (srt_settings_plugins (s, SRT_KIND_NOTIFIER)->len, ==, 1);
  g_assert_cmpstr (use (s, SRT_KIND_NOTIFIER, 0)->name, ==, "junit");
}

static void
test_config_option (Bench *bench, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (bench->dir, "conf", NULL);

  bench_write (bench, "srt.cfg", "run = { jobs = 3; };");
  bench_write (bench, "conf/team.cfg", "run = { grace = 3; };");
  bench->command.config = "conf/team.cfg";
  SrtSettings *s = bench_load (bench);

  g_assert_cmpint (srt_settings_int (s, SRT_KEY_RUN_JOBS), ==, 0);
  bench_assert_origin (s, SRT_KEY_RUN_GRACE, "conf/team.cfg:1");
  g_assert_cmpstr (srt_settings_project_dir (s), ==, folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  BENCH_ADD ("/settings/layers/defaults", test_defaults);
  BENCH_ADD ("/settings/layers/order", test_order);
  BENCH_ADD ("/settings/layers/wholes-and-merges", test_wholes_and_merges);
  BENCH_ADD ("/settings/layers/builtin-profiles", test_builtin_profiles);
  BENCH_ADD ("/settings/layers/environment", test_environment);
  g_test_add_func ("/settings/layers/jobs-imply-parallel", test_jobs_imply_parallel);
  BENCH_ADD ("/settings/layers/timeout-stays", test_timeout_stays);
  BENCH_ADD ("/settings/layers/timeout-of-command-wins", test_timeout_of_command_wins);
  BENCH_ADD ("/settings/layers/single-overrides", test_single_overrides);
  BENCH_ADD ("/settings/layers/uses", test_uses);
  BENCH_ADD ("/settings/layers/no-notifiers-then-one", test_no_notifiers_then_one);
  BENCH_ADD ("/settings/layers/config-option", test_config_option);
  return g_test_run ();
}
