/* SPDX-License-Identifier: MIT
 * monitor-linux.so as the core sees it: through its one symbol, on this machine and on fake trees. */
#include "tiny-host.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  void *module;
  const srt_plugin *plugin;
  const srt_monitor_ops *ops;
  GString *said;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->module = dlopen (g_getenv ("SRT_TEST_MODULE"), RTLD_NOW | RTLD_LOCAL);
  g_assert_nonnull (f->module);
  f->plugin = dlsym (f->module, SRT_PLUGIN_SYMBOL);
  g_assert_nonnull (f->plugin);
  f->ops = f->plugin->ops;
  f->said = g_string_new (NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_string_free (f->said, TRUE);
  dlclose (f->module);
}

static void
test_entry (Fixture *f, gconstpointer data)
{
  g_assert_cmphex (f->plugin->magic, ==, SRT_PLUGIN_MAGIC);
  g_assert_cmpuint (f->plugin->kind, ==, SRT_KIND_MONITOR);
  g_assert_cmpstr (f->plugin->name, ==, "linux");
  g_assert_cmpuint (f->plugin->n_options, ==, 1);
  g_assert_cmpuint (f->ops->size, ==, sizeof *f->ops);
}

static void
test_this_machine (Fixture *f, gconstpointer data)
{
  TinyHost host = tiny_host ("/", f->said);
  srt_sample sample = { .size = sizeof sample };
  srt_process rows[3] = { { .size = sizeof rows[0] }, { .size = sizeof rows[0] }, { .size = sizeof rows[0] } };
  uint32_t n = 0;
  void *self;

  g_assert_cmpint (f->plugin->probe (&host.table), ==, SRT_OK);
  g_assert_cmpint (f->plugin->create (&host.table, &self), ==, SRT_OK);
  g_assert_cmpint (f->ops->sample (self, &sample), ==, SRT_OK);
  g_assert_cmpstr (f->said->str, ==, "");
  g_assert_true (sample.valid & SRT_SAMPLE_MEMORY);
  g_assert_cmpuint (sample.memory_total, >, 0);
  g_assert_cmpuint (sample.memory_available, <=, sample.memory_total);
  g_assert_cmpuint (sample.cpu_milli, >, 0);
  g_assert_cmpuint (sample.cpu_milli, <=, 1000 * (uint32_t)sysconf (_SC_NPROCESSORS_CONF));
  g_assert_cmpint (f->ops->processes (self, rows, 3, &n), ==, SRT_OK);
  g_assert_cmpuint (n, >=, 1);
  for (uint32_t i = 1; i < n; i++)
    g_assert_cmpuint (rows[i - 1].memory, >=, rows[i].memory);
  g_test_message ("%" G_GUINT64_FORMAT " MiB of %" G_GUINT64_FORMAT " MiB available (%s), %u milli-cores, largest: %s",
                  sample.memory_available >> 20, sample.memory_total >> 20, sample.memory_source, sample.cpu_milli,
                  rows[0].command);
  f->plugin->destroy (self);
}

static void
test_bad_root (Fixture *f, gconstpointer data)
{
  TinyHost host = tiny_host ("/no/such/folder", f->said);
  void *self = &host;

  g_assert_cmpint (f->plugin->create (&host.table, &self), ==, SRT_E_INVALID);
  g_assert_true (self == &host);
  g_assert_cmpstr (f->said->str, ==,
                   "no folder \"proc\" can be read in /no/such/folder (option root): No such file or directory\n");
}

/* What cannot be seen is said once; the run goes on. */
static void
test_blind (Fixture *f, gconstpointer data)
{
  g_autofree char *root = g_build_filename (g_getenv ("SRT_TEST_FIXTURES"), "proc-garbage", NULL);
  TinyHost host = tiny_host (root, f->said);
  srt_sample sample = { .size = sizeof sample };
  void *self;

  g_assert_cmpint (f->plugin->create (&host.table, &self), ==, SRT_OK);
  g_assert_nonnull (strstr (f->said->str, "/proc/meminfo does not say MemTotal and MemAvailable"));
  g_string_truncate (f->said, 0);
  g_assert_cmpint (f->ops->sample (self, &sample), ==, SRT_OK);
  g_assert_cmpuint (sample.valid, ==, 0);
  g_assert_cmpstr (f->said->str, ==, "");
  f->plugin->destroy (self);
  g_assert_cmpint (f->plugin->probe (&host.table), ==, SRT_E_UNSUPPORTED);
  g_assert_cmpstr (f->said->str, ==, "/proc/meminfo does not say MemTotal and MemAvailable\n");
}

/* A core that knows fewer fields gets no more than it knows; one that knows longer rows keeps its stride. */
static void
test_sizes (Fixture *f, gconstpointer data)
{
  g_autofree char *root = g_build_filename (g_getenv ("SRT_TEST_FIXTURES"), "proc-processes", NULL);
  TinyHost host = tiny_host (root, f->said);
  srt_sample sample;
  struct {
    srt_process process;
    uint64_t later;
  } rows[2] = { { .process.size = sizeof rows[0], .later = 5 }, { .process.size = sizeof rows[0], .later = 6 } };
  uint32_t n;
  void *self;

  memset (&sample, 0x5a, sizeof sample);
  sample.size = offsetof (srt_sample, swap_total);
  g_assert_cmpint (f->plugin->create (&host.table, &self), ==, SRT_OK);
  g_assert_cmpint (f->ops->sample (self, &sample), ==, SRT_OK);
  g_assert_cmpuint (sample.size, ==, offsetof (srt_sample, swap_total));
  g_assert_cmpuint (sample.memory_total, ==, UINT64_C (16) << 30);
  g_assert_cmphex (sample.swap_total, ==, UINT64_C (0x5a5a5a5a5a5a5a5a));
  g_assert_cmpint (f->ops->processes (self, &rows[0].process, 2, &n), ==, SRT_OK);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (rows[1].process.pid, ==, 20);
  g_assert_cmpuint (rows[0].later, ==, 5);
  g_assert_cmpuint (rows[1].later, ==, 6);
  rows[0].process.size = 8;
  g_assert_cmpint (f->ops->processes (self, &rows[0].process, 2, &n), ==, SRT_E_UNSUPPORTED);
  f->plugin->destroy (self);
}

