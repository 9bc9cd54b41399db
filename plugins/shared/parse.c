/* SPDX-License-Identifier: MIT */
#include "parse.h"
#include <string.h>

/* v1 writes "no limit" as the largest multiple of the page size below 2^63. No machine has half of that. */
#define NO_LIMIT_FROM (UINT64_C (1) << 62)

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

/* Behind the number at P (blanks before it are skipped), or NULL. */
static const char *
take_number (const char *p, uint64_t *ret)
{
  uint64_t value = 0;

  while (is_blank (*p))
    p++;
  if (!is_digit (*p))
    return NULL;
  for (; is_digit (*p); p++) {
    if (__builtin_mul_overflow (value, UINT64_C (10), &value) ||
        __builtin_add_overflow (value, (uint64_t)(*p - '0'), &value))
      value = UINT64_MAX;
  }
  *ret = value;
  return p;
}

/* Saturated as the numbers themselves: once too large, too large for good. */
static uint64_t
multiply (uint64_t a, uint64_t b)
{
  uint64_t product;

  return __builtin_mul_overflow (a, b, &product) ? UINT64_MAX : product;
}

static const char *
next_line (const char *p)
{
  const char *end = strchr (p, '\n');

  return end ? end + 1 : NULL;
}

/* A value must be followed by the end of its word, or it is none ("12abc"). */
static bool
ends_word (const char *p)
{
  return p && (*p == '\0' || *p == '\n' || is_blank (*p));
}

bool
srt_parse_number (const char *text, uint64_t *ret)
{
  uint64_t value;

  if (!ends_word (take_number (text, &value)))
    return false;
  *ret = value;
  return true;
}

bool
srt_parse_limit (const char *text, uint64_t *ret)
{
  uint64_t value;

  if ((strncmp (text, "max", 3) == 0 && ends_word (text + 3)) || (strncmp (text, "-1", 2) == 0 && ends_word (text + 2)))
    value = SRT_PARSE_NONE;
  else if (!srt_parse_number (text, &value))
    return false;
  *ret = value >= NO_LIMIT_FROM ? SRT_PARSE_NONE : value;
  return true;
}

/* Behind KEY and its colon or blank, or NULL. */
static const char *
find_field (const char *text, const char *key)
{
  size_t length = strlen (key);

  for (const char *line = text; line; line = next_line (line)) {
    if (strncmp (line, key, length) == 0 && (line[length] == ':' || is_blank (line[length])))
      return line + length + 1;
  }
  return NULL;
}

bool
srt_parse_field (const char *text, const char *key, uint64_t *ret)
{
  const char *value = find_field (text, key);

  return value && srt_parse_number (value, ret);
}

bool
srt_parse_limit_field (const char *text, const char *key, uint64_t *ret)
{
  const char *value = find_field (text, key);

  return value && srt_parse_limit (value, ret);
}

bool
srt_parse_meminfo (const char *text, SrtMeminfo *ret)
{
  SrtMeminfo kib = { 0 };

  if (!srt_parse_field (text, "MemTotal", &kib.total) || !srt_parse_field (text, "MemAvailable", &kib.available))
    return false;
  /* A kernel without swap need not say so. */
  if (!srt_parse_field (text, "SwapTotal", &kib.swap_total) || !srt_parse_field (text, "SwapFree", &kib.swap_free))
    kib.swap_total = kib.swap_free = 0;
  ret->total = multiply (kib.total, 1024);
  ret->available = multiply (kib.available, 1024);
  ret->swap_total = multiply (kib.swap_total, 1024);
  ret->swap_free = multiply (kib.swap_free, 1024);
  return true;
}

/* The numbers of a "cpu" line, P behind its name, added to SUM. */
static bool
add_ticks (const char *p, SrtTicks *sum)
{
  enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, N_FIELDS }; /* guest time is in user and nice already */
  uint64_t ticks[N_FIELDS] = { 0 }, total = 0;
  int n = 0;

  while (n < N_FIELDS && (p = take_number (p, &ticks[n])) != NULL)
    total += ticks[n++];
  if (n <= IDLE)
    return false;
  sum->total += total;
  sum->busy += total - ticks[IDLE] - ticks[IOWAIT];
  return true;
}

bool
srt_parse_ticks (const char *text, const cpu_set_t *mask, size_t mask_size, SrtTicks *ret)
{
  SrtTicks all = { 0 }, ours = { 0 };
  bool have_all = false, have_ours = false;
  uint64_t cpu;

  for (const char *line = text; line && strncmp (line, "cpu", 3) == 0; line = next_line (line)) {
    const char *p = line + 3;

    if (is_blank (*p))
      have_all |= add_ticks (p, &all);
    else if (mask && (p = take_number (p, &cpu)) != NULL && cpu < mask_size * CHAR_BIT &&
             CPU_ISSET_S (cpu, mask_size, mask))
      have_ours |= add_ticks (p, &ours);
  }
  if (!have_ours && !have_all)
    return false;
  *ret = have_ours ? ours : all;
  return true;
}

