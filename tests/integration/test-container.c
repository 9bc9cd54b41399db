/* SPDX-License-Identifier: MIT
 * Tests in containers, with a real podman: the same words as outside, nothing that a test should not reach, and nothing
 * left behind, however the run ends. */
#include "pod.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEST(NAME) static void test_##NAME (ItWorld *w, gconstpointer data)
#define RUN        "--no-checkpoint --executor container:image=srt-test "

TEST (words)
{
  it_script (w, "t/pass_test", "exit 0");
  it_script (w, "t/fail_test", "echo it differs; exit 3");
  it_script (w, "t/abort_test", "kill -ABRT $$");
  it_script (w, "t/engine_test", "exit 125"); /* which engines use for their own failures */
  it_script (w, "t/high_test", "exit 255");
  it_script (w, "t/killed_test", "kill -KILL $$");
  it_script (w, "t/skip_test", "exit 77");
  it_write (w, "t/none_test", "#!/no/such/program\n");
  g_autofree char *none = it_path (w, "t/none_test");
  g_assert_cmpint (chmod (none, 0755), ==, 0);
  g_auto (ItRun) run = it_srt (w, RUN "-j2 t");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "PASS", "t/pass_test");
  it_assert_verdict (&run, "FAIL", "t/fail_test");
  it_assert_has (run.out, "t/fail_test: exit status 3");
  it_assert_verdict (&run, "CRASH", "t/abort_test");
  it_assert_has (run.out, "t/abort_test: SIGABRT");
  it_assert_verdict (&run, "FAIL", "t/engine_test");
  it_assert_has (run.out, "t/engine_test: exit status 125");
  it_assert_verdict (&run, "FAIL", "t/high_test");
  it_assert_has (run.out, "t/high_test: exit status 255");
  it_assert_verdict (&run, "CRASH", "t/killed_test");
  it_assert_has (run.out, "t/killed_test: SIGKILL");
  it_assert_verdict (&run, "SKIP", "t/skip_test");
  it_assert_verdict (&run, "ERROR", "t/none_test");
  it_assert_has (run.out, "it differs");
  it_pod_assert_empty ();
}

/* What outlives its test, and a test that closes its output and lives on. */
TEST (processes)
{
  it_script (w, "t/daemon_test", "setsid sleep 1000 &\nexit 0");
  it_script (w, "t/closes_test", "exec >&- 2>&-; n=0; while [ $n -lt 50000 ]; do n=$((n + 1)); done; exit 7");
  it_script (w, "t/init_test", "[ \"$PPID\" = 1 ] && kill -9 1; kill -STOP 1; kill -TERM 1; exit 0");
  g_auto (ItRun) run = it_srt (w, RUN "t");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "LEAK", "t/daemon_test");
  it_assert_has (run.out, "t/daemon_test: left 1 process behind: sleep");
  it_assert_verdict (&run, "FAIL", "t/closes_test");
  it_assert_has (run.out, "t/closes_test: exit status 7");
  it_assert_verdict (&run, "PASS", "t/init_test");
  it_pod_assert_empty ();
}

TEST (timeout)
{
  it_script (w, "t/hang_test", "trap '' TERM; while :; do sleep 1000; done");
  g_auto (ItRun) run = it_srt (w, RUN "--timeout 0.5 --child-kill-timeout 0.2 t");
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "TIMEOUT", "t/hang_test");
  it_pod_assert_empty ();
}

