/* SPDX-License-Identifier: MIT
 * Version 1: a hierarchy for each controller, other names, other units, no pressure. */
#include "cgroup.h"

static bool
quota (SrtLevel *level, const SrtScratch *scratch, uint64_t *ret_milli)
{
  const char *text = srt_level_read (&srt_cgroup_v1, SRT_ROLE_QUOTA, level, 0, scratch);
  uint64_t quota_us, period_us;

  if (!text || !srt_parse_limit (text, &quota_us))
    return false;
  text = srt_level_read (&srt_cgroup_v1, SRT_ROLE_QUOTA, level, 1, scratch);
  if (!text || !srt_parse_number (text, &period_us) || period_us == 0)
    return false;
  *ret_milli = srt_parse_milli (quota_us, period_us);
  return true;
}

static bool
usage (SrtLevel *level, const SrtScratch *scratch, uint64_t *ret_ns)
{
  const char *text = srt_level_read (&srt_cgroup_v1, SRT_ROLE_USAGE, level, 0, scratch);

  return text && srt_parse_number (text, ret_ns);
}

const SrtCgroupVersion srt_cgroup_v1 = {
  .controllers = { [SRT_ROLE_MEMORY] = "memory", [SRT_ROLE_QUOTA] = "cpu", [SRT_ROLE_USAGE] = "cpuacct" },
  .names = {
    [SRT_ROLE_MEMORY] = { "memory.limit_in_bytes", NULL, "memory.usage_in_bytes", "memory.stat" },
    [SRT_ROLE_QUOTA] = { "cpu.cfs_quota_us", "cpu.cfs_period_us" },
    [SRT_ROLE_USAGE] = { "cpuacct.usage" },
  },
  .reclaimable = { "total_inactive_file", "total_active_file" },
  .pinned = { "total_dirty", "total_writeback" },
  .inherited = "hierarchical_memory_limit",
  .quota = quota,
  .usage = usage,
};
