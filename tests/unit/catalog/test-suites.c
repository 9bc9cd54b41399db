/* SPDX-License-Identifier: MIT
 * Configured suites: what they find, how paths select among them, limits, installed tests. */
#include "catalog/catalog.h"

#include <signal.h>

#include "base/error.h"
#include "tree.h"

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define SECOND     G_GUINT64_CONSTANT (1000000000)

static const char two_suites[] =
    "suites = ( { name = \"zeta\"; level = \"unit\"; paths = [ \"t\" ]; exclude = [ \"slow*\", \"skip/*\" ]; },\n"
    "  { name = \"alpha\"; paths = [ \"py\" ]; patterns = [ \"check_*.py\" ]; exclusive = true;\n"
    "    command = [ \"python3\", \"-I\", \"{file}\", \"{name}\", \"{dir}\", \"{suite}\", \"{{name}\" ];\n"
    "    env = [ \"A=1\", \"B\" ]; cwd = \"{dir}\"; timeout = \"7s\"; grace = \"1s\";\n"
    "    output_max = \"4K\"; format = \"tap\"; capture = \"merged\"; term_signal = \"INT\"; } );\n";

static void
make_two_suites (Tree *tree)
{
  tree_make (tree);
  tree_programs (tree, "t/b_test", "t/a_test", "t/slow_test", "t/skip/x_test", "t/slower/y_test", NULL);
  tree_write (tree, "py/sub/check_it.py", 0644, "");
  tree_write (tree, "py/other.py", 0755, "");
}

static void
test_suites (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  make_two_suites (&tree);
  g_autoptr (SrtCatalog) catalog = tree_catalog (&tree, two_suites, NULL, &error);
  g_assert_no_error (error);
  tree_assert_ids (catalog, "zeta/a_test zeta/b_test alpha/sub/check_it.py");
  tree_assert_left_aside (&tree, catalog, "");
  g_assert_cmpstr (tree_find (catalog, "zeta/a_test")->pub.level, ==, "unit");
  const SrtTest *test = tree_find (catalog, "alpha/sub/check_it.py");
  g_autofree char *file = g_build_filename (tree.root, "py/sub/check_it.py", NULL);
  g_autofree char *dir = g_path_get_dirname (file);
  const char *const argv[] = { "python3", "-I", file, "sub/check_it.py", dir, "alpha", "{name}", NULL };
  const char *const env[] = { "A=1", "B", NULL };
  g_assert_cmpstrv (test->argv, argv);
  g_assert_cmpstrv (test->env, env);
  g_assert_cmpstr (test->cwd, ==, dir);
  g_assert_cmpuint (test->timeout_ns, ==, 7 * SECOND);
  g_assert_cmpuint (test->grace_ns, ==, SECOND);
  g_assert_cmpuint (test->output_max, ==, 4096);
  g_assert_cmpint (test->format, ==, SRT_FORMAT_TAP);
  g_assert_cmpint (test->term_signal, ==, SIGINT);
  g_assert_true (test->reads_tap && test->merged && test->exclusive);
}

static void
check_selection (Tree *tree, const char *path, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SrtCatalog) catalog = tree_catalog (tree, two_suites, PATHS (path), &error);
  g_assert_no_error (error);
  tree_assert_ids (catalog, expected);
}

static void
test_selection (void)
{
  g_auto (Tree) tree;
  make_two_suites (&tree);
  tree_link (&tree, "link", "t");
  g_autofree char *absolute = g_build_filename (tree.root, "t/b_test", NULL);
  check_selection (&tree, ".", "zeta/a_test zeta/b_test alpha/sub/check_it.py");
  check_selection (&tree, "t", "zeta/a_test zeta/b_test");
  check_selection (&tree, "t/../py/", "alpha/sub/check_it.py");
  check_selection (&tree, "t/a_test", "zeta/a_test");
  check_selection (&tree, absolute, "zeta/b_test");
  check_selection (&tree, "zeta/b_test", "zeta/b_test");
  check_selection (&tree, "link/b_test", "zeta/b_test");
  g_autoptr (SrtCatalog) two = tree_catalog (&tree, two_suites, PATHS ("py", "t/a_test", "py"), NULL);
  tree_assert_ids (two, "zeta/a_test alpha/sub/check_it.py");
}

