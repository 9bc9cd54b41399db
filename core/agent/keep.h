/* SPDX-License-Identifier: MIT
 * Names of programs that may outlive their test. Pure. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Is COMM, a process's name as the kernel tells it, one of N NAMES, which lie one behind the other, each with its NUL?
 */
bool srt_keep_has_name (const char *names, uint32_t n, const char *comm);
