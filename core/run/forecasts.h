/* SPDX-License-Identifier: MIT
 * Forecasts: the memory that each test of a plan will need, by its own history, else by its limit. */
#pragma once
#include "plan/plan.h"
#include "run/history.h"
#include "run/notify.h"

typedef struct SrtForecasts SrtForecasts;

/* HISTORY: NULL where none is kept; what is wrong with it is said. */
SrtForecasts *srt_forecasts_new (const SrtPlan *plan, SrtHistory *history, SrtNotify *notify);
void srt_forecasts_free (SrtForecasts *forecasts);

/* Bytes; 0: nothing is known. */
guint64 srt_forecasts_get (const SrtForecasts *forecasts, const SrtTest *test);
