/* SPDX-License-Identifier: MIT
 * Cleaner: what dead runs have left goes, before a run begins and by `srt clean`. Each ledger line goes to `cleanup` of
 * the executor that wrote it, which is loaded for that when it is not the configured one. */
#pragma once
#include "run/dead.h"
#include "run/parts.h"

/* BASE_FD: of srt_rundir_open_base. What cannot be done is said through the log of PARTS' shared part, and its folder
 * stays. */
void srt_cleaner_run (const SrtParts *parts, int base_fd, SrtDeadTally *ret_tally);
