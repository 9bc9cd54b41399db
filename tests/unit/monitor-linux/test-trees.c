/* SPDX-License-Identifier: MIT
 * Samples of fake /proc and cgroup trees: tests/fixtures/proc-*. */
#include "sample.h"
#include "processes.h"
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <string.h>
#include <unistd.h>

#define MIB    (UINT64_C (1) << 20)
#define GIB    (UINT64_C (1) << 30)
#define SECOND UINT64_C (1000000000)

enum { ALL = SRT_SAMPLE_MEMORY | SRT_SAMPLE_PRESSURE | SRT_SAMPLE_CGROUP };

static SrtSampler *
open_tree (const char *name)
{
  g_autofree char *root = g_build_filename (g_getenv ("SRT_TEST_FIXTURES"), name, NULL);
  SrtSampler *sampler = srt_sampler_new (root);

  g_assert_nonnull (sampler);
  return sampler;
}

typedef struct {
  const char *tree;
  uint32_t valid; /* of the first sample, so without CPU */
  uint64_t total, available;
  const char *source;
  uint32_t cpu_milli; /* 0: as many as this machine has */
  uint64_t cgroup_memory, cgroup_cpu_ns;
  float memory_some, memory_full, cpu_some; /* pressures */
} Tree;

static const Tree trees[] = {
  { "proc-v2-nested", ALL, GIB, 324 * MIB, "/sys/fs/cgroup/team.slice/ci.slice", 500, 500 * MIB, 1500000000, 45.5f,
    30.25f, 10.0f },
  { "proc-v1", ALL, 2 * GIB, GIB, "/sys/fs/cgroup/memory/ci", 750, 300 * MIB, 7000000000, 1.25f, 0.5f, 10.0f },
  /* The limit stands in a cgroup that cannot be seen; v1 tells it all the same. */
  { "proc-v1-docker", SRT_SAMPLE_MEMORY | SRT_SAMPLE_CGROUP, 768 * MIB, 668 * MIB, "/sys/fs/cgroup/memory", 200,
    100 * MIB, 5000000000, 0, 0, 0 },
  { "proc-hybrid", ALL, 4 * GIB, 3 * GIB, "/sys/fs/cgroup/memory/jobs/j1", 1000, GIB, 60000000000, 1.25f, 0.5f, 77.7f },
  { "proc-container", ALL, 256 * MIB, 0, "/sys/fs/c group", 100, 300 * MIB, 42000, 1.25f, 0.5f, 10.0f },
  { "proc-no-psi", SRT_SAMPLE_MEMORY | SRT_SAMPLE_CGROUP, 16 * GIB, 8 * GIB, "machine", 0, 0, 1000000, 0, 0, 0 },
  { "proc-bare", SRT_SAMPLE_MEMORY, 16 * GIB, 8 * GIB, "machine", 0, 0, 0, 0, 0, 0 },
  { "proc-garbage", 0, 0, 0, "machine", 0, 0, 0, 0, 0, 0 },
  { "proc-huge", ALL, UINT64_C (1) << 50, UINT64_C (1) << 50, "/sys/fs/cgroup/big", 0, UINT64_MAX, 0, 1.25f, 0.5f,
    10.0f },
};

static void
test_tree (gconstpointer data)
{
  const Tree *tree = data;
  SrtSampler *sampler = open_tree (tree->tree);
  srt_sample sample = { .size = 4711 };

  srt_sampler_take (sampler, SECOND, &sample);
  g_assert_cmpuint (sample.size, ==, 4711);
  g_assert_cmpuint (sample.valid, ==, tree->valid);
  g_assert_cmpuint (sample.time_ns, ==, SECOND);
  g_assert_cmpuint (sample.memory_total, ==, tree->total);
  g_assert_cmpuint (sample.memory_available, ==, tree->available);
  g_assert_cmpstr (sample.memory_source, ==, tree->source);
  if (tree->cpu_milli != 0)
    g_assert_cmpuint (sample.cpu_milli, ==, tree->cpu_milli);
  else
    g_assert_cmpuint (sample.cpu_milli, >=, 1000);
  g_assert_cmpuint (sample.cgroup_memory, ==, tree->cgroup_memory);
  g_assert_cmpuint (sample.cgroup_cpu_ns, ==, tree->cgroup_cpu_ns);
  g_assert_cmpfloat_with_epsilon (sample.memory_pressure.some_avg10, tree->memory_some, 0.001f);
  g_assert_cmpfloat_with_epsilon (sample.memory_pressure.full_avg10, tree->memory_full, 0.001f);
  g_assert_cmpfloat_with_epsilon (sample.cpu_pressure.some_avg10, tree->cpu_some, 0.001f);
  srt_sampler_free (sampler);
}

