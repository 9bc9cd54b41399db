/* SPDX-License-Identifier: MIT
 * What is pure in the catalog: names, templates, .test files. */
#include "catalog/adhoc.h"
#include "catalog/catalog.h"
#include "catalog/names.h"

#include <string.h>

static void
test_usual (void)
{
  static const char *const yes[] = {
    "net_test",    "net-test",     "net.test",    "net_tests",    "net_unittest",  "net-unittests", "net_test.py",
    "net_spec.rb", "net_spec",     "net.spec.js", "net_spec.spl", "NetTest",       "NetTests.sh",   "test_net",
    "test_net.py", "test-net",     "test-net.x",  "tst_net",      "test",          "test.sh",       "tests",
    "tests.py",    "basic.t",      "00-load.t",   "net.bats",     "t0001-init.sh", "tfoo.sh",       "t.sh",
    "v1.2_test",   "net_test.exe", "a.b-test.pl", "x_test.1",
  };
  static const char *const no[] = {
    "",
    "net",
    "latest",
    "contest",
    "attest.sh",
    "test_net.c",
    "test_net.o",
    "net_test.cpp",
    "net_test.so",
    "test-net.log",
    "net_test.trs",
    "net_test.txt",
    "net_test~",
    "test_net.sh.bak",
    ".test_net",
    ".t",
    ".bats",
    "testing",
    "tester.py",
    "spec",
    "inspect",
    "run.sh",
    "Makefile",
    "test_data.json",
    "net_test_data",
    "Testnet",
    "unittest",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (yes); i++)
    if (!srt_catalog_usual_name (yes[i]))
      g_error ("%s should be a test's name", yes[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (no); i++)
    if (srt_catalog_usual_name (no[i]))
      g_error ("%s should be no test's name", no[i]);
}

static void
test_match (void)
{
  char *const globs[] = { (char *)"*.py", (char *)"vendor/*", (char *)"[ab]?", NULL };
  g_assert_true (srt_names_match (globs, "x.py", NULL));
  g_assert_true (srt_names_match (globs, "x.sh", "vendor/deep/x.sh"));
  g_assert_true (srt_names_match (globs, "b7", "b7"));
  g_assert_false (srt_names_match (globs, "x.sh", "other/x.sh"));
  g_assert_false (srt_names_match (globs, "c7", NULL));
  g_assert_false (srt_names_match (NULL, "x", "x"));
}

static void
test_below (void)
{
  g_assert_cmpstr (srt_names_below ("/a/b/c", "/a"), ==, "b/c");
  g_assert_cmpstr (srt_names_below ("/a", "/a"), ==, "");
  g_assert_cmpstr (srt_names_below ("/a/b", "/"), ==, "a/b");
  g_assert_null (srt_names_below ("/ab/c", "/a"));
  g_assert_null (srt_names_below ("/a", "/a/b"));
}

static void
test_level (void)
{
  g_assert_cmpstr (srt_names_level ("test/unit/x"), ==, "unit");
  g_assert_cmpstr (srt_names_level ("system/x"), ==, "system");
  g_assert_cmpstr (srt_names_level ("a/integration/unit/x"), ==, "integration");
  g_assert_cmpstr (srt_names_level ("units/x"), ==, "");
  g_assert_cmpstr (srt_names_level ("unit"), ==, ""); /* a file's name is no folder */
}

static void
test_template (void)
{
  static const struct {
    const char *text, *expected;
  } rows[] = {
    { "plain", "plain" },
    { "{file}", "/d/f" },
    { "--in={file},{name},{dir},{suite}", "--in=/d/f,n,/d,s" },
    { "{{file}", "{file}" },
    { "{{{file}", "{/d/f" }, /* "{{", then a placeholder */
    { "{print}", "{print}" },
    { "{ {} } {", "{ {} } {" },
    { "{file", "{file" },
    { "", "" },
  };
  const SrtTemplateValues values = { .file = "/d/f", .name = "n", .dir = "/d", .suite = "s" };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = srt_template_expand (rows[i].text, &values);
    g_assert_cmpstr (text, ==, rows[i].expected);
  }
}

