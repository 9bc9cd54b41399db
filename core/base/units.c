/* SPDX-License-Identifier: MIT
 * Numbers are read digit by digit in integers: no locale, no rounding by floating point. */
#include "base/units.h"
#include "base/error.h"

#include <string.h>

typedef struct {
  const char *suffix;
  guint64 factor;
} Unit;

/* The larger first: a compound must fall ("1h30m"). */
static const Unit duration_units[] = {
  { "h", G_GUINT64_CONSTANT (3600000000000) }, { "m", G_GUINT64_CONSTANT (60000000000) },
  { "s", G_GUINT64_CONSTANT (1000000000) },    { "ms", G_GUINT64_CONSTANT (1000000) },
  { "us", G_GUINT64_CONSTANT (1000) },         { "ns", 1 },
};

static const Unit size_units[] = {
  { "T", G_GUINT64_CONSTANT (1) << 40 },
  { "G", G_GUINT64_CONSTANT (1) << 30 },
  { "M", G_GUINT64_CONSTANT (1) << 20 },
  { "K", G_GUINT64_CONSTANT (1) << 10 },
};

/* G_MAXUINT64 means "not said" to many, and int64 is what other languages have. */
#define VALUE_MAX ((guint64)G_MAXINT64)

/* "12" or "1.5" as (whole, fraction / scale). */
typedef struct {
  guint64 whole, fraction, scale;
} Number;

static gboolean
read_number (const char **at, Number *ret)
{
  Number n = { 0, 0, 1 };
  const char *p = *at;

  if (!g_ascii_isdigit (*p))
    return FALSE;
  for (; g_ascii_isdigit (*p); p++)
    if (!g_uint64_checked_mul (&n.whole, n.whole, 10) ||
        !g_uint64_checked_add (&n.whole, n.whole, (guint64)g_ascii_digit_value (*p)))
      return FALSE;
  if (*p == '.') {
    if (!g_ascii_isdigit (*++p))
      return FALSE;
    for (; g_ascii_isdigit (*p); p++, n.scale *= 10) {
      if (n.scale >= 1000000000)
        return FALSE;
      n.fraction = n.fraction * 10 + (guint64)g_ascii_digit_value (*p);
    }
  }
  *at = p;
  *ret = n;
  return TRUE;
}

/* TOTAL += NUMBER * FACTOR, rounded down. The fraction cannot overflow: it is below SCALE, and SCALE is at most 1e9. */
static gboolean
add_scaled (guint64 *total, const Number *number, guint64 factor)
{
  guint64 whole;
  guint64 part = factor / number->scale * number->fraction + factor % number->scale * number->fraction / number->scale;

  return g_uint64_checked_mul (&whole, number->whole, factor) && g_uint64_checked_add (total, *total, whole) &&
         g_uint64_checked_add (total, *total, part) && *total <= VALUE_MAX;
}

/* The unit that stands at *AT as a whole word, among those behind index FROM; its index or N. */
static gsize
read_unit (const char **at, const Unit *units, gsize n, gsize from)
{
  gsize length = 0;
  while (g_ascii_isalpha ((*at)[length]))
    length++;
  for (gsize i = from; i < n; i++)
    if (strlen (units[i].suffix) == length && g_ascii_strncasecmp (*at, units[i].suffix, length) == 0) {
      *at += length;
      return i;
    }
  return n;
}

static const char *
skip_blanks (const char *p)
{
  while (*p == ' ' || *p == '\t')
    p++;
  return p;
}

static gboolean
parse_duration (const char *text, guint64 *ret_ns)
{
  const gsize n = G_N_ELEMENTS (duration_units);
  const char *p = skip_blanks (text);
  guint64 total = 0;
  gsize from = 0;

  do {
    Number number;
    if (!read_number (&p, &number))
      return FALSE;
    p = skip_blanks (p);
    gsize unit = 2; /* a bare number is seconds */
    if (*p || from > 0)
      unit = read_unit (&p, duration_units, n, from);
    if (unit == n || !add_scaled (&total, &number, duration_units[unit].factor))
      return FALSE;
    from = unit + 1;
    p = skip_blanks (p);
  } while (*p);
  *ret_ns = total;
  return TRUE;
}

gboolean
srt_units_parse_duration (const char *text, guint64 *ret_ns, GError **error)
{
  if (parse_duration (text, ret_ns))
    return TRUE;
  g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE,
               "\"%s\" is no duration; write it like \"250ms\", \"30s\", \"2m\" or \"1h30m\"", text);
  return FALSE;
}

/* "", "B", and behind a unit "B" or "iB". */
static gboolean
is_byte_suffix (const char *p, gboolean after_unit)
{
  return *p == '\0' || g_ascii_strcasecmp (p, "B") == 0 || (after_unit && g_ascii_strcasecmp (p, "iB") == 0);
}

static gboolean
parse_size (const char *text, guint64 *ret_bytes)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const char *p = stripped;
  guint64 factor = 1, total = 0;
  Number number;

  if (!read_number (&p, &number))
    return FALSE;
  p = skip_blanks (p);
  for (gsize i = 0; i < G_N_ELEMENTS (size_units); i++)
    if (g_ascii_toupper (*p) == size_units[i].suffix[0])
      factor = size_units[i].factor;
  if (factor > 1)
    p++;
  if (!is_byte_suffix (p, factor > 1) || !add_scaled (&total, &number, factor))
    return FALSE;
  *ret_bytes = total;
  return TRUE;
}

gboolean
srt_units_parse_size (const char *text, guint64 *ret_bytes, GError **error)
{
  if (parse_size (text, ret_bytes))
    return TRUE;
  g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE,
               "\"%s\" is no size; write it like \"4K\", \"512M\" or \"1.5G\", or plain bytes", text);
  return FALSE;
}

gboolean
srt_units_parse_percent (const char *text, double *ret_percent, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const char *p = stripped;
  Number number;

  if (read_number (&p, &number)) {
    p = skip_blanks (p);
    double value = (double)number.whole + (double)number.fraction / (double)number.scale;
    if ((g_str_equal (p, "") || g_str_equal (p, "%")) && value <= 100.0) {
      *ret_percent = value;
      return TRUE;
    }
  }
  g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "\"%s\" is no percentage; write it like \"80%%\", 0 to 100", text);
  return FALSE;
}

char *
srt_units_format_duration (guint64 ns)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (duration_units); i++) {
    guint64 count = ns / duration_units[i].factor;
    ns %= duration_units[i].factor;
    if (count > 0)
      g_string_append_printf (text, "%" G_GUINT64_FORMAT "%s", count, duration_units[i].suffix);
  }
  if (text->len == 0)
    g_string_append_c (text, '0');
  return g_string_free (text, FALSE);
}

char *
srt_units_format_size (guint64 bytes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (size_units); i++)
    if (bytes > 0 && bytes % size_units[i].factor == 0)
      return g_strdup_printf ("%" G_GUINT64_FORMAT "%s", bytes / size_units[i].factor, size_units[i].suffix);
  return g_strdup_printf ("%" G_GUINT64_FORMAT, bytes);
}
