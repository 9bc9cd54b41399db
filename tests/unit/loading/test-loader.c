/* SPDX-License-Identifier: MIT
 * The fixtures of tests/fixtures/plugins, each copied into a folder of the test's own, where owner and modes are what
 * the test wants, whoever has built them. */
#include "base/error.h"
#include "host/instance.h"
#include "loading/loading.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  char *root, *first, *second; /* root/first and root/second are the plugin folders */
  SrtLoader *loader;
  GPtrArray *paths; /* of what was put there */
} Fixture;

static char *
make_folder (const char *root, const char *name)
{
  char *path = g_build_filename (root, name, NULL);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return path;
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *made = g_dir_make_tmp ("srt-loading-XXXXXX", &error);
  g_assert_no_error (error);
  f->root = realpath (made, NULL); /* messages have the resolved path */
  f->paths = g_ptr_array_new_with_free_func (g_free);
  f->first = make_folder (f->root, "first");
  f->second = make_folder (f->root, "second");
  f->loader = srt_loader_new ((const char *const[]){ f->first, f->second, NULL });
}

static void
clear_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_assert_cmpint (g_unlink (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  srt_loader_free (f->loader);
  clear_folder (f->first);
  clear_folder (f->second);
  g_assert_cmpint (g_rmdir (f->root), ==, 0);
  g_ptr_array_unref (f->paths);
  free (f->root);
  g_free (f->first);
  g_free (f->second);
}

/* Copy the fixture FROM.so to FOLDER/TO.so. */
static const char *
put (Fixture *f, const char *folder, const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *source = g_strdup_printf ("%s/%s.so", g_getenv ("FIXTURES"), from);
  char *path = g_strdup_printf ("%s/%s.so", folder, to);
  g_ptr_array_add (f->paths, path);
  g_autofree char *bytes = NULL;
  gsize length;
  g_file_get_contents (source, &bytes, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents (path, bytes, (gssize)length, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
  return path;
}

G_GNUC_PRINTF (2, 3)
static void
check_error (GError *error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *wanted = g_strdup_vprintf (format, args);
  va_end (args);
  g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
  g_assert_cmpstr (error->message, ==, wanted);
}

/* ---- accepted ---- */

static void
test_ok (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  const char *path = put (f, f->first, "notifier-ok", "notifier-ok");
  const SrtModule *module = srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "ok", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (module->path, ==, path);
  g_assert_cmpstr (module->plugin.name, ==, "ok");
  g_assert_cmpuint (module->options->len, ==, 4);
  g_assert_true (module->plugin.ops == &module->ops);
  g_assert_true (srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "ok", NULL) == module);
}

static void
test_newer_minor (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  put (f, f->first, "notifier-newer-minor", "notifier-newer-minor");
  const SrtModule *module = srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "newer-minor", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (module->abi_minor, ==, SRT_ABI_MINOR + 1);
  g_assert_cmpuint (module->plugin.size, ==, sizeof (srt_plugin));
  g_assert_cmpuint (module->ops.notifier.size, ==, sizeof (srt_notifier_ops));
  g_assert_cmpuint (module->options->len, ==, 2);
  g_assert_cmpstr (g_array_index (module->options, srt_option, 1).name, ==, "buffer");
  g_assert_cmpuint (g_array_index (module->options, srt_option, 1).size, ==, sizeof (srt_option));
}

/* By a symbolic link, a hard link and another folder: one module each time. */
static void
test_same_file_twice (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  const char *path = put (f, f->first, "notifier-ok", "notifier-ok");
  g_autofree char *soft = g_build_filename (f->first, "soft.so", NULL);
  g_autofree char *hard = g_build_filename (f->second, "notifier-hard.so", NULL);
  g_autofree char *same_name = g_build_filename (f->second, "notifier-ok.so", NULL);
  g_assert_cmpint (symlink ("notifier-ok.so", soft), ==, 0);
  g_assert_cmpint (link (path, hard), ==, 0);
  g_assert_cmpint (symlink (path, same_name), ==, 0);
  const SrtModule *module = srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "ok", &error);
  g_assert_no_error (error);
  g_assert_true (srt_loader_get_file (f->loader, path, NULL) == module);
  g_assert_true (srt_loader_get_file (f->loader, soft, NULL) == module);
  g_assert_true (srt_loader_get_file (f->loader, hard, NULL) == module);
  g_assert_true (srt_loader_get_file (f->loader, same_name, NULL) == module);
  g_assert_null (srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "hard", &error));
  check_error (error, "%s: holds the notifier plugin \"ok\"; its file must be called notifier-ok.so", hard);
}

