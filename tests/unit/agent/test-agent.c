/* SPDX-License-Identifier: MIT
 * srt-agent over a socketpair: what every tier must do. Runs with the portable twin too. */
#include "agent-fixture.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  const char *name;
  const char *script;
  guint32 kind;
  int code;
  const char *out;
} Script;

static const Script scripts[] = {
  { "pass", "exit 0", SRT_EXIT_EXITED, 0, "" },
  { "fail", "echo out; exit 3", SRT_EXIT_EXITED, 3, "out\n" },
  { "signal", "kill -SEGV $$", SRT_EXIT_SIGNALLED, SIGSEGV, "" },
  { "killed-by-a-stranger", "kill -KILL $$", SRT_EXIT_SIGNALLED, SIGKILL, "" },
  { "stdin-is-null", "cat; readlink /proc/self/fd/0", SRT_EXIT_EXITED, 0, "/dev/null\n" },
  { "working-folder", "pwd", SRT_EXIT_EXITED, 0, "/tmp\n" },
  { "tmpdir", "test -d \"$TMPDIR\" && test -z \"$(ls -A $TMPDIR)\" && stat -c %a $TMPDIR", SRT_EXIT_EXITED, 0,
    "700\n" },
};

static void
test_script (Fixture *fixture, gconstpointer data)
{
  const Script *script = data;
  AgentEnd end = run (fixture, ARGV ("/bin/sh", "-c", script->script));

  g_assert_cmpuint (end.end.kind, ==, script->kind);
  g_assert_cmpint (end.end.code, ==, script->code);
  g_assert_cmpstr (end.out->str, ==, script->out);
  g_assert_cmpstr (end.err->str, ==, "");
  g_assert_cmpuint (end.end.leaked, ==, 0);
  g_assert_cmpuint (end.end.usage.source, ==, SRT_USAGE_WAIT4);
  g_assert_cmpuint (end.end.usage.memory_peak, >, 4096);
  g_assert_cmpuint (end.end.usage.wall_ns, >, 0);
  agent_end_clear (&end);
}

static void
test_birth (Fixture *fixture, gconstpointer data)
{
  AgentEnd end = run (fixture, ARGV (fixture->hostile, "show-birth"));

  g_assert_cmpstr (end.out->str, ==, "fd 0\nfd 1\nfd 2\nown session\n");
  g_assert_cmpint (end.end.code, ==, 0);
  agent_end_clear (&end);
}

/* Makes a file in the agent's run folder, which the test removes. */
static char *
make_file (Fixture *fixture, const char *text, int mode)
{
  char *path = g_build_filename (fixture->agent->dir, "prog", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  return path;
}

typedef struct {
  const char *name;
  const char *text; /* of the file; NULL: none */
  int mode;
  int error;
  const char *words; /* that the message has */
} NotStarted;

static const NotStarted not_started[] = {
  { "missing", NULL, 0, ENOENT, "no such file: " },
  { "not-executable", "#!/bin/sh\n", 0644, EACCES, "permission denied" },
  { "no-interpreter", "#! /no/such/interpreter -x\n", 0755, ENOENT, "its interpreter /no/such/interpreter is missing" },
  { "no-hash-bang", "echo hello\n", 0755, ENOEXEC, "a script needs a #! line" },
  { "empty", "", 0755, ENOEXEC, "not a program" },
};

static void
test_not_started (Fixture *fixture, gconstpointer data)
{
  const NotStarted *row = data;
  g_autofree char *path = row->text ? make_file (fixture, row->text, row->mode) : g_strdup ("/no/such/program");
  AgentEnd end = run (fixture, ARGV (path));

  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_NOT_STARTED);
  g_assert_cmpint (end.end.code, ==, row->error);
  g_assert_nonnull (strstr (end.message, row->words));
  if (row->text)
    g_unlink (path);
  agent_end_clear (&end);
}

