/* SPDX-License-Identifier: MIT
 * What one look at the machine costs: bench-monitor MODULE [SAMPLES]. */
#include "tiny-host.h"
#include <dlfcn.h>
#include <stdlib.h>

static int
compare (const void *a, const void *b)
{
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

  return (x > y) - (x < y);
}

static void
measure (const srt_monitor_ops *ops, void *self, size_t n)
{
  g_autofree uint64_t *ns = g_new0 (uint64_t, n);
  uint64_t sum = 0;
  srt_sample sample = { .size = sizeof sample };

  for (size_t i = 0; i < n; i++) {
    struct timespec from, to;

    clock_gettime (CLOCK_MONOTONIC, &from);
    ops->sample (self, &sample);
    clock_gettime (CLOCK_MONOTONIC, &to);
    ns[i] = (uint64_t)((to.tv_sec - from.tv_sec) * 1000000000 + to.tv_nsec - from.tv_nsec);
    sum += ns[i];
  }
  qsort (ns, n, sizeof *ns, compare);
  g_print ("monitor: %zu samples, mean %.1f us, median %.1f us, 99 %% under %.1f us, longest %.1f us\n", n,
           (double)sum / (double)n / 1000, (double)ns[n / 2] / 1000, (double)ns[n * 99 / 100] / 1000,
           (double)ns[n - 1] / 1000);
}

int
main (int argc, char **argv)
{
  void *module = argc > 1 ? dlopen (argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
  const srt_plugin *plugin = module ? dlsym (module, SRT_PLUGIN_SYMBOL) : NULL;
  size_t n = argc > 2 ? strtoul (argv[2], NULL, 10) : 20000;
  g_autoptr (GString) said = g_string_new (NULL);
  TinyHost host = tiny_host ("/", said);
  void *self;

  if (!plugin || n == 0) {
    g_printerr ("usage: bench-monitor /path/to/monitor-linux.so [SAMPLES]\n");
    return 2;
  }
  if (plugin->create (&host.table, &self) != SRT_OK) {
    g_printerr ("bench-monitor: %s", said->str);
    return 1;
  }
  measure (plugin->ops, self, n);
  plugin->destroy (self);
  return 0;
}
