/* SPDX-License-Identifier: MIT
 * Options as written (settings) meet options as declared (plugin): checked, typed, immutable values. Pure. */
#pragma once
#include "settings/options.h"
#include "srt/srt-plugin.h"

/* Check RAW (of SrtRawOption) against DECLARED (N rows). JOB: only SRT_OPTION_JOB options may stand in RAW. WHO
 * ("notifier junit") is for messages: unknown names (with the nearest one), wrong types, values out of choices,
 * required ones missing, each with file:line. ORIGIN: where the plugin is asked for. Relative PATHs become absolute
 * against the folder of the file that says them, or BASE_DIR. */
srt_values *srt_values_new (const srt_option *declared, guint n, const GPtrArray *raw, gboolean job, const char *who,
                            const SrtOrigin *origin, const char *base_dir, GError **error);
void srt_values_free (srt_values *values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (srt_values, srt_values_free)

/* Fills the getters of a host table. */
void srt_values_fill_host (srt_host *host);
