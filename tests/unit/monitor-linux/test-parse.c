/* SPDX-License-Identifier: MIT
 * The parsers of monitor-linux: text in, numbers out. */
#include "parse.h"
#include "cgroup.h"
#include <glib.h>
#include <string.h>

#define MIB (UINT64_C (1) << 20)

static void
test_number (void)
{
  uint64_t value = 7;

  g_assert_true (srt_parse_number ("42\n", &value));
  g_assert_cmpuint (value, ==, 42);
  g_assert_true (srt_parse_number ("  0", &value));
  g_assert_cmpuint (value, ==, 0);
  g_assert_true (srt_parse_number ("18446744073709551615\n", &value));
  g_assert_cmpuint (value, ==, UINT64_MAX);
  g_assert_true (srt_parse_number ("99999999999999999999999\n", &value));
  g_assert_cmpuint (value, ==, UINT64_MAX);

  value = 7;
  const char *const bad[] = { "", "\n", "abc", "-1", "12abc", "max", "\n5" };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (srt_parse_number (bad[i], &value));
  g_assert_cmpuint (value, ==, 7);
}

static void
test_limit (void)
{
  uint64_t value = 7;

  g_assert_false (srt_parse_limit ("maximum", &value));
  g_assert_false (srt_parse_limit ("-12", &value));
  g_assert_false (srt_parse_limit ("", &value));
  g_assert_cmpuint (value, ==, 7);
  g_assert_true (srt_parse_limit ("1048576\n", &value));
  g_assert_cmpuint (value, ==, MIB);
  g_assert_true (srt_parse_limit ("0\n", &value));
  g_assert_cmpuint (value, ==, 0);
  const char *const none[] = { "max\n", "max", "-1\n", "9223372036854771712\n", "9223372036854710272\n" };
  for (size_t i = 0; i < G_N_ELEMENTS (none); i++) {
    value = 7;
    g_assert_true (srt_parse_limit (none[i], &value));
    g_assert_cmpuint (value, ==, SRT_PARSE_NONE);
  }
}

static void
test_field (void)
{
  const char *text = "total_cache 1\ncache 2\nMemTotal:   3 kB\nhuge 99999999999999999999\nlimit 9223372036854771712\n"
                     "bad x\nlast 9";
  uint64_t value = 7;

  g_assert_true (srt_parse_field (text, "cache", &value));
  g_assert_cmpuint (value, ==, 2);
  g_assert_true (srt_parse_field (text, "MemTotal", &value));
  g_assert_cmpuint (value, ==, 3);
  g_assert_true (srt_parse_field (text, "last", &value));
  g_assert_cmpuint (value, ==, 9);
  g_assert_true (srt_parse_field (text, "huge", &value));
  g_assert_cmpuint (value, ==, UINT64_MAX);
  g_assert_true (srt_parse_limit_field (text, "limit", &value));
  g_assert_cmpuint (value, ==, SRT_PARSE_NONE);
  value = 7;
  g_assert_false (srt_parse_field (text, "bad", &value));
  g_assert_false (srt_parse_field (text, "cach", &value));
  g_assert_false (srt_parse_field ("", "cache", &value));
  g_assert_cmpuint (value, ==, 7);
}

static void
test_meminfo (void)
{
  SrtMeminfo info = { .total = 7 };

  g_assert_true (srt_parse_meminfo (
      "MemTotal: 2048 kB\nMemFree: 1 kB\nMemAvailable: 1024 kB\nSwapTotal: 512 kB\nSwapFree: 256 kB\n", &info));
  g_assert_cmpuint (info.total, ==, 2 * MIB);
  g_assert_cmpuint (info.available, ==, MIB);
  g_assert_cmpuint (info.swap_total, ==, MIB / 2);
  g_assert_cmpuint (info.swap_free, ==, MIB / 4);
  g_assert_true (srt_parse_meminfo ("MemTotal: 2048 kB\nMemAvailable: 1024 kB\n", &info));
  g_assert_cmpuint (info.swap_total, ==, 0);
  info.total = 7;
  g_assert_false (srt_parse_meminfo ("MemTotal: 2048 kB\nMemFree: 1024 kB\n", &info));
  g_assert_false (srt_parse_meminfo ("", &info));
  g_assert_cmpuint (info.total, ==, 7);
}

