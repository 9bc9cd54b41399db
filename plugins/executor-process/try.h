/* SPDX-License-Identifier: MIT
 * Can it be had here? try-linux.c tries, try-posix.c is the portable twin, which has none of it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Why no tier can be had at all; NULL: the agent can be a subreaper. */
const char *try_subreaper (void);
/* Lets AGENT try to make a PID namespace, and waits for its answer: milliseconds. False: why not. */
bool try_namespace (const char *agent, char *why, size_t size);
