/* SPDX-License-Identifier: MIT
 * Progress, through the plugin's own table, on real files. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "steps.h"

static void
test_new_and_resume (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (300);
  g_autoptr (Host) host = host_new (folder, NULL);
  g_autofree char *path = g_build_filename (folder, PROGRESS, NULL);

  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "first", NULL, NULL), ==, SRT_OK);
  g_assert_cmpstr (host_state (host)->path, ==, path);
  g_assert_null (host_state (host)->moved_to);
  append_samples (host, samples, 0, 100, SRT_OK);
  g_assert_cmpint (host_stopped (host, "SIGINT"), ==, SRT_OK);
  host_close (host);

  for (guint round = 1; round <= 2; round++) {
    Expected expected = { .written = samples };
    g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "later", expected_row, &expected), ==, SRT_OK);
    g_assert_cmpuint (expected.rows, ==, 100 * round);
    g_assert_cmpuint (expected.wrong, ==, 0);
    g_assert_cmpuint (host_state (host)->rounds, ==, round);
    g_assert_cmpstr (host_state (host)->run_id, ==, "first");
    g_assert_cmpstr (host_state (host)->settings_digest, ==, "abcd");
    g_assert_cmpstr (host_state (host)->stop_reason, ==, round == 1 ? "SIGINT" : "");
    append_samples (host, samples, 100 * round, 100 * round + 100, SRT_OK);
    host_close (host);
  }
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 300);
  g_assert_cmpstr (host_log (host), ==, "");
}

/* What ran when a round was stopped: those that ended all the same are not among them. A new round has none. */
static void
test_running (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (4);
  g_autoptr (Host) host = host_new (folder, NULL);
  const srt_test *tests[3];

  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  for (guint i = 0; i < 3; i++)
    tests[i] = ((Sample *)g_ptr_array_index (samples, i))->result.test;
  g_assert_cmpint (host_running (host, tests, 3), ==, SRT_OK);
  append_samples (host, samples, 0, 2, SRT_OK); /* the first is not final: it was killed */
  host_close (host);

  g_assert_cmpint (host_open (host, SRT_PROGRESS_READ, "", NULL, NULL), ==, SRT_OK);
  const srt_progress_state *state = host_state (host);
  g_assert_cmpuint (state->n_running, ==, 2);
  g_assert_cmpstr (state->running[0], ==, tests[0]->id);
  g_assert_cmpstr (state->running[1], ==, tests[2]->id);
  g_assert_cmpstr (state->source, ==, "git 1a2b");
  g_assert_cmpuint (state->total, ==, 287);
  host_close (host);

  for (guint round = 0; round < 2; round++) {
    g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "two", NULL, NULL), ==, SRT_OK);
    g_assert_cmpuint (host_state (host)->n_running, ==, round == 0 ? 2 : 0);
    host_close (host);
  }
}

static void
test_nothing_there (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);

  g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "r", NULL, NULL), ==, SRT_E_NOT_FOUND);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_READ, "r", NULL, NULL), ==, SRT_E_NOT_FOUND);
  g_assert_false (folder_has (folder, ".srt")); /* looking makes nothing */
  folder_write (folder, PROGRESS, "");
  g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "r", NULL, NULL), ==, SRT_E_NOT_FOUND);
}

/* An older file with results is kept beside the new one; one without is not worth to push a better one out. */
static void
test_move_aside (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (5);
  g_autoptr (Host) host = host_new (folder, NULL);

  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (host, samples, 0, 5, SRT_OK);
  host_close (host);
  g_autofree char *before = folder_read (folder, PROGRESS);

  for (guint i = 0; i < 2; i++) {
    g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "two", NULL, NULL), ==, SRT_OK);
    if (i == 0)
      g_assert_true (g_str_has_suffix (host_state (host)->moved_to, "/.srt/progress.sdn.old"));
    else
      g_assert_null (host_state (host)->moved_to);
    host_close (host);
    g_autofree char *old = folder_read (folder, PROGRESS ".old");
    g_assert_cmpstr (old, ==, before);
  }
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 0);
}

static void
test_unreadable (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);

  folder_write (folder, PROGRESS, "shopping list: eggs, milk\n");
  g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "r", NULL, NULL), ==, SRT_E_CORRUPT);
  g_assert_nonnull (strstr (host_error (host), "does not begin as a checkpoint"));
  g_assert_cmpint (host_open (host, SRT_PROGRESS_READ, "r", NULL, NULL), ==, SRT_E_CORRUPT);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "r", NULL, NULL), ==, SRT_OK);
  host_close (host);
  g_autofree char *old = folder_read (folder, PROGRESS ".old");
  g_assert_cmpstr (old, ==, "shopping list: eggs, milk\n");
}

