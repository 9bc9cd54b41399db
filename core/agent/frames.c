/* SPDX-License-Identifier: MIT
 * What the runner says, checked and handed to the state table. */
#include "agent/agent.h"
#include "agent/clock.h"
#include <string.h>

/* Say why, and treat the runner as gone. */
void
srt_agent_refuse (SrtAgent *agent, const char *reason)
{
  SrtPut put = srt_link_begin (&agent->link);

  srt_put_string (&put, reason);
  srt_link_end (&agent->link, &put, SRT_FRAME_ERROR, 0);
  srt_link_flush (&agent->link);
  agent->link.dead = true;
  agent->refused = true;
}

static bool
is_current (const SrtAgent *agent, const SrtFrame *frame)
{
  return agent->job.id == frame->job;
}

static void
on_hello (SrtAgent *agent, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };

  if (srt_get_u32 (&get) != SRT_AGENT_VERSION)
    srt_agent_refuse (agent, "the runner speaks another version of the protocol");
}

/* Collect the parts; the last one starts the test. */
static void
on_start (SrtAgent *agent, const SrtFrame *frame)
{
  const char *reason;

  if (agent->state != SRT_STATE_IDLE) {
    srt_agent_handle (agent, SRT_EVENT_START);
    return;
  }
  if (frame->length > SRT_START_MAX - agent->start_length) {
    srt_agent_refuse (agent, "START: too long");
    return;
  }
  memcpy (agent->start_bytes + agent->start_length, frame->payload, frame->length);
  agent->start_length += frame->length;
  if (frame->more)
    return;
  reason = srt_start_decode (agent->start_bytes, agent->start_length, &agent->start);
  agent->start_length = 0;
  agent->job.id = frame->job;
  if (reason != NULL)
    srt_agent_refuse (agent, reason);
  else
    srt_agent_handle (agent, SRT_EVENT_START);
}

static void
on_stop (SrtAgent *agent, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };

  if (!is_current (agent, frame))
    return;
  agent->order.grace_ns = srt_get_u64 (&get);
  agent->order.why = srt_get_u32 (&get);
  if (agent->order.why == SRT_WHY_NONE)
    agent->order.why = SRT_WHY_STOP;
  srt_agent_handle (agent, SRT_EVENT_STOP);
}

static void
on_freeze (SrtAgent *agent, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };

  if (is_current (agent, frame))
    srt_agent_handle (agent, srt_get_u32 (&get) ? SRT_EVENT_FREEZE : SRT_EVENT_THAW);
}

static void
on_settle (SrtAgent *agent, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  const char *keep_dir = srt_get_string (&get);
  int error = 0;
  bool ready;
  SrtPut put;

  if (!srt_get_done (&get) || (*keep_dir != '\0' && *keep_dir != '/')) {
    srt_agent_refuse (agent, "SETTLE: not one absolute path");
    return;
  }
  if (agent->state != SRT_STATE_IDLE || !is_current (agent, frame)) {
    srt_agent_refuse (agent, "SETTLE: that test has not just ended");
    return;
  }
  if (agent->tmpdir.dirty)
    error = srt_tmpdir_settle (&agent->tmpdir, *keep_dir ? keep_dir : NULL, &ready);
  if (error == 0 && *keep_dir == '\0')
    error = srt_litter_clean (&agent->litter);
  put = srt_link_begin (&agent->link);
  srt_put_u32 (&put, (uint32_t)error);
  srt_put_string (&put, error ? strerror (error) : "");
  srt_link_end (&agent->link, &put, SRT_FRAME_SETTLED, frame->job);
}

static void
on_usage_period (SrtAgent *agent, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };

  agent->usage_period_ns = srt_get_u64 (&get);
  agent->usage_next_ns = srt_clock_now ();
}

static void
on_credit (SrtAgent *agent, const SrtFrame *frame)
{
  SrtGet get = { frame->payload, frame->payload + frame->length, false };
  uint32_t credit = srt_get_u32 (&get);

  if (credit > SRT_AGENT_WINDOW - agent->credit)
    srt_agent_refuse (agent, "CREDIT: more than the window");
  else
    agent->credit += credit;
}

static void
on_frame (SrtAgent *agent, const SrtFrame *frame)
{
  switch (frame->type) {
  case SRT_FRAME_HELLO:
    on_hello (agent, frame);
    break;
  case SRT_FRAME_START:
    on_start (agent, frame);
    break;
  case SRT_FRAME_STOP:
    on_stop (agent, frame);
    break;
  case SRT_FRAME_FREEZE:
    on_freeze (agent, frame);
    break;
  case SRT_FRAME_SETTLE:
    on_settle (agent, frame);
    break;
  case SRT_FRAME_USAGE_PERIOD:
    on_usage_period (agent, frame);
    break;
  case SRT_FRAME_CREDIT:
    on_credit (agent, frame);
    break;
  case SRT_FRAME_SHUTDOWN:
    agent->by_order = true;
    agent->link.dead = true;
    break;
  default: /* the reader lets nothing else through */
    break;
  }
}

void
srt_agent_read (SrtAgent *agent)
{
  const char *reason;
  SrtFrame frame;
  int got = 0;

  srt_link_fill (&agent->link);
  while (!agent->link.dead && (got = srt_link_next (&agent->link, &frame, &reason)) > 0)
    on_frame (agent, &frame);
  if (got < 0)
    srt_agent_refuse (agent, reason);
}
