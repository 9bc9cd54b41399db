/* SPDX-License-Identifier: MIT */
#include "help.h"
#include "settings/declare.h"
#include "srt/srt-plugin.h"

#include <signal.h>
#include <string.h>

#define S G_GUINT64_CONSTANT (1000000000)

static const char full_text[] =
    "suites = ( {\n"
    "  name = \"specs\"; level = \"system\"; from = \"installed-tests\";\n"
    "  paths = [ \"spec\", \"/abs/spec\", \"../up\" ];\n"
    "  patterns = ( \"*_spec.*\" ); exclude = [ \"slow/*\" ];\n"
    "  command = [ \"bin/simple\", \"{file}\", \"x{name}y\", \"awk '{ print }' {0} {}\" ];\n"
    "  env = [ \"A=b=c\", \"_B=\", \"HOME\" ];\n"
    "  cwd = \"{dir}/sub\"; stdin = \"input.txt\";\n"
    "  timeout = 1.5; grace = \"250ms\"; output_max = 5000000000;\n"
    "  format = \"tap\"; capture = \"merged\"; all_executables = true; exclusive = true;\n"
    "  heartbeat = \"30s\"; term_signal = \"INT\"; profile = \"mine\";\n"
    "  executor = { image = \"debian\"; n = 3; f = 2.0; on = true; args = [ \"a\", \"b\" ]; };\n"
    "} );\n"
    "profiles = { mine = { memory = 0x100000000; cpu = 2; wall = 0; io_ops = 5; cpu_time = \"1m\"; processes = 7;\n"
    "  open_files = 64; file_size = \"1G\"; core_size = 0; nice = -3; }; };\n";

static char *
in (const Bench *bench, const char *name)
{
  char *path = g_build_filename (bench->dir, name, NULL);
  g_test_queue_free (path);
  return path;
}

static void
assert_list (char *const *list, ...)
{
  va_list args;
  guint i = 0;

  va_start (args, list);
  for (const char *text; (text = va_arg (args, const char *)); i++)
    g_assert_cmpstr (list[i], ==, text);
  va_end (args);
  g_assert_null (list[i]);
}

static void
test_suite (Bench *bench, gconstpointer data)
{
  bench_write (bench, "sub/srt.cfg", full_text);
  bench->command.config = "sub/srt.cfg";
  const SrtSuite *suite = srt_settings_suites (bench_load (bench))->pdata[0];
  g_autofree char *origin = srt_origin_text (&suite->origin);

  g_assert_cmpstr (suite->name, ==, "specs");
  g_assert_cmpstr (suite->level, ==, "system");
  g_assert_cmpint (suite->from, ==, SRT_FROM_INSTALLED_TESTS);
  assert_list (suite->paths, in (bench, "sub/spec"), "/abs/spec", in (bench, "up"), NULL);
  assert_list (suite->patterns, "*_spec.*", NULL);
  assert_list (suite->exclude, "slow/*", NULL);
  assert_list (suite->command, in (bench, "sub/bin/simple"), "{file}", "x{name}y", "awk '{ print }' {0} {}", NULL);
  assert_list (suite->env, "A=b=c", "_B=", "HOME", NULL);
  g_assert_cmpstr (suite->cwd, ==, "{dir}/sub");
  g_assert_cmpstr (suite->stdin_path, ==, in (bench, "sub/input.txt"));
  g_assert_cmpuint (suite->timeout_ns, ==, 1500000000);
  g_assert_cmpuint (suite->grace_ns, ==, 250000000);
  g_assert_cmpuint (suite->heartbeat_ns, ==, G_GUINT64_CONSTANT (30000000000));
  g_assert_cmpuint (suite->output_max, ==, G_GUINT64_CONSTANT (5000000000));
  g_assert_cmpint (suite->format, ==, SRT_FORMAT_TAP);
  g_assert_true (suite->format_set && suite->merged && suite->all_executables && suite->exclusive);
  g_assert_cmpint (suite->term_signal, ==, SIGINT);
  g_assert_cmpstr (suite->profile, ==, "mine");
  g_assert_cmpstr (origin, ==, "sub/srt.cfg:1");
}

static void
test_executor_options (Bench *bench, gconstpointer data)
{
  static const struct {
    const char *name, *text;
    int type;
  } rows[] = { { "image", "debian", SRT_RAW_STRING },
               { "n", "3", SRT_RAW_INT },
               { "f", "2", SRT_RAW_FLOAT },
               { "on", "true", SRT_RAW_BOOL },
               { "args", NULL, SRT_RAW_LIST } };
  bench_write (bench, "srt.cfg", full_text);
  const SrtSuite *suite = srt_settings_suites (bench_load (bench))->pdata[0];

  g_assert_cmpuint (suite->executor_options->len, ==, G_N_ELEMENTS (rows));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const SrtRawOption *o = suite->executor_options->pdata[i];
    g_assert_cmpstr (o->name, ==, rows[i].name);
    g_assert_cmpstr (o->text, ==, rows[i].text);
    g_assert_cmpint (o->type, ==, rows[i].type);
    g_assert_cmpint (o->origin.line, ==, 11);
    if (o->type == SRT_RAW_LIST)
      assert_list (o->list, "a", "b", NULL);
  }
}