static void
test_path_lookup (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_file (fixture, "#!/bin/sh\necho found \"$@\"\n", 0755);
  g_autofree char *variable = g_strdup_printf ("PATH=/no/such:%s", fixture->agent->dir);
  srt_job job = agent_driver_job (1, ARGV ("prog", "it"));
  AgentEnd end;

  job.env = ARGV (variable);
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpstr (end.out->str, ==, "found it\n");
  agent_end_clear (&end);
  job.env = ARGV ("PATH=/no/such");
  job.id = 2;
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpstr (end.message, ==, "prog: not found in PATH");
  agent_end_clear (&end);
  g_unlink (path);
}

static void
test_bad_places (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV ("/bin/true"));
  AgentEnd end;

  job.cwd = "/no/such/folder";
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpstr (end.message, ==, "working folder /no/such/folder: No such file or directory");
  agent_end_clear (&end);
  job.cwd = "/";
  job.stdin_path = "/no/such/input";
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_NOT_STARTED);
  g_assert_cmpstr (end.message, ==, "standard input /no/such/input: No such file or directory");
  agent_end_clear (&end);
}

static void
test_cwd_tmpdir (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV ("/bin/sh", "-c", "test \"$(pwd -P)\" = \"$TMPDIR\" && ls -A && echo in it"));
  AgentEnd end;

  job.cwd = NULL;
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpstr (end.out->str, ==, "in it\n");
  g_assert_cmpint (end.end.code, ==, 0);
  agent_end_clear (&end);
}

static void
test_environment (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV ("/bin/sh", "-c", "echo $A/$B/${HOME-unset}/${TMPDIR##*/}"));
  AgentEnd end;

  job.env = ARGV ("A=1", "HOME", "TMPDIR=/nowhere", "B=2=3");
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpstr (end.out->str, ==, "1/2=3/unset/tmp-0\n");
  agent_end_clear (&end);
  job.argv = ARGV ("/usr/bin/env");
  job.flags = SRT_JOB_CLEAN_ENV;
  job.env = ARGV ("A=1");
  end = agent_driver_run (fixture->agent, &job);
  g_assert_true (g_str_has_prefix (end.out->str, "A=1\nTMPDIR="));
  agent_end_clear (&end);
}

/* More than a frame holds, and strings with nothing in them. */
static void
test_large_start (Fixture *fixture, gconstpointer data)
{
  g_autofree char *large = g_strnfill (100000, 'a');
  AgentEnd end = run (fixture, ARGV ("/bin/sh", "-c", "echo $# ${#1} ${#2} ${#3}", "sh", large, "", large));

  g_assert_cmpstr (end.out->str, ==, "3 100000 0 100000\n");
  agent_end_clear (&end);
}

static void
test_timeout (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "polite"));
  AgentEnd end;

  job.timeout_ns = 300 * MS;
  job.grace_ns = 100000 * MS;
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_KILLED);
  g_assert_cmpuint (end.end.why, ==, SRT_WHY_TIMEOUT);
  g_assert_cmpint (end.end.code, ==, -1); /* it exited by itself in its grace */
  g_assert_cmpstr (end.out->str, ==, "ready\nterm\n");
  g_assert_cmpuint (end.end.usage.wall_ns, >=, 300 * MS);
  agent_end_clear (&end);
}

static void
test_timeout_deaf (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "deaf"));
  AgentEnd end;

  job.timeout_ns = 200 * MS;
  job.grace_ns = 100 * MS;
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_KILLED);
  g_assert_cmpuint (end.end.why, ==, SRT_WHY_TIMEOUT);
  g_assert_cmpint (end.end.code, ==, SIGKILL);
  g_assert_cmpuint (end.end.usage.wall_ns, >=, 300 * MS);
  agent_end_clear (&end);
}

