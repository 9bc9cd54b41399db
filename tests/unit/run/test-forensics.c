/* SPDX-License-Identifier: MIT
 * The file of a protected stop: what stands in it, and that it is never written through a link. */
#include "run/forensics.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MIB G_GUINT64_CONSTANT (1048576)

static void
assert_has (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("no \"%s\" in\n%s", part, text);
}

static void
test_text (void)
{
  const SrtTest test = { .pub = { .id = "s/a\nb_test" } };
  const srt_usage usage = { .memory_now = 300 * MIB, .memory_peak = 400 * MIB, .user_ns = 1500000000, .processes = 7 };
  const SrtRunningTest running = { .test = &test, .since_ns = 10000000000, .usage = &usage, .frozen_since_ns = 1 };
  const srt_sample sample = { .valid = SRT_SAMPLE_MEMORY, .memory_total = 1024 * MIB, .memory_available = 64 * MIB };
  const srt_monitor_ops ops = { .size = sizeof ops };
  const SrtTrailRow rows[] = { { .time_ns = 1000000000, .word = SRT_GUARD_RUN },
                               { .time_ns = 70000000000, .used = 960 * MIB, .total = 1024 * MIB },
                               { .time_ns = 70050000000, .word = SRT_GUARD_RUN },
                               { .time_ns = 70060000000, .word = SRT_GUARD_STOP } };
  SrtTrail *trail = srt_trail_new ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    srt_trail_add (trail, &rows[i]);
  const SrtForensics forensics = { .run_id = "k3x7mq2a",
                                   .reason = "memory 93.8% of 1.0 GiB in use",
                                   .sample = &sample,
                                   .trail = trail,
                                   .running = &running,
                                   .n_running = 1,
                                   .ops = &ops,
                                   .now_ns = 70100000000 };
  g_autofree char *text = srt_forensics_text (&forensics);
  assert_has (text, "protected stop of run k3x7mq2a");
  assert_has (text, "Reason: memory 93.8% of 1.0 GiB in use\n");
  assert_has (text, "64 of 1024 MiB available (machine)");
  assert_has (text, "not told by this kernel");
  assert_has (text, "60.1 s  memory     300 MiB (peak 400)  CPU     1.5 s  processes 7  frozen  s/a\\x0ab_test\n");
  assert_has (text, "largest processes of the machine: not known");
  assert_has (text, "    0.10       960/1024       93.8  ");
  assert_has (text, "    0.04 ");
  g_assert_null (strstr (text, "   69.10 ")); /* more than a minute ago */
  g_assert_null (strstr (text, "    0.05 ")); /* too near to the one before */
  srt_trail_free (trail);
}

/* The trail keeps the newest, however many there were. */
static void
test_long_trail (void)
{
  SrtTrail *trail = srt_trail_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint64 i = 1; i <= 2000; i++) {
    const SrtTrailRow row = { .time_ns = i * 100000000 };
    srt_trail_add (trail, &row);
  }
  srt_trail_print (trail, 200000000000, text);
  assert_has (text->str, "   60.00 ");
  assert_has (text->str, "    0.00 ");
  g_auto (GStrv) lines = g_strsplit (text->str, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + 601 + 1);
  srt_trail_free (trail);
}

static void
test_write (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("srt-forensics-XXXXXX", NULL), *path = NULL, *read = NULL, *other = NULL;
  g_assert_true (srt_forensics_write (dir, "stop.txt", "a long first text\n", &path, &error));
  g_clear_pointer (&path, g_free);
  g_assert_true (srt_forensics_write (dir, "stop.txt", "second\n", &path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &read, NULL, NULL));
  g_assert_cmpstr (read, ==, "second\n");
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (symlink ("/tmp/srt-no-such-target", path), ==, 0);
  g_assert_false (srt_forensics_write (dir, "stop.txt", "third\n", &other, &error));
  g_assert_nonnull (error);
  assert_has (error->message, ".srt/stop.txt cannot be written: ");
  g_assert_null (other);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_autofree char *folder = g_path_get_dirname (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/forensics/text", test_text);
  g_test_add_func ("/run/forensics/long-trail", test_long_trail);
  g_test_add_func ("/run/forensics/write", test_write);
  return g_test_run ();
}
