/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <string.h>
#include "crc32c.h"
#include "sdn.h"
#include "words.h"
#include <srt/srt-plugin.h>

static srt_sdn_reader
reader_of (const char *text, char *room)
{
  return (srt_sdn_reader){ .at = text, .end = text + strlen (text), .room = room };
}

/* TEXT goes into a file and comes back the same; the file's part is one line of valid UTF-8. */
static void
check_string (const char *text)
{
  srt_buffer buffer = { 0 };
  srt_sdn_put_string (&buffer, text);
  g_assert_true (g_utf8_validate (buffer.data, (gssize)buffer.length, NULL));
  for (gsize i = 0; i < buffer.length; i++)
    g_assert_cmpuint ((guchar)buffer.data[i], >=, 0x20);

  g_autofree char *room = g_malloc (buffer.length + 1);
  srt_sdn_reader reader = { .at = buffer.data, .end = buffer.data + buffer.length, .room = room };
  g_assert_cmpstr (srt_sdn_string (&reader), ==, text);
  srt_sdn_expect_end (&reader);
  g_assert_false (reader.failed);
  srt_buffer_clear (&buffer);
}

static void
test_every_byte (void)
{
  for (guint a = 1; a < 256; a++) {
    char one[] = { (char)a, '\0' };
    check_string (one);
    for (guint b = 1; b < 256; b++) {
      char two[] = { (char)a, (char)b, 'x', '\0' };
      check_string (two);
    }
  }
}

static void
test_random_bytes (void)
{
  for (guint i = 0; i < 2000; i++) {
    char text[64] = { 0 };
    for (guint j = 0; j < sizeof text - 1; j++)
      text[j] = (char)g_test_rand_int_range (1, 256);
    check_string (text);
  }
}

static void
test_spelling (void)
{
  static const struct {
    const char *text, *written;
  } cases[] = { { "plain", "\"plain\"" },
                { "a\nb\r\t", "\"a\\nb\\r\\t\"" },
                { "q\"s\\", "\"q\\\"s\\\\\"" },
                { "\x01\x7f", "\"\\x01\\x7f\"" },
                { "gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\"" },
                { "\xff", "\"\\xff\"" },
                { "\xc2\x9b[31m", "\"\\xc2\\x9b[31m\"" },  /* a C1 control: the terminal would take it as ESC [ */
                { "\xed\xa0\x80", "\"\\xed\\xa0\\x80\"" }, /* a surrogate */
                { "\xc0\x80", "\"\\xc0\\x80\"" },          /* too long a form */
                { NULL, "null" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    srt_buffer buffer = { 0 };
    srt_sdn_put_string (&buffer, cases[i].text);
    srt_buffer_put (&buffer, "", 1);
    g_assert_cmpstr (buffer.data, ==, cases[i].written);
    srt_buffer_clear (&buffer);
  }
}

static void
test_bad_strings (void)
{
  static const char *const bad[] = { "\"open", "\"", "bare", "\"a\\", "\"\\x4\"", "\"\\xg0\"", "\"\\x00\"", "12", "" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    char room[32];
    srt_sdn_reader reader = reader_of (bad[i], room);
    g_assert_cmpstr (srt_sdn_string (&reader), ==, "");
    g_assert_true (reader.failed);
  }
}

static void
test_numbers (void)
{
  static const struct {
    const char *text;
    guint64 u64;
    gboolean u64_good;
    gint i32;
    gboolean i32_good;
  } cases[] = {
    { "0", 0, TRUE, 0, TRUE },
    { "-1", 0, FALSE, -1, TRUE },
    { "2147483647", 2147483647, TRUE, G_MAXINT32, TRUE },
    { "-2147483648", 0, FALSE, G_MININT32, TRUE },
    { "2147483648", 2147483648, TRUE, 0, FALSE },
    { "18446744073709551615", G_MAXUINT64, TRUE, 0, FALSE },
    { "18446744073709551616", 0, FALSE, 0, FALSE },
    { "99999999999999999999", 0, FALSE, 0, FALSE },
    { "1.5", 0, FALSE, 0, FALSE },
    { "12abc", 0, FALSE, 0, FALSE },
    { "", 0, FALSE, 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    srt_sdn_reader reader = reader_of (cases[i].text, NULL);
    g_assert_cmpuint (srt_sdn_u64 (&reader), ==, cases[i].u64);
    g_assert_true (reader.failed == !cases[i].u64_good);
    reader = reader_of (cases[i].text, NULL);
    g_assert_cmpint (srt_sdn_i32 (&reader), ==, cases[i].i32);
    g_assert_true (reader.failed == !cases[i].i32_good);
  }
}

static void
test_written_numbers (void)
{
  srt_buffer buffer = { 0 };
  srt_sdn_put_u64 (&buffer, 0);
  srt_buffer_puts (&buffer, " ");
  srt_sdn_put_u64 (&buffer, G_MAXUINT64);
  srt_buffer_puts (&buffer, " ");
  srt_sdn_put_i64 (&buffer, G_MININT64);
  srt_buffer_put (&buffer, "", 1);
  g_assert_cmpstr (buffer.data, ==, "0 18446744073709551615 -9223372036854775808");
  srt_buffer_clear (&buffer);
}

static void
test_words (void)
{
  for (guint value = 0; value <= 1500; value += 50)
    for (guint which = SRT_WORDS_VERDICT; which <= SRT_WORDS_USAGE; which++) {
      srt_buffer buffer = { 0 };
      char room[32];
      srt_words_put (&buffer, which, value);
      srt_sdn_reader reader = { .at = buffer.data, .end = buffer.data + buffer.length, .room = room };
      g_assert_cmpuint (srt_words_read (&reader, which), ==, value);
      g_assert_false (reader.failed);
      srt_buffer_clear (&buffer);
    }
  char room[32];
  srt_sdn_reader reader = reader_of ("PASSED", room);
  srt_words_read (&reader, SRT_WORDS_VERDICT);
  g_assert_true (reader.failed);
}

/* The check value of CRC-32C, and that it can be gone on with. */
static void
test_crc (void)
{
  g_assert_cmphex (srt_crc32c (0, "123456789", 9), ==, 0xe3069283);
  g_assert_cmphex (srt_crc32c (srt_crc32c (0, "1234", 4), "56789", 5), ==, 0xe3069283);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdn/string/every-byte", test_every_byte);
  g_test_add_func ("/sdn/string/random", test_random_bytes);
  g_test_add_func ("/sdn/string/spelling", test_spelling);
  g_test_add_func ("/sdn/string/bad", test_bad_strings);
  g_test_add_func ("/sdn/number/read", test_numbers);
  g_test_add_func ("/sdn/number/written", test_written_numbers);
  g_test_add_func ("/sdn/words", test_words);
  g_test_add_func ("/sdn/crc", test_crc);
  return g_test_run ();
}