/* Cut at each byte of the last two rows, then resumed and gone on with: the file is whole again. */
static void
test_torn_then_resumed (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (4);
  g_autoptr (Host) host = host_new (folder, NULL);
  g_autofree char *path = g_build_filename (folder, PROGRESS, NULL);

  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (host, samples, 0, 3, SRT_OK);
  host_close (host);
  g_autofree char *text = folder_read (folder, PROGRESS);
  gsize length = strlen (text);
  gsize second = (gsize)(g_strrstr_len (text, (gssize)length, "\n  result, 1, ") - text);

  for (gsize cut = second; cut <= length; cut++) {
    Expected expected = { .written = samples };
    g_assert_true (g_file_set_contents (path, text, (gssize)cut, NULL));
    g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "two", expected_row, &expected), ==, SRT_OK);
    g_assert_cmpuint (expected.rows, ==, cut >= length - 1 ? 3 : 2);
    append_samples (host, samples, 3, 4, SRT_OK);
    host_close (host);
    g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, expected.rows + 1);
  }
  g_assert_cmpstr (host_log (host), ==, "");
}

/* A torn piece that is longer than all that is written after it. */
static void
test_long_torn (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);
  g_autoptr (Sample) sample = sample_new (1);
  g_autofree char *message = g_strnfill (8192, 'm');
  g_autofree char *path = g_build_filename (folder, PROGRESS, NULL);

  sample->result.message = message;
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  g_assert_cmpint (host_append (host, &sample->result), ==, SRT_OK);
  host_close (host);
  g_autofree char *text = folder_read (folder, PROGRESS);
  g_assert_cmpint (truncate (path, (off_t)strlen (text) - 100), ==, 0);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "two", NULL, NULL), ==, SRT_OK);
  g_autofree char *after = folder_read (folder, PROGRESS);
  g_assert_null (strstr (after, "mmm"));
  g_assert_true (g_str_has_suffix (after, "\n"));
  host_close (host);
}

static void
test_damaged_row (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (10);
  g_autoptr (Host) host = host_new (folder, NULL);
  Expected expected = { .written = samples };

  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (host, samples, 0, 10, SRT_OK);
  host_close (host);
  g_autofree char *text = folder_read (folder, PROGRESS);
  *strstr (text, "FAIL") = 'P';
  folder_write (folder, PROGRESS, text);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "two", expected_row, &expected), ==, SRT_OK);
  g_assert_cmpuint (expected.rows, ==, 9);
  g_assert_cmpuint (expected.wrong, ==, 0);
  g_assert_cmpuint (host_state (host)->damaged, ==, 1);
  g_assert_nonnull (strstr (host_log (host), "progress.sdn:13: this row does not match its checksum"));
  host_close (host);
}

static void
test_read_changes_nothing (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (3);
  g_autoptr (Host) writer = host_new (folder, NULL);

  g_assert_cmpint (host_open (writer, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  append_samples (writer, samples, 0, 3, SRT_OK);
  g_autofree char *before = folder_read (folder, PROGRESS);
  g_assert_cmpuint (count_rows (folder, PROGRESS, samples), ==, 3); /* beside the run that has it */
  g_autofree char *after = folder_read (folder, PROGRESS);
  g_assert_cmpstr (before, ==, after);
  host_close (writer);

  /* Nothing can be written where it was only read. */
  g_autoptr (Host) reader = host_new (folder, NULL);
  g_assert_cmpint (host_open (reader, SRT_PROGRESS_READ, NULL, NULL, NULL), ==, SRT_OK);
  g_assert_cmpint (host_append (reader, &((Sample *)samples->pdata[0])->result), ==, SRT_E_INVALID);
  g_assert_cmpint (host_sync (reader), ==, SRT_E_INVALID);
  g_assert_cmpint (host_remove (reader), ==, SRT_E_INVALID);
  host_close (reader);
}

static void
test_busy (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) one = host_new (folder, NULL);
  g_autoptr (Host) two = host_new (folder, NULL);
  g_autoptr (Host) other = host_new (folder, (const char *[]){ "path", ".srt/other.sdn", NULL });
  g_autofree char *pid = g_strdup_printf ("is in use by another run, process %d", getpid ());

  g_assert_cmpint (host_open (one, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  g_assert_cmpint (host_open (two, SRT_PROGRESS_RESUME, "two", NULL, NULL), ==, SRT_E_BUSY);
  g_assert_nonnull (strstr (host_error (two), pid));
  g_assert_cmpint (host_open (two, SRT_PROGRESS_NEW, "two", NULL, NULL), ==, SRT_E_BUSY);
  /* Another file in the same folder is nobody else's matter. */
  g_assert_cmpint (host_open (other, SRT_PROGRESS_NEW, "other", NULL, NULL), ==, SRT_OK);
  host_close (other);
  host_close (one);
  g_assert_cmpint (host_open (two, SRT_PROGRESS_RESUME, "two", NULL, NULL), ==, SRT_OK);
  host_close (two);
}

/* A child appends and says so through a pipe after each row. */
static pid_t
start_writer (const char *folder, GPtrArray *samples, int *ret_fd)
{
  int fds[2];
  g_assert_cmpint (pipe (fds), ==, 0);
  pid_t child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0) {
    Host *host = host_new (folder, NULL);
    g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "child", NULL, NULL), ==, SRT_OK);
    for (guint i = 0; i < samples->len; i++)
      if (host_append (host, &((Sample *)samples->pdata[i])->result) != SRT_OK || write (fds[1], "x", 1) != 1)
        _exit (1);
    pause ();
    _exit (0);
  }
  close (fds[1]);
  *ret_fd = fds[0];
  return child;
}

