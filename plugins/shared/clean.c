/* SPDX-License-Identifier: MIT */
#include "clean.h"
#include <string.h>

enum { COLOUR_MAX = 64 /* a longer one is not taken for a colour */, UNFINISHED = -1 };

typedef struct {
  uint32_t first, last;
} range;

/* No look of their own, but they change how what stands around them looks. */
static const range hidden[] = {
  { 0x0080, 0x009F }, /* C1 control characters: one of them is an 8-bit ESC [ */
  { 0x061C, 0x061C }, { 0x200E, 0x200F }, { 0x202A, 0x202E }, { 0x2066, 0x2069 }, /* direction */
  { 0x2028, 0x2029 },                                                             /* line and paragraph separators */
  { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xFFFE, 0xFFFF },
};

static int
is_hidden (uint32_t character)
{
  for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
    if (character >= hidden[i].first && character <= hidden[i].last)
      return 1;
  return 0;
}

/* How long the sequence that LEAD begins is; 0: it begins none. */
static int
sequence_length (unsigned lead)
{
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead <= 0xDF)
    return 2;
  if (lead >= 0xE0 && lead <= 0xEF)
    return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/* The second byte has narrower bounds behind some leads: no overlong forms, no surrogates, nothing over U+10FFFF. */
static int
may_follow (unsigned lead, int i, unsigned byte)
{
  unsigned low = 0x80, high = 0xBF;
  if (i == 1 && lead == 0xE0)
    low = 0xA0;
  if (i == 1 && lead == 0xED)
    high = 0x9F;
  if (i == 1 && lead == 0xF0)
    low = 0x90;
  if (i == 1 && lead == 0xF4)
    high = 0x8F;
  return byte >= low && byte <= high;
}

int
srt_clean_decode (const unsigned char *in, size_t n, uint32_t *ret_character)
{
  int length = sequence_length (in[0]);
  uint32_t character = length < 2 ? in[0] : in[0] & (0x7Fu >> length);
  for (int i = 1; i < length; i++) {
    if ((size_t)i == n)
      return UNFINISHED;
    if (!may_follow (in[0], i, in[i]))
      return 0;
    character = character << 6 | (in[i] & 0x3Fu);
  }
  *ret_character = character;
  return length;
}

/* The length of the colour sequence (ESC [ digits ; : m) that IN begins with, 0: none, UNFINISHED. */
static int
colour_length (const unsigned char *in, size_t n)
{
  for (size_t i = 1; i < COLOUR_MAX; i++) {
    if (i == n)
      return UNFINISHED;
    if (i == 1 ? in[i] != '[' : !strchr ("0123456789;:m", in[i]) || !in[i])
      return 0;
    if (in[i] == 'm')
      return (int)i + 1;
  }
  return 0;
}

static size_t
put_hex (char *out, char kind, uint32_t value, int digits)
{
  static const char hex[] = "0123456789ABCDEF";
  out[0] = '\\';
  out[1] = kind;
  for (int i = 0; i < digits; i++)
    out[2 + i] = hex[value >> 4 * (digits - 1 - i) & 0xF];
  return 2 + (size_t)digits;
}

static size_t
put_named (char *out, char name)
{
  out[0] = '\\';
  out[1] = name;
  return 2;
}

/* A byte below 0x20 or 0x7F. Returns how many bytes of IN it took, or UNFINISHED. */
static int
put_control (const unsigned char *in, size_t n, unsigned flags, char *out, size_t *ret_put)
{
  int lines = (flags & SRT_CLEAN_LINES) != 0;
  int colour = lines && in[0] == 0x1B ? colour_length (in, n) : 0;
  *ret_put = 0;
  if (colour == UNFINISHED && (flags & SRT_CLEAN_MORE))
    return UNFINISHED;
  if (colour > 0)
    return colour;
  if (lines && in[0] == '\r' && n == 1 && (flags & SRT_CLEAN_MORE))
    return UNFINISHED;
  if (lines && in[0] == '\r' && n > 1 && in[1] == '\n')
    return 1;
  if (lines && (in[0] == '\n' || in[0] == '\t'))
    out[(*ret_put)++] = (char)in[0];
  else if (in[0] == '\n' || in[0] == '\t' || in[0] == '\r')
    *ret_put = put_named (out, in[0] == '\n' ? 'n' : in[0] == '\t' ? 't' : 'r');
  else
    *ret_put = put_hex (out, 'x', in[0], 2);
  return 1;
}

/* One character or byte of IN. Returns how many bytes of IN it took, or UNFINISHED. */
static int
put_one (const unsigned char *in, size_t n, unsigned flags, char *out, size_t *ret_put)
{
  uint32_t character = 0;
  if (in[0] < 0x20 || in[0] == 0x7F)
    return put_control (in, n, flags, out, ret_put);
  int length = srt_clean_decode (in, n, &character);
  if (length == UNFINISHED && (flags & SRT_CLEAN_MORE))
    return UNFINISHED;
  if (length <= 0) {
    *ret_put = put_hex (out, 'x', in[0], 2);
    return 1;
  }
  if (is_hidden (character)) {
    *ret_put = put_hex (out, 'u', character, 4);
    return length;
  }
  memcpy (out, in, (size_t)length);
  *ret_put = (size_t)length;
  return length;
}

size_t
srt_clean (const char *in, size_t n, unsigned flags, char *out, size_t size, size_t *ret_used)
{
  size_t used = 0, put = 0;
  while (used < n && size - put >= SRT_CLEAN_ROOM) {
    size_t more;
    int took = put_one ((const unsigned char *)in + used, n - used, flags, out + put, &more);
    if (took == UNFINISHED)
      break;
    used += (size_t)took;
    put += more;
  }
  *ret_used = used;
  return put;
}
