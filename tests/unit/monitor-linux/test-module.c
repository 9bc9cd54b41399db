/* SPDX-License-Identifier: MIT
 * monitor-linux.so as the core sees it: through its one symbol, on this machine and on fake trees. */
#include "tiny-host.h"
#include <dlfcn.h>
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/monitor-linux/module/entry", Fixture, NULL, set_up, test_entry, tear_down);
  g_test_add ("/monitor-linux/module/this-machine", Fixture, NULL, set_up, test_this_machine, tear_down);
  g_test_add ("/monitor-linux/module/bad-root", Fixture, NULL, set_up, test_bad_root, tear_down);
  g_test_add ("/monitor-linux/module/blind", Fixture, NULL, set_up, test_blind, tear_down);
  g_test_add ("/monitor-linux/module/sizes", Fixture, NULL, set_up, test_sizes, tear_down);
  return g_test_run ();
}
