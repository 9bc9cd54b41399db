/* SPDX-License-Identifier: MIT
 * Folders and files without any configured suite. */
#include "catalog/catalog.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "catalog/walk.h"
#include "tree.h"

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define SECOND     G_GUINT64_CONSTANT (1000000000)

static void
test_usual_tree (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  tree_make (&tree);
  tree_programs (&tree, "test/b_test", "test/net/http_test", "test/net-a_test", "test/a.t", "test/helper", NULL);
  tree_write (&tree, "test/data.txt", 0755, "");
  tree_write (&tree, "test/plain_test.py", 0644, "");
  tree_programs (&tree, "test/.git/hook_test", "test/.hidden_test", "other/c_test", NULL);
  g_autoptr (SrtCatalog) catalog = tree_catalog (&tree, NULL, NULL, &error);
  g_assert_no_error (error);
  tree_assert_ids (catalog, "test/a.t test/b_test test/net-a_test test/net/http_test");
  tree_assert_left_aside (&tree, catalog, "test/helper: no test's name | test/plain_test.py: not executable");
  const SrtTest *test = tree_find (catalog, "test/net/http_test");
  g_autofree char *file = g_build_filename (tree.root, "test/net/http_test", NULL);
  const char *const argv[] = { file, NULL };
  g_assert_cmpstrv (test->argv, argv);
  g_assert_cmpstr (test->pub.file, ==, file);
  g_assert_cmpstr (test->pub.suite, ==, "test");
  g_assert_cmpstr (test->pub.name, ==, "net/http_test");
  g_assert_cmpstr (test->pub.level, ==, "");
  g_assert_cmpuint (test->pub.size, ==, sizeof (srt_test));
  g_assert_cmpstr (test->cwd, ==, tree.root);
  g_assert_cmpuint (test->timeout_ns, ==, 120 * SECOND);
  g_assert_cmpuint (test->grace_ns, ==, 5 * SECOND);
  g_assert_cmpuint (test->output_max, ==, 1024 * 1024);
  g_assert_cmpint (test->term_signal, ==, SIGTERM);
  g_assert_null (test->profile);
  g_assert_false (test->reads_tap);
}

/* However a path is typed, a test has the same id. */
static void
test_adhoc_ids (void)
{
  g_auto (Tree) tree;
  tree_make (&tree);
  tree_programs (&tree, "test/unit/a_test", "test/b_test", NULL);
  g_autofree char *absolute = g_build_filename (tree.root, "test", NULL);
  const char *const typed[] = { "test", "test/", "./test", "test/../test//", absolute, "." };
  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++) {
    g_autoptr (SrtCatalog) catalog = tree_catalog (&tree, NULL, PATHS (typed[i]), NULL);
    tree_assert_ids (catalog, "test/b_test test/unit/a_test");
    g_assert_cmpuint (catalog->own_suites->len, ==, 1);
  }
  const char *const deep[] = { "test/unit", "test/unit/a_test", "./test/unit/" };
  for (gsize i = 0; i < G_N_ELEMENTS (deep); i++) {
    g_autoptr (SrtCatalog) catalog = tree_catalog (&tree, NULL, PATHS (deep[i]), NULL);
    tree_assert_ids (catalog, "test/unit/a_test");
    g_assert_cmpstr (tree_find (catalog, "test/unit/a_test")->pub.level, ==, "unit");
  }
  g_autoptr (SrtCatalog) twice = tree_catalog (&tree, NULL, PATHS ("test/unit", "test", "test/b_test"), NULL);
  tree_assert_ids (twice, "test/b_test test/unit/a_test");
}

static void
test_adhoc_suites (void)
{
  g_auto (Tree) tree;
  tree_make (&tree);
  tree_programs (&tree, "z/x_test", "a/x_test", "x_test", NULL);
  g_autofree char *base = g_path_get_basename (tree.root);
  g_autofree char *expected = g_strdup_printf ("a/x_test %s/x_test z/x_test", base);
  g_autoptr (SrtCatalog) catalog = tree_catalog (&tree, NULL, PATHS ("."), NULL);
  tree_assert_ids (catalog, expected);
  g_assert_cmpuint (catalog->own_suites->len, ==, 3);
  g_assert_cmpstr (((SrtSuite *)catalog->own_suites->pdata[0])->name, ==, "a");
}