static void
test_plain_suite (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg",
               "suites = ( { name = \"unit\"; paths = [ \"t\" ]; cwd = \"w\"; command = [ \"sh\", \"{file}\" ]; } );");
  const SrtSuite *suite = srt_settings_suites (bench_load (bench))->pdata[0];

  g_assert_cmpstr (suite->level, ==, "");
  g_assert_cmpint (suite->from, ==, SRT_FROM_PATHS);
  g_assert_null (suite->patterns);
  g_assert_null (suite->exclude);
  g_assert_null (suite->env);
  g_assert_null (suite->stdin_path);
  g_assert_null (suite->profile);
  assert_list (suite->command, "sh", "{file}", NULL);
  g_assert_cmpstr (suite->cwd, ==, in (bench, "w"));
  g_assert_cmpint (suite->format, ==, SRT_FORMAT_EXIT);
  g_assert_false (suite->format_set || suite->merged || suite->all_executables || suite->exclusive);
  g_assert_cmpint (suite->term_signal, ==, SIGTERM);
  g_assert_cmpuint (suite->executor_options->len, ==, 0);
}

static void
test_profile (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", full_text);
  const SrtProfile *p = srt_settings_profile (bench_load (bench), "mine");

  g_assert_cmpuint (p->limits.memory, ==, G_GUINT64_CONSTANT (1) << 32);
  g_assert_cmpfloat (p->limits.cpu, ==, 2.0);
  g_assert_cmpuint (p->wall_ns, ==, 0);
  g_assert_cmpuint (p->limits.io_ops, ==, 5);
  g_assert_cmpuint (p->limits.cpu_time_ns, ==, 60 * S);
  g_assert_cmpuint (p->limits.processes, ==, 7);
  g_assert_cmpuint (p->limits.open_files, ==, 64);
  g_assert_cmpuint (p->limits.file_size, ==, 1 << 30);
  g_assert_cmpint (p->limits.core_size, ==, 0);
  g_assert_cmpint (p->limits.nice, ==, -3);
}

/* What the reader does to a text before libconfig sees it. */
static void
test_lexical (Bench *bench, gconstpointer data)
{
  bench_write (bench, "inc/one.cfg", "profiles = { one = { memory = 8589934592L; }; };");
  bench_write (bench, "srt.cfg",
               "\xef\xbb\xbf# @include \"nowhere.cfg\" 99999999999999999999\r\n"
               "/* 99999999999999999999\n@include \"nowhere.cfg\"\n*/\r\n"
               "run = { profile = \"one\"; // \"99999999999999999999\n"
               "  output_max = 0x100000000; tmp_dir = \"#5000000000 \\\\\\\" // @include\"; };\n"
               "  @include \"inc/one.cfg\" # here\n");
  SrtSettings *s = bench_load (bench);

  g_assert_cmpuint (srt_settings_bytes (s, SRT_KEY_RUN_OUTPUT_MAX), ==, G_GUINT64_CONSTANT (1) << 32);
  g_assert_cmpuint (srt_settings_profile (s, "one")->limits.memory, ==, G_GUINT64_CONSTANT (1) << 33);
  g_assert_cmpint (srt_settings_profile (s, "one")->origin.line, ==, 1);
  g_assert_true (g_str_has_suffix (srt_settings_string (s, SRT_KEY_RUN_TMP_DIR), "#5000000000 \\\" / @include"));
  bench_assert_origin (s, SRT_KEY_RUN_OUTPUT_MAX, "srt.cfg:6");
}

/* The tables themselves: defaults that their own checks would refuse cannot load, and names must not clash. */
static void
test_tables (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < srt_decl_settings.n; i++) {
    const SrtDecl *decl = &srt_decl_settings.rows[i];
    g_auto (GStrv) words = g_strsplit (decl->cli, " ", -1);
    g_assert_nonnull (strchr (decl->name, '.'));
    g_assert_false (g_str_has_suffix (decl->help, "."));
    for (guint k = 0; words[k] && words[k][0]; k++)
      g_assert_true (g_hash_table_add (names, g_strdup (words[k] + (words[k][0] == '!'))));
  }
  g_assert_cmpuint (srt_decl_settings.n, ==, SRT_N_KEYS);
  g_assert_cmpuint (srt_decl_suite.n, ==, SRT_N_SUITE_KEYS);
  g_assert_cmpuint (srt_decl_profile.n, ==, SRT_N_PROFILE_KEYS);
}

static void
test_use_text (void)
{
  static const char *const bad[][2] = {
    { "", "\"\" is no plugin's name; these are letters, digits, - and _, as in \"junit\"" },
    { "../x", "\"../x\" is no plugin's name; these are letters, digits, - and _, as in \"junit\"" },
    { "junit:path", "\"path\" is no option; write NAME=VALUE, as in \"junit:path=VALUE\"" },
    { "junit:=x", "\"\" is no option; write NAME=VALUE, as in \"junit:NAME=VALUE\"" },
    { "junit:a=b,,c=d", "\"\" is no option; write NAME=VALUE, as in \"junit:NAME=VALUE\"" },
  };
  const SrtOrigin origin = { NULL, 0, "--notifier" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (srt_plugin_use_parse (SRT_KIND_NOTIFIER, bad[i][0], &origin, &error));
    g_assert_cmpstr (error->message, ==, bad[i][1]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  BENCH_ADD ("/settings/values/suite", test_suite);
  BENCH_ADD ("/settings/values/executor-options", test_executor_options);
  BENCH_ADD ("/settings/values/plain-suite", test_plain_suite);
  BENCH_ADD ("/settings/values/profile", test_profile);
  BENCH_ADD ("/settings/values/lexical", test_lexical);
  g_test_add_func ("/settings/values/tables", test_tables);
  g_test_add_func ("/settings/values/use-text", test_use_text);
  return g_test_run ();
}
