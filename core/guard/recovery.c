/* SPDX-License-Identifier: MIT */
#include "guard/recovery.h"

#include "base/units.h"

enum { PERCENT = 100, MIN_SAMPLES = 2 };

SrtRecoveryLines
srt_recovery_lines (const SrtPolicyLimits *limits, SrtGauge stopped, double line, guint64 for_ns)
{
  gboolean cpu = stopped == SRT_GAUGE_CPU || stopped == SRT_GAUGE_CPU_OTHERS;
  gboolean memory = stopped == SRT_GAUGE_MEMORY || stopped == SRT_GAUGE_PRESSURE;
  return (SrtRecoveryLines){
    .memory = memory ? MIN (line, limits->memory) : limits->memory,
    .cpu = cpu ? MIN (line, limits->cpu) : limits->cpu,
    .for_ns = for_ns,
  };
}

static gboolean
is_below (const SrtRecoveryLines *lines, const srt_sample *sample)
{
  double used = PERCENT * (double)srt_policy_used (sample) / (double)MAX (sample->memory_total, 1);
  gboolean memory = (sample->valid & SRT_SAMPLE_MEMORY) && lines->memory < PERCENT && used >= lines->memory;
  gboolean cpu = (sample->valid & SRT_SAMPLE_CPU) && lines->cpu < PERCENT && (double)sample->cpu_busy >= lines->cpu;
  return !memory && !cpu;
}

gboolean
srt_recovery_step (SrtRecovery *recovery, const SrtRecoveryLines *lines, const srt_sample *sample)
{
  if (!is_below (lines, sample)) {
    *recovery = (SrtRecovery){ 0 };
    return FALSE;
  }
  if (recovery->samples++ == 0)
    recovery->since_ns = sample->time_ns;
  return recovery->samples >= MIN_SAMPLES && sample->time_ns - recovery->since_ns >= lines->for_ns;
}

char *
srt_recovery_words (const SrtRecoveryLines *lines)
{
  g_autofree char *time = srt_units_format_duration (lines->for_ns);
  if (lines->memory >= PERCENT && lines->cpu >= PERCENT)
    return g_strdup_printf ("%s have passed", time);
  if (lines->cpu >= PERCENT)
    return g_strdup_printf ("memory is below %g%% for %s", lines->memory, time);
  if (lines->memory >= PERCENT)
    return g_strdup_printf ("the CPU is below %g%% for %s", lines->cpu, time);
  return g_strdup_printf ("memory is below %g%% and CPU below %g%% for %s", lines->memory, lines->cpu, time);
}

gboolean
srt_recovery_blames (const SrtPolicyInput *input, SrtGauge gauge, double line)
{
  guint64 own = srt_policy_tests_memory (input), used = srt_policy_used (input->sample);
  if (input->n != 1)
    return FALSE;
  if (gauge == SRT_GAUGE_RUN_MEMORY)
    return TRUE;
  return gauge == SRT_GAUGE_MEMORY &&
         PERCENT * (double)(used - MIN (own, used)) < line * (double)input->sample->memory_total;
}
