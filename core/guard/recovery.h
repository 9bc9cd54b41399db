/* SPDX-License-Identifier: MIT
 * Recovery: when is the machine fit for a run again that the guard has stopped, and was it one test that took it?
 * Pure. */
#pragma once
#include "guard/policy.h"

/* Percent of what one really has, below which a gauge is fit; 100: it is not looked at. */
typedef struct {
  double memory, cpu;
  guint64 for_ns; /* so long without a break */
} SrtRecoveryLines;

/* The gauge STOPPED, which ended the run, must come below LINE; the others below their thresholds, over which the next
 * round would be held again. A threshold below LINE counts in its place. */
SrtRecoveryLines srt_recovery_lines (const SrtPolicyLimits *limits, SrtGauge stopped, double line, guint64 for_ns);

/* Begins zeroed. */
typedef struct {
  guint64 since_ns; /* below the lines */
  guint samples;    /* in a row that say so */
} SrtRecovery;

/* One look more. TRUE: it was below the lines for long enough, by two samples at least: the first cannot know the CPU.
 */
gboolean srt_recovery_step (SrtRecovery *recovery, const SrtRecoveryLines *lines, const srt_sample *sample);

/* "memory is below 70% and CPU below 80% for 5s". Caller frees. */
char *srt_recovery_words (const SrtRecoveryLines *lines);

/* Is it the only test of INPUT that takes GAUGE over its threshold: would the machine be below LINE percent without it?
 * Of a CPU that is busy beside it no test is guilty. */
gboolean srt_recovery_blames (const SrtPolicyInput *input, SrtGauge gauge, double line);
