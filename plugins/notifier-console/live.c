/* SPDX-License-Identifier: MIT */
#include "live.h"
#include "../shared/clean.h"
#include "../shared/words.h"
#include <string.h>
#include <sys/ioctl.h>
#include <wchar.h>

enum { COLUMNS_DEFAULT = 80, WIDEST = 2 /* taken for a character whose width is not known: too short is no harm */ };

void
srt_live_init (srt_live *live)
{
  *live = (srt_live){ .locale = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t)0) };
}

void
srt_live_clear (srt_live *live)
{
  if (live->locale)
    freelocale (live->locale);
  live->locale = (locale_t)0;
}

static unsigned
character_width (uint32_t character)
{
  int width = character < 0x80 ? 1 : wcwidth ((wchar_t)character);
  return width < 0 ? WIDEST : (unsigned)width;
}

static size_t
fit (const char *string, size_t length, unsigned columns)
{
  size_t at = 0;
  while (at < length) {
    uint32_t character = 0;
    int n = srt_clean_decode ((const unsigned char *)string + at, length - at, &character);
    unsigned width = n > 0 ? character_width (character) : 0;
    if (n <= 0 || width > columns)
      break;
    columns -= width;
    at += (size_t)n;
  }
  return at;
}

/* wcwidth asks the thread's locale; srt may well run under LANG=C. */
size_t
srt_live_fit (const srt_live *live, const char *string, size_t length, unsigned columns)
{
  locale_t before = live->locale ? uselocale (live->locale) : (locale_t)0;
  size_t n = fit (string, length, columns);
  if (before)
    uselocale (before);
  return n;
}

unsigned
srt_live_columns (int fd)
{
  struct winsize size = { 0 };
  unsigned columns = ioctl (fd, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : COLUMNS_DEFAULT;
  return columns < SRT_LIVE_COLUMNS_MAX ? columns : SRT_LIVE_COLUMNS_MAX;
}

static void
add_machine (srt_text *text, const srt_sample *sample)
{
  if (!sample)
    return;
  if ((sample->valid & SRT_SAMPLE_MEMORY) && sample->memory_total) {
    uint64_t used = sample->memory_total - sample->memory_available;
    srt_text_addf (text, " | mem %u%%", (unsigned)(100.0 * (double)used / (double)sample->memory_total));
  }
  if (sample->valid & SRT_SAMPLE_CPU)
    srt_text_addf (text, " | cpu %u%%", (unsigned)sample->cpu_busy);
}

/* Whole seconds, so that a quiet line is not drawn five times a second. */
static void
add_clock (srt_text *text, uint64_t ns)
{
  unsigned seconds = (unsigned)(ns / 1000000000);
  if (seconds < 3600)
    srt_text_addf (text, " | %u:%02u", seconds / 60, seconds % 60);
  else
    srt_text_addf (text, " | %u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static uint32_t
count_failed (const srt_counts *counts)
{
  uint32_t failed = 0;
  for (unsigned i = 0; i < SRT_WORDS; i++) {
    uint32_t n;
    srt_words_count (counts, i, &n);
    failed += srt_words_is_failure ((i + 1) * 100) ? n : 0;
  }
  return failed;
}

static void
describe (srt_text *text, const srt_progress *progress, uint64_t now_ns)
{
  const srt_counts *counts = progress->counts;
  srt_text_addf (text, "[%u/%u] %u running, %u failed", srt_words_complete (counts), counts->total, progress->running,
                 count_failed (counts));
  add_machine (text, progress->sample);
  add_clock (text, progress->elapsed_ns);
  if (progress->running == 0)
    return;
  uint64_t age = now_ns > progress->since_ns[0] ? now_ns - progress->since_ns[0] : 0;
  add_clock (text, age);
  srt_text_add (text, " ");
  srt_text_add_clean (text, progress->tests[0]->id);
}

int
srt_live_update (srt_live *live, const srt_progress *progress, uint64_t now_ns, unsigned columns)
{
  srt_text text;
  srt_text_reset (&text);
  describe (&text, progress, now_ns);
  size_t most = text.length < SRT_LIVE_SIZE ? text.length : SRT_LIVE_SIZE;
  /* One column less: a terminal may wrap as soon as the last one is filled. */
  size_t length = srt_live_fit (live, text.bytes, most, columns > 1 ? columns - 1 : 1);
  if (live->length == length && memcmp (live->line, text.bytes, length) == 0)
    return 0;
  memcpy (live->line, text.bytes, length);
  live->length = length;
  return 1;
}

void
srt_live_erase (srt_live *live, srt_text *text)
{
  if (live->shown)
    srt_text_add_reserved (text, "\r\033[K", 4);
  live->shown = 0;
}

void
srt_live_draw (srt_live *live, srt_text *text)
{
  srt_text_add_reserved (text, live->line, live->length);
  live->shown = live->length > 0;
}