/* Killed at any moment: every row whose append had returned is there, the lock is gone. */
static void
test_sigkill (void)
{
  g_autoptr (GPtrArray) samples = samples_new (400);

  for (guint round = 0; round < 20; round++) {
    g_autoptr (Folder) folder = folder_new ();
    g_autoptr (Host) host = host_new (folder, NULL);
    guint wanted = (guint)g_test_rand_int_range (1, (gint)samples->len), told = 0;
    char bytes[400];
    int fd;
    pid_t child = start_writer (folder, samples, &fd);
    while (told < wanted) {
      gssize n = read (fd, bytes, MIN (sizeof bytes, wanted - told));
      g_assert_cmpint (n, >, 0);
      told += (guint)n;
    }
    g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "two", NULL, NULL), ==, SRT_E_BUSY);
    kill (child, SIGKILL);
    waitpid (child, NULL, 0);
    for (gssize n = 1; n > 0; told += (guint)n)
      n = read (fd, bytes, sizeof bytes);
    close (fd);
    g_assert_cmpuint (count_rows (folder, PROGRESS, samples), >=, told);
    g_assert_cmpint (host_open (host, SRT_PROGRESS_RESUME, "two", NULL, NULL), ==, SRT_OK);
    host_close (host);
  }
}

static void
test_sync_order (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (GPtrArray) samples = samples_new (30);
  g_autoptr (Host) host = host_new (folder, (const char *[]){ "sync_every", "3", NULL });

  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  for (guint i = 0; i < 10; i++) {
    append_samples (host, samples, 3 * i, 3 * i + 3, SRT_OK);
    g_assert_cmpint (host_ask (host, i), ==, SRT_OK);
  }
  g_assert_cmpint (host_sync (host), ==, SRT_OK);
  g_assert_cmpstr (host_answers (host), ==, "0 0\n1 0\n2 0\n3 0\n4 0\n5 0\n6 0\n7 0\n8 0\n9 0\n100 0\n");
  g_assert_cmpuint (host_broken (host), ==, 0);
  host_close (host);
}

/* Closed with answers still on their way: they are never given, and nothing breaks. */
static void
test_close_while_asked (void)
{
  g_autoptr (Folder) folder = folder_new ();

  for (guint i = 0; i < 50; i++) {
    g_autoptr (Host) host = host_new (folder, NULL);
    g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
    for (guint j = 0; j < 5; j++)
      g_assert_cmpint (host_ask (host, j), ==, SRT_OK);
    host_close (host);
    host_drain (host);
    g_assert_cmpstr (host_answers (host), ==, "");
  }
}

static void
test_options (void)
{
  static const char *const bad[][2] = { { "sync_every", "0" }, { "sync_every", "-4" }, { "path", "/tmp/" },
                                        { "path", "/" },       { "path", "/tmp/.." },  { "history_path", "/tmp/." } };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *why = host_refusal ("/tmp", (const char *[]){ bad[i][0], bad[i][1], NULL });
    g_assert_true (g_str_has_prefix (why, bad[i][0]));
  }
  g_autofree char *why = host_refusal ("/tmp", (const char *[]){ "path", "a", "history_path", "a", NULL });
  g_assert_nonnull (strstr (why, "must be two files"));
}

static void
test_ids (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);
  g_autofree char *long_id = g_strnfill (500, 'x');

  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, long_id, NULL, NULL), ==, SRT_E_INVALID);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, NULL, NULL, NULL), ==, SRT_E_INVALID);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "one", NULL, NULL), ==, SRT_OK);
  g_assert_cmpint (host_open (host, SRT_PROGRESS_NEW, "two", NULL, NULL), ==, SRT_E_INVALID);
  host_close (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progress/sigkill", test_sigkill); /* forks: before there is any thread */
  g_test_add_func ("/progress/new-and-resume", test_new_and_resume);
  g_test_add_func ("/progress/running", test_running);
  g_test_add_func ("/progress/nothing-there", test_nothing_there);
  g_test_add_func ("/progress/move-aside", test_move_aside);
  g_test_add_func ("/progress/unreadable", test_unreadable);
  g_test_add_func ("/progress/torn-then-resumed", test_torn_then_resumed);
  g_test_add_func ("/progress/long-torn", test_long_torn);
  g_test_add_func ("/progress/damaged-row", test_damaged_row);
  g_test_add_func ("/progress/read-changes-nothing", test_read_changes_nothing);
  g_test_add_func ("/progress/busy", test_busy);
  g_test_add_func ("/progress/sync-order", test_sync_order);
  g_test_add_func ("/progress/close-while-asked", test_close_while_asked);
  g_test_add_func ("/progress/options", test_options);
  g_test_add_func ("/progress/ids", test_ids);
  return g_test_run ();
}
