/* SPDX-License-Identifier: MIT
 * The process executor in the real host, without a scheduler: what agents and their plugin cost.
 *
 *     bench-agents N WIDE PROGRAM [ARGUMENT…]     with SRT_TEST_PLUGIN and SRT_TEST_LIBEXEC */
#include "executor-host.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct {
  guint64 next, last;
  const char *const *argv;
} Bench;

static void
start_next (ExecutorHost *host, const ExecutorEnd *end)
{
  Bench *bench = host->data;
  srt_job job = executor_host_job (bench->next, end ? end->end.code ? 0 : end->job % 64 : 0, bench->argv);

  if (bench->next <= bench->last) {
    bench->next++;
    executor_host_start (host, &job);
  }
}

int
main (int argc, char **argv)
{
  Bench bench = { 1, argc > 3 ? g_ascii_strtoull (argv[1], NULL, 10) : 0, (const char *const *)argv + 3 };
  guint wide = argc > 3 ? (guint)atoi (argv[2]) : 0;
  ExecutorHost *host;
  gint64 begin;

  if (bench.last == 0 || wide == 0) {
    fprintf (stderr, "usage: bench-agents N WIDE PROGRAM [ARGUMENT…]\n");
    return 2;
  }
  host = executor_host_new (g_getenv ("SRT_TEST_PLUGIN"), g_getenv ("SRT_TEST_LIBEXEC"), NULL);
  host->data = &bench;
  host->on_end = start_next;
  host->ops->prepare (host->self, wide);
  begin = g_get_monotonic_time ();
  for (guint i = 0; i < wide; i++)
    start_next (host, NULL);
  executor_host_wait (host, (guint)bench.last);
  printf ("agents: %.0f tests/s\n", (double)bench.last * 1e6 / (double)(g_get_monotonic_time () - begin));
  executor_host_shut_down (host);
  executor_host_free (host);
  return 0;
}
