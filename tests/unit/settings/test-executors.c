/* SPDX-License-Identifier: MIT
 * Where tests run: who may say it, what the command line does to that, and whose the options are. */
#include "help.h"
#include "srt/srt-plugin.h"

#include <string.h>

static const char hybrid[] =
    "executor = { name = \"process\"; a = 1; };\n"
    "executors = ( \"board\", { name = \"pod\"; b = 2; c = 3; } );\n"
    "profiles = { far = { executor = \"board\"; }; };\n"
    "rules = ( { match = \"x\";\n executor = \"vm\"; } );\n"
    "suites = ( { name = \"own\"; paths = [ \"t\" ]; executor = { image = \"i\"; }; },\n"
    "  { name = \"plain\"; paths = [ \"t\" ]; executor = \"pod\"; },\n"
    "  { name = \"group\"; paths = [ \"t\" ]; executor = {\n name = \"pod\"; image = \"j\"; }; },\n"
    "  { name = \"profiled\"; paths = [ \"t\" ]; profile = \"far\"; executor = { image = \"k\"; }; } );\n";

static const SrtSuite *
suite_of (SrtSettings *settings, const char *name)
{
  const GPtrArray *suites = srt_settings_suites (settings);
  for (guint i = 0; i < suites->len; i++)
    if (g_str_equal (((const SrtSuite *)suites->pdata[i])->name, name))
      return suites->pdata[i];
  g_assert_not_reached ();
}

static void
assert_suite (SrtSettings *settings, const char *name, const char *executor, const char *image)
{
  const SrtSuite *suite = suite_of (settings, name);
  g_test_message ("%s", name);
  g_assert_cmpstr (srt_settings_suite_executor (settings, suite), ==, executor);
  g_assert_cmpuint (suite->executor_options->len, ==, image ? 1 : 0);
  if (image)
    g_assert_cmpstr (((const SrtRawOption *)suite->executor_options->pdata[0])->text, ==, image);
}

/* "a=1 b=2": the options that NAME is asked for with, and where (NULL: anywhere). */
static void
assert_use (SrtSettings *settings, const char *name, const char *options, const char *place)
{
  const SrtPluginUse *use = srt_settings_executor (settings, name);
  GString *found = g_string_new (NULL);
  g_assert_nonnull (use);
  for (guint i = 0; i < use->options->len; i++) {
    const SrtRawOption *option = use->options->pdata[i];
    g_string_append_printf (found, "%s%s=%s", i > 0 ? " " : "", option->name, option->text);
  }
  g_autofree char *text = g_string_free (found, FALSE), *origin = srt_origin_text (&use->origin);
  g_assert_cmpstr (use->name, ==, name);
  g_assert_cmpstr (text, ==, options);
  if (place)
    g_assert_cmpstr (origin, ==, place);
}

static void
test_choices (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", hybrid);
  SrtSettings *settings = bench_load (bench);
  assert_suite (settings, "own", "process", "i");
  assert_suite (settings, "plain", "pod", NULL);
  assert_suite (settings, "group", "pod", "j");
  assert_suite (settings, "profiled", "board", "k");
  assert_use (settings, "process", "a=1", "srt.cfg:1");
  assert_use (settings, "board", "", "srt.cfg:2");
  assert_use (settings, "pod", "b=2 c=3", "srt.cfg:2");
  assert_use (settings, "vm", "", "srt.cfg:5"); /* nobody but the rule asks for it */
  g_assert_null (srt_settings_executor (settings, "elsewhere"));
  g_assert_cmpuint (srt_settings_further_executors (settings)->len, ==, 3);
  g_assert_cmpstr (((const SrtRule *)srt_settings_rules (settings)->pdata[0])->executor, ==, "vm");
  g_assert_cmpstr (srt_settings_profile (settings, "far")->executor, ==, "board");
}

/* All tests run where the command line says, with the options that the files have for that one. */
static void
test_command_line (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", hybrid);
  bench_use (bench, SRT_KIND_EXECUTOR, "pod:c=4");
  SrtSettings *settings = bench_load (bench);
  assert_suite (settings, "own", "pod", "i");
  assert_suite (settings, "plain", "pod", NULL);
  assert_suite (settings, "group", "pod", "j");
  assert_suite (settings, "profiled", "pod", "k");
  assert_use (settings, "pod", "b=2 c=4", "--use");
  g_assert_null (((const SrtRule *)srt_settings_rules (settings)->pdata[0])->executor);
  g_assert_null (srt_settings_profile (settings, "far")->executor);
  g_assert_null (srt_settings_executor (settings, "vm"));
}

