/* SPDX-License-Identifier: MIT
 * The hostile suite: every program of tests/faults/hostile under the real srt. Each gets the word that expected.txt
 * says, and when srt is gone nothing is left.
 *
 * The proof of that is the kernel's: this program is a subreaper too, so whatever escapes from srt and its agents
 * becomes its child. When srt has ended there is not one, dead or alive.
 *
 *     test-hostile [--as-user]     --as-user: a test started by root gives up being root first */
#include "faults/cap.h"
#include "faults/hostile-table.h"
#include "faults/strays.h"
#include "faults/tiers.h"
#include "faults/user.h"
#include "integration/harness.h"
#include "integration/pod.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PEAK_MAX_KB (40 * 1024) /* of the largest process: srt and its agents need 6 MiB */
#define PROCESSES   1500

typedef struct {
  const char *name, *rows; /* rows: those of the table with this in their column "run" */
  const char *options;
  gboolean one_by_one, slow;
  gboolean few_containers; /* not for tier container, but in slow mode: each costs a third of a second */
  glong peak_max_kb;       /* 0: not looked at */
} Kind;

typedef struct {
  const char *tier;
  const Kind *kind;
  char *refusal; /* why there is no such tier here */
} Case;

typedef struct {
  ItWorld world;
  GPtrArray *table;
  char *bait; /* a folder that links lead to; its one file must survive */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  it_world_set_up (&f->world, NULL);
  f->table = hostile_table_read (g_test_get_filename (G_TEST_DIST, "hostile", "expected.txt", NULL));
  f->bait = g_build_filename (f->world.root, "bait", NULL);
  g_autofree char *file = g_build_filename (f->bait, "precious", NULL);
  g_assert_cmpint (g_mkdir (f->bait, 0755), ==, 0);
  g_assert_true (g_file_set_contents (file, "still here", -1, NULL));
  g_setenv ("HOSTILE_BAIT", f->bait, TRUE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  it_world_tear_down (&f->world, NULL);
  g_ptr_array_unref (f->table);
  g_free (f->bait);
}

/* What the table calls by a name: a file of its own, or a link to the one program that knows all the others. */
static void
put_program (Fixture *f, const HostileRow *row)
{
  const char *file = g_test_get_filename (G_TEST_DIST, "hostile", "files", row->name, NULL);
  g_autofree char *name = g_build_filename ("t", row->name, NULL), *path = it_path (&f->world, name);
  if (g_str_has_prefix (row->name, "long-name-")) {
    it_script (&f->world, name, "exit 0");
  } else if (g_file_test (file, G_FILE_TEST_EXISTS)) {
    g_autofree char *text = NULL;
    g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
    it_write (&f->world, name, text);
    g_assert_cmpint (g_chmod (path, 0755), ==, 0);
  } else if (symlink (g_getenv ("SRT_HOSTILE_EXE"), path) < 0) {
    g_assert_cmpint (errno, ==, EEXIST);
  }
}

/* Each program is a suite, so that it can have settings of its own. */
static void
configure (Fixture *f, const GPtrArray *rows, const char *tier)
{
  g_autoptr (GString) text = g_string_new ("profiles = { tiny = { memory = \"64MB\"; processes = 50; cpu_time = \"1s\";"
                                           " file_size = \"1MB\"; open_files = 64; }; };\nsuites = (\n");
  g_autofree char *folder = it_path (&f->world, "t");
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_autofree char *settings = faults_tier_settings (tier, g_getenv ("SRT_HOSTILE_EXE"), f->bait);
  g_string_prepend (text, settings);
  for (guint i = 0; i < rows->len; i++) {
    const HostileRow *row = rows->pdata[i];
    put_program (f, row);
    g_string_append_printf (text, "%s{ name = \"s%u\"; paths = [\"t/%s\"]; %s%s }\n", i > 0 ? "," : "", i, row->name,
                            row->settings, *row->settings ? ";" : "");
  }
  g_string_append (text, ");\n");
  it_write (&f->world, "srt.cfg", text->str);
}

/* The line of a result: "WORD   DURATION  ID[: MESSAGE]". RET: what stands behind the id. */
static char *
find_result (const char *out, const HostileRow *row, char **ret_message)
{
  g_autofree char *id = g_regex_escape_string (row->name, -1);
  g_autofree char *pattern = g_strdup_printf ("^([A-Z]+) +\\S+  s[0-9]+/%s(: (.*))?$", id);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE | G_REGEX_RAW, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  if (!g_regex_match (regex, out, 0, &match))
    return NULL;
  *ret_message = g_match_info_fetch (match, 3);
  return g_match_info_fetch (match, 1);
}

static void
check_result (const ItRun *run, const HostileRow *row, GString *wrong)
{
  g_autofree char *message = NULL, *word = find_result (run->out, row, &message);
  const char *said = message ? message : "";
  if (word == NULL)
    g_string_append_printf (wrong, "%s: no result\n", row->name);
  else if (strcmp (word, row->word) != 0)
    g_string_append_printf (wrong, "%s: %s (%s), not %s\n", row->name, word, said, row->word);
  else if (row->message ? !g_regex_match (row->message, said, 0, NULL) : *said != '\0')
    g_string_append_printf (wrong, "%s: %s, but it says: %s\n", row->name, word, said);
}

static void
check_results (const ItRun *run, const GPtrArray *rows, GString *wrong)
{
  for (guint i = 0; i < rows->len; i++)
    check_result (run, rows->pdata[i], wrong);
}

static char *
read_of_process (pid_t pid, const char *what)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", (int)pid, what);
  char *text = NULL;
  g_file_get_contents (path, &text, NULL, NULL);
  return text ? g_strdelimit (text, "\n", ' ') : g_strdup ("?");
}

