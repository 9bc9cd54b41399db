/* SPDX-License-Identifier: MIT
 * The largest processes of the machine, for the words with which a run stops. One pass over /proc. */
#pragma once
#include <srt/srt-plugin.h>

/* The N with the most resident memory, largest first, into PROCESSES; *RET_N says how many. PROC: descriptor of /proc.
 * Returns 0 or an errno value. */
int srt_processes_largest (int proc, srt_process *processes, uint32_t n, uint32_t *ret_n);
