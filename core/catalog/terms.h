/* SPDX-License-Identifier: MIT
 * The terms on which a test runs: what the run's settings, its suite, its profile and the rules that match it say about
 * times, limits and leaks. Pure. */
#pragma once
#include "catalog/catalog.h"

/* TEST has its suite, id and name; its profile, limits, times, output_max and leaks are set. */
void srt_terms_set (SrtTest *test, const SrtSettings *settings);
