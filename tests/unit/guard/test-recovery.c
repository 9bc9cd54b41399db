/* SPDX-License-Identifier: MIT
 * When a machine counts as recovered, and when one test is to blame. */
#include "guard/recovery.h"

#define MS G_GUINT64_CONSTANT (1000000)

static srt_sample
sample_of (guint64 at_ms, double memory, double cpu)
{
  return (srt_sample){
    .size = sizeof (srt_sample),
    .valid = (memory >= 0 ? SRT_SAMPLE_MEMORY : 0) | (cpu >= 0 ? SRT_SAMPLE_CPU : 0),
    .time_ns = at_ms * MS,
    .memory_total = 1000,
    .memory_available = (guint64)(1000 - 10 * memory),
    .cpu_busy = (float)cpu,
  };
}

/* What stopped the run must come below the recovery line, the rest below its threshold; 100 is no line. */
static void
test_lines (void)
{
  static const struct {
    SrtGauge stopped;
    double memory, cpu, line, memory_line, cpu_line;
  } rows[] = {
    { SRT_GAUGE_MEMORY, 90, 80, 70, 70, 80 },     { SRT_GAUGE_PRESSURE, 90, 80, 70, 70, 80 },
    { SRT_GAUGE_CPU, 90, 80, 70, 90, 70 },        { SRT_GAUGE_CPU_OTHERS, 90, 80, 70, 90, 70 },
    { SRT_GAUGE_RUN_MEMORY, 90, 80, 70, 90, 80 }, { SRT_GAUGE_MEMORY, 50, 80, 70, 50, 80 },
    { SRT_GAUGE_CPU_OTHERS, 90, 5, 70, 90, 5 },   { SRT_GAUGE_MEMORY, 90, 100, 70, 70, 100 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const SrtPolicyLimits limits = { .memory = rows[i].memory, .cpu = rows[i].cpu };
    SrtRecoveryLines lines = srt_recovery_lines (&limits, rows[i].stopped, rows[i].line, 5 * MS);
    g_assert_cmpfloat (lines.memory, ==, rows[i].memory_line);
    g_assert_cmpfloat (lines.cpu, ==, rows[i].cpu_line);
    g_assert_cmpuint (lines.for_ns, ==, 5 * MS);
  }
}

static gboolean
look (SrtRecovery *recovery, guint64 at_ms, double memory, double cpu)
{
  static const SrtRecoveryLines lines = { 70, 80, 1000 * MS };
  srt_sample sample = sample_of (at_ms, memory, cpu);
  return srt_recovery_step (recovery, &lines, &sample);
}

static void
test_time (void)
{
  SrtRecovery recovery = { 0 };
  g_assert_false (look (&recovery, 0, 60, 10));
  g_assert_false (look (&recovery, 999, 60, 10));
  g_assert_true (look (&recovery, 1000, 69, 79));
}

/* Each gauge alone breaks it, on its line too, and the time counts anew. */
static void
test_breaks (void)
{
  SrtRecovery recovery = { 0 };
  g_assert_false (look (&recovery, 0, 60, 10));
  g_assert_false (look (&recovery, 900, 70, 10));
  g_assert_false (look (&recovery, 1500, 60, 10));
  g_assert_false (look (&recovery, 2400, 60, 80));
  g_assert_false (look (&recovery, 3000, 60, 10));
  g_assert_false (look (&recovery, 3900, 60, 10));
  g_assert_true (look (&recovery, 4000, 60, 10));
}

/* The first sample has no CPU; however far apart, one is not enough. What is never known keeps nobody waiting. */
static void
test_unknown (void)
{
  SrtRecovery recovery = { 0 };
  g_assert_false (look (&recovery, 5000, 60, -1));
  g_assert_false (look (&recovery, 9000, 60, 95));
  SrtRecovery blind = { 0 };
  g_assert_false (look (&blind, 5000, -1, -1));
  g_assert_true (look (&blind, 9000, -1, -1));
}

static void
test_words (void)
{
  static const struct {
    SrtRecoveryLines lines;
    const char *words;
  } rows[] = {
    { { 70, 80, 5000 * MS }, "memory is below 70% and CPU below 80% for 5s" },
    { { 70, 100, 100 * MS }, "memory is below 70% for 100ms" },
    { { 100, 5.5, 5000 * MS }, "the CPU is below 5.5% for 5s" },
    { { 100, 100, 5000 * MS }, "5s have passed" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *words = srt_recovery_words (&rows[i].lines);
    g_assert_cmpstr (words, ==, rows[i].words);
  }
}

static void
test_blame (void)
{
  static const struct {
    SrtGauge gauge;
    guint n;
    guint64 own; /* of 1000, each */
    double used; /* percent */
    gboolean blamed;
  } rows[] = {
    { SRT_GAUGE_MEMORY, 1, 300, 95, TRUE },  /* without it: 65 % */
    { SRT_GAUGE_MEMORY, 1, 250, 95, FALSE }, /* … 70 % */
    { SRT_GAUGE_MEMORY, 1, 5, 95, FALSE },   /* somebody else */
    { SRT_GAUGE_MEMORY, 1, 2000, 95, TRUE }, /* measured later than the machine */
    { SRT_GAUGE_MEMORY, 2, 400, 95, FALSE }, /* which one? */
    { SRT_GAUGE_MEMORY, 0, 0, 95, FALSE },       { SRT_GAUGE_RUN_MEMORY, 1, 100, 20, TRUE },
    { SRT_GAUGE_RUN_MEMORY, 2, 100, 20, FALSE }, { SRT_GAUGE_CPU_OTHERS, 1, 900, 95, FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const srt_sample sample = sample_of (0, rows[i].used, 95);
    const SrtPolicyTest tests[2] = { { .job = 1, .memory = rows[i].own }, { .job = 2, .memory = rows[i].own } };
    const SrtPolicyInput input = { .sample = &sample, .tests = tests, .n = rows[i].n };
    g_assert_cmpint (srt_recovery_blames (&input, rows[i].gauge, 70), ==, rows[i].blamed);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guard/recovery/lines", test_lines);
  g_test_add_func ("/guard/recovery/time", test_time);
  g_test_add_func ("/guard/recovery/breaks", test_breaks);
  g_test_add_func ("/guard/recovery/unknown", test_unknown);
  g_test_add_func ("/guard/recovery/words", test_words);
  g_test_add_func ("/guard/recovery/blame", test_blame);
  return g_test_run ();
}
