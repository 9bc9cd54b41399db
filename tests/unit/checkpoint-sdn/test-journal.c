/* SPDX-License-Identifier: MIT
 * The text of a progress file, cut and changed at every place: what is read is what was written, or is not read. */
#include <glib.h>
#include <string.h>
#include "journal.h"
#include "row.h"
#include "sample.h"

static const char file_id[] = "20261121-111213-4711";
static const char first_source[] = "git 1a2b", second_source[] = "git 3c4d, \"dirty\"";
static const char settings[] = "9f86d081884c7d659a2feaa0c55ad015";

/* A file of N results in two rounds, and where each of its lines ends. */
typedef struct {
  GPtrArray *written;
  srt_buffer text;
  GArray *ends; /* of results: offset of each one's line end */
  gsize head;   /* length of the head alone, to the table's heading */
} File;

static srt_round
round_of (const char *run_id)
{
  return (srt_round){ .file_id = file_id,
                      .run_id = run_id,
                      .settings = settings,
                      .source = g_str_equal (run_id, file_id) ? first_source : second_source,
                      .total = 287,
                      .format = SRT_ROW_FORMAT,
                      .start_real_ns = 1795432333,
                      .pid = 4711 };
}

static File
file_new (guint n)
{
  File file = { .written = samples_new (n), .ends = g_array_new (FALSE, FALSE, sizeof (gsize)) };
  guint32 seed = srt_row_seed (file_id);
  srt_round first = round_of (file_id), second = round_of ("second");

  srt_journal_put_head (&file.text, &first, 1);
  file.head = (gsize)(strstr (file.text.data, "crc|\n") + 5 - file.text.data);
  for (guint i = 0; i < n; i++) {
    const Sample *s = g_ptr_array_index (file.written, i);
    if (i == n / 2) {
      srt_row_put_running (&file.text, seed, 1, i, "suite/running");
      srt_row_put_stop (&file.text, seed, 1, i, "SIGINT");
      srt_row_put_round (&file.text, seed, 2, i, &second);
    }
    srt_row_put_result (&file.text, seed, i < n / 2 ? 1 : 2, i, &s->result);
    gsize end = file.text.length - 1;
    g_array_append_val (file.ends, end);
  }
  return file;
}

static void
file_clear (File *file)
{
  g_ptr_array_unref (file->written);
  g_array_unref (file->ends);
  srt_buffer_clear (&file->text);
}

typedef struct {
  Expected expected;
  guint damaged;
  guint first, second; /* rows on the source of each round */
  guint running;
} Seen;

/* The source of a row is that of its round, or not known: never another's. */
static void
seen_row (void *data, const srt_result *result)
{
  Seen *seen = data;
  expected_row (&seen->expected, result);
  gboolean early = seen->expected.next <= seen->expected.written->len / 2;
  if (seen->expected.wrong == 0 && result->source)
    g_assert_cmpstr (result->source, ==, early ? first_source : second_source);
  seen->first += g_strcmp0 (result->source, first_source) == 0;
  seen->second += g_strcmp0 (result->source, second_source) == 0;
}

static void
seen_running (void *data, const char *id)
{
  Seen *seen = data;
  seen->running = id ? seen->running + 1 : 0;
  g_assert_true (!id || g_str_equal (id, "suite/running"));
}

static void
seen_damaged (void *data, guint32 line, const char *why)
{
  ((Seen *)data)->damaged++;
  g_assert_nonnull (why);
}

