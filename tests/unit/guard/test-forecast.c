/* SPDX-License-Identifier: MIT
 * Forecasts: from peaks to bytes, and what fits beside what runs. */
#include "guard/forecast.h"

#define MIB G_GUINT64_CONSTANT (1048576)

static void
test_peaks (void)
{
  static const struct {
    guint64 peaks[SRT_HISTORY_DEPTH];
    guint n;
    guint64 expected;
  } rows[] = {
    { { 0 }, 0, 0 },
    { { 0, 0, 0 }, 3, 0 }, /* never measured */
    { { 7 }, 1, 7 },
    { { 5, 0, 9, 3 }, 4, 9 },
    { { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 }, 16, 16 },
    { { 16, 2 }, 1, 16 }, /* only so many are said to be there */
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpuint (srt_forecast_of_peaks (rows[i].peaks, rows[i].n), ==, rows[i].expected);
}

static void
test_others (void)
{
  g_assert_cmpuint (srt_forecast_of_others (0, 0), ==, 64 * MIB);
  g_assert_cmpuint (srt_forecast_of_others (3 * 400 * MIB, 3), ==, 64 * MIB); /* too few to learn from */
  g_assert_cmpuint (srt_forecast_of_others (4 * 2 * MIB, 4), ==, 16 * MIB);
  g_assert_cmpuint (srt_forecast_of_others (4 * 100 * MIB, 4), ==, 200 * MIB);
  g_assert_cmpuint (srt_forecast_of_others (4 * 4000 * MIB, 4), ==, 512 * MIB);
}

typedef struct {
  guint64 used; /* MiB of 1000, those of the tests in it */
  SrtPolicyTest tests[2];
  guint n;
  guint64 need, run_memory;
  gboolean fits;
} Row;

static const Row rows[] = {
  { 990, { { 0 } }, 0, 5000, 0, TRUE }, /* one test always runs */
  { 300, { { .memory = 300, .forecast = 300 } }, 1, 600, 0, TRUE },
  { 300, { { .memory = 300, .forecast = 300 } }, 1, 601, 0, FALSE },
  { 100, { { .memory = 100, .forecast = 400 } }, 1, 500, 0, TRUE }, /* it will grow by 300 */
  { 100, { { .memory = 100, .forecast = 401 } }, 1, 500, 0, FALSE },
  { 500, { { .memory = 500, .forecast = 100 } }, 1, 400, 0, TRUE },                   /* it has grown already */
  { 0, { { .memory = 0, .forecast = 400 }, { .forecast = 400 } }, 2, 101, 0, FALSE }, /* just begun */
  { 100, { { .memory = 100, .forecast = 200 } }, 1, 200, 400, TRUE },
  { 100, { { .memory = 100, .forecast = 201 } }, 1, 200, 400, FALSE }, /* the run's own line */
};

static void
fill (const Row *row, SrtPolicyTest tests[2], srt_sample *sample)
{
  *sample = (srt_sample){ .valid = SRT_SAMPLE_MEMORY,
                          .memory_total = 1000 * MIB,
                          .memory_available = (1000 - row->used) * MIB };
  for (guint i = 0; i < row->n; i++)
    tests[i] = (SrtPolicyTest){ .memory = row->tests[i].memory * MIB, .forecast = row->tests[i].forecast * MIB };
}

static void
test_fits (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const SrtPolicyLimits limits = { .memory = 90, .run_memory = rows[i].run_memory * MIB };
    SrtPolicyTest tests[2];
    srt_sample sample;
    fill (&rows[i], tests, &sample);
    const SrtPolicyInput input = { .sample = &sample, .tests = tests, .n = rows[i].n };
    g_test_message ("row %u", i);
    guint64 others = rows[i].used * MIB - srt_policy_tests_memory (&input);
    g_assert_cmpint (srt_forecast_fits (&limits, &input, others, rows[i].need * MIB), ==, rows[i].fits);
  }
}

/* Nothing is known of the machine: everything fits. */
static void
test_blind (void)
{
  const SrtPolicyLimits limits = { .memory = 90 };
  const SrtPolicyTest test = { .memory = 1 };
  const srt_sample sample = { 0 };
  SrtPolicyInput input = { .tests = &test, .n = 1 };
  g_assert_true (srt_forecast_fits (&limits, &input, 0, G_MAXUINT32));
  input.sample = &sample;
  g_assert_true (srt_forecast_fits (&limits, &input, 0, G_MAXUINT32));
}

/* As foretold, until a test takes clearly more, or one is not known. */
static void
test_holds (void)
{
  const SrtPolicyLimits limits = { .memory = 90 };
  const srt_sample sample = { .valid = SRT_SAMPLE_MEMORY, .memory_total = 1000 * MIB, .memory_available = 600 * MIB };
  SrtPolicyTest test = { .memory = 100 * MIB, .forecast = 500 * MIB };
  const SrtPolicyInput input = { .sample = &sample, .tests = &test, .n = 1 };
  const SrtPolicyInput none = { .sample = &sample };
  g_assert_true (srt_forecast_holds (&limits, &input, 300 * MIB));
  g_assert_false (srt_forecast_holds (&limits, &none, 300 * MIB));
  test.memory = 540 * MIB;
  g_assert_true (srt_forecast_holds (&limits, &input, 300 * MIB));
  test.memory = 570 * MIB;
  g_assert_false (srt_forecast_holds (&limits, &input, 300 * MIB));
  test.memory = 0;
  test.forecast = 0;
  g_assert_false (srt_forecast_holds (&limits, &input, 300 * MIB));
}

/* More in use than all of them may have: somebody else takes it. Less than that may be theirs, told late. */
static void
test_unexplained (void)
{
  const SrtPolicyLimits limits = { .memory = 90 };
  srt_sample sample = { .valid = SRT_SAMPLE_MEMORY, .memory_total = 1000 * MIB, .memory_available = 400 * MIB };
  const SrtPolicyTest tests[] = { { .memory = 10 * MIB, .forecast = 300 * MIB },
                                  { .memory = 200 * MIB, .forecast = 200 * MIB } };
  const SrtPolicyInput input = { .sample = &sample, .tests = tests, .n = 2 };
  g_assert_true (srt_forecast_holds (&limits, &input, 100 * MIB));
  sample.memory_available = 380 * MIB;
  g_assert_false (srt_forecast_holds (&limits, &input, 100 * MIB));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guard/forecast/peaks", test_peaks);
  g_test_add_func ("/guard/forecast/others", test_others);
  g_test_add_func ("/guard/forecast/fits", test_fits);
  g_test_add_func ("/guard/forecast/blind", test_blind);
  g_test_add_func ("/guard/forecast/holds", test_holds);
  g_test_add_func ("/guard/forecast/unexplained", test_unexplained);
  return g_test_run ();
}
