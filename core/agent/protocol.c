/* SPDX-License-Identifier: MIT */
#include "agent/protocol.h"
#include <string.h>

typedef struct {
  uint16_t type;
  uint8_t from; /* 1 << SrtSide */
  bool job;     /* is about a test */
  uint32_t min; /* payload bytes */
  uint32_t max;
  const char *name;
} SrtFrameRule;

#define FROM_RUNNER (1u << SRT_SIDE_RUNNER)
#define FROM_AGENT  (1u << SRT_SIDE_AGENT)

static const SrtFrameRule rules[] = {
  { SRT_FRAME_HELLO, FROM_RUNNER | FROM_AGENT, false, 5, 256, "HELLO" },
  { SRT_FRAME_START, FROM_RUNNER, true, 1, SRT_FRAME_MAX, "START" },
  { SRT_FRAME_STOP, FROM_RUNNER, true, 12, 12, "STOP" },
  { SRT_FRAME_FREEZE, FROM_RUNNER, true, 4, 4, "FREEZE" },
  { SRT_FRAME_SETTLE, FROM_RUNNER, true, 1, 8192, "SETTLE" },
  { SRT_FRAME_USAGE_PERIOD, FROM_RUNNER, false, 8, 8, "USAGE_PERIOD" },
  { SRT_FRAME_CREDIT, FROM_RUNNER, false, 4, 4, "CREDIT" },
  { SRT_FRAME_SHUTDOWN, FROM_RUNNER, false, 0, 0, "SHUTDOWN" },
  { SRT_FRAME_OUTPUT, FROM_AGENT, true, 5, SRT_FRAME_MAX, "OUTPUT" },
  { SRT_FRAME_EXITED, FROM_AGENT, true, 107, 4096, "EXITED" },
  { SRT_FRAME_FROZEN, FROM_AGENT, true, 4, 4, "FROZEN" },
  { SRT_FRAME_USAGE, FROM_AGENT, true, 64, 64, "USAGE" },
  { SRT_FRAME_SETTLED, FROM_AGENT, true, 5, 4096, "SETTLED" },
  { SRT_FRAME_ERROR, FROM_AGENT, false, 1, 4096, "ERROR" },
};

static const SrtFrameRule *
find_rule (uint16_t type)
{
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (rules[i].type == type)
      return &rules[i];
  return NULL;
}

const char *
srt_frame_name (uint16_t type)
{
  const SrtFrameRule *rule = find_rule (type);

  return rule ? rule->name : "?";
}

static const char *
check_rule (SrtSide from, const SrtFrame *frame)
{
  const SrtFrameRule *rule = find_rule (frame->type);

  if (rule == NULL)
    return "unknown frame type";
  if (!(rule->from & (1u << from)))
    return "a frame that this side does not send";
  if (rule->job != (frame->job != 0))
    return rule->job ? "a frame without its job" : "a job where none belongs";
  if (frame->more && frame->type != SRT_FRAME_START)
    return "only START may go on in another frame";
  if (frame->length < rule->min)
    return "payload too short";
  if (frame->length > rule->max)
    return "payload too long";
  return NULL;
}

static const char *
check_order (const SrtFrameReader *reader, const SrtFrame *frame, uint16_t sequence)
{
  if (sequence != reader->sequence)
    return "frame out of sequence";
  if (!reader->greeted && frame->type != SRT_FRAME_HELLO)
    return "the first frame is not HELLO";
  if (reader->greeted && frame->type == SRT_FRAME_HELLO)
    return "a second HELLO";
  if (reader->partial != 0 && (frame->type != SRT_FRAME_START || frame->job != reader->partial))
    return "another frame inside a START";
  return NULL;
}

int
srt_frame_read (SrtFrameReader *reader, const uint8_t *bytes, size_t n, SrtFrame *ret, const char **ret_reason)
{
  SrtFrame frame = { 0 };
  SrtGet get;
  uint32_t word;
  const char *reason;

  if (n < SRT_FRAME_HEAD)
    return 0;
  get = (SrtGet){ bytes, bytes + SRT_FRAME_HEAD, false };
  frame.length = srt_get_u32 (&get);
  word = srt_get_u32 (&get);
  frame.job = srt_get_u64 (&get);
  frame.type = (uint16_t)(word & ~SRT_FRAME_MORE & 0xffff);
  frame.more = (word & SRT_FRAME_MORE) != 0;
  frame.payload = get.at;
  reason = check_order (reader, &frame, (uint16_t)(word >> 16));
  if (reason == NULL)
    reason = check_rule (reader->from, &frame);
  if (reason != NULL) {
    *ret_reason = reason;
    return -1;
  }
  if (n < SRT_FRAME_HEAD + (size_t)frame.length)
    return 0;
  reader->sequence++;
  reader->greeted = true;
  reader->partial = frame.more ? frame.job : 0;
  *ret = frame;
  return (int)(SRT_FRAME_HEAD + frame.length);
}

void
srt_frame_head (uint8_t head[SRT_FRAME_HEAD], uint16_t type, uint16_t *sequence, uint64_t job, uint32_t length)
{
  SrtPut put = { head, head + SRT_FRAME_HEAD, false };

  srt_put_u32 (&put, length);
  srt_put_u32 (&put, type | (uint32_t)(*sequence)++ << 16);
  srt_put_u64 (&put, job);
}

static void
put_number (SrtPut *put, uint64_t value, size_t width)
{
  if (put->bad || (size_t)(put->end - put->at) < width) {
    put->bad = true;
    return;
  }
  for (size_t i = 0; i < width; i++)
    *put->at++ = (uint8_t)(value >> (8 * i));
}

static uint64_t
get_number (SrtGet *get, size_t width)
{
  uint64_t value = 0;

  if (get->bad || (size_t)(get->end - get->at) < width) {
    get->bad = true;
    return 0;
  }
  for (size_t i = 0; i < width; i++)
    value |= (uint64_t)*get->at++ << (8 * i);
  return value;
}

void
srt_put_u32 (SrtPut *put, uint32_t value)
{
  put_number (put, value, 4);
}

void
srt_put_u64 (SrtPut *put, uint64_t value)
{
  put_number (put, value, 8);
}

void
srt_put_string (SrtPut *put, const char *text)
{
  size_t n = text ? strlen (text) + 1 : 1;

  if (put->bad || (size_t)(put->end - put->at) < n) {
    put->bad = true;
    return;
  }
  memcpy (put->at, text ? text : "", n);
  put->at += n;
}

uint32_t
srt_get_u32 (SrtGet *get)
{
  return (uint32_t)get_number (get, 4);
}

uint64_t
srt_get_u64 (SrtGet *get)
{
  return get_number (get, 8);
}

const char *
srt_get_string (SrtGet *get)
{
  const uint8_t *start = get->at;
  const uint8_t *nul = get->bad ? NULL : memchr (start, 0, (size_t)(get->end - start));

  if (nul == NULL) {
    get->bad = true;
    return NULL;
  }
  get->at = nul + 1;
  return (const char *)start;
}

bool
srt_get_done (const SrtGet *get)
{
  return !get->bad && get->at == get->end;
}
