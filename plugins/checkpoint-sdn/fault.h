/* SPDX-License-Identifier: MIT
 *
 * fault.h - an error on its way to the user: what the plugin interface calls it, and one line that says why.
 */
#pragma once

#include <srt/srt-plugin.h>

typedef struct srt_fault {
  int32_t status; /* srt_status; SRT_OK: no fault */
  char text[480];
} srt_fault;

/* Fill FAULT and return STATUS, so that `return srt_fault_set (…)` reads well. */
int32_t srt_fault_set (srt_fault *fault, int32_t status, const char *format, ...) SRT_PRINTF (3, 4);

/* What fits an errno value. */
int32_t srt_fault_status (int error_number);

/* "cannot WHAT PATH: the words of ERROR_NUMBER", with the status that fits the errno value. */
int32_t srt_fault_errno (srt_fault *fault, int error_number, const char *what, const char *path);