/* Options for another one say nothing then. --set does the same as --executor; what it says of one suite stays. */
static void
test_set (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", hybrid);
  bench_set (bench, "executor", "process");
  bench_set (bench, "suites.plain.executor", "vm");
  SrtSettings *settings = bench_load (bench);
  assert_suite (settings, "plain", "vm", NULL);
  assert_suite (settings, "group", "process", NULL);
  assert_suite (settings, "own", "process", "i");
  assert_use (settings, "vm", "", "--set suites.plain.executor");
}

/* An option alone chooses nothing. */
static void
test_set_option (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", hybrid);
  bench_set (bench, "executor.a", "9");
  SrtSettings *settings = bench_load (bench);
  assert_suite (settings, "plain", "pod", NULL);
  assert_use (settings, "process", "a=9", "srt.cfg:1");
}

/* The list may be another file's: it has options for whichever is chosen. */
static void
test_layers (Bench *bench, gconstpointer data)
{
  bench->user_file = bench_write (bench, "user.cfg", "executors = ( { name = \"pod\"; b = 2; c = 3; } );");
  bench_write (bench, "srt.cfg", "executor = { name = \"pod\"; c = 5; };");
  SrtSettings *settings = bench_load (bench);
  assert_use (settings, "pod", "b=2 c=5", "srt.cfg:1");
  g_assert_cmpuint (srt_settings_further_executors (settings)->len, ==, 0);
  bench_write (bench, "srt.cfg", "executors = ( \"board\" );");
  settings = bench_load (bench);
  g_assert_null (srt_settings_executor (settings, "pod"));
  assert_use (settings, "process", "", "default");
}

/* What is printed reads back as the same, and a secret is asked for with the plugin that it is of. */
static gboolean
is_image_of_board (guint32 kind, const char *plugin, const char *option, gpointer data)
{
  return kind == SRT_KIND_EXECUTOR && g_str_equal (plugin, "board") && g_str_equal (option, "image");
}

static void
test_print (Bench *bench, gconstpointer data)
{
  bench_write (bench, "srt.cfg", hybrid);
  SrtSettings *settings = bench_load (bench);
  g_autofree char *digest = g_strdup (srt_settings_digest (settings));
  g_autofree char *printed = srt_settings_print (settings, NULL, NULL);
  g_autofree char *hidden = srt_settings_print (settings, is_image_of_board, NULL);
  g_assert_nonnull (strstr (printed, "\"k\""));
  g_assert_null (strstr (hidden, "\"k\""));
  g_assert_nonnull (strstr (hidden, "\"j\""));
  bench_write (bench, "srt.cfg", printed);
  settings = bench_load (bench);
  assert_suite (settings, "group", "pod", "j");
  assert_suite (settings, "profiled", "board", "k");
  assert_use (settings, "pod", "b=2 c=3", NULL);
  g_assert_cmpstr (srt_settings_digest (settings), ==, digest);
}

/* Where tests run is part of what they are; options of an executor are not. */
static void
test_digest (Bench *bench, gconstpointer data)
{
  const char *const plain = "suites = ( { name = \"a\"; paths = [ \"t\" ]; } );\n";
  const char *const rows[] = {
    "suites = ( { name = \"a\"; paths = [ \"t\" ]; executor = \"pod\"; } );\n",
    "suites = ( { name = \"a\"; paths = [ \"t\" ]; } ); rules = ( { match = \"x\"; executor = \"pod\"; } );\n",
    "suites = ( { name = \"a\"; paths = [ \"t\" ]; } ); profiles = { fast = { executor = \"pod\"; }; };\n",
    "suites = ( { name = \"a\"; paths = [ \"t\" ]; executor = { name = \"pod\"; image = \"i\"; }; } );\n",
  };
  bench_write (bench, "srt.cfg", plain);
  g_autofree char *base = g_strdup (srt_settings_digest (bench_load (bench)));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    bench_write (bench, "srt.cfg", rows[i]);
    g_assert_cmpstr (srt_settings_digest (bench_load (bench)), !=, base);
  }
  g_autofree char *listed = g_strconcat ("executors = ( { name = \"pod\"; b = 1; } );\n", plain, NULL);
  bench_write (bench, "srt.cfg", listed);
  g_assert_cmpstr (srt_settings_digest (bench_load (bench)), ==, base);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  BENCH_ADD ("/settings/executors/choices", test_choices);
  BENCH_ADD ("/settings/executors/command-line", test_command_line);
  BENCH_ADD ("/settings/executors/set", test_set);
  BENCH_ADD ("/settings/executors/set-option", test_set_option);
  BENCH_ADD ("/settings/executors/layers", test_layers);
  BENCH_ADD ("/settings/executors/print", test_print);
  BENCH_ADD ("/settings/executors/digest", test_digest);
  return g_test_run ();
}
