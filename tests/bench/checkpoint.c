/* SPDX-License-Identifier: MIT
 * What a row costs: 10,000 results appended through the plugin, its thread syncing beside it, wall and CPU time of the
 * caller's thread for each. Usage: bench-checkpoint [FOLDER] (default: the working folder's disk). */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "host.h"
#include "sample.h"

enum { ROWS = 10000 };

static guint64
clock_ns (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (guint64)now.tv_sec * 1000000000 + (guint64)now.tv_nsec;
}

static int
compare (const void *a, const void *b)
{
  guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;

  return x < y ? -1 : x > y;
}

/* One result after the other, as fast as it goes. */
static void
measure (Host *host, GPtrArray *samples, const char *name)
{
  static guint64 wall[ROWS];
  guint64 cpu = clock_ns (CLOCK_THREAD_CPUTIME_ID), start = clock_ns (CLOCK_MONOTONIC), before = start;

  for (guint i = 0; i < ROWS; i++) {
    if (host_append (host, &((Sample *)samples->pdata[i])->result) != SRT_OK)
      g_error ("%s", host_error (host));
    guint64 now = clock_ns (CLOCK_MONOTONIC);
    wall[i] = now - before;
    before = now;
  }
  cpu = clock_ns (CLOCK_THREAD_CPUTIME_ID) - cpu;
  qsort (wall, ROWS, sizeof wall[0], compare);
  printf ("%-22s %d rows: CPU %.2f us a row; wall median %.2f us, p99 %.2f us, worst %.1f us, all %.1f ms\n", name,
          ROWS, (double)cpu / ROWS / 1e3, (double)wall[ROWS / 2] / 1e3, (double)wall[ROWS * 99 / 100] / 1e3,
          (double)wall[ROWS - 1] / 1e3, (double)(before - start) / 1e6);
}

static void
run (const char *folder, const char *name, const char *const *options, GPtrArray *samples)
{
  g_autoptr (Host) host = host_new (folder, options);

  if (host_open (host, SRT_PROGRESS_NEW, "bench", NULL, NULL) != SRT_OK)
    g_error ("%s", host_error (host));
  measure (host, samples, name);
  guint64 start = clock_ns (CLOCK_MONOTONIC);
  host_sync (host);
  printf ("%-22s last sync %.1f ms\n", "", (double)(clock_ns (CLOCK_MONOTONIC) - start) / 1e6);
  host_remove (host);
  host_close (host);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_strdup_printf ("%s/srt-bench-XXXXXX", argc > 1 ? argv[1] : ".");
  g_autoptr (GPtrArray) samples = samples_new (ROWS);

  if (!g_mkdtemp (folder))
    g_error ("cannot make %s", folder);
  run (folder, "syncing as by default", NULL, samples);
  run (folder, "without a sync", (const char *[]){ "sync_every", "1000000", "sync_after", "3600s", NULL }, samples);
  folder_remove (g_steal_pointer (&folder));
  return 0;
}
