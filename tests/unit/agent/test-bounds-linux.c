/* SPDX-License-Identifier: MIT
 * Limits on fake cgroups: what is written to which file, what is read out of them, and what is measured where there are
 * none. A real kernel's answers are looked at by the tests of executor-process. */
#include "agent/bounds.h"
#include "base/fs.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MIB G_GUINT64_CONSTANT (1048576)

typedef struct {
  char *dir;
  SrtBounds bounds;
  srt_exit end;
  char text[256];
} Fixture;

typedef struct {
  const char *name, *content;
} File;

static const File v2[] = {
  { "memory.max", "max\n" },
  { "memory.swap.max", "max\n" },
  { "memory.oom.group", "0\n" },
  { "memory.peak", "1048576\n" },
  { "memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n" },
  { "pids.max", "max\n" },
  { "pids.events", "max 0\n" },
  { "cpu.max", "max 100000\n" },
  { "cpu.stat", "usage_usec 30\nuser_usec 20\nsystem_usec 10\n" },
  { "io.max", "" },
};

static const File v1[] = {
  { "cgroup.procs", "" },
  { "memory.limit_in_bytes", "9223372036854771712\n" },
  { "memory.memsw.limit_in_bytes", "9223372036854771712\n" },
  { "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n" },
  { "memory.max_usage_in_bytes", "0\n" },
  { "pids.max", "max\n" },
  { "pids.events", "max 7\n" },
  { "cpu.cfs_quota_us", "-1\n" },
  { "cpu.cfs_period_us", "100000\n" },
};

