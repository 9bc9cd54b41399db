/* SPDX-License-Identifier: MIT
 * The tests of faults once more, as somebody who may little. */
#pragma once
#include <glib.h>

/* Give up being root, for good. FALSE: we are not, or another user cannot reach the build. */
gboolean faults_become_user (void);