/* Our children now are what srt has left. They are named and killed, as often as killing them brings up others. */
static void
check_children (GString *wrong)
{
  pid_t pid;
  while ((pid = waitpid (-1, NULL, WNOHANG | __WALL)) >= 0) {
    g_auto (GStrv) children = NULL;
    g_autofree char *own = g_strdup_printf ("task/%d/children", (int)getpid ());
    g_autofree char *list = read_of_process (getpid (), own);
    if (pid > 0)
      g_string_append_printf (wrong, "left: process %d, dead\n", (int)pid);
    children = g_strsplit (list, " ", -1);
    for (char **child = children; pid == 0 && *child; child++)
      if (g_ascii_isdigit (**child)) {
        g_autofree char *comm = read_of_process (atoi (*child), "comm");
        g_string_append_printf (wrong, "left: process %s, %s\n", *child, comm);
        kill (atoi (*child), SIGKILL);
        waitpid (atoi (*child), NULL, __WALL);
      }
  }
}

static void
check_bait (const Fixture *f, GString *wrong)
{
  g_autofree char *precious = g_build_filename (f->bait, "precious", NULL);
  g_autofree char *late = g_build_filename (f->bait, "written-late", NULL);
  if (!g_file_test (precious, G_FILE_TEST_EXISTS))
    g_string_append (wrong, "a link in TMPDIR was followed: what it led to is gone\n");
  if (g_file_test (late, G_FILE_TEST_EXISTS))
    g_string_append (wrong, "late-writer could still write a file\n");
}

/* Nothing that tests say may drive the terminal. */
static void
check_text (const char *text, GString *wrong)
{
  for (const char *at = text; *at; at++)
    if (*at != '\n' && *at != '\t' && ((guchar)*at < ' ' || *at == 0x7f)) {
      g_string_append_printf (wrong, "a control character is printed: %#x\n", *at);
      return;
    }
  if (!g_utf8_validate (text, -1, NULL))
    g_string_append (wrong, "what is printed is not UTF-8\n");
}

