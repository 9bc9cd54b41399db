/* SPDX-License-Identifier: MIT */
#include "run/profile-limits.h"

static const struct {
  guint64 bit;
  const char *word;
} words[] = {
  { SRT_LIMIT_MEMORY, "memory" },       { SRT_LIMIT_CPU, "cpu" },
  { SRT_LIMIT_CPU_TIME, "cpu_time" },   { SRT_LIMIT_IO, "io_ops" },
  { SRT_LIMIT_PROCESSES, "processes" }, { SRT_LIMIT_FILES, "open_files" },
  { SRT_LIMIT_FILE_SIZE, "file_size" }, { SRT_LIMIT_CORE, "core_size" },
  { SRT_LIMIT_NICE, "nice" },
};

guint
srt_limits_n (void)
{
  return G_N_ELEMENTS (words);
}

guint64
srt_limits_bit (guint i)
{
  return words[i].bit;
}

const char *
srt_limits_word (guint i)
{
  return words[i].word;
}

void
srt_limits_fill (const SrtProfile *profile, srt_limits *ret_limits)
{
  *ret_limits = (srt_limits){ .size = sizeof *ret_limits };
  if (!profile)
    return;
  ret_limits->nice = profile->nice;
  ret_limits->memory = profile->memory;
  ret_limits->cpu_milli = (guint64)(profile->cpu * 1000);
  ret_limits->cpu_time_ns = profile->cpu_time_ns;
  ret_limits->io_ops = profile->io_ops;
  ret_limits->processes = profile->processes;
  ret_limits->open_files = profile->open_files;
  ret_limits->file_size = profile->file_size;
  ret_limits->core_size = profile->core_size < 0 ? 0 : (guint64)profile->core_size + 1;
}

guint64
srt_limits_used (const srt_limits *limits)
{
  return (limits->memory ? SRT_LIMIT_MEMORY : 0) | (limits->cpu_milli ? SRT_LIMIT_CPU : 0) |
         (limits->cpu_time_ns ? SRT_LIMIT_CPU_TIME : 0) | (limits->io_ops ? SRT_LIMIT_IO : 0) |
         (limits->processes ? SRT_LIMIT_PROCESSES : 0) | (limits->open_files ? SRT_LIMIT_FILES : 0) |
         (limits->file_size ? SRT_LIMIT_FILE_SIZE : 0) | (limits->core_size ? SRT_LIMIT_CORE : 0) |
         (limits->nice ? SRT_LIMIT_NICE : 0);
}

void
srt_limits_say_unenforced (SrtNotify *notify, const GPtrArray *tests, SrtInstance *executor,
                           const srt_executor_ops *ops, const srt_executor_info *info)
{
  guint64 used = 0;
  for (guint i = 0; i < tests->len; i++) {
    srt_limits limits;
    srt_limits_fill (((const SrtTest *)g_ptr_array_index (tests, i))->profile, &limits);
    used |= srt_limits_used (&limits);
  }
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    if (!(used & ~info->limits & words[i].bit))
      continue;
    const char *why = ops->why_not ? ops->why_not (srt_instance_self (executor), (uint32_t)words[i].bit) : NULL;
    srt_notify_logf (notify, SRT_LOG_WARNING, "limit %s is not enforced by %s%s%s", words[i].word,
                     srt_instance_name (executor), why ? ": " : "", why ? why : "");
  }
}
