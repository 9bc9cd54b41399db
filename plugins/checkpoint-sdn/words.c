/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <srt/srt-plugin.h>
#include <string.h>

typedef struct word {
  uint32_t value;
  const char *text;
} word;

static const word verdicts[] = {
  { SRT_VERDICT_NONE, "NONE" },         { SRT_VERDICT_PASS, "PASS" },
  { SRT_VERDICT_FAIL, "FAIL" },         { SRT_VERDICT_SKIP, "SKIP" },
  { SRT_VERDICT_PENDING, "PENDING" },   { SRT_VERDICT_ERROR, "ERROR" },
  { SRT_VERDICT_CRASH, "CRASH" },       { SRT_VERDICT_TIMEOUT, "TIMEOUT" },
  { SRT_VERDICT_OOM, "OOM" },           { SRT_VERDICT_LIMIT, "LIMIT" },
  { SRT_VERDICT_LEAK, "LEAK" },         { SRT_VERDICT_HUNG, "HUNG" },
  { SRT_VERDICT_PRESSURE, "PRESSURE" }, { SRT_VERDICT_FLAKY, "FLAKY" },
  { SRT_VERDICT_KILLED, "KILLED" },     { 0, NULL },
};

static const word exits[] = {
  { SRT_EXIT_EXITED, "exited" }, { SRT_EXIT_SIGNALLED, "signalled" }, { SRT_EXIT_NOT_STARTED, "not-started" },
  { SRT_EXIT_LOST, "lost" },     { SRT_EXIT_KILLED, "killed" },       { 0, NULL },
};

static const word usages[] = {
  { SRT_USAGE_NONE, "none" },
  { SRT_USAGE_WAIT4, "wait4" },
  { SRT_USAGE_SAMPLED, "sampled" },
  { SRT_USAGE_CGROUP, "cgroup" },
  { 0, NULL },
};

static const word *
list_of (srt_words which)
{
  return which == SRT_WORDS_VERDICT ? verdicts : which == SRT_WORDS_EXIT ? exits : usages;
}

void
srt_words_put (srt_buffer *buffer, srt_words which, uint32_t value)
{
  for (const word *w = list_of (which); w->text != NULL; w++)
    if (w->value == value) {
      srt_buffer_puts (buffer, w->text);
      return;
    }
  srt_sdn_put_u64 (buffer, value);
}

uint32_t
srt_words_read (srt_sdn_reader *reader, srt_words which)
{
  const char *text;

  if (srt_sdn_is_number (reader))
    return srt_sdn_u32 (reader);
  text = srt_sdn_word (reader);
  for (const word *w = list_of (which); w->text != NULL; w++)
    if (strcmp (w->text, text) == 0)
      return w->value;
  reader->failed = true;
  return 0;
}
