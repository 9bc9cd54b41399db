/* SPDX-License-Identifier: MIT
 * Limits of tests in containers, with a real podman: each is seen to bite, by what the kernel counts or refuses. */
#include "pod.h"

#include <string.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)
#define RUN        "--no-checkpoint --executor container:image=srt-test "

/* Run t/NAME, which is BODY, with the LIMITS of a profile and OPTIONS of srt. */
static ItRun
run_limited (ItWorld *w, const char *limits, const char *name, const char *body, const char *options)
{
  g_autofree char *config = g_strdup_printf ("profiles = { mine = { %s }; };\n", limits);
  g_autofree char *line = g_strconcat (RUN "--profile mine ", options, " t", NULL);
  it_write (w, "srt.cfg", config);
  it_script (w, name, body);
  return it_srt (w, line);
}

/* The engine says nothing of limits that it does not hold; then they are measured. */
static gboolean
engine_holds (void)
{
  g_autofree char *said = it_podman ("info -f '{{.Host.Security.Rootless}} {{.Host.CgroupsVersion}}'");
  return !g_str_equal (said, "true v1");
}

TEST (memory)
{
  g_auto (ItRun) run = run_limited (w, "memory = \"64M\"; wall = \"60s\";", "t/eats_test",
                                    "exec dd if=/dev/zero of=/dev/null bs=300M", "");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, engine_holds () ? "OOM" : "LIMIT", "t/eats_test");
  it_assert_has (run.out, "over its limit of 64 MB");
}

/* What lies in memory, as TMPDIR does, is memory of the test. */
TEST (memory_of_files)
{
  if (!engine_holds ()) {
    g_test_skip ("the engine holds no memory here");
    return;
  }
  g_auto (ItRun) run = run_limited (w, "memory = \"64M\"; wall = \"60s\";", "t/writes_test",
                                    "exec dd if=/dev/zero of=$TMPDIR/x bs=1M count=200", "");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "OOM", "t/writes_test");
}

/* What is not there is not counted: a kernel without swap accounting has no such file. */
TEST (no_swap)
{
  if (!engine_holds ()) {
    g_test_skip ("the engine holds no memory here");
    return;
  }
  g_auto (ItRun) run = run_limited (w, "memory = \"64M\";", "t/swap_test",
                                    "cd /sys/fs/cgroup\n"
                                    "if [ -e memory.swap.max ]; then [ \"$(cat memory.swap.max)\" = 0 ]\n"
                                    "elif [ -e memory/memory.memsw.limit_in_bytes ]; then\n"
                                    "  [ \"$(cat memory/memory.memsw.limit_in_bytes)\" = 67108864 ]\n"
                                    "else cat memory/memory.limit_in_bytes | grep -qx 67108864; fi",
                                    "");
  it_assert_verdict (&run, "PASS", "t/swap_test");
}

TEST (processes)
{
  if (!engine_holds ()) {
    g_test_skip ("the engine holds no number of processes here");
    return;
  }
  g_auto (ItRun) run = run_limited (w, "processes = 12;", "t/forks_test",
                                    "i=0; while [ $i -lt 30 ]; do sleep 1000 & i=$((i + 1)); done; exit 0", "");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "LIMIT", "t/forks_test");
  it_assert_has (run.out, "hit its limit of 12 processes");
}

/* It goes on until the kernel says that it was held back. */
TEST (cpu)
{
  if (!engine_holds ()) {
    g_test_skip ("the engine holds no CPU here");
    return;
  }
  g_auto (ItRun) run = run_limited (w, "cpu = 0.2;", "t/burns_test",
                                    "for stat in /sys/fs/cgroup/cpu.stat /sys/fs/cgroup/cpu/cpu.stat; do\n"
                                    "  [ -e $stat ] || continue\n"
                                    "  until grep -q '^nr_throttled [1-9]' $stat; do :; done\n"
                                    "  exit 0\n"
                                    "done\n"
                                    "exit 1",
                                    "");
  it_assert_verdict (&run, "PASS", "t/burns_test");
}