static gint32
read_text (const File *file, const char *text, gsize length, Seen *seen, srt_journal *journal)
{
  srt_journal_visitor visitor = { .row = seen_row, .damaged = seen_damaged, .running = seen_running, .data = seen };
  srt_fault fault = { 0 };
  /* On the heap and just as long as it is, so that a sanitizer sees who looks behind its end. */
  g_autofree char *copy = g_memdup2 (text, length);

  *seen = (Seen){ .expected = { .written = file->written } };
  gint32 status = srt_journal_read (copy, length, &visitor, journal, &fault);
  if (status == SRT_OK) {
    g_assert_cmpstr (journal->file_id, ==, file_id);
    g_assert_cmpstr (journal->settings, ==, settings);
    g_assert_cmpuint (journal->rows, ==, seen->expected.rows);
    g_assert_cmpuint (journal->damaged, ==, seen->damaged);
  } else {
    g_assert_cmpuint (seen->expected.rows + seen->damaged, ==, 0);
    g_assert_cmpuint (strlen (fault.text), >, 0);
  }
  g_assert_cmpuint (seen->expected.wrong, ==, 0);
  return status;
}

static void
test_whole (void)
{
  File file = file_new (200);
  srt_journal journal;
  Seen seen;

  g_assert_cmpint (read_text (&file, file.text.data, file.text.length, &seen, &journal), ==, SRT_OK);
  g_assert_cmpuint (journal.rows, ==, 200);
  g_assert_cmpuint (journal.damaged, ==, 0);
  g_assert_cmpuint (journal.rounds, ==, 2);
  g_assert_cmpuint (journal.end, ==, file.text.length);
  g_assert_cmpint (journal.pid, ==, 4711);
  g_assert_cmpstr (journal.stop_reason, ==, ""); /* the second round has not stopped yet */
  g_assert_cmpstr (journal.source, ==, second_source);
  g_assert_cmpuint (seen.first, ==, 100);
  g_assert_cmpuint (seen.second, ==, 100);
  g_assert_cmpuint (seen.running, ==, 0); /* it was the round before that left one */
  g_assert_cmpuint (journal.total, ==, 287);
  g_assert_cmpuint (journal.last_real_ns, ==, 199);
  g_assert_false (journal.head_damaged);
  file_clear (&file);
}

/* The begin of the second round is damaged: what its rows ran on is not known, and not guessed. */
static void
test_lost_source (void)
{
  File file = file_new (20);
  char *round = strstr (file.text.data, "  round, 2");
  srt_journal journal;
  Seen seen;

  round[2] = 'R';
  g_assert_cmpint (read_text (&file, file.text.data, file.text.length, &seen, &journal), ==, SRT_OK);
  g_assert_cmpuint (journal.rows, ==, 20);
  g_assert_cmpuint (seen.first, ==, 10);
  g_assert_cmpuint (seen.second, ==, 0);
  file_clear (&file);
}

static guint
whole_rows (const File *file, gsize length)
{
  guint n = 0;
  while (n < file->ends->len && g_array_index (file->ends, gsize, n) <= length)
    n++;
  return n;
}

/* Rows of a campaign that takes the square of it: 15 s for the 200 of the slow mode (-m slow). */
static guint
campaign_rows (void)
{
  return g_test_slow () ? 200 : 40;
}

/* Cut anywhere, every row that is whole is there, and the next one would go where it belongs. */
static void
test_cut_everywhere (void)
{
  File file = file_new (campaign_rows ());
  srt_journal journal;
  Seen seen;

  for (gsize length = 0; length < file.text.length; length++) {
    gint32 status = read_text (&file, file.text.data, length, &seen, &journal);
    if (length + 1 < file.head) {
      g_assert_cmpint (status, ==, length == 0 ? SRT_E_NOT_FOUND : SRT_E_CORRUPT);
      continue;
    }
    g_assert_cmpint (status, ==, SRT_OK);
    g_assert_cmpuint (journal.rows, ==, whole_rows (&file, length));
    g_assert_cmpuint (journal.damaged, ==, 0);
    g_assert_cmpuint (journal.end, <=, length);
    g_assert_true (journal.unended == (file.text.data[journal.end - 1] != '\n'));
  }
  file_clear (&file);
}

/* With one byte changed, at most the two rows beside it are missing, and it is said. */
static void
check_changed (const File *file, char *text, gsize at, char byte)
{
  char before = text[at];
  srt_journal journal;
  Seen seen;

  if (byte == before)
    return;
  text[at] = byte;
  g_assert_cmpint (read_text (file, text, file->text.length, &seen, &journal), ==, SRT_OK);
  g_assert_cmpuint (journal.rows + 2, >=, file->written->len);
  if (journal.rows < file->written->len && at < file->text.length - 1)
    g_assert_true (journal.damaged > 0 || journal.end < file->text.length);
  text[at] = before;
}

