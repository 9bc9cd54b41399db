/* SPDX-License-Identifier: MIT
 * For tests of what root and an ordinary user have in different measure. */
#pragma once
#include <glib.h>

/* Become an ordinary user when SRT_TEST_AS_USER is set, before anything else. NULL, or why that cannot be. */
const char *as_user (void);
