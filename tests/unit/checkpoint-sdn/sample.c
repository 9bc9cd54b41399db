/* SPDX-License-Identifier: MIT */
#include "sample.h"
#include <string.h>

static const guint verdicts[] = { SRT_VERDICT_PASS,    SRT_VERDICT_FAIL,     SRT_VERDICT_SKIP,
                                  SRT_VERDICT_PENDING, SRT_VERDICT_ERROR,    SRT_VERDICT_CRASH,
                                  SRT_VERDICT_OOM,     SRT_VERDICT_TIMEOUT,  SRT_VERDICT_LIMIT,
                                  SRT_VERDICT_LEAK,    SRT_VERDICT_HUNG,     SRT_VERDICT_FLAKY,
                                  SRT_VERDICT_KILLED,  SRT_VERDICT_PRESSURE, 1250 };
static const guint exits[] = { SRT_EXIT_EXITED, SRT_EXIT_SIGNALLED, SRT_EXIT_NOT_STARTED,
                               SRT_EXIT_LOST,   SRT_EXIT_KILLED,    450 };
static const guint sources[] = { SRT_USAGE_NONE, SRT_USAGE_WAIT4, SRT_USAGE_SAMPLED, SRT_USAGE_CGROUP, 333 };

/* Every byte but NUL has its turn; so have the marks of SDN, and what is no UTF-8. */
static char *
name_of (guint i)
{
  static const char *const odd[] = { "plain",     "with, comma", "quote\"d",           "back\\slash",
                                     "line\nend", "\xff\xfe",    "gr\xc3\xbc\xc3\x9f", "cut \xe2\x82",
                                     "# hash",    "{a: [1]}",    "\x1b[31mred",        " " };
  char byte[2] = { (char)(1 + i % 255), '\0' };

  return g_strdup_printf ("suite/%s/%s/%u", odd[i % G_N_ELEMENTS (odd)], byte, i);
}

static void
fill_usage (srt_usage *usage, guint i)
{
  *usage = (srt_usage){ .size = sizeof *usage,
                        .source = sources[i % G_N_ELEMENTS (sources)],
                        .wall_ns = 1000003u * i,
                        .frozen_ns = i % 3,
                        .user_ns = 777u * i,
                        .system_ns = i % 2 ? 0 : G_MAXUINT64 - i,
                        .memory_peak = (guint64)i << 20 };
}

Sample *
sample_new (guint i)
{
  Sample *s = g_new0 (Sample, 1);
  srt_result *r = &s->result;

  s->id = name_of (i);
  s->message = i % 4 == 0 ? g_strdup ("") : g_strdup_printf ("exit status %u: \"%c\"", i, 'a' + i % 26);
  s->kept = i % 7 == 0 ? g_strdup_printf ("/tmp/kept %u", i) : NULL;
  s->test = (srt_test){ .size = sizeof s->test, .index = i, .id = s->id };
  *r = (srt_result){ .size = sizeof *r,
                     .verdict = verdicts[i % G_N_ELEMENTS (verdicts)],
                     .test = &s->test,
                     .attempt = 1 + i % 3,
                     .final = i % 5 != 0,
                     .exit_kind = exits[i % G_N_ELEMENTS (exits)],
                     .exit_code = i % 6 == 0 ? -1 : (gint)(i % 256),
                     .slot = i % 8,
                     .start_real_ns = G_GUINT64_CONSTANT (1795432333123456789) + i,
                     .message = s->message,
                     .kept_dir = s->kept,
                     .limit = i % 3 == 0 ? 1u << i % 9 : 0,
                     .leaked = i % 13,
                     .held_by = i % 3 == 0 ? "memory: cgroup v1, \"quoted\"" : NULL,
                     .digest = i % 2 == 0 ? "0123456789abcdef" : NULL,
                     .output_bytes = 4096u * i,
                     .output_lost = i % 11 };
  r->cases = (srt_cases){ .size = sizeof r->cases, .passed = i, .failed = i % 2, .skipped = i % 3, .pending = i % 4 };
  fill_usage (&r->usage, i);
  return s;
}

void
sample_free (Sample *s)
{
  g_free (s->id);
  g_free (s->message);
  g_free (s->kept);
  g_free (s);
}

GPtrArray *
samples_new (guint n)
{
  GPtrArray *samples = g_ptr_array_new_with_free_func ((GDestroyNotify)sample_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (samples, sample_new (i));
  return samples;
}

static gboolean
usage_equals (const srt_usage *a, const srt_usage *b)
{
  return a->source == b->source && a->wall_ns == b->wall_ns && a->frozen_ns == b->frozen_ns &&
         a->user_ns == b->user_ns && a->system_ns == b->system_ns && a->memory_peak == b->memory_peak;
}

static gboolean
cases_equal (const srt_cases *a, const srt_cases *b)
{
  return a->passed == b->passed && a->failed == b->failed && a->skipped == b->skipped && a->pending == b->pending;
}

gboolean
sample_equals (const Sample *s, const srt_result *b)
{
  const srt_result *a = &s->result;

  return strcmp (a->test->id, b->test->id) == 0 && b->earlier == 1 && b->output == NULL && a->verdict == b->verdict &&
         a->attempt == b->attempt && a->final == b->final && a->exit_kind == b->exit_kind &&
         a->exit_code == b->exit_code && a->slot == b->slot && a->start_real_ns == b->start_real_ns &&
         usage_equals (&a->usage, &b->usage) && cases_equal (&a->cases, &b->cases) &&
         strcmp (a->message, b->message) == 0 && g_strcmp0 (a->kept_dir, b->kept_dir) == 0 && a->limit == b->limit &&
         a->leaked == b->leaked && g_strcmp0 (a->digest, b->digest) == 0 && g_strcmp0 (a->held_by, b->held_by) == 0 &&
         a->output_bytes == b->output_bytes && a->output_lost == b->output_lost;
}

void
expected_row (void *data, const srt_result *result)
{
  Expected *e = data;

  for (guint i = e->next; i < e->written->len; i++)
    if (sample_equals (g_ptr_array_index (e->written, i), result)) {
      e->next = i + 1;
      e->rows++;
      return;
    }
  e->wrong++;
}