static void
test_ticks (void)
{
  const char *text = "cpu  30 6 60 300 30 3 3 9 50 50\ncpu0 10 2 20 100 10 1 1 3 50 0\ncpu1 20 4 40 200 20 2 2 6 0 0\n"
                     "intr 5\ncpu9 1 1 1 1\n";
  cpu_set_t mask;
  SrtTicks ticks;

  g_assert_true (srt_parse_ticks (text, NULL, 0, &ticks));
  g_assert_cmpuint (ticks.total, ==, 441); /* guest time is not counted twice */
  g_assert_cmpuint (ticks.busy, ==, 111);
  CPU_ZERO (&mask);
  CPU_SET (1, &mask);
  g_assert_true (srt_parse_ticks (text, &mask, sizeof mask, &ticks));
  g_assert_cmpuint (ticks.total, ==, 294);
  g_assert_cmpuint (ticks.busy, ==, 74);
  /* None of ours is listed: all of them. */
  CPU_ZERO (&mask);
  CPU_SET (9, &mask);
  g_assert_true (srt_parse_ticks (text, &mask, sizeof mask, &ticks));
  g_assert_cmpuint (ticks.total, ==, 441);
  /* An old kernel with four columns only. */
  g_assert_true (srt_parse_ticks ("cpu 1 2 3 4\n", NULL, 0, &ticks));
  g_assert_cmpuint (ticks.busy, ==, 6);
  g_assert_false (srt_parse_ticks ("cpu 1 2 3\n", NULL, 0, &ticks));
  g_assert_false (srt_parse_ticks ("", NULL, 0, &ticks));
  g_assert_false (srt_parse_ticks ("intr 1\ncpu 1 2 3 4\n", NULL, 0, &ticks));
}

static void
test_pressure (void)
{
  srt_pressure p = { .some_avg10 = 7 };

  g_assert_true (srt_parse_pressure ("some avg10=53.17 avg60=24.99 avg300=7.10 total=28791998\n"
                                     "full avg10=0.05 avg60=0.00 avg300=0.00 total=12\n",
                                     &p));
  g_assert_cmpfloat_with_epsilon (p.some_avg10, 53.17f, 0.001f);
  g_assert_cmpfloat_with_epsilon (p.full_avg10, 0.05f, 0.001f);
  g_assert_cmpuint (p.some_total_ns, ==, UINT64_C (28791998000));
  g_assert_cmpuint (p.full_total_ns, ==, 12000);
  g_assert_true (srt_parse_pressure ("some avg10=100.00 avg60=0 avg300=0 total=1\n", &p));
  g_assert_cmpfloat_with_epsilon (p.some_avg10, 100.0f, 0.001f);
  g_assert_cmpuint (p.full_total_ns, ==, 0);
  p.some_avg10 = 7;
  const char *const bad[] = { "", "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
                              "some avg10=x avg60=0.00 avg300=0.00 total=0\n",
                              "some avg10=0.00 avg60=0.00 avg300=0.00\n",
                              "some avg10=900.00 avg60=0.00 avg300=0.00 total=0\n" };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (srt_parse_pressure (bad[i], &p));
  g_assert_cmpfloat (p.some_avg10, ==, 7);
}

static void
test_cpu_max (void)
{
  uint64_t milli = 7;

  g_assert_true (srt_parse_cpu_max ("max 100000\n", &milli));
  g_assert_cmpuint (milli, ==, SRT_PARSE_NONE);
  g_assert_true (srt_parse_cpu_max ("150000 100000\n", &milli));
  g_assert_cmpuint (milli, ==, 1500);
  g_assert_true (srt_parse_cpu_max ("1 1000000\n", &milli));
  g_assert_cmpuint (milli, ==, 1);
  milli = 7;
  g_assert_false (srt_parse_cpu_max ("100000\n", &milli));
  g_assert_false (srt_parse_cpu_max ("100000 0\n", &milli));
  g_assert_false (srt_parse_cpu_max ("x y\n", &milli));
  g_assert_cmpuint (milli, ==, 7);
}

static void
test_own_group (void)
{
  const char *text = "11:cpu,cpuacct:/ci/job\n6:memory:/a:b/c d\n1:name=systemd:/s\n0::/unified\n";
  char path[32] = "?";

  g_assert_true (srt_parse_own_group (text, "cpuacct", path, sizeof path));
  g_assert_cmpstr (path, ==, "/ci/job");
  g_assert_true (srt_parse_own_group (text, "memory", path, sizeof path));
  g_assert_cmpstr (path, ==, "/a:b/c d");
  g_assert_true (srt_parse_own_group (text, NULL, path, sizeof path));
  g_assert_cmpstr (path, ==, "/unified");
  g_assert_false (srt_parse_own_group (text, "cpuset", path, sizeof path));
  g_assert_false (srt_parse_own_group (text, "cp", path, sizeof path));
  g_assert_false (srt_parse_own_group (text, NULL, path, 5));
  g_assert_false (srt_parse_own_group ("0\n::\n0:\n0::x\n", NULL, path, sizeof path));
  g_assert_false (srt_parse_own_group ("", NULL, path, sizeof path));
}

