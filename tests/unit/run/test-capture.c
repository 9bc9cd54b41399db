/* SPDX-License-Identifier: MIT */
#include "run/capture.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *dir;
  SrtSpool *spool;
  SrtCapture *capture;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("srt-capture-XXXXXX", NULL);
  f->spool = srt_spool_new (f->dir);
  f->capture = srt_capture_new (f->spool);
}

/* Nothing may be left in the folder: the files have no names. */
static void
tear_down (Fixture *f, gconstpointer data)
{
  srt_capture_free (f->capture);
  srt_spool_free (f->spool);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->dir);
}

/* The bytes that test N writes: their content depends on N and the place. */
static char *
make_bytes (guint n, gsize length)
{
  char *bytes = g_malloc (length + 1);
  for (gsize i = 0; i < length; i++)
    bytes[i] = (char)('a' + (i * 7 + n * 13 + i / 251) % 26);
  bytes[length] = '\0';
  return bytes;
}

static void
assert_output (const srt_output *output, const char *bytes, gsize length)
{
  char piece[1000];
  gsize done = 0;
  gint64 n;
  while ((n = srt_output_read (output, done, piece, sizeof piece)) > 0) {
    g_assert_cmpmem (piece, (gsize)n, bytes + done, MIN ((gsize)n, length - done));
    done += (gsize)n;
  }
  g_assert_cmpint (n, ==, 0);
  g_assert_cmpuint (done, ==, length);
}

static void
test_nothing (Fixture *f, gconstpointer data)
{
  srt_capture_begin (f->capture, 100);
  g_assert_null (srt_capture_output (f->capture));
  g_assert_null (srt_capture_keep (f->capture));
  g_assert_cmpuint (srt_capture_lost (f->capture), ==, 0);
}

/* Tests of many sizes after each other in one slot: each reads back its own; the kept ones to the end. */
static void
test_sizes (Fixture *f, gconstpointer data)
{
  const gsize sizes[] = { 1, 65535, 65536, 65537, 300000, 3, 131072, 10 };
  const srt_output *kept[G_N_ELEMENTS (sizes)];
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *bytes = make_bytes (i, sizes[i]);
    srt_capture_begin (f->capture, 1 << 20);
    for (gsize done = 0; done < sizes[i]; done += 777)
      srt_capture_add (f->capture, bytes + done, MIN (777, sizes[i] - done));
    assert_output (srt_capture_output (f->capture), bytes, sizes[i]);
    kept[i] = srt_capture_keep (f->capture);
  }
  srt_capture_begin (f->capture, 100);
  srt_capture_add (f->capture, "later", 5);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *bytes = make_bytes (i, sizes[i]);
    assert_output (kept[i], bytes, sizes[i]);
  }
}

static void
test_maximum (Fixture *f, gconstpointer data)
{
  g_autofree char *bytes = make_bytes (1, 200000);
  srt_capture_begin (f->capture, 100000);
  srt_capture_add (f->capture, bytes, 99999);
  srt_capture_add (f->capture, bytes + 99999, 100001);
  g_assert_cmpuint (srt_capture_bytes (f->capture), ==, 100000);
  g_assert_cmpuint (srt_capture_lost (f->capture), ==, 100000);
  assert_output (srt_capture_output (f->capture), bytes, 100000);
}

/* No disk: the loss is counted, nothing breaks, and the next test is not affected. */
static void
test_no_disk (Fixture *f, gconstpointer data)
{
  g_autofree char *bytes = make_bytes (1, 200000);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  srt_capture_begin (f->capture, 1 << 20);
  srt_capture_add (f->capture, bytes, 200000);
  g_assert_null (srt_capture_keep (f->capture));
  g_assert_cmpuint (srt_capture_lost (f->capture), ==, 200000);
  srt_capture_begin (f->capture, 1 << 20);
  srt_capture_add (f->capture, "small", 5);
  assert_output (srt_capture_output (f->capture), "small", 5);
  g_assert_cmpint (g_mkdir (f->dir, 0700), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/run/capture/nothing", Fixture, NULL, set_up, test_nothing, tear_down);
  g_test_add ("/run/capture/sizes", Fixture, NULL, set_up, test_sizes, tear_down);
  g_test_add ("/run/capture/maximum", Fixture, NULL, set_up, test_maximum, tear_down);
  g_test_add ("/run/capture/no-disk", Fixture, NULL, set_up, test_no_disk, tear_down);
  return g_test_run ();
}