/* The runner stops a test with a long grace, then loses patience. */
static void
test_stop (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "deaf"));
  AgentEnd end;

  job.timeout_ns = 0;
  agent_driver_start (fixture->agent, &job);
  agent_driver_expect (fixture->agent, SRT_FRAME_OUTPUT);
  agent_driver_stop (fixture->agent, 1, 1000000 * MS, SRT_WHY_SHED);
  agent_driver_stop (fixture->agent, 1, 0, SRT_WHY_SHED);
  end = agent_driver_wait (fixture->agent, 1, 100);
  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_KILLED);
  g_assert_cmpuint (end.end.why, ==, SRT_WHY_SHED);
  g_assert_cmpint (end.end.code, ==, SIGKILL);
  agent_end_clear (&end);
  agent_driver_stop (fixture->agent, 1, 0, SRT_WHY_STOP); /* too late, and no defect */
}

static void
test_freeze (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "polite"));
  SrtFrame frame;
  AgentEnd end;

  job.timeout_ns = 400 * MS;
  agent_driver_start (fixture->agent, &job);
  agent_driver_expect (fixture->agent, SRT_FRAME_OUTPUT);
  agent_driver_freeze (fixture->agent, 1, 1);
  frame = agent_driver_expect (fixture->agent, SRT_FRAME_FROZEN);
  g_assert_cmpuint (frame.payload[0], ==, 1);
  g_usleep (600 * 1000); /* longer than its timeout: the very thing that must not count */
  agent_driver_freeze (fixture->agent, 1, 0);
  frame = agent_driver_expect (fixture->agent, SRT_FRAME_FROZEN);
  g_assert_cmpuint (frame.payload[0], ==, 0);
  end = agent_driver_wait (fixture->agent, 1, 100);
  g_assert_cmpuint (end.end.why, ==, SRT_WHY_TIMEOUT);
  g_assert_cmpuint (end.end.usage.frozen_ns, >=, 600 * MS);
  g_assert_cmpuint (end.end.usage.wall_ns, >=, end.end.usage.frozen_ns + 400 * MS);
  agent_end_clear (&end);
}

static void
test_stop_frozen (Fixture *fixture, gconstpointer data)
{
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "polite"));
  AgentEnd end;

  agent_driver_start (fixture->agent, &job);
  agent_driver_expect (fixture->agent, SRT_FRAME_OUTPUT);
  agent_driver_freeze (fixture->agent, 1, 1);
  agent_driver_expect (fixture->agent, SRT_FRAME_FROZEN);
  agent_driver_stop (fixture->agent, 1, 100000 * MS, SRT_WHY_STOP);
  end = agent_driver_wait (fixture->agent, 1, 100);
  g_assert_cmpstr (end.out->str, ==, "term\n");
  g_assert_cmpuint (end.end.why, ==, SRT_WHY_STOP);
  agent_end_clear (&end);
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  srt_limits limits = { .size = sizeof limits, .open_files = 50 };
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "open-files"));
  AgentEnd end;

  job.limits = &limits;
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpstr (end.out->str, ==, "50");
  agent_end_clear (&end);
  limits = (srt_limits){ .size = sizeof limits, .file_size = 100000 };
  job.argv = ARGV (fixture->hostile, "big-file");
  job.id = 2;
  end = agent_driver_run (fixture->agent, &job);
  g_assert_cmpuint (end.end.kind, ==, SRT_EXIT_KILLED);
  g_assert_cmpuint (end.end.why, ==, SRT_WHY_LIMIT);
  g_assert_cmpint (end.end.code, ==, SIGXFSZ);
  g_assert_cmpuint (end.end.tmp_touched, ==, 1);
  agent_end_clear (&end);
}

static void
settle (Fixture *fixture, guint64 job, const char *keep_dir, guint32 error)
{
  SrtFrame frame;

  agent_driver_send (fixture->agent, SRT_FRAME_SETTLE, job, keep_dir ? keep_dir : "",
                     strlen (keep_dir ? keep_dir : "") + 1);
  frame = agent_driver_expect (fixture->agent, SRT_FRAME_SETTLED);
  g_assert_cmpuint (frame.payload[0], ==, error);
}

static void
assert_empty_tmpdir (Fixture *fixture)
{
  AgentEnd end = run (fixture, ARGV ("/bin/sh", "-c", "ls -A $TMPDIR | wc -l; stat -c %a $TMPDIR"));

  g_assert_cmpstr (end.out->str, ==, "0\n700\n");
  g_assert_cmpuint (end.end.tmp_touched, ==, 0);
  agent_end_clear (&end);
}

