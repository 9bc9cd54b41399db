/* SPDX-License-Identifier: MIT
 * Outside: recorded results whose tests are not in this plan. Those of tests that were removed are of no more use;
 * those of tests that PATHs on the command line have only not selected are finished work, and the checkpoint stays for
 * them. */
#pragma once
#include "settings/settings.h"

/* How many of GONE (ids) are still tests. With suites these are asked; without, a test's id is its path below CWD. */
guint srt_outside_count_tests (const GPtrArray *gone, const SrtSettings *settings, const char *cwd);
