/* SPDX-License-Identifier: MIT */
#include "words.h"
#include <stdio.h>

typedef struct {
  const char *name;
  srt_outcome outcome;
  size_t count; /* where srt_counts counts it */
} word;

/* In steps of 100, as the enum numbers them. */
static const word words[SRT_WORDS] = {
  { "PASS", SRT_OUTCOME_PASSED, offsetof (srt_counts, pass) },
  { "FAIL", SRT_OUTCOME_FAILED, offsetof (srt_counts, fail) },
  { "SKIP", SRT_OUTCOME_SKIPPED, offsetof (srt_counts, skip) },
  { "PENDING", SRT_OUTCOME_SKIPPED, offsetof (srt_counts, pending) },
  { "ERROR", SRT_OUTCOME_BROKEN, offsetof (srt_counts, error) },
  { "CRASH", SRT_OUTCOME_BROKEN, offsetof (srt_counts, crash) },
  { "TIMEOUT", SRT_OUTCOME_BROKEN, offsetof (srt_counts, timeout) },
  { "OOM", SRT_OUTCOME_BROKEN, offsetof (srt_counts, oom) },
  { "LIMIT", SRT_OUTCOME_BROKEN, offsetof (srt_counts, limit) },
  { "LEAK", SRT_OUTCOME_PASSED, offsetof (srt_counts, leak) },
  { "HUNG", SRT_OUTCOME_BROKEN, offsetof (srt_counts, hung) },
  { "PRESSURE", SRT_OUTCOME_PASSED, offsetof (srt_counts, pressure) },
  { "FLAKY", SRT_OUTCOME_PASSED, offsetof (srt_counts, flaky) },
  { "KILLED", SRT_OUTCOME_UNFINISHED, offsetof (srt_counts, killed) },
};

static const word unknown = { "?", SRT_OUTCOME_UNFINISHED, 0 };

static const word *
find (uint32_t verdict)
{
  if (verdict % 100 != 0 || verdict < SRT_VERDICT_PASS || verdict > SRT_VERDICT_KILLED)
    return &unknown;
  return &words[verdict / 100 - 1];
}

const char *
srt_words_name (uint32_t verdict)
{
  return find (verdict)->name;
}

srt_outcome
srt_words_outcome (uint32_t verdict)
{
  return find (verdict)->outcome;
}

int
srt_words_is_failure (uint32_t verdict)
{
  srt_outcome outcome = srt_words_outcome (verdict);
  return outcome == SRT_OUTCOME_FAILED || outcome == SRT_OUTCOME_BROKEN;
}

const char *
srt_words_count (const srt_counts *counts, unsigned i, uint32_t *ret_count)
{
  *ret_count = *(const uint32_t *)((const char *)counts + words[i].count);
  return words[i].name;
}

uint32_t
srt_words_complete (const srt_counts *counts)
{
  return counts->finished - (counts->killed < counts->finished ? counts->killed : counts->finished);
}

void
srt_words_limits (uint32_t limits, char *text, size_t size)
{
  static const struct {
    uint32_t bit;
    const char *name;
  } names[] = { { SRT_LIMIT_MEMORY, "memory" },
                { SRT_LIMIT_CPU, "cpu" },
                { SRT_LIMIT_CPU_TIME, "cpu_time" },
                { SRT_LIMIT_IO, "io_ops" },
                { SRT_LIMIT_PROCESSES, "processes" },
                { SRT_LIMIT_FILES, "open_files" },
                { SRT_LIMIT_FILE_SIZE, "file_size" },
                { SRT_LIMIT_CORE, "core_size" },
                { SRT_LIMIT_NICE, "nice" } };
  size_t length = 0;
  text[0] = '\0';
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (limits & names[i].bit && length < size)
      length += (size_t)snprintf (text + length, size - length, "%s%s", length > 0 ? ", " : "", names[i].name);
}
