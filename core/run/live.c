/* SPDX-License-Identifier: MIT */
#include "run/live.h"

#include "host/source.h"

struct SrtLive {
  SrtSink *sink;
  const SrtScheduler *scheduler;
  SrtInstance *monitor;
  const srt_monitor_ops *ops;
  SrtScope *scope;
  srt_source *timer;
  guint64 period_ns, start_ns;
  guint32 slots;
  SrtRunningTest *running; /* `slots` of them, as are the next two */
  const srt_test **tests;
  guint64 *since_ns;
};

static void
tick (gpointer data)
{
  SrtLive *live = data;
  srt_sample sample = { .size = sizeof sample };
  gboolean sampled = live->monitor && live->ops->sample (srt_instance_self (live->monitor), &sample) == SRT_OK;
  guint32 running = srt_scheduler_running (live->scheduler, live->running, live->slots);
  for (guint32 i = 0; i < running; i++) {
    live->tests[i] = &live->running[i].test->pub;
    live->since_ns[i] = live->running[i].since_ns;
  }
  srt_progress progress = {
    .size = sizeof progress,
    .running = running,
    .elapsed_ns = srt_loop_now_ns () - live->start_ns,
    .counts = &live->sink->counts,
    .sample = sampled ? &sample : NULL,
    .tests = live->tests,
    .since_ns = live->since_ns,
  };
  srt_notify_progress (live->sink->notify, &progress);
  srt_source_set_timer (live->timer, live->period_ns);
}

SrtLive *
srt_live_new (SrtLoop *loop, SrtSink *sink, const SrtScheduler *scheduler, guint32 slots, SrtInstance *monitor,
              const srt_monitor_ops *ops)
{
  guint64 period_ns = srt_notify_progress_period (sink->notify);
  if (period_ns == 0)
    return NULL;
  SrtLive *live = g_new0 (SrtLive, 1);
  *live = (SrtLive){
    .sink = sink,
    .scheduler = scheduler,
    .monitor = monitor,
    .ops = ops,
    .period_ns = period_ns,
    .start_ns = srt_loop_now_ns (),
    .slots = slots,
    .running = g_new0 (SrtRunningTest, slots),
    .tests = g_new0 (const srt_test *, slots),
    .since_ns = g_new0 (guint64, slots),
  };
  live->scope = srt_scope_new (srt_loop_sources (loop));
  live->timer = srt_source_add_timer (live->scope, period_ns, tick, live);
  return live;
}

void
srt_live_free (SrtLive *live)
{
  if (!live)
    return;
  srt_scope_free (live->scope);
  g_free (live->running);
  g_free (live->tests);
  g_free (live->since_ns);
  g_free (live);
}
