/* SPDX-License-Identifier: MIT
 * A PID namespace of the slot's own, with the agent as its init: whoever is born in it cannot leave it, and when its
 * init ends the kernel kills all of it. namespace-posix.c is the twin for systems that have none. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Who goes on when it returns true is the init. The process that was started stays outside, waits for it, and ends as
 * it ends; when that one is killed the kernel kills init, and so everybody. An ordinary user gets it by a user
 * namespace in which only the user and group of the caller are known: then *RET_USER. False: why not, in the one that
 * was started. */
bool srt_namespace_enter (bool *ret_user, char *why, size_t size);
