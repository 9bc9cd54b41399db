/* SPDX-License-Identifier: MIT
 * Readings: what one sample says of each gauge. */
#include "guard/policy.h"

#include "guard/forecast.h"

#define PERCENT       100.0
#define CALM_PERCENT  5.0 /* below the line, a gauge is calm */
#define URGENT_SHARE  0.3 /* of what is left above the line: less than that is urgent */
#define RACE_SECONDS  0.5 /* at this rate everything is full after so long */
#define LAST_SECONDS  0.2
#define PRESSURE_FULL 20.0f
#define PRESSURE_CALM 5.0f

guint64
srt_policy_used (const srt_sample *sample)
{
  return sample->memory_total - MIN (sample->memory_available, sample->memory_total);
}

guint64
srt_policy_tests_memory (const SrtPolicyInput *input)
{
  guint64 sum = 0;
  for (guint i = 0; i < input->n; i++)
    sum += input->tests[i].memory;
  return sum;
}

/* How far below LINE is calm; a low line leaves room for less. */
static double
calm_line (double line)
{
  return line - MIN (CALM_PERCENT, line / 4);
}

static double
memory_percent (const srt_sample *sample)
{
  return PERCENT * (double)srt_policy_used (sample) / (double)MAX (sample->memory_total, 1);
}

/* What is left lasts so short at the present rate that no sample may come in between, and nobody knows where that ends.
 */
static gboolean
is_racing (const SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input)
{
  return memory_percent (input->sample) >= limits->memory / 2 &&
         (double)input->sample->memory_available < policy->fill_rate * RACE_SECONDS &&
         !srt_forecast_holds (limits, input, (guint64)policy->others);
}

static SrtReading
read_memory (const SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input)
{
  const srt_sample *sample = input->sample;
  double percent = memory_percent (sample);
  gboolean racing = is_racing (policy, limits, input);
  gboolean full = PERCENT - percent < (PERCENT - limits->memory) * URGENT_SHARE;
  if (!(sample->valid & SRT_SAMPLE_MEMORY) || limits->memory >= PERCENT)
    return (SrtReading){ .calm = TRUE };
  return (SrtReading){
    .over = percent >= limits->memory || racing,
    .calm = percent < calm_line (limits->memory) && !racing,
    .ours = srt_policy_tests_memory (input) >= srt_policy_used (sample) / 2,
    .urgent = racing || full,
    .critical = full || (racing && (percent >= limits->memory ||
                                    (double)sample->memory_available < policy->fill_rate * LAST_SECONDS)),
  };
}

static SrtReading
read_run_memory (const SrtPolicyLimits *limits, const SrtPolicyInput *input)
{
  guint64 used = srt_policy_tests_memory (input);
  if (limits->run_memory == 0)
    return (SrtReading){ .calm = TRUE };
  return (SrtReading){
    .over = used >= limits->run_memory,
    .calm = used < limits->run_memory - limits->run_memory / 20,
    .ours = TRUE,
  };
}

static SrtReading
read_pressure (const SrtPolicyInput *input)
{
  const srt_sample *sample = input->sample;
  gboolean known = (sample->valid & SRT_SAMPLE_PRESSURE) != 0;
  return (SrtReading){
    .over = known && sample->memory_pressure.full_avg10 >= PRESSURE_FULL,
    .calm = !known || sample->memory_pressure.full_avg10 < PRESSURE_CALM,
  };
}

static double
cpu_of_others (const SrtPolicyInput *input)
{
  return MAX ((double)input->sample->cpu_busy - input->cpu_own, 0);
}

/* The run's own workers alone exceed any line, so without self_protect only a machine that others want too counts. */
static SrtReading
read_cpu (const SrtPolicyLimits *limits, const SrtPolicyInput *input)
{
  double busy = (double)input->sample->cpu_busy, others = cpu_of_others (input);
  if (!(input->sample->valid & SRT_SAMPLE_CPU) || limits->cpu >= PERCENT)
    return (SrtReading){ .calm = TRUE };
  gboolean wanted = limits->self_protect || others >= limits->cpu / 2;
  return (SrtReading){
    .over = busy >= limits->cpu && wanted,
    .calm = busy < calm_line (limits->cpu) || (!limits->self_protect && others < calm_line (limits->cpu / 2)),
  };
}

