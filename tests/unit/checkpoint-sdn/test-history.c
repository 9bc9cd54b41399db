/* SPDX-License-Identifier: MIT
 * History: many runs, one file. */
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host.h"

#define HISTORY ".srt/history.sdn"

/* A row of N results, all numbers made from SALT. */
static srt_history
row_of (const char *id, guint n, guint salt)
{
  srt_history row = { .size = sizeof row, .n = n, .id = id };

  for (guint i = 0; i < n; i++) {
    row.verdict[i] = i % 3 == 0 ? SRT_VERDICT_FAIL : SRT_VERDICT_PASS;
    row.wall_ns[i] = 1000000u * salt + i;
    row.cpu_ns[i] = i == 5 ? G_MAXUINT64 : salt;
    row.memory_peak[i] = (guint64)salt << 30;
  }
  return row;
}

typedef struct {
  GHashTable *rows; /* id → srt_history */
} Known;

static void
note_row (void *data, const srt_history *row)
{
  g_assert_true (g_hash_table_insert (((Known *)data)->rows, g_strdup (row->id), g_memdup2 (row, sizeof *row)));
}

static gint32
load (Host *host, Known *known)
{
  *known = (Known){ g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free) };
  return host_load (host, note_row, known);
}

static void
check_row (const Known *known, const char *id, guint n, guint salt)
{
  const srt_history *row = g_hash_table_lookup (known->rows, id);
  srt_history expected = row_of (id, n, salt);

  g_assert_nonnull (row);
  g_assert_cmpuint (row->n, ==, n);
  g_assert_cmpmem (row->wall_ns, sizeof row->wall_ns, expected.wall_ns, sizeof expected.wall_ns);
  g_assert_cmpmem (row->cpu_ns, sizeof row->cpu_ns, expected.cpu_ns, sizeof expected.cpu_ns);
  g_assert_cmpmem (row->memory_peak, sizeof row->memory_peak, expected.memory_peak, sizeof expected.memory_peak);
  g_assert_cmpmem (row->verdict, sizeof row->verdict, expected.verdict, sizeof expected.verdict);
}

static void
test_merge (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) one = host_new (folder, NULL);
  g_autoptr (Host) two = host_new (folder, NULL);
  srt_history first[] = { row_of ("zebra", 16, 1), row_of ("an, odd \"id\"\n\xff", 3, 2), row_of ("never", 0, 3) };
  srt_history second[] = { row_of ("new", 1, 4), row_of ("zebra", 2, 5) };
  Known known;

  g_assert_cmpint (load (one, &known), ==, SRT_E_NOT_FOUND);
  g_hash_table_unref (known.rows);
  g_assert_cmpint (host_store (one, first, 3), ==, SRT_OK);
  g_assert_cmpint (host_store (two, second, 2), ==, SRT_OK);
  g_assert_cmpint (load (one, &known), ==, SRT_OK);
  g_assert_cmpuint (g_hash_table_size (known.rows), ==, 4);
  const srt_history *zebra = g_hash_table_lookup (known.rows, "zebra");
  g_assert_cmpuint (zebra->n, ==, 16);
  g_assert_cmpuint (zebra->memory_peak[1], ==, G_GUINT64_CONSTANT (5) << 30);
  g_assert_cmpuint (zebra->memory_peak[2], ==, G_GUINT64_CONSTANT (1) << 30);
  check_row (&known, "an, odd \"id\"\n\xff", 3, 2);
  check_row (&known, "never", 0, 3);
  check_row (&known, "new", 1, 4);
  g_hash_table_unref (known.rows);
  g_assert_false (folder_has (folder, HISTORY ".new"));
  g_assert_cmpstr (host_log (one), ==, "");
  g_assert_cmpint (host_store (one, NULL, 0), ==, SRT_OK);
}

/* New results come before what is known; the oldest go. */
static void
test_rolling (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);
  Known known;

  for (guint run = 1; run <= SRT_HISTORY_DEPTH + 5; run++) {
    srt_history row = row_of ("a", 1, run);
    g_assert_cmpint (host_store (host, &row, 1), ==, SRT_OK);
    g_assert_cmpint (load (host, &known), ==, SRT_OK);
    const srt_history *all = g_hash_table_lookup (known.rows, "a");
    g_assert_cmpuint (all->n, ==, MIN (run, SRT_HISTORY_DEPTH));
    for (guint i = 0; i < all->n; i++)
      g_assert_cmpuint (all->wall_ns[i], ==, 1000000u * (run - i));
    g_hash_table_unref (known.rows);
  }
}

/* A changed row is not used, and gone after the next store; the others stay. */
static void
test_damaged (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);
  srt_history rows[] = { row_of ("aa", 2, 1), row_of ("bb", 2, 2) };
  Known known;

  g_assert_cmpint (host_store (host, rows, 2), ==, SRT_OK);
  g_autofree char *text = folder_read (folder, HISTORY);
  *strstr (text, "bb") = 'c';
  folder_write (folder, HISTORY, text);
  g_assert_cmpint (load (host, &known), ==, SRT_OK);
  g_assert_cmpuint (g_hash_table_size (known.rows), ==, 1);
  check_row (&known, "aa", 2, 1);
  g_hash_table_unref (known.rows);
  g_assert_nonnull (strstr (host_log (host), "1 damaged rows are not used"));
  g_assert_cmpint (host_store (host, &rows[1], 1), ==, SRT_OK);
  g_assert_cmpint (load (host, &known), ==, SRT_OK);
  check_row (&known, "bb", 2, 2);
  g_hash_table_unref (known.rows);
}