/* Each line of the test says what it must not be able to do. */
TEST (hardened)
{
  it_script (w, "t/hard_test",
             "fail() { echo \"$1\"; exit 1; }\n"
             "! { [ \"$(id -u)\" = 0 ] && grep -q '^ *0 *0 ' /proc/self/uid_map; } || fail 'it is root'\n"
             "touch /bin/x 2>/dev/null && fail 'the root is writable'\n"
             "touch ./x 2>/dev/null && fail 'the workspace is writable'\n"
             "touch /tmp/x \"$TMPDIR/x\" /var/tmp/x || fail 'no room for files'\n"
             "[ \"$(ls /sys/class/net)\" = lo ] || fail 'there is a network'\n"
             "grep -q '^CapEff:.0*$' /proc/self/status || fail 'it has capabilities'\n"
             "grep -q '^CapBnd:.0*$' /proc/self/status || fail 'it can get capabilities'\n"
             "grep -q '^NoNewPrivs:.1$' /proc/self/status || fail 'it can get privileges'\n"
             "grep -q '^Seccomp:.2$' /proc/self/status || fail 'no system call is kept from it'\n"
             "ls /.srt/link/* 2>/dev/null && fail 'the way to srt is open'\n"
             "[ $(ls /proc/self/fd | wc -l) = 4 ] || fail 'it has descriptors that are not its own'\n");
  g_auto (ItRun) run = it_srt (w, RUN "t");
  it_assert_verdict (&run, "PASS", "t/hard_test");
  it_assert_code (&run, 0);
}

/* What a test that failed has left is kept; while it ran it could not get there. */
TEST (kept)
{
  it_script (w, "t/fail_test",
             "touch /.srt/keep/x 2>/dev/null && exit 99\n"
             "mkdir $TMPDIR/d && echo deep >$TMPDIR/d/f && ln -s d/f $TMPDIR/l && mkfifo $TMPDIR/p; exit 1");
  g_auto (ItRun) run = it_srt (w, RUN "t");
  it_assert_verdict (&run, "FAIL", "t/fail_test");
  const char *at = g_strstr_len (run.out, -1, "TMPDIR kept: ");
  g_assert_nonnull (at);
  g_autofree char *dir = g_strndup (at + 13, strcspn (at + 13, "\n"));
  g_autofree char *link = g_build_filename (dir, "l", NULL);
  g_autofree char *fifo = g_build_filename (dir, "p", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (link, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "deep\n");
  g_assert_false (g_file_test (fifo, G_FILE_TEST_EXISTS));
}

/* What is opened for a suite is open for it, and not for another. */
TEST (opened)
{
  it_write (w, "elsewhere/file", "here\n");
  g_autofree char *elsewhere = it_path (w, "elsewhere");
  g_autofree char *config = g_strdup_printf (
      "executor = { name = \"container\"; image = \"srt-test\"; };\n"
      "suites = ( { name = \"open\"; paths = [ \"o\" ]; executor = { workspace = \"rw\"; user = \"0:0\";\n"
      "    caps = [ \"NET_RAW\" ]; mounts = [ \"%s:/other\" ]; env = [ \"MOOD=good\" ]; tmp_size = \"1M\"; }; },\n"
      "  { name = \"closed\"; paths = [ \"c\" ]; } );\n",
      elsewhere);
  it_write (w, "srt.cfg", config);
  it_script (w, "o/open_test",
             "set -e; echo done >written; [ \"$(cat /other/file)\" = here ]; [ $MOOD = good ]\n"
             "grep -q '^CapEff:.*2000$' /proc/self/status\n"
             "! dd if=/dev/zero of=$TMPDIR/big bs=64k count=64 2>/dev/null");
  it_script (w, "c/closed_test", "[ ! -e /other ] && [ -z \"$MOOD\" ] && ! touch no 2>/dev/null");
  g_auto (ItRun) run = it_srt (w, "--no-checkpoint");
  it_assert_verdict (&run, "PASS", "open/open_test");
  it_assert_verdict (&run, "PASS", "closed/closed_test");
  g_autofree char *written = it_read (w, "written");
  g_assert_cmpstr (written, ==, "done\n");
}

/* The first users' words. */
TEST (command_line)
{
  it_script (w, "t/a_test", "exit 0");
  it_script (w, "t/b_test", "exit 0");
  g_auto (ItRun) one = it_srt (w, "--no-checkpoint --container-seq --container-image srt-test -j1 t");
  it_assert_code (&one, 0);
  it_assert_has (one.out, "Mode: sequential, 1 worker; executor: container");
  g_auto (ItRun) two =
      it_srt (w, "--no-checkpoint --container --container-runtime podman --container-image srt-test -j2 t");
  it_assert_code (&two, 0);
  it_assert_has (two.out, "Mode: parallel, 2 workers; executor: container");
}

TEST (no_image)
{
  it_script (w, "t/a_test", "exit 0");
  g_auto (ItRun) run = it_srt (w, "--no-checkpoint --executor container:image=no-such-image t");
  it_assert_code (&run, 2);
  it_assert_has (run.err, "podman has no image no-such-image");
  it_assert_has (run.err, "podman pull no-such-image");
}

TEST (no_engine)
{
  it_script (w, "t/a_test", "exit 0");
  g_auto (ItRun) docker = it_srt (w, "--no-checkpoint --executor container:socket=/no/such.sock,image=x t");
  it_assert_code (&docker, 2);
  it_assert_has (docker.err, "no engine answers at /no/such.sock");
}

/* An event that a test in a container, which is another user, can raise. */
static void
make_event (ItWorld *w, const char *name)
{
  g_autofree char *path = it_path (w, name);
  it_make_event (w, name);
  g_assert_cmpint (chmod (path, 0666), ==, 0);
}

TEST (interrupted)
{
  make_event (w, "runs");
  it_script (w, "t/a_test", ": >runs; sleep 1000");
  it_script (w, "t/b_test", "sleep 1000");
  ItChild child = it_start (w, RUN "-j2 t");
  it_wait_event (w, "runs");
  kill (child.pid, SIGINT);
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 130);
  it_pod_assert_empty ();
}

