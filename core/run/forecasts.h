/* SPDX-License-Identifier: MIT
 * Forecasts: the memory that each test of a plan will need, by its own history, else by its limit. */
#pragma once
#include "guard/packing.h"
#include "plan/plan.h"
#include "run/history.h"
#include "run/notify.h"

typedef struct SrtForecasts SrtForecasts;

/* HISTORY: NULL where none is kept; what is wrong with it is said. */
SrtForecasts *srt_forecasts_new (const SrtPlan *plan, SrtHistory *history, SrtNotify *notify);
void srt_forecasts_free (SrtForecasts *forecasts);

/* The order in which the first of the first N_TESTS of TESTS (all that are not exclusive) should begin where they do
 * not fit into ROOM beside each other; NULL: as they stand. Caller frees. What is not known is taken for as long as the
 * others, and as large as one of which nothing is known. */
guint *srt_forecasts_order (const SrtForecasts *forecasts, const GPtrArray *tests, guint n_tests,
                            const SrtPackingRoom *room, guint *ret_n, SrtPackingGain *ret_gain);

/* Bytes; 0: nothing is known. */
guint64 srt_forecasts_get (const SrtForecasts *forecasts, const SrtTest *test);