/* Every byte of it changed: no row is ever other than it was written. */
static void
test_change_every_byte (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);
  srt_history rows[] = { row_of ("aa", 2, 1), row_of ("bb", 3, 2) };

  g_assert_cmpint (host_store (host, rows, 2), ==, SRT_OK);
  g_autofree char *text = folder_read (folder, HISTORY);
  for (char *at = text; *at; at++) {
    char before = *at;
    *at = (char)(*at ^ 1 << g_test_rand_int_range (0, 7));
    Known known;
    folder_write (folder, HISTORY, text);
    if (load (host, &known) == SRT_OK && g_hash_table_contains (known.rows, "aa"))
      check_row (&known, "aa", 2, 1);
    if (g_hash_table_contains (known.rows, "bb"))
      check_row (&known, "bb", 3, 2);
    for (guint i = 0; i < 2; i++)
      g_hash_table_remove (known.rows, rows[i].id);
    g_assert_cmpuint (g_hash_table_size (known.rows), ==, 0);
    g_hash_table_unref (known.rows);
    *at = before;
  }
}

static void
test_not_ours (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);
  srt_history row = row_of ("a", 1, 1);
  Known known;

  folder_write (folder, HISTORY, "my diary\n");
  g_assert_cmpint (load (host, &known), ==, SRT_E_CORRUPT);
  g_hash_table_unref (known.rows);
  g_assert_cmpint (host_store (host, &row, 1), ==, SRT_OK);
  g_assert_nonnull (strstr (host_log (host), "it is moved to"));
  g_autofree char *old = folder_read (folder, HISTORY ".old");
  g_assert_cmpstr (old, ==, "my diary\n");
  g_assert_cmpint (load (host, &known), ==, SRT_OK);
  check_row (&known, "a", 1, 1);
  g_hash_table_unref (known.rows);
}

/* A later srt's history is left as it is. */
static void
test_later_format (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);
  srt_history row = row_of ("a", 1, 1);
  const char *text = "history:\n  format: 2\nnobody knows what\n";

  folder_write (folder, HISTORY, text);
  g_assert_cmpint (host_store (host, &row, 1), ==, SRT_E_UNSUPPORTED);
  g_assert_nonnull (strstr (host_error (host), "its format is 2"));
  g_autofree char *after = folder_read (folder, HISTORY);
  g_assert_cmpstr (after, ==, text);
}

static void
test_busy (void)
{
  g_autoptr (Folder) folder = folder_new ();
  g_autoptr (Host) host = host_new (folder, NULL);
  srt_history row = row_of ("a", 16, 1);
  g_autofree char *path = g_build_filename (folder, HISTORY, NULL);

  g_assert_cmpint (host_store (host, &row, 1), ==, SRT_OK);
  int fd = open (path, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  g_assert_cmpint (host_store (host, &row, 1), ==, SRT_E_BUSY);
  Known known;
  g_assert_cmpint (load (host, &known), ==, SRT_OK); /* reading needs no lock */
  g_hash_table_unref (known.rows);
  close (fd);
  g_assert_cmpint (host_store (host, &row, 1), ==, SRT_OK);
}

enum { WRITERS = 3, TIMES = 15 };

static void
write_often (const char *folder, guint writer)
{
  Host *host = host_new (folder, NULL);

  for (guint i = 0; i < TIMES; i++) {
    g_autofree char *id = g_strdup_printf ("writer %u test %u", writer, i);
    srt_history rows[] = { row_of (id, 4, i), row_of ("shared", 16, 7) };
    while (host_store (host, rows, 2) == SRT_E_BUSY)
      sched_yield ();
  }
  _exit (0);
}

/* Several runs end at the same time, again and again: nobody's rows are lost. */
static void
test_many_writers (void)
{
  g_autoptr (Folder) folder = folder_new ();
  Known known;
  int status;

  for (guint i = 0; i < WRITERS; i++)
    if (fork () == 0)
      write_often (folder, i);
  for (guint i = 0; i < WRITERS; i++) {
    g_assert_cmpint (wait (&status), >, 0);
    g_assert_cmpint (status, ==, 0);
  }
  g_autoptr (Host) host = host_new (folder, NULL);
  g_assert_cmpint (load (host, &known), ==, SRT_OK);
  g_assert_cmpuint (g_hash_table_size (known.rows), ==, WRITERS * TIMES + 1);
  for (guint i = 0; i < WRITERS * TIMES; i++) {
    g_autofree char *id = g_strdup_printf ("writer %u test %u", i / TIMES, i % TIMES);
    check_row (&known, id, 4, i % TIMES);
  }
  g_hash_table_unref (known.rows);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history/many-writers", test_many_writers);
  g_test_add_func ("/history/merge", test_merge);
  g_test_add_func ("/history/rolling", test_rolling);
  g_test_add_func ("/history/damaged", test_damaged);
  g_test_add_func ("/history/change-every-byte", test_change_every_byte);
  g_test_add_func ("/history/not-ours", test_not_ours);
  g_test_add_func ("/history/later-format", test_later_format);
  g_test_add_func ("/history/busy", test_busy);
  return g_test_run ();
}
