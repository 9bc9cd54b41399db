/* SPDX-License-Identifier: MIT
 * History: what each test needed, over many runs. It is kept by the checkpoint plugin, in a file of its own, and is
 * never needed for a right result: what goes wrong with it is said and has no other effect. */
#pragma once
#include "host/instance.h"
#include "settings/settings.h"

typedef struct SrtHistory SrtHistory;

/* Is this run to be remembered? run.history: "auto" is where the project has a configuration file. */
gboolean srt_history_is_wanted (const SrtSettings *settings);

/* KEEPER: a checkpoint instance; OPS: its history table, whose size is 0 when it has none. Both borrowed. */
SrtHistory *srt_history_new (SrtInstance *keeper, const srt_history_ops *ops);
void srt_history_free (SrtHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtHistory, srt_history_free)

/* ROW for every test that is known. Error: INTERNAL, or USAGE where there is no history. */
gboolean srt_history_load (SrtHistory *history, void (*row) (void *data, const srt_history *row), void *data,
                           GError **error);

/* A final result of this run. Cheap: the test must live until srt_history_store. */
void srt_history_add (SrtHistory *history, const srt_result *result);
/* All that was added, once, at the end of the run; takes some seconds at most. */
gboolean srt_history_store (SrtHistory *history, GError **error);
