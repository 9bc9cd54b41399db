/* SPDX-License-Identifier: MIT
 * Enforcement: what becomes of limits that the tests ask for and the executor does not hold. Both before the first
 * test.
 */
#pragma once
#include "catalog/catalog.h"
#include "run/notify.h"

/* Does the executor take all these limits? Error: what it says, and the first test that asks for it. */
gboolean srt_enforcement_check (const GPtrArray *tests, SrtInstance *executor, const srt_executor_ops *ops,
                                GError **error);

/* One warning for each limit that TESTS ask for and the executor does not hold, with its reason, and one where a
 * heartbeat is asked for and it watches none. */
void srt_enforcement_tell (SrtNotify *notify, const GPtrArray *tests, SrtInstance *executor,
                           const srt_executor_ops *ops, const srt_executor_info *info);
