/* SPDX-License-Identifier: MIT */
#include "guard/forecast.h"

#define MIB         G_GUINT64_CONSTANT (1048576)
#define DEFAULT     (64 * MIB) /* while too few tests have ended to learn from */
#define LEAST       (16 * MIB)
#define MOST        (512 * MIB)
#define ENOUGH      4u
#define SLACK_SHARE 64 /* of all memory: so much comes and goes */

static int
compare (gconstpointer a, gconstpointer b)
{
  guint64 one = *(const guint64 *)a, other = *(const guint64 *)b;
  return one < other ? -1 : one > other;
}

guint64
srt_forecast_of_peaks (const guint64 *peaks, guint n)
{
  guint64 sorted[SRT_HISTORY_DEPTH];
  guint known = 0;
  for (guint i = 0; i < MIN (n, SRT_HISTORY_DEPTH); i++)
    if (peaks[i] > 0)
      sorted[known++] = peaks[i];
  if (known == 0)
    return 0;
  qsort (sorted, known, sizeof sorted[0], compare);
  return sorted[(known * 95 + 99) / 100 - 1];
}

guint64
srt_forecast_of_others (guint64 sum, guint n)
{
  return n < ENOUGH ? DEFAULT : CLAMP (2 * (sum / n), LEAST, MOST);
}

gboolean
srt_forecast_is_exceeded (const SrtPolicyTest *test)
{
  return test->memory > test->forecast + test->forecast / 8 + 4 * MIB;
}

gboolean
srt_forecast_fits (const SrtPolicyLimits *limits, const SrtPolicyInput *input, guint64 others, guint64 need)
{
  const srt_sample *sample = input->sample;
  guint64 tests = need;
  if (input->n == 0 || !sample || !(sample->valid & SRT_SAMPLE_MEMORY))
    return TRUE;
  for (guint i = 0; i < input->n; i++)
    tests += MAX (input->tests[i].forecast, input->tests[i].memory);
  double line = (double)sample->memory_total * limits->memory / 100;
  return (limits->run_memory == 0 || tests <= limits->run_memory) && (double)others + (double)tests <= line;
}

/* Is no more in use than OTHERS and the tests may have? Else somebody is there of whom nobody knows. */
static gboolean
is_explained (const SrtPolicyInput *input, guint64 others)
{
  guint64 known = others + input->sample->memory_total / SLACK_SHARE;
  for (guint i = 0; i < input->n; i++)
    known += MAX (input->tests[i].forecast, input->tests[i].memory);
  return srt_policy_used (input->sample) <= known;
}

gboolean
srt_forecast_holds (const SrtPolicyLimits *limits, const SrtPolicyInput *input, guint64 others)
{
  for (guint i = 0; i < input->n; i++)
    if (input->tests[i].forecast == 0 || srt_forecast_is_exceeded (&input->tests[i]))
      return FALSE;
  return input->n > 0 && srt_forecast_fits (limits, input, others, 0) && is_explained (input, others);
}
