/* SPDX-License-Identifier: MIT */
#include "run/sink.h"

#include "verdict/verdict.h"

void
srt_sink_init (SrtSink *sink, SrtNotify *notify, SrtCheckpoint *checkpoint, guint32 total)
{
  *sink = (SrtSink){
    .notify = notify,
    .checkpoint = checkpoint,
    .counts = { .size = sizeof sink->counts, .total = total },
  };
}

/* Is RESULT news to the history? Rounds that were killed could not put theirs there. */
static gboolean
is_news (const SrtSink *sink, const srt_result *result)
{
  return !result->earlier || (sink->history_since_real_ns > 0 && result->start_real_ns >= sink->history_since_real_ns);
}

void
srt_sink_result (SrtSink *sink, const srt_result *result)
{
  if (!result->earlier)
    srt_checkpoint_append (sink->checkpoint, result);
  if (result->final)
    srt_counts_add (&sink->counts, result->verdict, &result->cases);
  if (sink->history && result->final && is_news (sink, result))
    srt_history_add (sink->history, result);
  srt_notify_test_finished (sink->notify, result);
}