/* Ends podman's service, which has W's mark. */
static void
kill_service (ItWorld *w)
{
  g_autofree char *mark = g_strconcat ("SRT_IT_MARK=", w->root, NULL);
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;
  guint killed = 0;
  while ((name = g_dir_read_name (proc))) {
    g_autofree char *command_file = g_build_filename ("/proc", name, "cmdline", NULL);
    g_autofree char *environ_file = g_build_filename ("/proc", name, "environ", NULL);
    g_autofree char *command = NULL, *text = NULL;
    gsize command_size = 0, size = 0;
    if (!g_ascii_isdigit (*name) || !g_file_get_contents (command_file, &command, &command_size, NULL) ||
        !g_file_get_contents (environ_file, &text, &size, NULL))
      continue;
    if (memmem (command, command_size, "podman\0system\0service", 21) == command &&
        memmem (text, size, mark, strlen (mark))) {
      kill (atoi (name), SIGKILL);
      killed++;
    }
  }
  g_assert_cmpuint (killed, >, 0); /* a rootless one is two */
}

/* What runs goes on, and what comes next waits for the engine to be back. */
TEST (engine_dies)
{
  make_event (w, "runs");
  make_event (w, "go");
  it_script (w, "t/a_test", ": >runs; read line <go; exit 0");
  it_script (w, "t/b_test", "exit 3");
  ItChild child = it_start (w, RUN "-j1 t");
  it_wait_event (w, "runs");
  kill_service (w);
  it_tell_event (w, "go");
  g_auto (ItRun) run = it_wait (w, &child);
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "PASS", "t/a_test");
  it_assert_has (run.out, "t/b_test: exit status 3");
  it_assert_has (run.err, "podman's service ended");
  it_pod_assert_empty ();
}

static void
wait_for_socket (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_assert_cmpuint (g_strlcpy (address.sun_path, path, sizeof address.sun_path), <, sizeof address.sun_path);
  for (gboolean listens = FALSE; !listens; g_usleep (10 * 1000)) {
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    listens = connect (fd, (struct sockaddr *)&address, sizeof address) == 0;
    close (fd);
  }
}