/* Would the machine be over its line with one worker too? Where one worker alone is (a single core), what others take
 * decides. */
static SrtReading
read_cpu_others (const SrtPolicyLimits *limits, const SrtPolicyInput *input)
{
  double worker = MIN (PERCENT, PERCENT * 1000 / MAX (input->sample->cpu_milli, 1));
  double others = cpu_of_others (input), line = limits->cpu;
  double with_one = others + MIN (input->cpu_own, worker);
  SrtReading cpu = read_cpu (limits, input);
  if (worker >= limits->cpu) {
    with_one = others;
    line = MIN (limits->cpu, PERCENT - limits->cpu);
  }
  return (SrtReading){
    .over = cpu.over && with_one >= line,
    .calm = cpu.calm || with_one < calm_line (line),
  };
}

void
srt_policy_read (const SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input,
                 SrtReading readings[SRT_N_GAUGES])
{
  readings[SRT_GAUGE_MEMORY] = read_memory (policy, limits, input);
  readings[SRT_GAUGE_RUN_MEMORY] = read_run_memory (limits, input);
  readings[SRT_GAUGE_PRESSURE] = read_pressure (input);
  readings[SRT_GAUGE_CPU] = read_cpu (limits, input);
  readings[SRT_GAUGE_CPU_OTHERS] = read_cpu_others (limits, input);
}

/* --- in words ------------------------------------------------------------------------------------------------- */

static const char *
scale (double bytes, double *ret)
{
  static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
  guint i = 0;
  for (bytes /= 1024; bytes >= 1024 && i + 1 < G_N_ELEMENTS (units); i++)
    bytes /= 1024;
  *ret = bytes;
  return units[i];
}

static void
memory_words (const SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input, char *text,
              gsize size)
{
  const srt_sample *sample = input->sample;
  gboolean racing = memory_percent (sample) < limits->memory && is_racing (policy, limits, input);
  double total;
  const char *unit = scale ((double)sample->memory_total, &total);
  g_snprintf (text, size, "memory %.1f%% of %.1f %s in use (%s), threshold %g%%%s", memory_percent (sample), total,
              unit, sample->memory_source ? sample->memory_source : "machine", limits->memory,
              racing ? ", and filling fast" : "");
}

static void
run_memory_words (const SrtPolicyLimits *limits, const SrtPolicyInput *input, char *text, gsize size)
{
  double used, line;
  const char *used_unit = scale ((double)srt_policy_tests_memory (input), &used);
  const char *line_unit = scale ((double)limits->run_memory, &line);
  g_snprintf (text, size, "the tests use %.1f %s of memory, threshold %.1f %s", used, used_unit, line, line_unit);
}

void
srt_policy_reason (const SrtPolicy *policy, const SrtPolicyLimits *limits, const SrtPolicyInput *input, SrtGauge gauge,
                   char *text, gsize size)
{
  const srt_sample *sample = input->sample;
  switch (gauge) {
  case SRT_GAUGE_MEMORY:
    memory_words (policy, limits, input, text, size);
    break;
  case SRT_GAUGE_RUN_MEMORY:
    run_memory_words (limits, input, text, size);
    break;
  case SRT_GAUGE_PRESSURE:
    g_snprintf (text, size, "all tasks waited for memory %.0f%% of the last 10 s (memory pressure)",
                (double)sample->memory_pressure.full_avg10);
    break;
  case SRT_GAUGE_CPU:
  case SRT_GAUGE_CPU_OTHERS:
  case SRT_N_GAUGES:
    g_snprintf (text, size, "CPU %.0f%% busy, %.0f%% of it by others than the tests, threshold %g%%",
                (double)sample->cpu_busy, cpu_of_others (input), limits->cpu);
    break;
  }
}
