/* SPDX-License-Identifier: MIT */
#include "cgroup.h"

static bool
quota (SrtLevel *level, const SrtScratch *scratch, uint64_t *ret_milli)
{
  const char *text = srt_level_read (&srt_cgroup_v2, SRT_ROLE_QUOTA, level, 0, scratch);

  return text && srt_parse_cpu_max (text, ret_milli);
}

static bool
usage (SrtLevel *level, const SrtScratch *scratch, uint64_t *ret_ns)
{
  const char *text = srt_level_read (&srt_cgroup_v2, SRT_ROLE_USAGE, level, 0, scratch);
  uint64_t us;

  if (!text || !srt_parse_field (text, "usage_usec", &us) || us > UINT64_MAX / 1000)
    return false;
  *ret_ns = us * 1000;
  return true;
}

const SrtCgroupVersion srt_cgroup_v2 = {
  .names = {
    [SRT_ROLE_MEMORY] = { "memory.max", "memory.high", "memory.current", "memory.stat" },
    [SRT_ROLE_QUOTA] = { "cpu.max" },
    [SRT_ROLE_USAGE] = { "cpu.stat" },
    [SRT_ROLE_PRESSURE] = { "memory.pressure", "cpu.pressure", "io.pressure" },
  },
  .reclaimable = { "inactive_file", "active_file", "slab_reclaimable" },
  .pinned = { "file_dirty", "file_writeback" },
  .quota = quota,
  .usage = usage,
};