/* For who reads the log: no line of it is longer than a person reads. */
static void
print_cut (const char *title, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_printerr ("--- %s\n", title);
  for (char **line = lines; *line; line++)
    if (**line)
      g_printerr ("%.300s\n", *line);
}

static void
check_run (Fixture *f, const ItRun *run, const GPtrArray *rows, int expected)
{
  g_autoptr (GString) wrong = g_string_new (NULL);
  check_children (wrong);
  if (run->code == expected)
    check_results (run, rows, wrong);
  else
    g_string_append_printf (wrong, "exit status %d, not %d\n", run->code, expected);
  check_text (run->out, wrong);
  check_text (run->err, wrong);
  check_bait (f, wrong);
  if (wrong->len > 0) {
    print_cut ("out", run->out);
    print_cut ("err", run->err);
    print_cut ("wrong", wrong->str);
    g_test_fail ();
  }
  it_world_assert_nothing_left (&f->world);
}

static GPtrArray *
select_rows (Fixture *f, const Case *test)
{
  g_autoptr (GString) left_out = g_string_new (NULL);
  GPtrArray *rows =
      hostile_table_select (f->table, test->kind->rows, test->tier, g_getenv ("SRT_HOSTILE_EXE"), left_out);
  if (left_out->len > 0)
    g_test_message ("left out:%s", left_out->str);
  return rows;
}

static gboolean
has_failure (const GPtrArray *rows)
{
  const char *const good[] = { "PASS", "LEAK", "SKIP", NULL };
  for (guint i = 0; i < rows->len; i++)
    if (!g_strv_contains (good, ((HostileRow *)rows->pdata[i])->word))
      return TRUE;
  return FALSE;
}