static void
test_first_folder_wins (Fixture *f, gconstpointer unused)
{
  const char *second = put (f, f->second, "notifier-ok", "notifier-ok");
  const SrtModule *module = srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "ok", NULL);
  g_assert_cmpstr (module->path, ==, second);
  const char *first = put (f, f->first, "notifier-ok", "notifier-ok");
  module = srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "ok", NULL);
  g_assert_cmpstr (module->path, ==, first);
}

static void
test_describe (Fixture *f, gconstpointer unused)
{
  const char *path = put (f, f->first, "notifier-ok", "notifier-ok");
  const SrtModule *module = srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "ok", NULL);
  g_autofree char *text = srt_module_describe (module);
  g_autofree char *wanted = g_strdup_printf ("notifier-ok 1.0: A fixture\n"
                                             "  file: %s\n"
                                             "  plugin ABI: 0.9 (this srt has 0.9)\n"
                                             "options:\n"
                                             "  path: path, required\n"
                                             "      Where to write\n"
                                             "  color: one of auto, always, never, default auto\n"
                                             "      When to use colours\n"
                                             "  token: string, never shown\n"
                                             "      The server's token\n"
                                             "  patience: duration, default 30s, also in a suite\n"
                                             "      How long to wait\n",
                                             path);
  g_assert_cmpstr (text, ==, wanted);
}

/* ---- refused after it was opened: "FILE: " and this ---- */

typedef struct {
  const char *file;
  const char *message;
} Refusal;

static const Refusal refusals[] = {
  { "notifier-wrong-magic", "is no srt plugin: its srt_plugin_entry begins with 0x46494721, not 0x31545253" },
  { "notifier-short-struct", "says that its entry has 24 bytes; at least 80 are needed" },
  { "notifier-newer-major", "was built for plugin ABI 1.9; this srt has 0.9: build it again with this srt's header" },
  { "notifier-no-symbol", "is no srt plugin: it does not export srt_plugin_entry" },
  { "notifier-undefined-symbol", "cannot be loaded: undefined symbol: srt_fixture_nowhere" },
  { "notifier-missing-dependency", "cannot be loaded: libsrt-fixture-gone.so: cannot open shared object file: No such "
                                   "file or directory" },
  { "notifier-wrong-name", "holds the notifier plugin \"other-name\"; its file must be called notifier-other-name.so" },
  { "executor-missing-function", "has no \"start\" in its executor table, which is required" },
};

static void
test_refused (Fixture *f, gconstpointer data)
{
  const Refusal *refusal = data;
  g_autoptr (GError) error = NULL;
  const char *path = put (f, f->first, refusal->file, refusal->file);
  const char *dash = strchr (refusal->file, '-');
  g_autofree char *kind = g_strndup (refusal->file, (gsize)(dash - refusal->file));
  g_assert_null (srt_loader_get (f->loader, srt_kind_parse (kind), dash + 1, &error));
  check_error (error, "%s: %s", path, refusal->message);
  /* Who does not ask for it is not disturbed. */
  put (f, f->first, "notifier-ok", "notifier-ok");
  g_assert_nonnull (srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "ok", NULL));
}

