/* SPDX-License-Identifier: MIT
 * What the ledger of a dead run names. Two kinds of entries: "cgroup PATH", a cgroup of the run, and "processes", which
 * says that only their environment proves processes of it. cleanup-posix.c is the twin for systems that have neither.
 */
#pragma once
#include <srt/srt-plugin.h>

#define CLEANUP_PROCESSES "processes"

/* As srt_executor_ops.cleanup. */
int32_t cleanup_entry (const srt_host *host, const char *run_id, const char *entry, size_t length,
                       uint32_t *ret_cleaned);

/* processes-linux.c: kill every process that has SRT_RUN_ID=RUN_ID in its environment, and all below one that has.
 * Returns how many, or a negative errno value. */
int processes_kill (const char *run_id);
