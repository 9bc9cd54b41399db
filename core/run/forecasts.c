/* SPDX-License-Identifier: MIT */
#include "run/forecasts.h"

#include "base/error.h"
#include "guard/forecast.h"

struct SrtForecasts {
  const SrtPlan *plan;
  guint64 *peaks; /* by the test's index in the plan; 0: without history */
};

static void
take_row (void *data, const srt_history *row)
{
  SrtForecasts *forecasts = data;
  const SrtTest *test = srt_plan_find (forecasts->plan, row->id);
  if (test)
    forecasts->peaks[test->pub.index] = srt_forecast_of_peaks (row->memory_peak, row->n);
}

SrtForecasts *
srt_forecasts_new (const SrtPlan *plan, SrtHistory *history, SrtNotify *notify)
{
  g_autoptr (GError) error = NULL;
  SrtForecasts *forecasts = g_new0 (SrtForecasts, 1);
  forecasts->plan = plan;
  forecasts->peaks = g_new0 (guint64, MAX (plan->tests->len, 1));
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
  g_free (forecasts);
}

guint64
srt_forecasts_get (const SrtForecasts *forecasts, const SrtTest *test)
{
  guint64 peak = forecasts->peaks[test->pub.index];
  return peak > 0 ? peak : test->limits.memory;
}
