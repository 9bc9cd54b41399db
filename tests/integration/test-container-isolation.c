/* SPDX-License-Identifier: MIT
 * What containers close and what suites may open, with a real podman: levels of isolation, the workspace, mounts. */
#include "pod.h"

#include <sys/stat.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)
#define EXECUTOR   "executor = { name = \"container\"; image = \"srt-test\"; };\n"

/* A test in a container may be another user. */
static void
open_folder (ItWorld *w, const char *name)
{
  g_autofree char *path = it_path (w, name);
  g_assert_cmpint (chmod (path, 0777), ==, 0);
}

/* One suite for each level, in one run; each line of a test says what it must not be able to do. */
TEST (levels)
{
  it_write (w, "srt.cfg",
            EXECUTOR
            "suites = ( { name = \"standard\"; paths = [ \"a\" ]; },\n"
            "  { name = \"strict\"; paths = [ \"b\" ]; executor = { isolation = \"strict\"; caps = [ \"NET_RAW\" ];\n"
            "      workspace = \"overlay\"; env = [ \"MOOD=good\" ]; }; },\n"
            "  { name = \"paranoid\"; paths = [ \"c\" ]; executor = { isolation = \"paranoid\"; }; } );\n");
  it_script (w, "a/standard_test",
             "fail() { echo \"$1\"; exit 1; }\n"
             "[ -n \"$(ls /sys/kernel)\" ] || fail 'what a machine is is hidden'\n"
             "echo 'exit 0' >$TMPDIR/x; chmod +x $TMPDIR/x; $TMPDIR/x || fail 'nothing runs that it has written'\n");
  it_script (w, "b/strict_test",
             "fail() { echo \"$1\"; exit 1; }\n"
             "[ -z \"$(ls /sys/kernel)\" ] || fail 'it sees what the machine is'\n"
             "cat /proc/modules 2>/dev/null | grep -q . && fail 'it sees what the kernel has'\n"
             "touch a/written || fail 'what was opened is not open'\n"
             "[ \"$MOOD\" = good ] || fail 'what was given did not come'\n"
             "grep -q '^CapEff:.0*2000$' /proc/self/status || fail 'it has not what was given, or more'\n"
             "dd if=/dev/zero of=/tmp/big bs=1M count=300 2>/dev/null && fail 'its /tmp has no end'\n"
             "exit 0\n");
  it_script (w, "c/paranoid_test",
             "fail() { echo \"$1\"; exit 1; }\n"
             "[ -z \"$(ls /sys/kernel)\" ] || fail 'it sees what the machine is'\n"
             "[ \"$(ls c)\" = paranoid_test ] && [ ! -e srt.cfg ] || fail 'it sees other files'\n"
             "(echo >>c/paranoid_test) 2>/dev/null && fail 'its own file is writable'\n"
             "cp c/paranoid_test $TMPDIR/x; chmod +x $TMPDIR/x; $TMPDIR/x 2>/dev/null\n"
             "[ $? = 126 ] || fail 'what it has written runs'\n");
  open_folder (w, "a");
  g_auto (ItRun) run = it_srt (w, "--no-checkpoint");
  it_assert_verdict (&run, "PASS", "standard/standard_test");
  it_assert_verdict (&run, "PASS", "strict/strict_test");
  it_assert_verdict (&run, "PASS", "paranoid/paranoid_test");
  g_assert_false (it_exists (w, "a/written"));
}

/* Caps of a level are limits like others: the message says what was too much. */
TEST (level_caps)
{
  it_write (w, "srt.cfg",
            EXECUTOR "suites = ( { name = \"s\"; paths = [ \"t\" ]; executor = { isolation = \"paranoid\"; }; } );\n");
  it_script (w, "t/eats_test", "exec dd if=/dev/zero of=/dev/null bs=700M");
  it_script (w, "t/forks_test", "i=0; while [ $i -lt 200 ]; do sleep 1000 & i=$((i + 1)); done; wait");
  g_auto (ItRun) run = it_srt (w, "--no-checkpoint");
  it_assert_code (&run, 1);
  it_assert_has (run.out, "s/eats_test: memory");
  it_assert_has (run.out, "over its limit of 512 MB");
  it_assert_has (run.out, "s/forks_test: ");
  it_assert_has (run.out, "of 128");
}

