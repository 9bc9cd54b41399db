/* SPDX-License-Identifier: MIT
 * Live: while a notifier wants it, a few times a second what runs and how the machine is. */
#pragma once
#include "run/scheduler.h"

typedef struct SrtLive SrtLive;

/* MONITOR may be NULL. Nothing is made and NULL is returned when nobody wants progress. */
SrtLive *srt_live_new (SrtLoop *loop, SrtSink *sink, const SrtScheduler *scheduler, guint32 slots, SrtInstance *monitor,
                       const srt_monitor_ops *ops);
void srt_live_free (SrtLive *live); /* NULL is ignored */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtLive, srt_live_free)
