/* SPDX-License-Identifier: MIT */
#include "sdn.h"

#include <limits.h>
#include <string.h>

void
srt_sdn_put_u64 (srt_buffer *buffer, uint64_t number)
{
  char digits[20];
  size_t at = sizeof digits;

  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  srt_buffer_put (buffer, digits + at, sizeof digits - at);
}

void
srt_sdn_put_i64 (srt_buffer *buffer, int64_t number)
{
  if (number < 0)
    srt_buffer_put (buffer, "-", 1);
  srt_sdn_put_u64 (buffer, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

/* How many bytes the UTF-8 character at S has (S ends with a NUL); 0 when there is none. */
static size_t
utf8_length (const unsigned char *s)
{
  size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;

  for (size_t i = 1; i < n; i++)
    if ((s[i] & 0xc0) != 0x80)
      return 0;
  if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0)) /* too long; a surrogate */
    return 0;
  if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90)) /* too long; behind the last */
    return 0;
  return n;
}

/* How many bytes at S can stand in quotes as they are. Control characters cannot, those of U+0080 to U+009F neither:
 * who prints the file should not have a test's name speak to the terminal. */
static size_t
plain_length (const unsigned char *s)
{
  if (s[0] < 0x20 || s[0] == '"' || s[0] == '\\' || s[0] == 0x7f || (s[0] == 0xc2 && s[1] < 0xa0))
    return 0;
  return s[0] < 0x80 ? 1 : utf8_length (s);
}

static void
put_escaped (srt_buffer *buffer, unsigned char byte)
{
  static const char hex[] = "0123456789abcdef";
  char text[4] = { '\\', 'x', hex[byte >> 4], hex[byte & 15] };

  if (byte == '\n' || byte == '\r' || byte == '\t')
    text[1] = byte == '\n' ? 'n' : byte == '\r' ? 'r' : 't';
  else if (byte == '"' || byte == '\\')
    text[1] = (char)byte;
  srt_buffer_put (buffer, text, text[1] == 'x' ? 4 : 2);
}

void
srt_sdn_put_string (srt_buffer *buffer, const char *text)
{
  if (text == NULL) {
    srt_buffer_puts (buffer, "null");
    return;
  }
  srt_buffer_put (buffer, "\"", 1);
  for (const unsigned char *s = (const unsigned char *)text; *s != '\0';) {
    size_t plain = 0;
    for (size_t n = 1; n > 0; plain += n)
      n = plain_length (s + plain);
    srt_buffer_put (buffer, s, plain);
    s += plain;
    if (*s != '\0')
      put_escaped (buffer, *s++);
  }
  srt_buffer_put (buffer, "\"", 1);
}

static void
skip_blanks (srt_sdn_reader *reader)
{
  while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t'))
    reader->at++;
}

/* The character that comes next, or NUL. */
static char
peek (srt_sdn_reader *reader)
{
  skip_blanks (reader);
  return !reader->failed && reader->at < reader->end ? *reader->at : '\0';
}

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

static bool
is_letter (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool
srt_sdn_take (srt_sdn_reader *reader, char mark)
{
  if (peek (reader) != mark)
    return false;
  reader->at++;
  return true;
}

void
srt_sdn_expect (srt_sdn_reader *reader, char mark)
{
  if (!srt_sdn_take (reader, mark))
    reader->failed = true;
}

void
srt_sdn_expect_end (srt_sdn_reader *reader)
{
  skip_blanks (reader);
  if (reader->at < reader->end)
    reader->failed = true;
}

bool
srt_sdn_is_number (srt_sdn_reader *reader)
{
  char next = peek (reader);

  return is_digit (next) || next == '-';
}

/* Digits up to MAX; what follows must not go on as a word or a fraction would. */
static uint64_t
read_digits (srt_sdn_reader *reader, uint64_t max)
{
  uint64_t number = 0;

  if (!is_digit (peek (reader))) {
    reader->failed = true;
    return 0;
  }
  for (; reader->at < reader->end && is_digit (*reader->at); reader->at++) {
    uint64_t digit = (uint64_t)(*reader->at - '0');
    if (number > (max - digit) / 10) {
      reader->failed = true;
      return 0;
    }
    number = number * 10 + digit;
  }
  if (reader->at < reader->end && (is_letter (*reader->at) || *reader->at == '.'))
    reader->failed = true;
  return reader->failed ? 0 : number;
}

uint64_t
srt_sdn_u64 (srt_sdn_reader *reader)
{
  return read_digits (reader, UINT64_MAX);
}

uint32_t
srt_sdn_u32 (srt_sdn_reader *reader)
{
  return (uint32_t)read_digits (reader, UINT32_MAX);
}

int32_t
srt_sdn_i32 (srt_sdn_reader *reader)
{
  bool negative = srt_sdn_take (reader, '-');
  int64_t number = (int64_t)read_digits (reader, (uint64_t)INT32_MAX + (negative ? 1 : 0));

  return (int32_t)(negative ? -number : number);
}

const char *
srt_sdn_word (srt_sdn_reader *reader)
{
  const char *start;
  char *word = reader->room;

  if (!is_letter (peek (reader))) {
    reader->failed = true;
    return "";
  }
  start = reader->at;
  while (reader->at < reader->end &&
         (is_letter (*reader->at) || is_digit (*reader->at) || (*reader->at != '\0' && strchr ("./-", *reader->at))))
    reader->at++;
  memcpy (word, start, (size_t)(reader->at - start));
  reader->room += reader->at - start;
  *reader->room++ = '\0';
  return word;
}

bool
srt_sdn_bool (srt_sdn_reader *reader)
{
  const char *word = srt_sdn_word (reader);
  bool yes = strcmp (word, "true") == 0;

  if (!yes && strcmp (word, "false") != 0)
    reader->failed = true;
  return yes;
}

static int
hex_digit (char c)
{
  return is_digit (c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What a backslash and the characters at READER stand for; NUL when that is nothing. */
static char
read_escaped (srt_sdn_reader *reader)
{
  char c = reader->at < reader->end ? *reader->at++ : '\0';

  if (c == 'x') {
    int high = reader->end - reader->at >= 2 ? hex_digit (reader->at[0]) : -1;
    int low = high >= 0 ? hex_digit (reader->at[1]) : -1;
    reader->at += low >= 0 ? 2 : 0;
    return low >= 0 ? (char)(high * 16 + low) : '\0';
  }
  return c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
}

const char *
srt_sdn_string (srt_sdn_reader *reader)
{
  char *text = reader->room;

  srt_sdn_expect (reader, '"');
  while (!reader->failed) {
    char c = reader->at < reader->end ? *reader->at++ : '\0';
    if (c == '"') {
      *reader->room++ = '\0';
      return text;
    }
    if (c == '\\')
      c = read_escaped (reader);
    if (c == '\0')
      reader->failed = true;
    *reader->room++ = c;
  }
  reader->room = text;
  return "";
}

const char *
srt_sdn_string_or_null (srt_sdn_reader *reader)
{
  if (peek (reader) == '"')
    return srt_sdn_string (reader);
  if (strcmp (srt_sdn_word (reader), "null") != 0)
    reader->failed = true;
  return NULL;
}
