/* SPDX-License-Identifier: MIT */
#include "share.h"

bool
srt_window_share (SrtWindow *window, const SrtCount *now, float *ret_percent)
{
  SrtCount base;

  if (!window->begun) {
    *window = (SrtWindow){ .older = *now, .newer = *now, .begun = true };
    return false;
  }
  if (now->time_ns - window->newer.time_ns >= SRT_WINDOW_NS) {
    window->older = window->newer;
    window->newer = *now;
  }
  base = window->older;
  if (now->total < base.total || now->used < base.used) {
    /* A CPU went offline, a quota was changed: begin anew. */
    *window = (SrtWindow){ .older = *now, .newer = *now, .begun = true };
    return false;
  }
  if (now->total == base.total)
    return false;
  float share = 100.0f * (float)(now->used - base.used) / (float)(now->total - base.total);
  *ret_percent = share < 100.0f ? share : 100.0f;
  return true;
}

static uint64_t
growth (uint64_t from, uint64_t to)
{
  return to > from ? to - from : 0;
}

static uint64_t
larger (uint64_t a, uint64_t b)
{
  return a > b ? a : b;
}

/* Takes READING as the newest of LAST; *RET_SOME and *RET_FULL are what it has grown by, 0 for the first one. */
static void
take_reading (srt_pressure *last, bool *have, const srt_pressure *reading, uint64_t *ret_some, uint64_t *ret_full)
{
  *ret_some = *ret_full = 0;
  if (!reading)
    return;
  if (*have) {
    *ret_some = growth (last->some_total_ns, reading->some_total_ns);
    *ret_full = growth (last->full_total_ns, reading->full_total_ns);
  }
  *last = *reading;
  *have = true;
}

void
srt_stall_merge (SrtStall *stall, const srt_pressure *machine, const srt_pressure *group, srt_pressure *ret)
{
  const srt_pressure *a = machine ? machine : group, *b = group ? group : machine;
  uint64_t machine_some, machine_full, group_some, group_full;

  take_reading (&stall->machine, &stall->have_machine, machine, &machine_some, &machine_full);
  take_reading (&stall->group, &stall->have_group, group, &group_some, &group_full);
  stall->some_total_ns += larger (machine_some, group_some);
  stall->full_total_ns += larger (machine_full, group_full);
  *ret = (srt_pressure){
    .some_avg10 = a->some_avg10 > b->some_avg10 ? a->some_avg10 : b->some_avg10,
    .full_avg10 = a->full_avg10 > b->full_avg10 ? a->full_avg10 : b->full_avg10,
    .some_total_ns = stall->some_total_ns,
    .full_total_ns = stall->full_total_ns,
  };
}