static void
test_change_every_byte (void)
{
  File file = file_new (campaign_rows ());
  g_autofree char *text = g_memdup2 (file.text.data, file.text.length);

  for (gsize at = 0; at < file.text.length; at++)
    check_changed (&file, text, at, (char)(text[at] ^ 1 << g_test_rand_int_range (0, 8)));
  file_clear (&file);
}

static void
test_change_every_bit (void)
{
  File file = file_new (12);
  g_autofree char *text = g_memdup2 (file.text.data, file.text.length);

  for (gsize at = 0; at < file.text.length; at++)
    for (guint bit = 0; bit < 8; bit++)
      check_changed (&file, text, at, (char)(text[at] ^ 1 << bit));
  file_clear (&file);
}

/* All 255 other bytes, in a very small file: line ends, quotes, comments and NULs at every place. */
static void
test_every_other_byte (void)
{
  File file = file_new (2);
  g_autofree char *text = g_memdup2 (file.text.data, file.text.length);

  for (gsize at = 0; at < file.text.length; at++)
    for (guint byte = 0; byte < 256; byte++)
      check_changed (&file, text, at, (char)byte);
  file_clear (&file);
}

/* Blocks of NULs, as some file systems leave them after a power cut: nothing wrong is read, and a last block is no
 * damage but an end. */
static void
test_holes (void)
{
  File file = file_new (60);
  srt_journal journal;
  Seen seen;

  for (gsize at = file.head; at < file.text.length; at += 97) {
    g_autofree char *text = g_memdup2 (file.text.data, file.text.length);
    gsize length = MIN (512, file.text.length - at);
    memset (text + at, 0, length);
    g_assert_cmpint (read_text (&file, text, file.text.length, &seen, &journal), ==, SRT_OK);
    g_assert_cmpuint (journal.rows, >=, whole_rows (&file, at));
    g_assert_true (at + length < file.text.length || journal.damaged == 0);
  }
  file_clear (&file);
}

/* Rows of another run, pasted in, are not ours, however whole they are. */
static void
test_foreign_rows (void)
{
  File file = file_new (4);
  guint32 seed = srt_row_seed ("another-run");
  srt_journal journal;
  Seen seen;

  for (guint i = 10; i < 20; i++) {
    g_autoptr (Sample) s = sample_new (i);
    srt_row_put_result (&file.text, seed, 1, i, &s->result);
  }
  srt_round other = {
    .file_id = "another-run", .run_id = "x", .settings = "y", .source = "", .total = 1, .format = 1, .pid = 1
  };
  srt_row_put_round (&file.text, seed, 7, 1, &other);
  g_assert_cmpint (read_text (&file, file.text.data, file.text.length, &seen, &journal), ==, SRT_OK);
  g_assert_cmpuint (journal.rows, ==, 4);
  g_assert_cmpuint (journal.damaged, ==, 11);
  g_assert_cmpuint (journal.rounds, ==, 2);
  file_clear (&file);
}

static void
test_line_ends (void)
{
  File file = file_new (10);
  g_autoptr (GString) text = g_string_new_len (file.text.data, (gssize)file.text.length);
  srt_journal journal;
  Seen seen;

  g_string_replace (text, "\n", "\r\n", 0);
  g_assert_cmpint (read_text (&file, text->str, text->len, &seen, &journal), ==, SRT_OK);
  g_assert_cmpuint (journal.rows, ==, 10);
  g_assert_false (journal.head_damaged);
  file_clear (&file);
}

