/* SPDX-License-Identifier: MIT
 * The tiers of containment that this machine offers to whoever runs the tests: found by asking srt for each. */
#pragma once
#include "integration/harness.h"

#define FAULTS_N_TIERS 4
extern const char *const faults_tiers[FAULTS_N_TIERS + 1]; /* the strongest first; NULL behind the last */

/* Besides, and only where podman was made ready (it_pod_open): a container for each test. */
#define FAULTS_CONTAINER "container"

/* Arguments of srt that insist on TIER. Caller frees. */
char *faults_tier_arguments (const char *tier);
/* What its configuration needs besides, for a test that runs PROGRAM and sees the folder BAIT. Caller frees. */
char *faults_tier_settings (const char *tier, const char *program, const char *bait);
/* NULL: TIER can be had. Else what srt says about it; caller frees. */
char *faults_tier_refusal (const char *tier);