static void
run_rows (Fixture *f, const GPtrArray *rows, const Case *test)
{
  gint64 start = g_get_monotonic_time ();
  g_autofree char *tier = faults_tier_arguments (test->tier);
  g_autofree char *line = g_strdup_printf ("%s %s", tier, test->kind->options);
  configure (f, rows, test->tier);
  g_auto (ItRun) run = it_srt (&f->world, line);
  check_run (f, &run, rows, has_failure (rows) ? 1 : 0);
  g_test_message ("%u programs in %.1f s; largest process: %ld KiB", rows->len,
                  (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC, run.peak_kb);
  if (test->kind->peak_max_kb > 0 &&
      strcmp (test->tier, FAULTS_CONTAINER) != 0) /* podman is among the processes there */
    g_assert_cmpint (run.peak_kb, <, test->kind->peak_max_kb);
}

/* Kept TMPDIRs go at the start of the next run, however they look. */
static void
check_kept_are_gone (Fixture *f)
{
  g_autofree char *state = g_strdup_printf ("%s/srt-%u", f->world.tmp, (guint)geteuid ());
  it_script (&f->world, "t/last_test", "exit 0");
  it_write (&f->world, "srt.cfg", "");
  g_auto (ItRun) run = it_srt (&f->world, "t/last_test");
  it_assert_code (&run, 0);
  g_autoptr (GDir) dir = g_dir_open (state, 0, NULL);
  const char *left = dir ? g_dir_read_name (dir) : NULL;
  if (left)
    g_error ("%s/%s is left after the next run", state, left);
}

static void
test_kind (Fixture *f, gconstpointer data)
{
  const Case *test = data;
  if (test->refusal) {
    g_test_skip (test->refusal);
    return;
  }
  g_autoptr (GPtrArray) rows = select_rows (f, test);
  for (guint i = 0; test->kind->one_by_one && i < rows->len; i++) {
    g_autoptr (GPtrArray) one = g_ptr_array_new ();
    g_ptr_array_add (one, rows->pdata[i]);
    run_rows (f, one, test);
  }
  if (!test->kind->one_by_one)
    run_rows (f, rows, test);
  check_kept_are_gone (f);
}

/* srt itself without standard streams: descriptors 0 to 2 must not become something else. */
static void
test_no_streams (Fixture *f, gconstpointer data)
{
  const char *closings[] = { "0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-", "1>/dev/full 2>/dev/full" };
  const char *srt = g_getenv ("SRT_EXE");
  g_autofree char *before = g_strdup (srt);
  it_script (&f->world, "t/a_test", "echo out; echo err >&2; sleep 60 & exit 0");
  it_script (&f->world, "t/b_test", "echo out; echo err >&2; exit 1");
  for (guint i = 0; i < G_N_ELEMENTS (closings); i++) {
    g_autoptr (GString) wrong = g_string_new (NULL);
    g_autofree char *line = g_strdup_printf ("/bin/sh -c 'exec \"$0\" \"$@\" %s' %s", closings[i], before);
    g_setenv ("SRT_EXE", line, TRUE);
    g_auto (ItRun) run = it_srt (&f->world, "-j2 t");
    g_setenv ("SRT_EXE", before, TRUE);
    check_children (wrong);
    g_assert_cmpstr (wrong->str, ==, "");
    it_world_assert_nothing_left (&f->world);
    it_assert_code (&run, 1);
  }
}

/* Gigabytes go through: srt, its agents and the programs stay small. A dead agent costs its own test and no other. */
static const Kind kinds[] = {
  { .name = "sequential", .rows = "all", .options = "--sequential", .peak_max_kb = PEAK_MAX_KB, .slow = TRUE },
  { .name = "parallel", .rows = "all", .options = "-j4", .peak_max_kb = PEAK_MAX_KB, .few_containers = TRUE },
  { .name = "flood", .rows = "flood", .options = "-j2", .peak_max_kb = PEAK_MAX_KB, .few_containers = TRUE },
  { .name = "agent", .rows = "agent", .options = "--sequential" },
  { .name = "limits", .rows = "limits", .options = "-j2" },
  { .name = "alone", .rows = "alone", .options = "--sequential", .one_by_one = TRUE, .few_containers = TRUE },
  { .name = "slow", .rows = "slow", .options = "--sequential", .one_by_one = TRUE, .slow = TRUE },
};

static void
add_tier (const char *tier)
{
  g_autofree char *refusal = faults_tier_refusal (tier);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *path = g_strdup_printf ("/faults/hostile/%s/%s", tier, kinds[i].name);
    Case *test = g_new0 (Case, 1); /* for as long as the program runs */
    *test = (Case){ tier, &kinds[i], g_strdup (refusal) };
    gboolean slow = kinds[i].slow || (kinds[i].few_containers && strcmp (tier, FAULTS_CONTAINER) == 0);
    if (!slow || g_test_slow ())
      g_test_add (path, Fixture, test, set_up, test_kind, tear_down);
  }
}

/* The programs are static then, as an image has other libraries, or none. */
static int
run_in_containers (void)
{
  g_autofree char *why = it_pod_open ();
  int status;
  if (why) {
    g_print ("1..0 # SKIP %s\n", why);
    return 0;
  }
  faults_become_subreaper ();
  add_tier (FAULTS_CONTAINER);
  status = g_test_run ();
  it_pod_close ();
  return status;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1 && strcmp (argv[1], "--as-user") == 0 && !faults_become_user ()) {
    g_print ("1..0 # SKIP not started by root, or another user cannot reach the build\n");
    return 0;
  }
  if (argc > 1 && strcmp (argv[1], "--in-containers") == 0)
    return run_in_containers ();
  faults_cap_processes (PROCESSES);
  faults_become_subreaper ();
  for (const char *const *tier = faults_tiers; *tier; tier++)
    add_tier (*tier);
  g_test_add ("/faults/hostile/no-streams", Fixture, NULL, set_up, test_no_streams, tear_down);
  return g_test_run ();
}