static void
put (Fixture *fixture, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

  g_assert_true (g_file_set_contents_full (path, content, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* The first line of a file; what was longer before is still behind it, as the file is no real one. */
static void
assert_line (Fixture *fixture, const char *name, const char *line)
{
  g_autofree char *path = g_build_filename (fixture->dir, name, NULL);
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  if (!g_str_has_prefix (content, line))
    g_error ("%s: \"%s\" instead of \"%s\"", name, content, line);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const File *files = data;
  gsize n = files == v2 ? G_N_ELEMENTS (v2) : files == v1 ? G_N_ELEMENTS (v1) : 0;
  SrtPlaces places = { .pids_max = 100 };

  fixture->dir = g_dir_make_tmp ("srt-bounds-XXXXXX", NULL);
  for (gsize i = 0; i < n; i++)
    put (fixture, files[i].name, files[i].content);
  if (files == v2)
    places.group = fixture->dir;
  if (files == v1)
    places.memory = places.pids = places.cpu = fixture->dir;
  srt_bounds_open (&fixture->bounds, &places);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_path_get_basename (fixture->dir);
  int tmp_fd = g_open (g_get_tmp_dir (), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  g_assert_true (srt_fs_remove_tree (tmp_fd, name, NULL, NULL));
  g_close (tmp_fd, NULL);
  g_free (fixture->dir);
}

static guint32
set (Fixture *fixture, const srt_limits *limits)
{
  memset (&fixture->end, 0, sizeof fixture->end);
  fixture->text[0] = '\0';
  return srt_bounds_set (&fixture->bounds, limits, "/");
}

static void
end (Fixture *fixture)
{
  srt_bounds_end (&fixture->bounds, &fixture->end, fixture->text, sizeof fixture->text);
}

static const srt_limits some = { .size = sizeof some, .memory = 64 * MIB, .processes = 20, .cpu_milli = 1500 };
static const srt_limits none = { .size = sizeof none };

static void
test_v2_written (Fixture *fixture, gconstpointer data)
{
  assert_line (fixture, "memory.oom.group", "1");
  g_assert_cmpuint (set (fixture, &some), ==, 0);
  assert_line (fixture, "memory.max", "67108864\n");
  assert_line (fixture, "memory.swap.max", "0");
  assert_line (fixture, "pids.max", "20\n");
  assert_line (fixture, "cpu.max", "150000 100000\n");
  g_assert_cmpstr (fixture->bounds.held_by, ==, "memory: cgroup v2, processes: cgroup v2, cpu: cgroup v2");
  g_assert_cmpuint (fixture->bounds.measured, ==, 0);
  g_assert_cmpuint (fixture->bounds.nproc, ==, 0);
  /* What one test had the next one has not, but for the cap. */
  g_assert_cmpuint (set (fixture, &none), ==, 0);
  assert_line (fixture, "memory.max", "max");
  assert_line (fixture, "memory.swap.max", "max");
  assert_line (fixture, "pids.max", "100\n");
  assert_line (fixture, "cpu.max", "max");
  g_assert_cmpstr (fixture->bounds.held_by, ==, "");
}

/* Only what differs is written. */
static void
test_v2_unchanged (Fixture *fixture, gconstpointer data)
{
  set (fixture, &some);
  put (fixture, "memory.max", "not touched\n");
  put (fixture, "pids.max", "not touched\n");
  set (fixture, &some);
  assert_line (fixture, "memory.max", "not touched\n");
  assert_line (fixture, "pids.max", "not touched\n");
}

static void
test_v2_oom (Fixture *fixture, gconstpointer data)
{
  set (fixture, &some);
  fixture->bounds.peak_known = TRUE;
  put (fixture, "memory.events", "low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\noom_group_kill 1\n");
  put (fixture, "memory.peak", "67108864\n");
  put (fixture, "cpu.stat", "usage_usec 330\nuser_usec 220\nsystem_usec 110\n");
  end (fixture);
  g_assert_cmpuint (fixture->end.oom, ==, 1);
  g_assert_cmpuint (fixture->end.limit, ==, SRT_LIMIT_MEMORY);
  g_assert_cmpstr (fixture->text, ==, "memory over its limit of 64 MB (cgroup v2)");
  g_assert_cmpuint (fixture->end.usage.memory_peak, ==, 64 * MIB);
  g_assert_cmpuint (fixture->end.usage.source, ==, SRT_USAGE_CGROUP);
  g_assert_cmpuint (fixture->end.usage.user_ns, ==, 200000);
  g_assert_cmpuint (fixture->end.usage.system_ns, ==, 100000);
  /* Counted from there on. */
  set (fixture, &some);
  end (fixture);
  g_assert_cmpuint (fixture->end.oom, ==, 0);
  g_assert_cmpuint (fixture->end.limit, ==, 0);
  g_assert_cmpstr (fixture->text, ==, "");
}

/* Far below its own limit: it was somebody else's memory that was missing. */
static void
test_v2_machine_oom (Fixture *fixture, gconstpointer data)
{
  set (fixture, &some);
  fixture->bounds.peak_known = TRUE;
  put (fixture, "memory.events", "oom_kill 1\n");
  put (fixture, "memory.peak", "10000000\n");
  end (fixture);
  g_assert_cmpuint (fixture->end.oom, ==, 1);
  g_assert_cmpuint (fixture->end.limit, ==, 0);
  g_assert_nonnull (strstr (fixture->text, "machine"));
}

static void
test_v2_pids (Fixture *fixture, gconstpointer data)
{
  set (fixture, &none);
  put (fixture, "pids.events", "max 2\n");
  end (fixture);
  g_assert_cmpuint (fixture->end.limit, ==, SRT_LIMIT_PROCESSES);
  g_assert_cmpstr (fixture->text, ==, "hit its cap of 100 processes");
  g_assert_cmpuint (fixture->end.oom, ==, 0);
}

static void
test_v2_damaged (Fixture *fixture, gconstpointer data)
{
  set (fixture, &some);
  put (fixture, "memory.events", "");
  put (fixture, "memory.peak", "what?\n");
  put (fixture, "cpu.stat", "");
  end (fixture);
  g_assert_cmpuint (fixture->end.oom, ==, 0);
  g_assert_cmpuint (fixture->end.usage.memory_peak, ==, 0);
}

/* The agent sits in it, and counts. */
static void
test_v1_written (Fixture *fixture, gconstpointer data)
{
  assert_line (fixture, "cgroup.procs", "0");
  g_assert_cmpuint (set (fixture, &some), ==, 0);
  assert_line (fixture, "memory.limit_in_bytes", "67108864\n");
  assert_line (fixture, "memory.memsw.limit_in_bytes", "67108864\n");
  assert_line (fixture, "pids.max", "21\n");
  assert_line (fixture, "cpu.cfs_quota_us", "150000\n");
  g_assert_true (srt_bounds_shares_memory (&fixture->bounds));
  g_assert_cmpstr (fixture->bounds.held_by, ==, "memory: cgroup v1, processes: cgroup v1, cpu: cgroup v1");
  srt_bounds_lift_cpu (&fixture->bounds);
  assert_line (fixture, "cpu.cfs_quota_us", "-1");
  set (fixture, &none);
  assert_line (fixture, "memory.limit_in_bytes", "-1");
  assert_line (fixture, "memory.memsw.limit_in_bytes", "-1");
  assert_line (fixture, "pids.max", "101\n");
  g_assert_false (srt_bounds_shares_memory (&fixture->bounds));
}

/* What was counted before the test is not its own. */
static void
test_v1_events (Fixture *fixture, gconstpointer data)
{
  set (fixture, &some);
  end (fixture);
  g_assert_cmpuint (fixture->end.oom, ==, 0);
  g_assert_cmpuint (fixture->end.limit, ==, 0);
  set (fixture, &some);
  put (fixture, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n");
  put (fixture, "memory.max_usage_in_bytes", "67108864\n");
  put (fixture, "pids.events", "max 8\n");
  end (fixture);
  g_assert_cmpuint (fixture->end.oom, ==, 1);
  g_assert_cmpuint (fixture->end.limit, ==, SRT_LIMIT_MEMORY | SRT_LIMIT_PROCESSES);
}

static guint32
over (Fixture *fixture, const srt_usage *usage)
{
  return srt_bounds_over (&fixture->bounds, usage, fixture->text, sizeof fixture->text);
}

static void
test_measured (Fixture *fixture, gconstpointer data)
{
  srt_limits limits = some;
  srt_usage usage = { .memory_now = 64 * MIB, .threads = 20, .user_ns = 1000 };

  limits.cpu_time_ns = 5000;
  limits.io_ops = 10;
  g_assert_cmpuint (set (fixture, &limits), ==, SRT_LIMIT_CPU | SRT_LIMIT_IO);
  g_assert_cmpstr (fixture->bounds.held_by, ==, "memory: measured, processes: measured, cpu_time: measured, rlimit");
  g_assert_cmpuint (over (fixture, &usage), ==, 0);
  usage.memory_now++;
  g_assert_cmpuint (over (fixture, &usage), ==, SRT_LIMIT_MEMORY);
  usage.memory_now = 0;
  usage.threads++;
  g_assert_cmpuint (over (fixture, &usage), ==, SRT_LIMIT_PROCESSES);
  g_assert_cmpstr (fixture->text, ==, "21 processes and threads, over its limit of 20 (measured)");
  usage.threads = 1;
  usage.system_ns = 5000;
  g_assert_cmpuint (over (fixture, &usage), ==, SRT_LIMIT_CPU_TIME);
}

/* In a user namespace of its own RLIMIT_NPROC does it, and nothing is measured. */
static void
test_own_users (Fixture *fixture, gconstpointer data)
{
  const SrtPlaces places = { .pids_max = 100, .own_users = TRUE };
  const srt_usage usage = { .threads = 1000 };

  srt_bounds_open (&fixture->bounds, &places);
  set (fixture, &none);
  g_assert_cmpuint (fixture->bounds.nproc, ==, 102);
  g_assert_cmpuint (fixture->bounds.measured, ==, 0);
  g_assert_cmpuint (over (fixture, &usage), ==, 0);
}

#define ADD(NAME, FILES, FN) g_test_add ("/agent/bounds/" NAME, Fixture, FILES, set_up, FN, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("v2/written", v2, test_v2_written);
  ADD ("v2/unchanged", v2, test_v2_unchanged);
  ADD ("v2/oom", v2, test_v2_oom);
  ADD ("v2/machine-oom", v2, test_v2_machine_oom);
  ADD ("v2/pids", v2, test_v2_pids);
  ADD ("v2/damaged", v2, test_v2_damaged);
  ADD ("v1/written", v1, test_v1_written);
  ADD ("v1/events", v1, test_v1_events);
  ADD ("measured", NULL, test_measured);
  ADD ("own-users", NULL, test_own_users);
  return g_test_run ();
}
