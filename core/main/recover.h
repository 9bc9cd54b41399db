/* SPDX-License-Identifier: MIT
 * Recover: waits after a protected stop until the machine is fit for a run again. Nothing of the run is there any more;
 * only the monitor is made anew. */
#pragma once
#include "guard/recovery.h"
#include "main/commands.h"

/* 0: it has recovered; 42: not in the time of guard.auto_resume_wait; 128+N: signal N came. Error, with 42: nothing can
 * tell whether it has. */
int srt_recover (const SrtCommandContext *context, const SrtRecoveryLines *lines, GError **error);