static void
test_selection_errors (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  make_two_suites (&tree);
  tree_write (&tree, "t/plain_test", 0644, "");
  tree_programs (&tree, "t2/x_test", NULL);
  g_assert_null (tree_catalog (&tree, two_suites, PATHS ("t", "missing"), &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_USAGE, "missing: no such file or folder, and no test of that name");
  g_assert_null (tree_catalog (&tree, two_suites, PATHS ("t", "t2"), &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_NO_TESTS, "t2: none of the configured suites has a test there*");
  g_assert_null (tree_catalog (&tree, two_suites, PATHS ("t/plain_test"), &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_USAGE, "t/plain_test: not executable");
  g_autoptr (SrtCatalog) elsewhere = tree_catalog (&tree, two_suites, PATHS ("py"), &error);
  g_assert_no_error (error);
  tree_assert_left_aside (&tree, elsewhere, ""); /* t/plain_test is not asked for */
}

static void
test_suite_errors (void)
{
  static const struct {
    const char *suite, *error;
  } rows[] = {
    { "paths = [ \"gone\" ]", "*srt.cfg:1: suite \"s\": ROOT/gone: no such file or folder" },
    { "paths = [ \"plain\" ]", "*srt.cfg:1: suite \"s\": ROOT/plain: not executable" },
    { "paths = [ \"a\", \"b\" ]",
      "*srt.cfg:1: suite \"s\": two tests would be called s/x_test: ROOT/a/x_test and ROOT/b/x_test; give them *" },
    { "paths = [ \"a\" ]; command = [ \"sh\" ]", "*suite \"s\": `command` names no test *" },
    { "paths = [ \"a\" ]; from = \"installed-tests\"; command = [ \"sh\", \"{file}\" ]",
      "*`command` has no meaning *" },
    { "paths = [ \"plain\" ]; from = \"installed-tests\"", "*ROOT/plain: a .test file without Type *" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_auto (Tree) tree;
    g_autoptr (GError) error = NULL;
    tree_make (&tree);
    tree_programs (&tree, "a/x_test", "b/x_test", NULL);
    tree_write (&tree, "plain", 0644, "");
    g_autofree char *config = g_strdup_printf ("suites = ( { name = \"s\"; %s; } );", rows[i].suite);
    g_assert_null (tree_catalog (&tree, config, NULL, &error));
    tree_assert_fails (&tree, &error, SRT_ERROR_USAGE, rows[i].error);
  }
}

static void
test_suite_paths (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  tree_make (&tree);
  tree_programs (&tree, "a/b/x_test", "a/y_test", NULL);
  tree_write (&tree, "empty/README", 0644, "");
  g_autoptr (SrtCatalog) catalog =
      tree_catalog (&tree,
                    "suites = ( { name = \"one\"; paths = [ \"a/b\", \"a\", \"a/y_test\" ]; },\n"
                    "  { name = \"two\"; paths = [ \"a/b/x_test\", \"empty\", \"gone\" ]; optional = true; } );",
                    NULL, &error);
  g_assert_no_error (error);
  tree_assert_ids (catalog,
                   "one/x_test one/y_test two/x_test"); /* each file once in a suite, and in as many as say so */
  tree_assert_left_aside (&tree, catalog, "empty: no test found there | gone: not there (its suite is optional)");
}

static void
check_limits (const Tree *tree, const char *const *overrides, const char *id, guint64 seconds, const char *profile)
{
  g_autoptr (GError) error = NULL;
  SrtSettings *settings = tree_settings (tree, NULL, overrides);
  g_autoptr (SrtCatalog) catalog = srt_catalog_new (settings, NULL, tree->root, &error);
  g_assert_no_error (error);
  const SrtTest *test = tree_find (catalog, id);
  g_assert_cmpuint (test->timeout_ns, ==, seconds * SECOND);
  g_assert_cmpstr (test->profile != NULL ? test->profile->name : "", ==, profile);
}

static void
test_limits (void)
{
  g_auto (Tree) tree;
  tree_make (&tree);
  tree_programs (&tree, "a/x_test", NULL);
  tree_write (&tree, "srt.cfg", 0644,
              "profiles = { mine = { memory = \"64M\"; }; };\n"
              "suites = ( { name = \"plain\"; paths = [ \"a\" ]; },\n"
              "  { name = \"said\"; paths = [ \"a\" ]; timeout = 9; },\n"
              "  { name = \"fast\"; paths = [ \"a\" ]; profile = \"fast\"; },\n"
              "  { name = \"both\"; paths = [ \"a\" ]; profile = \"fast\"; timeout = 0; },\n"
              "  { name = \"mine\"; paths = [ \"a\" ]; profile = \"mine\"; } );\n");
  check_limits (&tree, NULL, "plain/x_test", 120, "");
  check_limits (&tree, NULL, "said/x_test", 9, "");
  check_limits (&tree, NULL, "fast/x_test", 30, "fast");
  check_limits (&tree, NULL, "both/x_test", 0, "fast");
  check_limits (&tree, NULL, "mine/x_test", 120, "mine");
  check_limits (&tree, PATHS ("run.profile=slow"), "plain/x_test", 600, "slow");
  check_limits (&tree, PATHS ("run.profile=slow"), "fast/x_test", 600, "slow");
  check_limits (&tree, PATHS ("run.timeout=3s"), "plain/x_test", 3, "");
  check_limits (&tree, PATHS ("run.timeout=3s"), "said/x_test", 3, "");
  check_limits (&tree, PATHS ("run.timeout=3s"), "both/x_test", 3, "fast");
  check_limits (&tree, PATHS ("run.timeout=3s"), "fast/x_test", 3, "fast");
  check_limits (&tree, PATHS ("run.no_limits=true"), "said/x_test", 0, "");
  check_limits (&tree, PATHS ("run.no_limits=true"), "fast/x_test", 0, "");
}

/* The nearest to the test wins; single limits go over those of the profile. */
static void
test_rules (void)
{
  g_auto (Tree) tree;
  tree_make (&tree);
  tree_programs (&tree, "a/x_test", "a/deep/y_test", "a/z_test", NULL);
  tree_write (
      &tree, "srt.cfg", 0644,
      "run = { keep = [ \"sccache\" ]; };\n"
      "profiles = { mine = { memory = \"64M\"; processes = 9; output_max = \"5K\"; }; };\n"
      "suites = ( { name = \"s\"; paths = [ \"a\" ]; timeout = 9; profile = \"mine\"; leaks = \"fail\";\n"
      "             heartbeat = 30;"
      "             keep = [ \"gpg-agent\" ]; } );\n"
      "rules = ( { match = \"s/deep/*\"; profile = \"slow\"; memory = \"32M\"; open_files = 99; heartbeat = 7; },\n"
      "          { match = [ \"y_test\", \"*/z_test\" ]; memory = \"16M\"; leaks = \"ignore\"; heartbeat = 8; },\n"
      "          { match = \"s/z*\"; timeout = 3; processes = 0; output_max = \"6K\"; } );\n");
  g_autoptr (GError) error = NULL;
  SrtSettings *settings = tree_settings (&tree, NULL, NULL);
  g_autoptr (SrtCatalog) catalog = srt_catalog_new (settings, NULL, tree.root, &error);
  g_assert_no_error (error);

  const SrtTest *x = tree_find (catalog, "s/x_test");
  g_assert_cmpstr (x->profile->name, ==, "mine");
  g_assert_cmpuint (x->timeout_ns, ==, 9 * SECOND);
  g_assert_cmpuint (x->heartbeat_ns, ==, 30 * SECOND);
  g_assert_cmpuint (x->limits.memory, ==, 64 << 20);
  g_assert_cmpuint (x->limits.processes, ==, 9);
  g_assert_cmpuint (x->output_max, ==, 5 << 10);
  g_assert_cmpint (x->leaks, ==, SRT_LEAKS_FAIL);
  g_assert_cmpstr (x->suite->keep[0], ==, "sccache");
  g_assert_cmpstr (x->suite->keep[1], ==, "gpg-agent");

  const SrtTest *y = tree_find (catalog, "s/deep/y_test");
  g_assert_cmpstr (y->profile->name, ==, "slow");
  g_assert_cmpuint (y->timeout_ns, ==, 600 * SECOND); /* of the rule's profile: nearer than the suite's own */
  g_assert_cmpuint (y->heartbeat_ns, ==, 8 * SECOND); /* of the later rule */
  g_assert_cmpuint (y->limits.memory, ==, 16 << 20);
  g_assert_cmpuint (y->limits.io_ops, ==, 10000);
  g_assert_cmpuint (y->limits.open_files, ==, 99);
  g_assert_cmpuint (y->limits.processes, ==, 0);
  g_assert_cmpint (y->leaks, ==, SRT_LEAKS_IGNORE);

  const SrtTest *z = tree_find (catalog, "s/z_test");
  g_assert_cmpuint (z->timeout_ns, ==, 3 * SECOND);
  g_assert_cmpuint (z->limits.memory, ==, 16 << 20);
  g_assert_cmpuint (z->limits.processes, ==, 0);
  g_assert_cmpuint (z->output_max, ==, 6 << 10);
  g_assert_cmpint (z->leaks, ==, SRT_LEAKS_IGNORE);
}

/* A test without a rule has its timeout only; safe mode gives it `standard`; no_limits lifts rules too. */
static void
test_modes (void)
{
  g_auto (Tree) tree;
  tree_make (&tree);
  tree_programs (&tree, "a/x_test", NULL);
  tree_write (&tree, "srt.cfg", 0644,
              "suites = ( { name = \"plain\"; paths = [ \"a\" ]; },\n"
              "  { name = \"fast\"; paths = [ \"a\" ]; profile = \"fast\"; } );\n"
              "rules = ( { match = \"fast/*\"; memory = \"7M\"; timeout = \"5s\"; heartbeat = 1; } );\n");
  check_limits (&tree, NULL, "plain/x_test", 120, "");
  check_limits (&tree, PATHS ("run.safe_mode=true"), "plain/x_test", 120, "standard");
  check_limits (&tree, PATHS ("run.safe_mode=true"), "fast/x_test", 5, "fast");
  check_limits (&tree, PATHS ("run.profile=slow"), "fast/x_test", 5, "slow");
  check_limits (&tree, PATHS ("run.timeout=8s"), "fast/x_test", 8, "fast");
  check_limits (&tree, PATHS ("run.no_limits=true"), "fast/x_test", 0, "");
  g_autoptr (GError) error = NULL;
  SrtSettings *settings = tree_settings (&tree, NULL, PATHS ("run.no_limits=true"));
  g_autoptr (SrtCatalog) catalog = srt_catalog_new (settings, NULL, tree.root, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tree_find (catalog, "fast/x_test")->limits.memory, ==, 0);
  g_assert_cmpuint (tree_find (catalog, "fast/x_test")->heartbeat_ns, ==, 0);
  g_assert_cmpint (tree_find (catalog, "fast/x_test")->limits.core_size, ==, -1);
}

static void
check_executor (const Tree *tree, const char *const *overrides, const char *id, const char *executor, const char *image)
{
  g_autoptr (GError) error = NULL;
  SrtSettings *settings = tree_settings (tree, NULL, overrides);
  g_autoptr (SrtCatalog) catalog = srt_catalog_new (settings, NULL, tree->root, &error);
  g_assert_no_error (error);
  const SrtTest *test = tree_find (catalog, id);
  g_assert_cmpstr (test->executor, ==, executor);
  g_assert_cmpuint (test->executor_options ? test->executor_options->len : 0, ==, image ? 1 : 0);
  if (image)
    g_assert_cmpstr (((const SrtRawOption *)test->executor_options->pdata[0])->text, ==, image);
}

/* The nearest that says one: a rule, its profile, the suite, its profile, the run. */
static void
test_executor (void)
{
  g_auto (Tree) tree;
  tree_make (&tree);
  tree_programs (&tree, "a/x_test", "a/ruled_test", "a/far_test", "a/near_test", NULL);
  tree_write (
      &tree, "srt.cfg", 0644,
      "profiles = { far = { executor = \"board\"; }; };\n"
      "suites = ( { name = \"plain\"; paths = [ \"a\" ]; executor = { image = \"i\"; }; },\n"
      "  { name = \"pod\"; paths = [ \"a\" ]; profile = \"far\"; executor = { name = \"pod\"; image = \"j\"; }; "
      "},\n"
      "  { name = \"board\"; paths = [ \"a\" ]; profile = \"far\"; executor = { image = \"k\"; }; } );\n"
      "rules = ( { match = \"ruled_test\"; executor = \"vm\"; }, { match = \"far_test\"; profile = \"far\"; },\n"
      "  { match = \"near_test\"; profile = \"far\"; executor = \"pod\"; } );\n");
  check_executor (&tree, NULL, "plain/x_test", "process", "i");
  check_executor (&tree, NULL, "plain/ruled_test", "vm", NULL);
  check_executor (&tree, NULL, "plain/far_test", "board", NULL);
  check_executor (&tree, NULL, "plain/near_test", "pod", NULL);
  check_executor (&tree, NULL, "pod/x_test", "pod", "j");
  check_executor (&tree, NULL, "pod/far_test", "board", NULL);
  check_executor (&tree, NULL, "pod/near_test", "pod", "j");
  check_executor (&tree, NULL, "board/x_test", "board", "k");
  check_executor (&tree, NULL, "board/far_test", "board", "k");
  check_executor (&tree, NULL, "board/ruled_test", "vm", NULL);
  check_executor (&tree, PATHS ("run.no_limits=true"), "board/x_test", "board", "k");
  check_executor (&tree, PATHS ("run.profile=far"), "plain/x_test", "board", "i");
}

static void
make_installed (Tree *tree)
{
  tree_make (tree);
  tree_write (tree, "share/installed-tests/lib/a.test", 0644,
              "[Test]\nType=session\nExec=/bin/prog --x 'y z'\nOutput=TAP\nTestEnvironment=A=1;B=2;\n");
  tree_write (tree, "share/installed-tests/lib/sub/b.test", 0644, "[Test]\nType=session-exclusive\nExec=prog\n");
  tree_write (tree, "share/installed-tests/lib/c.test", 0644, "[Test]\nType=desktop\nExec=prog\n");
  tree_write (tree, "share/installed-tests/lib/prog", 0755, "");
}

static void
test_installed (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  make_installed (&tree);
  g_autoptr (SrtCatalog) catalog = tree_catalog (
      &tree,
      "suites = ( { name = \"all\"; from = \"installed-tests\"; paths = [ \"share/installed-tests\" ]; },\n"
      "  { name = \"lib\"; from = \"installed-tests\"; paths = [ \"share/installed-tests/lib\" ];\n"
      "    patterns = [ \"a*\" ]; env = [ \"B=3\" ]; cwd = \"/\"; format = \"tap\"; },\n"
      "  { name = \"exit\"; from = \"installed-tests\"; paths = [ \"share/installed-tests/lib/a.test\" ];\n"
      "    format = \"exit\"; } );",
      NULL, &error);
  g_assert_no_error (error);
  tree_assert_ids (catalog, "all/lib/a.test all/lib/sub/b.test lib/lib/a.test exit/lib/a.test");
  tree_assert_left_aside (&tree, catalog,
                          "share/installed-tests/lib/c.test: Type=desktop is not run here, only session and "
                          "session-exclusive");
  const SrtTest *a = tree_find (catalog, "all/lib/a.test"), *b = tree_find (catalog, "all/lib/sub/b.test");
  const char *const argv[] = { "/bin/prog", "--x", "y z", NULL }, *const env[] = { "A=1", "B=2", NULL };
  g_assert_cmpstrv (a->argv, argv);
  g_assert_cmpstrv (a->env, env);
  g_assert_null (a->cwd);
  g_assert_cmpint (a->format, ==, SRT_FORMAT_EXIT);
  g_assert_true (a->reads_tap && !a->exclusive);
  g_assert_true (!b->reads_tap && b->exclusive);
  const SrtTest *said = tree_find (catalog, "lib/lib/a.test");
  const char *const more_env[] = { "A=1", "B=2", "B=3", NULL };
  g_assert_cmpstrv (said->env, more_env);
  g_assert_cmpstr (said->cwd, ==, "/");
  g_assert_cmpint (said->format, ==, SRT_FORMAT_TAP);
  g_assert_true (said->reads_tap);
  g_assert_false (tree_find (catalog, "exit/lib/a.test")->reads_tap);
}

static void
test_installed_large (void)
{
  g_auto (Tree) tree;
  tree_make (&tree);
  g_autofree char *comment = g_strnfill (64 * 1024, '#');
  tree_write (&tree, "t/a.test", 0644, comment);
  tree_write (&tree, "t/b.test", 0644, "[Test]\nType=session\nExec=prog\n");
  g_autoptr (SrtCatalog) catalog = tree_catalog (
      &tree, "suites = ( { name = \"s\"; from = \"installed-tests\"; paths = [ \"t\" ]; } );", NULL, NULL);
  tree_assert_ids (catalog, "s/b.test");
  tree_assert_left_aside (&tree, catalog, "t/a.test: a .test file without Type in its group [Test]");
  g_autofree char *longer = g_strconcat (comment, "#", NULL);
  tree_write (&tree, "t/a.test", 0644, longer);
  g_autoptr (SrtCatalog) again = tree_catalog (
      &tree, "suites = ( { name = \"s\"; from = \"installed-tests\"; paths = [ \"t\" ]; } );", NULL, NULL);
  tree_assert_left_aside (&tree, again, "t/a.test: not a .test file: larger than 64 KiB");
}

static void
test_cwd_tmp (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  tree_make (&tree);
  tree_programs (&tree, "t/a_test", NULL);
  g_autoptr (SrtCatalog) catalog =
      tree_catalog (&tree, "suites = ( { name = \"s\"; paths = [ \"t\" ]; cwd = \"{tmp}\"; } );", NULL, &error);
  g_assert_no_error (error);
  g_assert_null (tree_find (catalog, "s/a_test")->cwd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/catalog/suites", test_suites);
  g_test_add_func ("/catalog/suite-errors", test_suite_errors);
  g_test_add_func ("/catalog/suite-paths", test_suite_paths);
  g_test_add_func ("/catalog/selection", test_selection);
  g_test_add_func ("/catalog/selection-errors", test_selection_errors);
  g_test_add_func ("/catalog/limits", test_limits);
  g_test_add_func ("/catalog/rules", test_rules);
  g_test_add_func ("/catalog/modes", test_modes);
  g_test_add_func ("/catalog/executor", test_executor);
  g_test_add_func ("/catalog/installed", test_installed);
  g_test_add_func ("/catalog/installed-large", test_installed_large);
  g_test_add_func ("/catalog/cwd-tmp", test_cwd_tmp);
  return g_test_run ();
}
