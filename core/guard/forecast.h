/* SPDX-License-Identifier: MIT
 * Forecast: how much memory a test will need, and whether that is there. Pure. */
#pragma once
#include "guard/policy.h"

/* The 95th percentile of the N peaks of a test's last runs, in any order; a peak of 0 was not measured. 0: not known.
 */
guint64 srt_forecast_of_peaks (const guint64 *peaks, guint n);

/* What a test may need of which nothing is known: by the N tests of this run that have ended, of SUM bytes together. */
guint64 srt_forecast_of_others (guint64 sum, guint n);

/* Does TEST use clearly more than it was known to need? */
gboolean srt_forecast_is_exceeded (const SrtPolicyTest *test);
/* Everything goes as it was foretold: all tests are known, none exceeds its forecast, all of them come to it below the
 * line, and nobody else has begun to take memory. */
gboolean srt_forecast_holds (const SrtPolicyLimits *limits, const SrtPolicyInput *input, guint64 others);

/* Does one more test that will need NEED bytes fit beside the tests of INPUT, when each of them comes to its forecast,
 * and all else goes on to use OTHERS bytes? Where nothing runs and where nothing was measured, everything fits. */
gboolean srt_forecast_fits (const SrtPolicyLimits *limits, const SrtPolicyInput *input, guint64 others, guint64 need);
