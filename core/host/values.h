/* SPDX-License-Identifier: MIT
 * Options as written (settings) meet options as declared (plugin): checked, typed, immutable values. Pure but for the
 * message about a plugin's defect. */
#pragma once
#include "settings/options.h"
#include "srt/srt-plugin.h"

/* Check RAW (of SrtRawOption; NULL: none) against DECLARED (N rows of this srt's srt_option, as loading copies them).
 * WHO ("notifier junit") is for messages: unknown names (with the nearest one), wrong types, values out of choices,
 * required ones missing, each with its place. ORIGIN: where the plugin is asked for.
 *
 * In a file a value must be written as its type is (true, 5, 0.5, "text"; a DURATION, SIZE or PERCENT as text or
 * number); from elsewhere all is text. A LIST takes one string too. Of two with one name the last counts. Relative
 * PATHs become absolute against the folder of the file that says them, or BASE_DIR (absolute).
 *
 * JOB: RAW is what a suite says: only SRT_OPTION_JOB options may stand in it, and only they are in the result. What is
 * REQUIRED and JOB is asked for there, and not when JOB is FALSE. */
srt_values *srt_values_new (const srt_option *declared, guint n, const GPtrArray *raw, gboolean job, const char *who,
                            const SrtOrigin *origin, const char *base_dir, GError **error);
void srt_values_free (srt_values *values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (srt_values, srt_values_free)

/* Whom to tell when a plugin asks for what it has not declared; without it g_warning is. */
typedef void (*SrtValuesDefectFn) (gpointer data, const char *text);
void srt_values_on_defect (srt_values *values, SrtValuesDefectFn fn, gpointer data);

/* Fills the getters of a host table. They take NULL for VALUES: nothing is set then. */
void srt_values_fill_host (srt_host *host);