/* What is said of it is true: where it is held, or held but for buffered writes, direct reads take their time. */
TEST (io)
{
  g_autofree char *big = g_strnfill (41 * 4096, 'x');
  it_write (w, "big", big);
  g_auto (ItRun) run = run_limited (w, "io_ops = 20;", "t/reads_test",
                                    "dd if=big of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null || exit 77\n"
                                    "read begin rest </proc/uptime\n"
                                    "dd if=big of=/dev/null bs=4k count=41 iflag=direct 2>/dev/null || exit 1\n"
                                    "read end rest </proc/uptime\n"
                                    "[ $((${end%.*} - ${begin%.*})) -ge 1 ]",
                                    "");
  gboolean throttled = !strstr (run.err, "limit io_ops is not enforced") || strstr (run.err, "buffered writes pass");
  if (!throttled)
    g_test_skip ("disks are not throttled here");
  else if (!strstr (run.out, "SKIP"))
    it_assert_verdict (&run, "PASS", "t/reads_test");
}

/* What cannot be held is no reason to run without it, where that is asked for. */
TEST (io_required)
{
  g_auto (ItRun) open = run_limited (w, "io_ops = 20;", "t/a_test", "exit 0", "");
  g_auto (ItRun) run =
      run_limited (w, "io_ops = 20;", "t/a_test", "exit 0", "--executor container:image=srt-test,enforcement=required");
  it_assert_verdict (&open, "PASS", "t/a_test");
  if (!strstr (open.err, "limit io_ops is not enforced")) {
    it_assert_code (&run, 0);
    return;
  }
  it_assert_code (&run, 2);
  it_assert_has (run.err, "enforcement is required, but its limit io_ops is not held: ");
}

TEST (of_one_process)
{
  g_auto (ItRun) files = run_limited (w, "open_files = 32; core_size = 0; file_size = \"64K\";", "t/ulimit_test",
                                      "[ $(ulimit -n) = 32 ] && [ $(ulimit -c) = 0 ] && [ $(ulimit -f) = 128 ]", "");
  it_assert_verdict (&files, "PASS", "t/ulimit_test");
  it_script (w, "t/ulimit_test", "exec dd if=/dev/zero of=$TMPDIR/big bs=64k count=4");
  g_auto (ItRun) size = it_srt (w, RUN "--profile mine t");
  it_assert_code (&size, 1);
  it_assert_verdict (&size, "LIMIT", "t/ulimit_test");
  it_assert_has (size.out, "file size");
}

/* Every place that can be written is of the size that was asked for. */
TEST (tmp_size)
{
  it_script (w, "t/fills_test",
             "for dir in /tmp /var/tmp /run /dev/shm \"$TMPDIR\"; do\n"
             "  said=$(dd if=/dev/zero of=$dir/big bs=64k count=64 2>&1) && echo \"$dir has room\" && exit 1\n"
             "  case $said in *'No space left'*) ;; *) echo \"$dir: $said\"; exit 2; esac\n"
             "  rm $dir/big\n"
             "done; exit 0");
  g_auto (ItRun) run = it_srt (w, "--no-checkpoint --executor container:image=srt-test,tmp_size=1M t");
  it_assert_verdict (&run, "PASS", "t/fills_test");
}

/* Programs that a test writes can be run: compilers and the like do so. */
TEST (programs_in_tmp)
{
  it_script (w, "t/makes_test",
             "for dir in /tmp \"$TMPDIR\"; do\n"
             "  echo 'exit 0' >$dir/made && chmod +x $dir/made && $dir/made || exit 1\n"
             "done");
  g_auto (ItRun) run = it_srt (w, RUN "t");
  it_assert_verdict (&run, "PASS", "t/makes_test");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/container-limits/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *why = it_pod_open ();
  if (why) {
    g_print ("1..0 # SKIP %s\n", why);
    return 0;
  }
  ADD (memory);
  ADD (memory_of_files);
  ADD (no_swap);
  ADD (processes);
  ADD (cpu);
  ADD (io);
  ADD (io_required);
  ADD (of_one_process);
  ADD (tmp_size);
  ADD (programs_in_tmp);
  int status = g_test_run ();
  it_pod_close ();
  return status;
}