/* A folder with the files of a machine and a pressure file that takes every trigger. Remove it with `rm_tree`. */
static char *
tree_with_pressure (gboolean writable)
{
  g_autofree char *fixture = g_build_filename (g_getenv ("SRT_TEST_FIXTURES"), "proc-processes", NULL);
  char *root = g_dir_make_tmp ("srt-watch-XXXXXX", NULL);
  g_autofree char *stall = g_build_filename (root, "proc", "pressure", "memory", NULL);
  g_autofree char *copy = g_strdup_printf ("mkdir -p %s/proc/pressure && cp %s/proc/meminfo %s/proc/ && %s %s", root,
                                           fixture, root, writable ? "touch" : "mkdir", stall);

  g_assert_cmpint (system (copy), ==, 0);
  return root;
}

static void
rm_tree (const char *root)
{
  g_autofree char *command = g_strdup_printf ("rm -r %s", root);

  g_assert_cmpint (system (command), ==, 0);
}

static void
test_watch (Fixture *f, gconstpointer data)
{
  g_autofree char *root = tree_with_pressure (TRUE);
  g_autofree char *stall = g_build_filename (root, "proc", "pressure", "memory", NULL);
  g_autofree char *trigger = NULL;
  TinyHost host = tiny_host (root, f->said);
  gsize length;
  void *self;

  g_assert_cmpint (f->plugin->create (&host.table, &self), ==, SRT_OK);
  g_assert_cmpint (f->ops->watch (self, 10), ==, SRT_OK);
  g_assert_cmpint (host.fd, >=, 0);
  g_assert_cmpuint (host.fd_events, ==, SRT_FD_PRIORITY);
  g_assert_true (g_file_get_contents (stall, &trigger, &length, NULL));
  g_assert_cmpstr (trigger, ==, "some 50000 500000");
  g_assert_cmpuint (length, ==, strlen (trigger) + 1);
  host.fd_fn (host.fd_data, host.fd, SRT_FD_PRIORITY);
  g_assert_cmpuint (host.woken, ==, 1);
  g_assert_cmpint (host.fd, >=, 0);
  host.fd_fn (host.fd_data, host.fd, SRT_FD_PRIORITY | SRT_FD_ERROR); /* its cgroup is gone */
  g_assert_cmpuint (host.woken, ==, 1);
  g_assert_cmpint (host.fd, ==, -1);
  f->plugin->destroy (self);
  rm_tree (root);
}

static void
test_watch_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *root = tree_with_pressure (FALSE);
  TinyHost host = tiny_host (root, f->said);
  void *self;

  g_assert_cmpint (f->plugin->create (&host.table, &self), ==, SRT_OK);
  g_assert_cmpint (f->ops->watch (self, 10), ==, SRT_E_UNSUPPORTED);
  g_assert_nonnull (strstr (f->said->str, "/proc/pressure/memory takes no trigger: Is a directory\n"));
  g_assert_cmpint (host.fd, ==, -1);
  f->plugin->destroy (self);
  rm_tree (root);
}

/* The real kernel takes one of the two triggers, or says why not. */
static void
test_watch_here (Fixture *f, gconstpointer data)
{
  TinyHost host = tiny_host ("/", f->said);
  void *self;

  g_assert_cmpint (f->plugin->create (&host.table, &self), ==, SRT_OK);
  int32_t status = f->ops->watch (self, 10);
  if (status == SRT_OK)
    g_assert_cmpint (host.fd, >=, 0);
  else
    g_assert_nonnull (strstr (f->said->str, "/proc/pressure/memory takes no trigger: "));
  f->plugin->destroy (self);
  g_assert_cmpint (host.fd, ==, -1);
  if (status != SRT_OK)
    g_test_skip (f->said->str);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/monitor-linux/module/entry", Fixture, NULL, set_up, test_entry, tear_down);
  g_test_add ("/monitor-linux/module/this-machine", Fixture, NULL, set_up, test_this_machine, tear_down);
  g_test_add ("/monitor-linux/module/bad-root", Fixture, NULL, set_up, test_bad_root, tear_down);
  g_test_add ("/monitor-linux/module/blind", Fixture, NULL, set_up, test_blind, tear_down);
  g_test_add ("/monitor-linux/module/sizes", Fixture, NULL, set_up, test_sizes, tear_down);
  g_test_add ("/monitor-linux/module/watch", Fixture, NULL, set_up, test_watch, tear_down);
  g_test_add ("/monitor-linux/module/watch-refused", Fixture, NULL, set_up, test_watch_refused, tear_down);
  g_test_add ("/monitor-linux/module/watch-here", Fixture, NULL, set_up, test_watch_here, tear_down);
  return g_test_run ();
}
