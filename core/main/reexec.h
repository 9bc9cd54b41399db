/* SPDX-License-Identifier: MIT
 * This very program once more, in the place of this process. How it finds itself differs between systems:
 * reexec-linux.c, and reexec-posix.c where there is no /proc. */
#pragma once
#include <glib.h>

/* Returns only when it cannot be. Descriptors that are not close-on-exec, the signal mask and what is ignored stay as
 * they are. */
void srt_reexec (char **argv, char **envp, GError **error);