static const char *const touches[] = { "litter", "remove-tmpdir", "replace-tmpdir", "make-and-remove", NULL };

/* Whatever a test did to its TMPDIR, the next one finds its own empty, settled or not. */
static void
test_tmpdir (Fixture *fixture, gconstpointer data)
{
  const char *const *what = data;
  gboolean left = what < touches + 3 && what != touches + 1;

  for (guint i = 0; i < 2; i++) {
    AgentEnd end = run (fixture, ARGV (fixture->hostile, *what));

    g_assert_cmpstr (end.err->str, ==, "");
    g_assert_cmpint (end.end.code, ==, 0);
    g_assert_cmpuint (end.end.tmp_touched, ==, left);
    if (left && i == 0)
      settle (fixture, 1, NULL, 0);
    agent_end_clear (&end);
    assert_empty_tmpdir (fixture);
  }
}

static void
test_keep_tmpdir (Fixture *fixture, gconstpointer data)
{
  g_autofree char *keep_dir = g_build_filename (fixture->agent->dir, "kept", NULL);
  g_autofree char *file = g_build_filename (keep_dir, "file", NULL);
  AgentEnd end = run (fixture, ARGV ("/bin/sh", "-c", "echo x > $TMPDIR/file"));

  g_assert_cmpuint (end.end.tmp_touched, ==, 1);
  agent_end_clear (&end);
  settle (fixture, 1, keep_dir, 0);
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
  assert_empty_tmpdir (fixture);
  end = run (fixture, ARGV ("/bin/sh", "-c", "echo x > $TMPDIR/file"));
  agent_end_clear (&end);
  settle (fixture, 1, keep_dir, EEXIST);
  assert_empty_tmpdir (fixture);
  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_cmpint (g_rmdir (keep_dir), ==, 0);
}

/* The agent says what is wrong, kills its test and leaves. */
static void
test_refused (gconstpointer data)
{
  const guint8 *bytes = data;
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  srt_job job = agent_driver_job (1, ARGV ("/bin/sleep", "1000"));
  SrtFrame frame;
  int status;

  agent_driver_start (agent, &job);
  agent_driver_send_raw (agent, bytes, SRT_FRAME_HEAD);
  frame = agent_driver_expect (agent, SRT_FRAME_ERROR);
  g_assert_cmpstr ((const char *)frame.payload, ==, "unknown frame type");
  g_assert_false (agent_driver_next (agent, &frame));
  status = agent_driver_free (agent);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
}

static void
test_second_start (void)
{
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  srt_job job = agent_driver_job (1, ARGV ("/bin/sleep", "1000"));
  SrtFrame frame;

  agent_driver_start (agent, &job);
  job.id = 2;
  agent_driver_start (agent, &job);
  frame = agent_driver_expect (agent, SRT_FRAME_ERROR);
  g_assert_cmpstr ((const char *)frame.payload, ==, "START while a test runs");
  g_assert_cmpint (WEXITSTATUS (agent_driver_free (agent)), ==, 1);
}

static void
test_shutdown (void)
{
  AgentDriver *agent = agent_driver_new (g_getenv ("SRT_TEST_AGENT"));
  srt_job job = agent_driver_job (1, ARGV (g_getenv ("SRT_TEST_HOSTILE"), "deaf"));
  SrtFrame frame;

  agent_driver_start (agent, &job);
  agent_driver_expect (agent, SRT_FRAME_OUTPUT);
  agent_driver_send (agent, SRT_FRAME_SHUTDOWN, 0, NULL, 0);
  g_assert_false (agent_driver_next (agent, &frame));
  g_assert_cmpint (agent_driver_hang_up (agent), ==, 0);
  g_assert_true (g_file_test (agent->dir, G_FILE_TEST_IS_DIR)); /* by order: the runner's own business */
  agent_driver_free (agent);
}

