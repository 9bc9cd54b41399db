/* SPDX-License-Identifier: MIT
 * Enforcement: which limits that the tests ask for the executor does not hold. */
#pragma once
#include "catalog/catalog.h"
#include "run/notify.h"

/* run.enforcement = "if_available": one warning for each such limit, with the executor's reason. "required": an error
 * (USAGE) that names them, the first test that asks for each, and the place that requires it. "off": nothing. */
gboolean srt_enforcement_check (const SrtSettings *settings, SrtNotify *notify, const GPtrArray *tests,
                                SrtInstance *executor, const srt_executor_ops *ops, const srt_executor_info *info,
                                GError **error);