static void
test_adhoc_names (void)
{
  static const struct {
    const char *path, *root, *suite, *name;
  } rows[] = {
    { "/p/test/unit/x", "/p/test", "test", "unit/x" },
    { "/p/test/unit/x", "/p/test/unit", "test", "unit/x" },
    { "/p/test/unit/x", "/p", "test", "unit/x" },
    { "/p/x", "/p", "p", "x" },
    { "/other/test/unit/x", "/other/test", "test", "unit/x" },
    { "/other/x", "/other", "other", "x" },
    { "/x", "/", "root", "x" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    const char *name = NULL;
    g_autofree char *suite = srt_adhoc_name (rows[i].path, rows[i].root, "/p", &name);
    g_assert_cmpstr (suite, ==, rows[i].suite);
    g_assert_cmpstr (name, ==, rows[i].name);
  }
}

static void
test_installed_names (void)
{
  static const struct {
    const char *path, *root, *name;
  } rows[] = {
    { "/usr/share/installed-tests/glib/a.test", "/usr/share/installed-tests", "glib/a.test" },
    { "/usr/share/installed-tests/glib/a.test", "/usr/share/installed-tests/glib", "glib/a.test" },
    { "/x/installed-tests/y/installed-tests/z/a.test", "/x/installed-tests/y/installed-tests/z", "z/a.test" },
    { "/x/installed-tests/a.test", "/x", "installed-tests/a.test" }, /* below the root: only the root counts */
    { "/opt/glib/a.test", "/opt/glib", "a.test" },
    { "/my-installed-tests/a.test", "/my-installed-tests", "a.test" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (srt_installed_test_name (rows[i].path, rows[i].root), ==, rows[i].name);
}

static void
test_installed_good (void)
{
  static const char text[] = "[Test]\nType=session-exclusive\nExec=/bin/prog --a \"b c\" 'd e'\nOutput=TAP\n"
                             "TestEnvironment=A=1;B=x y=z;\nX-Whatever=1\n\n[Other]\nk=v\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (SrtInstalledTest) test = srt_installed_test_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  const char *const argv[] = { "/bin/prog", "--a", "b c", "d e", NULL };
  const char *const env[] = { "A=1", "B=x y=z", NULL };
  g_assert_cmpstrv (test->argv, argv);
  g_assert_cmpstrv (test->env, env);
  g_assert_true (test->exclusive);
  g_assert_true (test->tap);
}

static void
test_installed_plain (void)
{
  static const char text[] = "[Test]\nType=session\nExec=prog\n";
  g_autoptr (SrtInstalledTest) test = srt_installed_test_parse (text, strlen (text), NULL);
  g_assert_nonnull (test);
  g_assert_false (test->exclusive);
  g_assert_false (test->tap);
  g_assert_null (test->env);
}

static void
test_installed_bad (void)
{
  static const struct {
    const char *text, *error;
  } rows[] = {
    { "", "a .test file without Type in its group [Test]" },
    { "[Other]\nType=session\nExec=x\n", "a .test file without Type in its group [Test]" },
    { "[Test]\nExec=x\n", "a .test file without Type in its group [Test]" },
    { "[Test]\nType=session\n", "a .test file without Exec in its group [Test]" },
    { "[Test]\nType=desktop\nExec=x\n", "Type=desktop is not run here, only session and session-exclusive" },
    { "[Test]\nType=session\nExec=x 'y\n", "Exec: *" },
    { "[Test]\nType=session\nExec=\n", "Exec: *" },
    { "[Test]\nType=session\nExec=x\nTestEnvironment=A=1;B\n", "TestEnvironment: \"B\" is no NAME=value" },
    { "[Test]\nType=session\nExec=x\nTestEnvironment==1\n", "TestEnvironment: \"=1\" is no NAME=value" },
    { "#!/bin/sh\necho hello\n", "not a .test file: *" },
    { "\x7f"
      "ELF\x02\x01",
      "not a .test file: *" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (srt_installed_test_parse (rows[i].text, strlen (rows[i].text), &error));
    if (error == NULL || !g_pattern_match_simple (rows[i].error, error->message))
      g_error ("\"%s\": %s, expected %s", rows[i].text, error != NULL ? error->message : "no error", rows[i].error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/names/usual", test_usual);
  g_test_add_func ("/names/match", test_match);
  g_test_add_func ("/names/below", test_below);
  g_test_add_func ("/names/level", test_level);
  g_test_add_func ("/names/template", test_template);
  g_test_add_func ("/names/adhoc", test_adhoc_names);
  g_test_add_func ("/names/installed", test_installed_names);
  g_test_add_func ("/installed/good", test_installed_good);
  g_test_add_func ("/installed/plain", test_installed_plain);
  g_test_add_func ("/installed/bad", test_installed_bad);
  return g_test_run ();
}