/* "53.17" in percent. Not strtof: a locale must not change what a file says. */
static bool
take_percent (const char *p, float *ret)
{
  uint64_t whole, fraction = 0;
  const char *point = take_number (p, &whole), *end;
  float value;

  if (!point || whole > 100)
    return false;
  value = (float)whole;
  if (*point == '.') {
    end = take_number (point + 1, &fraction);
    if (!end)
      return false;
    float share = (float)fraction;
    for (const char *digit = point + 1; digit < end; digit++)
      share /= 10;
    value += share;
  }
  *ret = value;
  return true;
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0" (microseconds). */
static bool
parse_stall (const char *text, const char *word, float *ret_avg10, uint64_t *ret_total_ns)
{
  size_t length = strlen (word);
  const char *line = text, *total;
  uint64_t us;
  float avg;

  while (line && strncmp (line, word, length) != 0)
    line = next_line (line);
  if (!line || strncmp (line + length, " avg10=", 7) != 0 || !take_percent (line + length + 7, &avg))
    return false;
  total = strstr (line, " total=");
  if (!total || !srt_parse_number (total + 7, &us))
    return false;
  *ret_avg10 = avg;
  *ret_total_ns = multiply (us, 1000);
  return true;
}

bool
srt_parse_pressure (const char *text, srt_pressure *ret)
{
  srt_pressure pressure = { 0 };

  if (!parse_stall (text, "some", &pressure.some_avg10, &pressure.some_total_ns))
    return false;
  parse_stall (text, "full", &pressure.full_avg10, &pressure.full_total_ns);
  *ret = pressure;
  return true;
}

uint64_t
srt_parse_milli (uint64_t quota_us, uint64_t period_us)
{
  uint64_t milli;

  if (quota_us == SRT_PARSE_NONE)
    return SRT_PARSE_NONE;
  milli = multiply (quota_us, 1000) / period_us;
  return milli > 0 ? milli : 1;
}

bool
srt_parse_cpu_max (const char *text, uint64_t *ret_milli)
{
  const char *period = strchr (text, ' ');
  uint64_t quota_us, period_us;

  if (!period || !srt_parse_limit (text, &quota_us) || !srt_parse_number (period, &period_us) || period_us == 0)
    return false;
  *ret_milli = srt_parse_milli (quota_us, period_us);
  return true;
}

bool
srt_parse_has_word (const char *list, const char *word)
{
  size_t length = strlen (word);

  for (const char *p = list; p; p = strchr (p, ',')) {
    p += *p == ',';
    if (strncmp (p, word, length) == 0 && (p[length] == ',' || p[length] == '\0'))
      return true;
  }
  return false;
}

/* Copies FROM up to END, false when it does not fit. */
static bool
copy_span (const char *from, const char *end, char *ret, size_t size)
{
  size_t length = (size_t)(end - from);

  if (length >= size)
    return false;
  memcpy (ret, from, length);
  ret[length] = '\0';
  return true;
}

bool
srt_parse_own_group (const char *text, const char *controller, char *ret_path, size_t size)
{
  char controllers[256];

  for (const char *line = text; line; line = next_line (line)) {
    const char *first = strchr (line, ':'), *second = first ? strchr (first + 1, ':') : NULL;
    const char *end = strchrnul (line, '\n');

    if (!second || second > end || second[1] != '/' || !copy_span (first + 1, second, controllers, sizeof controllers))
      continue;
    if (controller ? srt_parse_has_word (controllers, controller) : controllers[0] == '\0')
      return copy_span (second + 1, end, ret_path, size);
  }
  return false;
}

/* The word at *P, up to a blank or the line's end, with mountinfo's \040 and friends made plain; *P goes behind it. */
static bool
take_word (const char **p, char *ret, size_t size)
{
  const char *from = *p;
  size_t n = 0;

  while (is_blank (*from))
    from++;
  while (*from && *from != '\n' && !is_blank (*from)) {
    char c = *from++;

    if (c == '\\' && from[0] >= '0' && from[0] <= '3' && is_digit (from[1]) && is_digit (from[2])) {
      c = (char)((from[0] - '0') * 64 + (from[1] - '0') * 8 + (from[2] - '0'));
      from += 3;
    }
    if (n + 1 >= size)
      return false;
    ret[n++] = c;
  }
  ret[n] = '\0';
  *p = from;
  return n > 0;
}

/* "31 23 0:28 ROOT POINT rw,relatime shared:1 - TYPE SOURCE OPTIONS"; any number of words may stand before the "-". */
static bool
parse_mount_line (const char *line, SrtMount *ret)
{
  char word[64];
  int before = 0;

  while (before < 3 && take_word (&line, word, sizeof word))
    before++;
  if (before < 3 || !take_word (&line, ret->root, sizeof ret->root) ||
      !take_word (&line, ret->point, sizeof ret->point))
    return false;
  const char *dash = strstr (line, " - "), *end = strchrnul (line, '\n');
  if (!dash || dash > end || ret->root[0] != '/' || ret->point[0] != '/')
    return false;
  line = dash + 3;
  if (!take_word (&line, word, sizeof word) || (strcmp (word, "cgroup") != 0 && strcmp (word, "cgroup2") != 0))
    return false;
  ret->v2 = word[6] == '2';
  /* The source may be any word, an empty one too; the options are the last. */
  while (is_blank (end[-1]))
    end--;
  line = end;
  while (!is_blank (line[-1]))
    line--;
  return copy_span (line, end, ret->options, sizeof ret->options);
}

const char *
srt_parse_next_mount (const char *text, SrtMount *ret)
{
  for (const char *line = text; line && *line; line = next_line (line)) {
    if (parse_mount_line (line, ret))
      return strchrnul (line, '\n');
  }
  return NULL;
}

/* Behind N words, or NULL. */
static const char *
skip_words (const char *p, int n)
{
  for (; n > 0; n--) {
    while (is_blank (*p))
      p++;
    if (*p == '\0' || *p == '\n')
      return NULL;
    while (*p && *p != '\n' && !is_blank (*p))
      p++;
  }
  return p;
}

static void
copy_name (const char *from, size_t length, char *ret, size_t size)
{
  size_t n = length < size - 1 ? length : size - 1;

  for (size_t i = 0; i < n; i++)
    ret[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
  ret[n] = '\0';
}

bool
srt_parse_process (const char *text, uint64_t page_size, uint64_t ticks_per_second, srt_process *ret)
{
  /* The name may hold blanks and parentheses: it ends at the last one of the line. */
  const char *open = strchr (text, '('), *close = strrchr (text, ')'), *p;
  uint64_t pid, parent, user, system, pages;

  if (!open || !close || close < open || !take_number (text, &pid))
    return false;
  p = skip_words (close + 1, 1); /* state */
  p = p ? take_number (p, &parent) : NULL;
  p = p ? skip_words (p, 9) : NULL;
  p = p ? take_number (p, &user) : NULL;
  p = p ? take_number (p, &system) : NULL;
  p = p ? skip_words (p, 8) : NULL;
  if (!p || !take_number (p, &pages) || ticks_per_second == 0)
    return false;
  ret->pid = (int64_t)pid;
  ret->parent = (int64_t)parent;
  ret->memory = multiply (pages, page_size);
  ret->cpu_ns = multiply (user + system, 1000000000 / ticks_per_second);
  copy_name (open + 1, (size_t)(close - open - 1), ret->command, sizeof ret->command);
  return true;
}

/* Behind the ".." components that PATH ("/../../a") begins with; *RET_N says how many. */
static const char *
skip_ups (const char *path, unsigned *ret_n)
{
  unsigned n = 0;

  for (; strncmp (path, "/..", 3) == 0 && (path[3] == '/' || path[3] == '\0'); path += 3)
    n++;
  *ret_n = n;
  return path;
}

/* "/" and "" are the same cgroup here. */
static bool
is_root (const char *path)
{
  return path[0] == '\0' || strcmp (path, "/") == 0;
}

const char *
srt_cgroup_rest (const char *root, const char *path, bool *ret_above)
{
  unsigned root_ups, path_ups;
  const char *root_rest = skip_ups (root, &root_ups), *path_rest = skip_ups (path, &path_ups);
  size_t length = strlen (root_rest);

  /* Both are relative to the root of our cgroup namespace. A mount of something further up shows our ancestor, but not
   * by which names it leads to us. */
  *ret_above = is_root (root_rest) && root_ups > path_ups;
  if (root_ups != path_ups)
    return NULL;
  *ret_above = true;
  if (is_root (root_rest))
    return is_root (path_rest) ? "" : path_rest;
  if (strncmp (path_rest, root_rest, length) == 0 && (path_rest[length] == '/' || path_rest[length] == '\0'))
    return path_rest + length;
  *ret_above = false;
  return NULL;
}