/* A tree of our own that changes under the sampler. */
typedef struct {
  char *root;
  SrtSampler *sampler;
} Changing;

/* In place, as the kernel does: the open descriptor sees it. */
static void
put (const Changing *tree, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (tree->root, name, NULL);
  g_autofree char *dir = g_path_get_dirname (path);
  int fd;

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize)strlen (text));
  close (fd);
}

static void
remove_tree (const char *path)
{
  const char *argv[] = { "rm", "-rf", "--", path, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
}

static void
changing_set_up (Changing *tree, gconstpointer data)
{
  tree->root = g_dir_make_tmp ("srt-monitor-XXXXXX", NULL);
  put (tree, "proc/meminfo", "MemTotal: 8388608 kB\nMemAvailable: 4194304 kB\n");
  put (tree, "proc/stat", "cpu 0 0 0 0\n");
  put (tree, "proc/self/cgroup", "0::/a\n");
  put (tree, "proc/self/mountinfo", "30 23 0:26 / /cg rw - cgroup2 cgroup2 rw\n");
  put (tree, "cg/a/memory.max", "1073741824\n");
  put (tree, "cg/a/memory.current", "1048576\n");
  put (tree, "cg/a/cpu.max", "25000 100000\n");
  put (tree, "cg/a/cpu.stat", "usage_usec 1000000\n");
  put (tree, "cg/b/memory.max", "max\n");
  put (tree, "cg/b/memory.current", "2097152\n");
  tree->sampler = srt_sampler_new (tree->root);
  g_assert_nonnull (tree->sampler);
}

static void
changing_tear_down (Changing *tree, gconstpointer data)
{
  srt_sampler_free (tree->sampler);
  remove_tree (tree->root);
  g_free (tree->root);
}

static srt_sample
take (Changing *tree, uint64_t now_ns)
{
  srt_sample sample = { .size = sizeof sample };

  srt_sampler_take (tree->sampler, now_ns, &sample);
  return sample;
}

static void
test_cpu_share (Changing *tree, gconstpointer data)
{
  srt_sample sample = take (tree, SECOND);

  g_assert_false (sample.valid & SRT_SAMPLE_CPU);
  /* The machine: 20 of 200 ticks. Our quota: 0.2 s of 1 s × 0.25 cores. The tighter one tells. */
  put (tree, "proc/stat", "cpu 20 0 0 180\n");
  put (tree, "cg/a/cpu.stat", "usage_usec 1200000\n");
  sample = take (tree, 2 * SECOND);
  g_assert_true (sample.valid & SRT_SAMPLE_CPU);
  g_assert_cmpfloat_with_epsilon (sample.cpu_busy, 80.0f, 0.1f);
  g_assert_cmpuint (sample.cpu_milli, ==, 250);
  g_assert_cmpuint (sample.cgroup_cpu_ns, ==, 1200000000);
  put (tree, "proc/stat", "cpu 200 0 0 200\n");
  sample = take (tree, 3 * SECOND);
  g_assert_cmpfloat_with_epsilon (sample.cpu_busy, 90.0f, 0.1f);
}

static void
test_limit_changes (Changing *tree, gconstpointer data)
{
  srt_sample sample = take (tree, SECOND);

  g_assert_cmpstr (sample.memory_source, ==, "/cg/a");
  g_assert_cmpuint (sample.memory_available, ==, GIB - MIB);
  put (tree, "cg/a/memory.max", "2097152\n");
  g_assert_cmpuint (take (tree, 2 * SECOND).memory_available, ==, MIB);
  put (tree, "cg/a/memory.max", "max\n");
  sample = take (tree, 3 * SECOND);
  g_assert_cmpstr (sample.memory_source, ==, "machine");
  g_assert_cmpuint (sample.memory_available, ==, 4 * GIB);
}

static void
test_moved (Changing *tree, gconstpointer data)
{
  srt_sample sample = take (tree, SECOND);

  g_assert_cmpuint (sample.cgroup_memory, ==, MIB);
  put (tree, "proc/self/cgroup", "0::/b\n");
  sample = take (tree, 2 * SECOND);
  g_assert_cmpuint (sample.cgroup_memory, ==, 2 * MIB);
  g_assert_cmpstr (sample.memory_source, ==, "machine");
  /* To where nothing can be seen of it. */
  put (tree, "proc/self/cgroup", "0::/../elsewhere\n");
  sample = take (tree, 3 * SECOND);
  g_assert_cmpuint (sample.valid, ==, SRT_SAMPLE_MEMORY);
}

/* A file that is not there is found once it is, without a look at it in each sample. */
static void
test_appears (Changing *tree, gconstpointer data)
{
  srt_sample sample = take (tree, SECOND);
  int samples = 0;

  g_assert_cmpuint (sample.memory_available, ==, GIB - MIB);
  put (tree, "cg/a/memory.high", "2097152\n");
  do {
    sample = take (tree, (2 + samples) * SECOND);
    g_assert_cmpint (++samples, <, 100);
  } while (sample.memory_available != MIB);
  g_assert_cmpint (samples, >, 1);
}

static guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir))
    n++;
  return n;
}