static void
test_orphan (void)
{
  AgentDriver *agent = agent_driver_new_orphan (g_getenv ("SRT_TEST_AGENT"));
  g_autofree char *dir = g_strdup (agent->dir);

  g_assert_cmpint (agent_driver_free (agent), ==, 0);
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
}

static void
test_usage (Fixture *fixture, gconstpointer data)
{
  guint64 period = 20 * MS;
  srt_job job = agent_driver_job (1, ARGV (fixture->hostile, "polite"));
  srt_usage usage;
  SrtFrame frame;
  AgentEnd end;
  SrtGet get;

  if (strstr (g_getenv ("SRT_TEST_AGENT"), "portable")) {
    g_test_skip ("the portable twin does not measure");
    return;
  }
  agent_driver_send (fixture->agent, SRT_FRAME_USAGE_PERIOD, 0, &period, sizeof period);
  agent_driver_start (fixture->agent, &job);
  agent_driver_expect (fixture->agent, SRT_FRAME_USAGE);
  frame = agent_driver_expect (fixture->agent, SRT_FRAME_USAGE);
  get = (SrtGet){ frame.payload, frame.payload + frame.length, false };
  srt_usage_decode (&get, &usage);
  g_assert_cmpuint (usage.source, ==, SRT_USAGE_SAMPLED);
  g_assert_cmpuint (usage.processes, ==, 1);
  g_assert_cmpuint (usage.threads, ==, 1);
  g_assert_cmpuint (usage.open_files, ==, 3);
  g_assert_cmpuint (usage.memory_now, >, 4096);
  agent_driver_stop (fixture->agent, 1, 100000 * MS, SRT_WHY_STOP);
  end = agent_driver_wait (fixture->agent, 1, 10);
  g_assert_cmpuint (end.end.usage.source, ==, SRT_USAGE_SAMPLED);
  agent_end_clear (&end);
}

#define ADD(NAME, FN) g_test_add ("/agent/" NAME, Fixture, NULL, set_up, FN, tear_down)

static void
add_tables (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_autofree char *path = g_strconcat ("/agent/script/", scripts[i].name, NULL);

    g_test_add (path, Fixture, &scripts[i], set_up, test_script, tear_down);
  }
  for (guint i = 0; i < G_N_ELEMENTS (not_started); i++) {
    g_autofree char *path = g_strconcat ("/agent/not-started/", not_started[i].name, NULL);

    g_test_add (path, Fixture, &not_started[i], set_up, test_not_started, tear_down);
  }
  for (guint i = 0; touches[i]; i++) {
    g_autofree char *path = g_strconcat ("/agent/tmpdir/", touches[i], NULL);

    g_test_add (path, Fixture, &touches[i], set_up, test_tmpdir, tear_down);
  }
}

int
main (int argc, char **argv)
{
  static const guint8 bad_frame[SRT_FRAME_HEAD] = { 0, 0, 0, 0, 99, 0, 2, 0 };

  g_test_init (&argc, &argv, NULL);
  add_tables ();
  ADD ("birth", test_birth);
  ADD ("path-lookup", test_path_lookup);
  ADD ("bad-places", test_bad_places);
  ADD ("cwd-tmpdir", test_cwd_tmpdir);
  ADD ("environment", test_environment);
  ADD ("large-start", test_large_start);
  ADD ("timeout", test_timeout);
  ADD ("timeout-deaf", test_timeout_deaf);
  ADD ("stop", test_stop);
  ADD ("freeze", test_freeze);
  ADD ("stop-frozen", test_stop_frozen);
  ADD ("limits", test_limits);
  ADD ("keep-tmpdir", test_keep_tmpdir);
  ADD ("usage", test_usage);
  g_test_add_data_func ("/agent/refused", bad_frame, test_refused);
  g_test_add_func ("/agent/second-start", test_second_start);
  g_test_add_func ("/agent/shutdown", test_shutdown);
  g_test_add_func ("/agent/orphan", test_orphan);
  return g_test_run ();
}
