/* SPDX-License-Identifier: MIT */
#include "run/forecasts.h"

#include "base/error.h"
#include "guard/forecast.h"

struct SrtForecasts {
  const SrtPlan *plan;
  guint64 *peaks;    /* by the test's index in the plan; 0: without history */
  guint64 *walls_ns; /* likewise: how long it takes */
};

static guint64
mean (const guint64 *values, guint n)
{
  guint64 sum = 0;
  for (guint i = 0; i < n; i++)
    sum += values[i] / n;
  return sum;
}

static void
take_row (void *data, const srt_history *row)
{
  SrtForecasts *forecasts = data;
  const SrtTest *test = srt_plan_find (forecasts->plan, row->id);
  if (!test)
    return;
  forecasts->peaks[test->pub.index] = srt_forecast_of_peaks (row->memory_peak, row->n);
  forecasts->walls_ns[test->pub.index] = mean (row->wall_ns, MIN (row->n, SRT_HISTORY_DEPTH));
}

SrtForecasts *
srt_forecasts_new (const SrtPlan *plan, SrtHistory *history, SrtNotify *notify)
{
  g_autoptr (GError) error = NULL;
  SrtForecasts *forecasts = g_new0 (SrtForecasts, 1);
  forecasts->plan = plan;
  forecasts->peaks = g_new0 (guint64, MAX (plan->tests->len, 1));
  forecasts->walls_ns = g_new0 (guint64, MAX (plan->tests->len, 1));
  /* USAGE: there is none yet, as in every first run. */
  if (history && !srt_history_load (history, take_row, forecasts, &error) &&
      !g_error_matches (error, SRT_ERROR, SRT_ERROR_USAGE))
    srt_notify_log (notify, SRT_LOG_WARNING, "", error->message);
  return forecasts;
}

void
srt_forecasts_free (SrtForecasts *forecasts)
{
  g_free (forecasts->peaks);
  g_free (forecasts->walls_ns);
  g_free (forecasts);
}

guint64
srt_forecasts_get (const SrtForecasts *forecasts, const SrtTest *test)
{
  guint64 peak = forecasts->peaks[test->pub.index];
  return peak > 0 ? peak : test->limits.memory;
}

/* The mean length of those of TESTS that are known; 0: none is. */
static guint64
usual_length (const SrtForecasts *forecasts, const GPtrArray *tests, guint n_tests)
{
  guint64 sum = 0;
  guint n = 0;
  for (guint i = 0; i < n_tests; i++) {
    const SrtTest *test = g_ptr_array_index (tests, i);
    sum += forecasts->walls_ns[test->pub.index];
    n += forecasts->walls_ns[test->pub.index] > 0;
  }
  return n > 0 ? sum / n : 0;
}

guint *
srt_forecasts_order (const SrtForecasts *forecasts, const GPtrArray *tests, guint n_tests, const SrtPackingRoom *room,
                     guint *ret_n, SrtPackingGain *ret_gain)
{
  guint64 usual_ns = usual_length (forecasts, tests, n_tests), unknown = srt_forecast_of_others (0, 0);
  g_autofree SrtPackingTest *known = g_new (SrtPackingTest, MAX (n_tests, 1));
  g_autofree guint *order = g_new (guint, MAX (n_tests, 1));
  guint n = 0;
  for (; n < n_tests; n++) {
    const SrtTest *test = g_ptr_array_index (tests, n);
    guint64 memory = srt_forecasts_get (forecasts, test), wall_ns = forecasts->walls_ns[test->pub.index];
    if (test->exclusive)
      break;
    known[n] = (SrtPackingTest){ memory > 0 ? memory : unknown, wall_ns > 0 ? wall_ns : usual_ns };
  }
  if (usual_ns == 0 || !srt_packing_order (known, n, room, order, ret_gain))
    return NULL;
  *ret_n = n;
  return g_steal_pointer (&order);
}