/* ---- refused before anything of it runs ---- */

static void
check_refused_file (Fixture *f, const char *path, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (srt_loader_get_file (f->loader, path, &error));
  check_error (error, "%s", message);
}

static void
check_refused_bytes (Fixture *f, const char *bytes, const char *message)
{
  g_autofree char *path = g_build_filename (f->first, "notifier-picture.so", NULL);
  g_autofree char *wanted = g_strdup_printf ("%s: is not a shared object (%s)", path, message);
  g_assert_true (g_file_set_contents (path, bytes, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  check_refused_file (f, path, wanted);
}

static void
test_not_elf (Fixture *f, gconstpointer unused)
{
  check_refused_bytes (f, "GIF89a", "starts with 'GIF8'");
  check_refused_bytes (f, "\1\2\n", "starts with '\\001\\002\\n'");
  check_refused_bytes (f, "", "it is empty");
}

static void
test_not_a_file (Fixture *f, gconstpointer unused)
{
  g_autofree char *fifo = g_build_filename (f->first, "notifier-fifo.so", NULL);
  g_autofree char *missing = g_build_filename (f->first, "missing.so", NULL);
  g_autofree char *no_file = g_strdup_printf ("%s: is not a regular file", fifo);
  g_autofree char *not_there = g_strdup_printf ("%s: No such file or directory", missing);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  check_refused_file (f, fifo, no_file);
  check_refused_file (f, missing, not_there);
  check_refused_file (f, "notifier-ok.so", "notifier-ok.so: the path of a plugin must be absolute");
}

static void
test_world_writable (Fixture *f, gconstpointer unused)
{
  const char *path = put (f, f->first, "notifier-ok", "notifier-ok");
  g_autofree char *file = g_strdup_printf ("%s can be written to by its group or by others (mode 0777); `chmod go-w` "
                                           "makes it trusted",
                                           path);
  g_autofree char *folder = g_strdup_printf ("%s can be written to by its group or by others (mode 1777); `chmod go-w` "
                                             "makes it trusted",
                                             f->first);
  g_assert_cmpint (g_chmod (path, 0777), ==, 0);
  check_refused_file (f, path, file);
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
  g_assert_cmpint (g_chmod (f->first, 01777), ==, 0);
  check_refused_file (f, path, folder);
  /* A link in a good folder does not make it better. */
  g_autofree char *link = g_build_filename (f->second, "notifier-ok.so", NULL);
  g_assert_cmpint (symlink (path, link), ==, 0);
  check_refused_file (f, link, folder);
  g_assert_cmpint (g_chmod (f->first, 0755), ==, 0);
  g_assert_nonnull (srt_loader_get_file (f->loader, link, NULL));
}

static void
test_other_owner (Fixture *f, gconstpointer unused)
{
  const char *path = put (f, f->first, "notifier-ok", "notifier-ok");
  if (chown (path, 12345, (gid_t)-1) != 0) {
    g_test_skip ("only root can give a file to another user");
    return;
  }
  g_autofree char *message = g_strdup_printf ("%s belongs to user 12345; it is trusted only when it belongs to root or "
                                              "to you (user 0)",
                                              path);
  check_refused_file (f, path, message);
}

/* ---- by name ---- */

static void
test_missing (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  put (f, f->second, "notifier-ok", "notifier-junit");
  g_assert_null (srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "juint", &error));
  check_error (error,
               "there is no notifier plugin \"juint\": looked for notifier-juint.so in %s, %s; did you mean \"junit\"?",
               f->first, f->second);
  g_clear_error (&error);
  g_assert_null (srt_loader_get (f->loader, SRT_KIND_EXECUTOR, "junit", &error));
  check_error (error, "there is no executor plugin \"junit\": looked for executor-junit.so in %s, %s", f->first,
               f->second);
}

static void
test_bad_name (Fixture *f, gconstpointer unused)
{
  static const char *const names[] = { "../first/notifier-ok", "Ok", "", "ok.so", "-ok", "a/b" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (srt_loader_get (f->loader, SRT_KIND_NOTIFIER, names[i], &error));
    check_error (error,
                 "\"%s\" cannot be the name of a plugin: a lower-case letter, then lower-case letters, digits and '-'",
                 names[i]);
  }
}

/* Neither the working folder nor the system's search finds anything. */
static void
test_no_search (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  put (f, f->first, "notifier-ok", "notifier-ok");
  g_autofree char *before = g_get_current_dir ();
  g_autoptr (SrtLoader) relative = srt_loader_new ((const char *const[]){ ".", "first", NULL });
  g_autoptr (SrtLoader) none = srt_loader_new ((const char *const[]){ NULL });
  g_assert_cmpint (g_chdir (f->root), ==, 0);
  g_setenv ("LD_LIBRARY_PATH", f->first, TRUE);
  g_setenv ("LTDL_LIBRARY_PATH", f->first, TRUE);
  g_assert_null (srt_loader_get (relative, SRT_KIND_NOTIFIER, "ok", &error));
  check_error (error, "there is no notifier plugin \"ok\": looked for notifier-ok.so in ., first");
  g_clear_error (&error);
  g_assert_null (srt_loader_get (none, SRT_KIND_NOTIFIER, "ok", &error));
  check_error (error, "there is no notifier plugin \"ok\": no plugin folder is set");
  g_assert_cmpint (g_chdir (before), ==, 0);
  g_unsetenv ("LD_LIBRARY_PATH");
  g_unsetenv ("LTDL_LIBRARY_PATH");
}

static void
test_list (Fixture *f, gconstpointer unused)
{
  const char *ok = put (f, f->first, "notifier-ok", "notifier-ok");
  put (f, f->second, "notifier-ok", "notifier-ok");
  const char *broken = put (f, f->second, "notifier-crash", "monitor-crash");
  put (f, f->second, "notifier-ok", "printer-ok");
  put (f, f->second, "notifier-ok", "notifier-Ok");
  g_autofree char *alias = g_build_filename (f->first, "notifier-alias.so", NULL);
  g_assert_cmpint (symlink ("notifier-ok.so", alias), ==, 0);
  g_autoptr (GPtrArray) all = srt_loader_list (f->loader);
  g_assert_cmpuint (all->len, ==, 2);
  const SrtFound *first = all->pdata[0], *second = all->pdata[1];
  g_assert_cmpuint (first->kind, ==, SRT_KIND_MONITOR);
  g_assert_cmpstr (first->name, ==, "crash");
  g_assert_cmpstr (first->path, ==, broken);
  g_assert_cmpuint (second->kind, ==, SRT_KIND_NOTIFIER);
  g_assert_cmpstr (second->name, ==, "ok");
  g_assert_cmpstr (second->path, ==, ok);
}

/* ---- looked at in a child ---- */

static const Refusal inspections[] = {
  { "notifier-crash", "crashes when it is loaded (SIGSEGV)" },
  { "notifier-exits", "ends the process when it is loaded (exit status 3)" },
  { "notifier-hangs", "hangs when it is loaded (for more than 1 s)" },
  { "notifier-wrong-magic", "is no srt plugin: its srt_plugin_entry begins with 0x46494721, not 0x31545253" },
};

static void
test_inspect_refused (Fixture *f, gconstpointer data)
{
  const Refusal *refusal = data;
  g_autoptr (GError) error = NULL;
  const char *path = put (f, f->first, refusal->file, refusal->file);
  g_assert_null (srt_loader_inspect (f->loader, path, &error));
  check_error (error, "%s: %s", path, refusal->message);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

static void
test_inspect_ok (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  const char *path = put (f, f->first, "notifier-ok", "whatever");
  const SrtModule *module = srt_loader_inspect (f->loader, path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (module->plugin.name, ==, "ok");
}

/* ---- good files whose use fails ---- */

/* The values that --notifier TEXT gives the module; its name in TEXT counts for nothing. */
static srt_values *
values_from (const SrtModule *module, const char *text, GError **error)
{
  static const SrtOrigin typed = { .what = "--notifier" };
  SrtPluginUse *use = srt_plugin_use_parse (SRT_KIND_NOTIFIER, text, &typed, NULL);
  srt_values *values = srt_values_new (module->plugin.options, module->plugin.n_options, use->options, FALSE,
                                       "notifier ok", &typed, "/base", error);
  srt_plugin_use_free (use);
  return values;
}

static void
test_unknown_option (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  put (f, f->first, "notifier-ok", "notifier-ok");
  const SrtModule *module = srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "ok", NULL);
  g_assert_null (values_from (module, "ok:path=x,colour=never", &error));
  check_error (error, "--notifier: notifier ok: has no option \"colour\"; did you mean \"color\"?");
  g_clear_error (&error);
  g_assert_null (values_from (module, "ok", &error));
  check_error (error, "--notifier: notifier ok: option \"path\" is missing: Where to write");
}

static void
test_create_fails (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SrtLoop) loop = srt_loop_new (NULL);
  SrtHostShared shared = { .loop = loop };
  put (f, f->first, "notifier-create-fails", "notifier-create-fails");
  const SrtModule *module = srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "create-fails", NULL);
  srt_values *values = values_from (module, "create-fails:path=x", NULL);
  g_assert_null (srt_instance_new (&shared, &module->plugin, values, NULL, NULL, &error));
  check_error (error, "notifier create-fails: cannot open /base/x: no such folder");
  g_clear_error (&error);
  values = values_from (module, "create-fails:path=y", NULL);
  g_assert_false (srt_instance_probe (&shared, &module->plugin, values, &error));
  check_error (error, "notifier create-fails: cannot open /base/y: no such folder");
}