static void
test_lost_head (void)
{
  File file = file_new (10);
  srt_journal journal;
  Seen seen;

  /* Only the second round's rows, whose begin says all that is needed. */
  const char *from = strstr (file.text.data, "  round, 2");
  gsize length = file.text.length - (gsize)(from - file.text.data);
  g_assert_cmpint (read_text (&file, from, length, &seen, &journal), ==, SRT_OK);
  g_assert_true (journal.head_damaged);
  g_assert_cmpuint (journal.rows, ==, 5);
  g_assert_cmpuint (journal.rounds, ==, 2);
  file_clear (&file);
}

static void
test_not_ours (void)
{
  static const char *const texts[] = { "hello\n",
                                       "\n",
                                       "run:\n",
                                       "run:\n  format: 1\n",
                                       "# only a comment\n",
                                       "\177ELF",
                                       "checkpoint {\n  timestamp_ms 1739530800000\n}\n" };
  File file = file_new (0);
  srt_journal journal;
  Seen seen;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpint (read_text (&file, texts[i], strlen (texts[i]), &seen, &journal), ==, SRT_E_CORRUPT);
  file_clear (&file);
}

/* A later format is not guessed at. */
static void
test_later_format (void)
{
  srt_round round = round_of (file_id);
  srt_buffer text = { 0 };
  srt_journal journal;
  srt_fault fault;

  round.format = 2;
  srt_journal_put_head (&text, &round, 1);
  g_assert_cmpint (srt_journal_read (text.data, text.length, NULL, &journal, &fault), ==, SRT_E_CORRUPT);
  g_assert_cmpstr (fault.text, ==, "its format is 2; this srt reads 1");
  srt_buffer_clear (&text);
}

static void
test_stop_reason (void)
{
  srt_round round = round_of (file_id);
  guint32 seed = srt_row_seed (file_id);
  srt_buffer text = { 0 };
  srt_journal journal;
  srt_fault fault;

  srt_journal_put_head (&text, &round, 1);
  srt_row_put_stop (&text, seed, 1, 1, "memory \"95 %\"");
  g_assert_cmpint (srt_journal_read (text.data, text.length, NULL, &journal, &fault), ==, SRT_OK);
  g_assert_cmpstr (journal.stop_reason, ==, "memory \"95 %\"");
  g_assert_cmpuint (journal.killed_since_real_ns, ==, 0);
  /* Two more rounds that are killed: since the first of them. */
  round.start_real_ns = 5000;
  srt_row_put_round (&text, seed, 2, 1, &round);
  round.start_real_ns = 6000;
  srt_row_put_round (&text, seed, 3, 1, &round);
  g_assert_cmpint (srt_journal_read (text.data, text.length, NULL, &journal, &fault), ==, SRT_OK);
  g_assert_cmpuint (journal.killed_since_real_ns, ==, 5000);
  g_assert_cmpstr (journal.stop_reason, ==, "");
  srt_row_put_stop (&text, seed, 3, 1, "SIGINT");
  g_assert_cmpint (srt_journal_read (text.data, text.length, NULL, &journal, &fault), ==, SRT_OK);
  g_assert_cmpuint (journal.killed_since_real_ns, ==, 0);
  g_assert_cmpuint (journal.rounds, ==, 3);
  srt_buffer_clear (&text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/whole", test_whole);
  g_test_add_func ("/journal/lost-source", test_lost_source);
  g_test_add_func ("/journal/cut-everywhere", test_cut_everywhere);
  g_test_add_func ("/journal/change-every-byte", test_change_every_byte);
  g_test_add_func ("/journal/change-every-bit", test_change_every_bit);
  g_test_add_func ("/journal/every-other-byte", test_every_other_byte);
  g_test_add_func ("/journal/holes", test_holes);
  g_test_add_func ("/journal/foreign-rows", test_foreign_rows);
  g_test_add_func ("/journal/line-ends", test_line_ends);
  g_test_add_func ("/journal/lost-head", test_lost_head);
  g_test_add_func ("/journal/not-ours", test_not_ours);
  g_test_add_func ("/journal/later-format", test_later_format);
  g_test_add_func ("/journal/stop-reason", test_stop_reason);
  return g_test_run ();
}
