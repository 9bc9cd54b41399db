/* SPDX-License-Identifier: MIT
 * A digest changes with the content, and with nothing else. */
#include "base/content.h"

#include <glib/gstdio.h>
#include <string.h>

enum { LENGTH = 100 };

static char *
digest_in_pieces (const guint8 *bytes, gsize length, gsize piece)
{
  char *digest = g_malloc (SRT_CONTENT_DIGEST_SIZE);
  SrtContent content;
  srt_content_init (&content);
  for (gsize at = 0; at < length; at += piece)
    srt_content_add (&content, bytes + at, MIN (piece, length - at));
  srt_content_digest (&content, digest);
  return digest;
}

static void
fill (guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8)(i * 37);
}

/* However it comes, it is the same. */
static void
test_pieces (void)
{
  guint8 bytes[LENGTH];
  fill (bytes, LENGTH);
  g_autofree char *whole = digest_in_pieces (bytes, LENGTH, LENGTH);
  g_assert_cmpuint (strlen (whole), ==, SRT_CONTENT_DIGEST_SIZE - 1);
  for (gsize piece = 1; piece < LENGTH; piece++) {
    g_autofree char *other = digest_in_pieces (bytes, LENGTH, piece);
    g_assert_cmpstr (other, ==, whole);
  }
}

/* Every changed bit, every cut and every pair of exchanged bytes shows. */
static void
test_changes (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint8 bytes[LENGTH];
  fill (bytes, LENGTH);
  for (gsize length = 0; length <= LENGTH; length++)
    g_assert_true (g_hash_table_add (seen, digest_in_pieces (bytes, length, LENGTH)));
  for (gsize bit = 0; bit < LENGTH * 8; bit++) {
    bytes[bit / 8] ^= (guint8)(1 << bit % 8);
    g_assert_true (g_hash_table_add (seen, digest_in_pieces (bytes, LENGTH, LENGTH)));
    bytes[bit / 8] ^= (guint8)(1 << bit % 8);
  }
  for (gsize i = 0; i + 1 < LENGTH; i++) {
    guint8 first = bytes[i];
    bytes[i] = bytes[i + 1];
    bytes[i + 1] = first;
    g_assert_true (g_hash_table_add (seen, digest_in_pieces (bytes, LENGTH, LENGTH)));
    bytes[i + 1] = bytes[i];
    bytes[i] = first;
  }
}

/* Zeros at the end are content too; many of them in long files. */
static void
test_zeros (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree guint8 *zeros = g_malloc0 (4096);
  for (gsize length = 0; length <= 4096; length++)
    g_assert_true (g_hash_table_add (seen, digest_in_pieces (zeros, length, 4096)));
}

static void
test_files (void)
{
  g_autofree char *dir = g_dir_make_tmp ("srt-content-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "file", NULL);
  g_autofree guint8 *bytes = g_malloc (200000);
  char digest[SRT_CONTENT_DIGEST_SIZE];
  SrtContent content;

  fill (bytes, 200000);
  g_assert_true (g_file_set_contents (path, (char *)bytes, 200000, NULL));
  srt_content_init (&content);
  g_assert_true (srt_content_add_file (&content, path));
  srt_content_digest (&content, digest);
  g_autofree char *expected = digest_in_pieces (bytes, 200000, 200000);
  g_assert_cmpstr (digest, ==, expected);

  g_assert_false (srt_content_add_file (&content, dir));
  g_assert_false (srt_content_add_file (&content, "/nowhere/at/all"));
  g_remove (path);
  g_remove (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/content/pieces", test_pieces);
  g_test_add_func ("/base/content/changes", test_changes);
  g_test_add_func ("/base/content/zeros", test_zeros);
  g_test_add_func ("/base/content/files", test_files);
  return g_test_run ();
}