/* Docker's API, as podman speaks it on a socket that somebody else has opened; it stays when srt has ended. */
TEST (docker_api)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (w->root, "docker.sock", NULL), *url = g_strconcat ("unix://", path, NULL),
                  *line = g_strdup_printf ("--no-checkpoint --container-runtime docker --container-image srt-test "
                                           "--set executor.socket=%s t",
                                           path);
  const char *argv[] = { "podman", "system", "service", "--time=0", url, NULL };
  GPid service;
  g_spawn_async (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &service,
                 &error);
  g_assert_no_error (error);
  wait_for_socket (path);
  it_script (w, "t/pass_test", "exit 0");
  it_script (w, "t/fail_test", "exit 3");
  g_auto (ItRun) run = it_srt (w, line);
  it_assert_code (&run, 1);
  it_assert_verdict (&run, "PASS", "t/pass_test");
  it_assert_has (run.out, "t/fail_test: exit status 3");
  it_pod_assert_empty ();
  wait_for_socket (path);
  kill (service, SIGTERM);
  g_assert_cmpint (waitpid (service, NULL, 0), ==, service);
}

/* What the engine can do, and of what it cannot the reason. */
TEST (doctor)
{
  g_auto (ItRun) run = it_srt (w, "--container doctor");
  it_assert_has (run.out, "- engine: podman ");
  it_assert_has (run.out, "- runtime ");
  it_assert_has (run.out, geteuid () == 0 ? ", as root\n" : ", rootless\n");
  it_assert_has (run.out, "- limit memory: ");
  it_assert_has (run.out, "- network bridge: ");
  it_assert_has (run.out, "- init: ");
  it_assert_has (run.out, "containment          podman ");
}

/* The last step of the guard, with the figure of what was stopped, also of what had not begun. */
TEST (protected_stop)
{
  it_script (w, "t/a_test", "sleep 1000");
  it_script (w, "t/b_test", "sleep 1000");
  g_auto (ItRun) run =
      it_srt (w, "--container-image srt-test -j2 --set guard.off=false --self-protect --mem-threshold 1 "
                 "--set guard.forecast=false --set guard.hold=false --set guard.freeze=false --set guard.shed=false "
                 "--set guard.keep_oldest=false --set guard.sustained=100ms t");
  it_assert_code (&run, 42);
  it_assert_has (run.out, "Stopping containers... stopped 2");
  it_pod_assert_empty ();
}

/* The test ends at once, as its agent sees the end of srt; the container goes with the next srt. */
TEST (killed)
{
  make_event (w, "runs");
  it_script (w, "t/a_test", ": >runs; sleep 1000");
  ItChild child = it_start (w, RUN "t");
  it_wait_event (w, "runs");
  kill (child.pid, SIGKILL);
  g_auto (ItRun) dead = it_wait (w, &child);
  it_assert_code (&dead, 137);
  g_auto (ItRun) run = it_srt (w, "clean");
  it_assert_code (&run, 0);
  it_assert_has (run.out, "Cleaned up");
  it_pod_assert_empty ();
}

#define ADD(NAME)                                                                                                      \
  g_test_add ("/integration/container/" #NAME, ItWorld, NULL, it_world_set_up, test_##NAME, it_world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *why = it_pod_open ();
  if (why) {
    g_print ("1..0 # SKIP %s\n", why);
    it_pod_remove ();
    return 0;
  }
  ADD (words);
  ADD (processes);
  ADD (timeout);
  ADD (hardened);
  ADD (kept);
  ADD (opened);
  ADD (command_line);
  ADD (no_image);
  ADD (no_engine);
  ADD (interrupted);
  ADD (engine_dies);
  ADD (docker_api);
  ADD (doctor);
  ADD (protected_stop);
  ADD (killed);
  int status = g_test_run ();
  it_pod_close ();
  return status;
}