static void
test_adhoc_file (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  tree_make (&tree);
  tree_programs (&tree, "run/anything", NULL);
  tree_write (&tree, "run/plain.py", 0644, "");
  g_autoptr (SrtCatalog) catalog = tree_catalog (&tree, NULL, PATHS ("run/anything"), &error);
  g_assert_no_error (error);
  tree_assert_ids (catalog, "run/anything");
  g_assert_null (tree_catalog (&tree, NULL, PATHS ("run/plain.py"), &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_USAGE, "run/plain.py: not executable");
}

static void
test_adhoc_errors (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  tree_make (&tree);
  g_assert_null (tree_catalog (&tree, NULL, NULL, &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_NO_TESTS, "no test selected: *--config FILE*");
  tree_write (&tree, "empty/a_test.py", 0644, "");
  tree_write (&tree, "empty/b_test.py", 0644, "");
  tree_write (&tree, "empty/c_test.py", 0644, "");
  tree_write (&tree, "empty/d_test.py", 0644, "");
  g_assert_null (tree_catalog (&tree, NULL, PATHS ("empty/"), &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_NO_TESTS,
                     "empty/: no test found there; left aside: ROOT/empty/a_test.py: not executable, "
                     "ROOT/empty/b_test.py: not executable, ROOT/empty/c_test.py: not executable, and 1 more; "
                     "a suite with a command, as command = [\"perl\", \"{file}\"], runs files that are no programs");
  g_assert_null (tree_catalog (&tree, NULL, PATHS ("no\n/where"), &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_USAGE, "no\\x0a/where: no such file or folder");
  g_autofree char *fifo = g_build_filename (tree.root, "fifo_test", NULL);
  g_assert_cmpint (mkfifo (fifo, 0755), ==, 0);
  g_assert_null (tree_catalog (&tree, NULL, PATHS ("fifo_test"), &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_USAGE, "fifo_test: neither a file nor a folder");
  tree_link (&tree, "dead_test", "nowhere");
  g_assert_null (tree_catalog (&tree, NULL, PATHS ("dead_test"), &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_USAGE, "dead_test: no such file or folder");
}

static void
test_no_tests_pass (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  tree_make (&tree);
  tree_write (&tree, "empty/README", 0644, "");
  SrtSettings *settings = tree_settings (&tree, NULL, PATHS ("run.no_tests=pass"));
  g_autoptr (SrtCatalog) nothing = srt_catalog_new (settings, NULL, tree.root, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (nothing->tests->len, ==, 0);
  g_autoptr (SrtCatalog) empty = srt_catalog_new (settings, PATHS ("empty"), tree.root, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (empty->tests->len, ==, 0);
  g_assert_null (srt_catalog_new (settings, PATHS ("missing"), tree.root, &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_USAGE, "missing: no such file or folder");
}

static void
test_all_executables (void)
{
  g_auto (Tree) tree;
  tree_make (&tree);
  tree_programs (&tree, "test/anything", "test/lib.so", NULL);
  tree_write (&tree, "test/README", 0644, "");
  SrtSettings *settings = tree_settings (&tree, NULL, PATHS ("run.all_executables=true"));
  g_autoptr (SrtCatalog) catalog = srt_catalog_new (settings, NULL, tree.root, NULL);
  tree_assert_ids (catalog, "test/anything test/lib.so");
  tree_assert_left_aside (&tree, catalog, "");
}

static void
test_spl (void)
{
  g_auto (Tree) tree;
  tree_make (&tree);
  tree_write (&tree, "test/a_spec.spl", 0644, "");
  tree_write (&tree, "test/helper.spl", 0644, "");
  tree_programs (&tree, "test/b_test", NULL);
  g_autofree char *path = g_strdup (g_getenv ("PATH"));
  g_setenv ("PATH", "/nonexistent", TRUE);
  g_autoptr (SrtCatalog) without = tree_catalog (&tree, NULL, NULL, NULL);
  tree_assert_ids (without, "test/b_test");
  tree_assert_left_aside (&tree, without, "test/a_spec.spl: no interpreter `simple` on PATH or in bin/");

  tree_programs (&tree, "elsewhere/simple", NULL);
  g_autofree char *elsewhere = g_build_filename (tree.root, "elsewhere", NULL);
  g_setenv ("PATH", elsewhere, TRUE);
  g_autoptr (SrtCatalog) on_path = tree_catalog (&tree, NULL, NULL, NULL);
  g_autofree char *found = g_build_filename (elsewhere, "simple", NULL);
  g_autofree char *file = g_build_filename (tree.root, "test/a_spec.spl", NULL);
  const char *const argv[] = { found, file, NULL };
  g_assert_cmpstrv (tree_find (on_path, "test/a_spec.spl")->argv, argv);

  tree_programs (&tree, "bin/simple", NULL);
  g_autoptr (SrtCatalog) own = tree_catalog (&tree, NULL, NULL, NULL);
  g_autofree char *in_bin = g_build_filename (tree.root, "bin/simple", NULL);
  g_assert_cmpstr (tree_find (own, "test/a_spec.spl")->argv[0], ==, in_bin);
  g_setenv ("PATH", path, TRUE);
}

static void
test_links (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  tree_make (&tree);
  tree_programs (&tree, "real/a_test", NULL);
  tree_write (&tree, "real/plain", 0644, "");
  tree_link (&tree, "test/linked_test", "../real/a_test");
  tree_link (&tree, "test/plain_test", "../real/plain");
  tree_link (&tree, "test/broken_test", "nowhere");
  tree_link (&tree, "test/self_test", "self_test");
  tree_link (&tree, "test/loop", ".");
  tree_link (&tree, "test/other", "../real");
  g_autoptr (SrtCatalog) catalog = tree_catalog (&tree, NULL, NULL, &error);
  g_assert_no_error (error);
  tree_assert_ids (catalog, "test/linked_test");
  tree_assert_left_aside (&tree, catalog,
                          "test/broken_test: a broken link | "
                          "test/loop: a link to a folder; links are followed only where they are given by name | "
                          "test/other: a link to a folder; links are followed only where they are given by name | "
                          "test/plain_test: not executable | test/self_test: a broken link");
  g_autoptr (SrtCatalog) given = tree_catalog (&tree, NULL, PATHS ("test/other"), &error);
  g_assert_no_error (error);
  tree_assert_ids (given, "test/other/a_test");
}

static void
test_odd_names (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  tree_make (&tree);
  tree_programs (&tree, "te st/a\nb_test", "te st/\xff_test", "te st/\xc3\xa4_test", NULL);
  tree_write (&tree, "te st/\x01_test", 0644, "");
  g_autoptr (SrtCatalog) catalog = tree_catalog (&tree, NULL, PATHS ("te st"), &error);
  g_assert_no_error (error);
  tree_assert_ids (catalog, "te st/\\xff_test te st/a\\x0ab_test te st/\xc3\xa4_test");
  tree_assert_left_aside (&tree, catalog, "te st/\\x01_test: not executable");
  g_autofree char *file = g_build_filename (tree.root, "te st/\xff_test", NULL);
  g_assert_cmpstr (tree_find (catalog, "te st/\\xff_test")->argv[0], ==, file); /* the bytes as they are */
  tree_programs (&tree, "te st/\\xff_test", NULL);
  g_assert_null (tree_catalog (&tree, NULL, PATHS ("te st"), &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_USAGE,
                     "two tests would be called te st/\\xff_test: *; give them suites *");
}

static void
test_too_deep (void)
{
  g_auto (Tree) tree;
  g_autoptr (GString) below = g_string_new ("test/");
  tree_make (&tree);
  for (guint i = 0; i < SRT_WALK_DEPTH; i++)
    g_string_append (below, "d/");
  g_autofree char *deepest = g_strconcat (below->str, "a_test", NULL);
  g_autofree char *too_deep = g_strconcat (below->str, "d/b_test", NULL);
  g_autofree char *folder = g_strconcat (below->str, "d: nested too deep", NULL);
  tree_programs (&tree, deepest, too_deep, NULL);
  g_autoptr (SrtCatalog) catalog = tree_catalog (&tree, NULL, NULL, NULL);
  tree_assert_ids (catalog, deepest);
  tree_assert_left_aside (&tree, catalog, folder);
}

static void
test_unreadable (void)
{
  g_auto (Tree) tree;
  g_autoptr (GError) error = NULL;
  tree_make (&tree);
  if (geteuid () == 0) {
    g_test_skip ("root can read everything");
    return;
  }
  tree_programs (&tree, "test/a_test", "test/closed/b_test", NULL);
  g_autofree char *closed = g_build_filename (tree.root, "test/closed", NULL);
  g_assert_cmpint (chmod (closed, 0), ==, 0);
  g_autoptr (SrtCatalog) catalog = tree_catalog (&tree, NULL, NULL, &error);
  g_assert_no_error (error);
  tree_assert_ids (catalog, "test/a_test");
  tree_assert_left_aside (&tree, catalog, "test/closed: Permission denied");
  g_assert_null (tree_catalog (&tree, NULL, PATHS ("test/closed"), &error));
  tree_assert_fails (&tree, &error, SRT_ERROR_USAGE, "test/closed: Permission denied");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/catalog/usual-tree", test_usual_tree);
  g_test_add_func ("/catalog/adhoc/ids", test_adhoc_ids);
  g_test_add_func ("/catalog/adhoc/suites", test_adhoc_suites);
  g_test_add_func ("/catalog/adhoc/file", test_adhoc_file);
  g_test_add_func ("/catalog/adhoc/errors", test_adhoc_errors);
  g_test_add_func ("/catalog/adhoc/no-tests-pass", test_no_tests_pass);
  g_test_add_func ("/catalog/all-executables", test_all_executables);
  g_test_add_func ("/catalog/spl", test_spl);
  g_test_add_func ("/catalog/links", test_links);
  g_test_add_func ("/catalog/odd-names", test_odd_names);
  g_test_add_func ("/catalog/too-deep", test_too_deep);
  g_test_add_func ("/catalog/unreadable", test_unreadable);
  return g_test_run ();
}