static void
test_mounts (void)
{
  const char *text =
      "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
      "32 31 0:29 /docker/1 /sys/fs/cgroup/cpu,cpuacct ro shared:1 master:2 - cgroup cgroup rw,cpu,cpuacct\n"
      "junk\n"
      "30 23 0:26 / /a\\040b\\134c rw - cgroup2 none rw,nsdelegate";
  g_autofree SrtMount *mount = g_new0 (SrtMount, 1);

  text = srt_parse_next_mount (text, mount);
  g_assert_nonnull (text);
  g_assert_false (mount->v2);
  g_assert_cmpstr (mount->root, ==, "/docker/1");
  g_assert_cmpstr (mount->point, ==, "/sys/fs/cgroup/cpu,cpuacct");
  g_assert_true (srt_parse_has_word (mount->options, "cpuacct"));
  g_assert_true (srt_parse_has_word (mount->options, "rw"));
  g_assert_false (srt_parse_has_word (mount->options, "acct"));
  text = srt_parse_next_mount (text, mount);
  g_assert_nonnull (text);
  g_assert_true (mount->v2);
  g_assert_cmpstr (mount->point, ==, "/a b\\c");
  g_assert_null (srt_parse_next_mount (text, mount));
}

static void
test_rest (void)
{
  static const struct {
    const char *root, *path, *rest;
    bool above;
  } cases[] = {
    { "/", "/", "", true },
    { "/", "/a/b", "/a/b", true },
    { "/docker/1", "/docker/1", "", true },
    { "/docker/1", "/docker/1/x", "/x", true },
    { "/docker/1", "/docker/10", NULL, false },
    { "/docker/1", "/", NULL, false },   /* what is mounted is below us */
    { "/../..", "/", NULL, true },       /* above us, by an unknown way */
    { "/../..", "/..", NULL, true },     /* likewise */
    { "/../sibling", "/", NULL, false }, /* beside us */
    { "/", "/../x", NULL, false },       /* we are outside of our namespace */
    { "/..", "/../x", "/x", true },      /* seen from the same place */
    { "/../x", "/../x/y", "/y", true },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    bool above = !cases[i].above;
    const char *rest = srt_cgroup_rest (cases[i].root, cases[i].path, &above);

    g_test_message ("%s in %s", cases[i].path, cases[i].root);
    g_assert_cmpstr (rest, ==, cases[i].rest);
    g_assert_cmpint (above, ==, cases[i].above);
  }
}

static void
test_process (void)
{
  srt_process p = { .size = sizeof p };
  const char *text = "30 (a) R 9 (b c) S 20 30 30 0 -1 4194560 1 2 3 4 7 3 0 0 20 0 1 0 100 1000000 9000 1 1\n";

  g_assert_true (srt_parse_process (text, 4096, 100, &p));
  g_assert_cmpint (p.pid, ==, 30);
  g_assert_cmpint (p.parent, ==, 20);
  g_assert_cmpuint (p.memory, ==, 9000 * 4096);
  g_assert_cmpuint (p.cpu_ns, ==, 100 * 1000000);
  g_assert_cmpstr (p.command, ==, "a) R 9 (b c");
  g_assert_cmpuint (p.size, ==, sizeof p);
  g_assert_false (srt_parse_process ("", 4096, 100, &p));
  g_assert_false (srt_parse_process ("30 (gone", 4096, 100, &p));
  g_assert_false (srt_parse_process ("30 )gone(", 4096, 100, &p));
  g_assert_false (srt_parse_process ("30 (sh) S 20 30 30 0 -1 4194560 1 2 3 4 7 3 0 0\n", 4096, 100, &p));
  g_assert_false (srt_parse_process (text, 4096, 0, &p));
  g_assert_true (srt_parse_process ("1 (\033[31m\xff) S 1 1 1 0 -1 0 1 2 3 4 7 3 0 0 2 0 1 0 1 1 1\n", 4096, 100, &p));
  g_assert_cmpstr (p.command, ==, "?[31m?");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor-linux/parse/number", test_number);
  g_test_add_func ("/monitor-linux/parse/limit", test_limit);
  g_test_add_func ("/monitor-linux/parse/field", test_field);
  g_test_add_func ("/monitor-linux/parse/meminfo", test_meminfo);
  g_test_add_func ("/monitor-linux/parse/ticks", test_ticks);
  g_test_add_func ("/monitor-linux/parse/pressure", test_pressure);
  g_test_add_func ("/monitor-linux/parse/cpu-max", test_cpu_max);
  g_test_add_func ("/monitor-linux/parse/own-group", test_own_group);
  g_test_add_func ("/monitor-linux/parse/mounts", test_mounts);
  g_test_add_func ("/monitor-linux/parse/rest", test_rest);
  g_test_add_func ("/monitor-linux/parse/process", test_process);
  return g_test_run ();
}