/* A thousand samples allocate nothing; moves and ends leave no descriptor behind. */
static void
test_nothing_grows (Changing *tree, gconstpointer data)
{
  size_t heap;
  guint fds;

  take (tree, SECOND);
  fds = count_fds ();
  for (int i = 0; i < 10; i++) {
    put (tree, "proc/self/cgroup", i % 2 ? "0::/a\n" : "0::/b\n");
    take (tree, SECOND);
  }
  g_assert_cmpuint (count_fds (), ==, fds);
  heap = mallinfo2 ().uordblks;
  for (int i = 0; i < 1000; i++)
    take (tree, SECOND + (uint64_t)i);
  g_assert_cmpuint (mallinfo2 ().uordblks, ==, heap);
}

static void
test_no_proc (void)
{
  g_autofree char *root = g_dir_make_tmp ("srt-monitor-XXXXXX", NULL);

  g_assert_null (srt_sampler_new (root));
  g_assert_cmpint (errno, ==, ENOENT);
  g_rmdir (root);
  g_assert_null (srt_sampler_new (root));
  g_assert_cmpint (errno, ==, ENOENT);
}

static uint32_t
largest (const char *tree, srt_process *rows, uint32_t n)
{
  SrtSampler *sampler = open_tree (tree);
  uint32_t used = 77;

  for (uint32_t i = 0; i < n; i++)
    rows[i] = (srt_process){ .size = sizeof rows[i] };
  g_assert_cmpint (srt_processes_largest (sampler->proc, rows, n, &used), ==, 0);
  srt_sampler_free (sampler);
  return used;
}

static void
test_processes (void)
{
  srt_process rows[8];

  g_assert_cmpuint (largest ("proc-processes", rows, 2), ==, 2);
  g_assert_cmpint (rows[0].pid, ==, 30);
  g_assert_cmpstr (rows[0].command, ==, "a) R 9 (b c");
  g_assert_cmpint (rows[1].pid, ==, 20);
  g_assert_cmpint (rows[1].parent, ==, 1);
  g_assert_cmpuint (rows[1].size, ==, sizeof rows[1]);
  g_assert_cmpuint (largest ("proc-processes", rows, 8), ==, 5);
  g_assert_cmpint (rows[4].pid, ==, 1);
  g_assert_cmpuint (largest ("proc-bare", rows, 8), ==, 0);
  g_assert_cmpuint (largest ("proc-processes", rows, 0), ==, 0);
}

/* A script's name is shown, other arguments are not: they may be secrets. */
static void
test_process_names (void)
{
  srt_process rows[5];

  g_assert_cmpuint (largest ("proc-processes", rows, 5), ==, 5);
  g_assert_cmpstr (rows[1].command, ==, "python3 tests/run.py");
  g_assert_cmpstr (rows[2].command, ==, "sh");
  g_assert_cmpstr (rows[3].command, ==, "curl");
  g_assert_cmpstr (rows[4].command, ==, "init");
}

static void
add_changing (const char *path, void (*test) (Changing *, gconstpointer))
{
  g_test_add (path, Changing, NULL, changing_set_up, test, changing_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (trees); i++) {
    g_autofree char *path = g_strconcat ("/monitor-linux/tree/", trees[i].tree, NULL);

    g_test_add_data_func (path, &trees[i], test_tree);
  }
  add_changing ("/monitor-linux/changing/cpu-share", test_cpu_share);
  add_changing ("/monitor-linux/changing/limit", test_limit_changes);
  add_changing ("/monitor-linux/changing/moved", test_moved);
  add_changing ("/monitor-linux/changing/appears", test_appears);
  add_changing ("/monitor-linux/changing/nothing-grows", test_nothing_grows);
  g_test_add_func ("/monitor-linux/no-proc", test_no_proc);
  g_test_add_func ("/monitor-linux/processes/order", test_processes);
  g_test_add_func ("/monitor-linux/processes/names", test_process_names);
  return g_test_run ();
}