/* What does not go together is said at its place, before any test. */
static void
check_refusal (ItWorld *w, const char *options, const char *words)
{
  g_autofree char *config =
      g_strdup_printf (EXECUTOR "suites = ( { name = \"s\"; paths = [ \"t\" ];\n  executor = { %s }; } );\n", options);
  it_write (w, "srt.cfg", config);
  g_auto (ItRun) run = it_srt (w, "--no-checkpoint");
  it_assert_code (&run, 2);
  it_assert_has (run.err, "srt.cfg:3: ");
  it_assert_has (run.err, words);
}

TEST (contradictions)
{
  it_script (w, "t/a_test", "exit 0");
  check_refusal (w, "isolation = \"strict\"; workspace = \"rw\";",
                 "isolation = \"strict\" and workspace = \"rw\" contradict each other");
  check_refusal (w, "isolation = \"paranoid\"; network = \"bridge\";",
                 "isolation = \"paranoid\" and network = \"bridge\" contradict each other");
  check_refusal (w, "mounts = [ \"/no/such/folder:/x\" ];", "mounts: there is no /no/such/folder");
  check_refusal (w, "mounts = [ \"here\" ];", "mounts: \"here\" is neither PATH nor SOURCE:TARGET");
  check_refusal (w, "image = \"no-such-image\";", "podman has no image no-such-image");
}

/* A write that fails because the workspace is read-only is named as such, and nothing else is. */
TEST (read_only)
{
  it_write (w, "srt.cfg",
            EXECUTOR
            "suites = ( { name = \"ro\"; paths = [ \"a\" ]; },\n"
            "  { name = \"rw\"; paths = [ \"b\" ]; executor = { workspace = \"rw\"; user = \"0:0\"; }; } );\n");
  it_script (w, "a/writes_test", "touch a/written");
  it_script (w, "a/fails_test", "exit 1");
  it_script (w, "a/says_test", "touch a/written; exit 0");
  it_script (w, "b/writes_test", "touch b/written");
  g_auto (ItRun) run = it_srt (w, "--no-checkpoint");
  it_assert_has (run.out, "ro/writes_test: exit status 1; it says \"Read-only file system\"");
  it_assert_has (run.out, "ro/fails_test: exit status 1\n");
  it_assert_verdict (&run, "PASS", "ro/says_test");
  it_assert_verdict (&run, "PASS", "rw/writes_test");
  g_assert_false (it_exists (w, "a/written"));
  g_assert_true (it_exists (w, "b/written"));
}

/* An image by what it contains, and a device under another name. */
TEST (digest_and_device)
{
  g_autofree char *digest = it_podman ("image inspect -f {{.Digest}} srt-test");
  g_autofree char *config = g_strdup_printf ("executor = { name = \"container\"; image = \"localhost/srt-test@%s\";\n"
                                             "  devices = [ \"/dev/null:/dev/nothing\" ]; };\n",
                                             digest);
  it_write (w, "srt.cfg", config);
  it_script (w, "t/device_test", "echo x >/dev/nothing && [ -c /dev/nothing ]");
  g_auto (ItRun) run = it_srt (w, "--no-checkpoint t");
  it_assert_verdict (&run, "PASS", "t/device_test");
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/container-isolation/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME,                  \
              it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *why = it_pod_open ();
  if (why) {
    g_print ("1..0 # SKIP %s\n", why);
    return 0;
  }
  ADD (levels);
  ADD (level_caps);
  ADD (contradictions);
  ADD (read_only);
  ADD (digest_and_device);
  int status = g_test_run ();
  it_pod_close ();
  return status;
}