static void
test_works (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SrtLoop) loop = srt_loop_new (NULL);
  SrtHostShared shared = { .loop = loop };
  put (f, f->first, "notifier-ok", "notifier-ok");
  const SrtModule *module = srt_loader_get (f->loader, SRT_KIND_NOTIFIER, "ok", NULL);
  srt_values *values = values_from (module, "ok:path=x", NULL);
  g_autoptr (SrtInstance) instance = srt_instance_new (&shared, &module->plugin, values, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (srt_instance_self (instance));
  g_assert_null (module->ops.notifier.run_finished);
}

#define ADD(NAME, TEST) g_test_add ("/loading/" NAME, Fixture, NULL, set_up, TEST, tear_down)

static void
add_table (const char *group, const Refusal *table, gsize n, void (*test) (Fixture *, gconstpointer))
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("/loading/%s/%s", group, table[i].file);
    g_test_add (name, Fixture, &table[i], set_up, test, tear_down);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("ok", test_ok);
  ADD ("newer-minor", test_newer_minor);
  ADD ("same-file-twice", test_same_file_twice);
  ADD ("first-folder-wins", test_first_folder_wins);
  ADD ("describe", test_describe);
  add_table ("refused", refusals, G_N_ELEMENTS (refusals), test_refused);
  ADD ("not-elf", test_not_elf);
  ADD ("not-a-file", test_not_a_file);
  ADD ("world-writable", test_world_writable);
  ADD ("other-owner", test_other_owner);
  ADD ("missing", test_missing);
  ADD ("bad-name", test_bad_name);
  ADD ("no-search", test_no_search);
  ADD ("list", test_list);
  add_table ("inspect", inspections, G_N_ELEMENTS (inspections), test_inspect_refused);
  ADD ("inspect/ok", test_inspect_ok);
  ADD ("unknown-option", test_unknown_option);
  ADD ("create-fails", test_create_fails);
  ADD ("works", test_works);
  return g_test_run ();
}
