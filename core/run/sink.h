/* SPDX-License-Identifier: MIT
 * Sink: where results end. The checkpoint first, then the counts, then every notifier. */
#pragma once
#include "run/history.h"
#include "run/notify.h"
#include "run/checkpoint.h"

typedef struct {
  SrtNotify *notify;
  SrtCheckpoint *checkpoint;
  SrtHistory *history;           /* NULL, as after srt_sink_init: none is kept */
  guint64 history_since_real_ns; /* earlier results from then on are not in it yet; 0: all are */
  srt_counts counts;             /* of final results, earlier rounds included */
} SrtSink;

/* Borrowed: both outlive the sink. TOTAL: tests in the plan. */
void srt_sink_init (SrtSink *sink, SrtNotify *notify, SrtCheckpoint *checkpoint, guint32 total);

/* A new result, or (`earlier` set) one that the checkpoint had: that is counted and told, not written again. */
void srt_sink_result (SrtSink *sink, const srt_result *result);
