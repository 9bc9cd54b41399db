/* SPDX-License-Identifier: MIT */
#include "sample.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* /proc/stat and memory.stat are the longest; the lines of the CPUs are the first of /proc/stat. */
enum { SCRATCH_SIZE = 16 * 1024, STAT_LINE = 160, MAX_CPUS = 8192 };

static const char *const pressure_names[SRT_N_STALLS] = { "pressure/memory", "pressure/cpu", "pressure/io" };

static void
open_chains (SrtSampler *sampler, const char *groups)
{
  char *mounts = srt_file_read_all (sampler->proc, "self/mountinfo");

  for (unsigned role = 0; role < SRT_N_ROLES; role++) {
    srt_chain_close (&sampler->chains[role]);
    srt_chain_open (&sampler->chains[role], role, sampler->root, groups, mounts ? mounts : "");
  }
  free (mounts);
  memset (sampler->group_cpu, 0, sizeof sampler->group_cpu);
}

/* We may have been moved: by a service manager, or by an executor that makes room for cgroups below ours. */
static void
follow_move (SrtSampler *sampler)
{
  const char *groups = srt_file_read (&sampler->groups, sampler->proc, "self/cgroup", &sampler->scratch);

  if (!groups || strncmp (groups, sampler->groups_text, sizeof sampler->groups_text - 1) == 0)
    return;
  snprintf (sampler->groups_text, sizeof sampler->groups_text, "%s", groups);
  open_chains (sampler, sampler->groups_text);
}

SrtSampler *
srt_sampler_new (const char *root)
{
  SrtSampler *sampler = calloc (1, sizeof *sampler);
  long cpus = sysconf (_SC_NPROCESSORS_CONF);

  if (!sampler)
    return NULL;
  sampler->meminfo = sampler->stat = sampler->groups = (SrtFile)SRT_FILE_CLOSED;
  for (unsigned i = 0; i < SRT_N_STALLS; i++)
    sampler->pressure[i] = (SrtFile)SRT_FILE_CLOSED;
  sampler->scratch.size = SCRATCH_SIZE + (cpus > 0 ? (size_t)cpus : 0) * STAT_LINE;
  sampler->scratch.bytes = malloc (sampler->scratch.size);
  sampler->root = open (root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  sampler->proc = sampler->root >= 0 ? openat (sampler->root, "proc", O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
  if (!sampler->scratch.bytes || sampler->proc < 0) {
    int saved = errno;

    srt_sampler_free (sampler);
    errno = saved;
    return NULL;
  }
  follow_move (sampler);
  return sampler;
}

void
srt_sampler_free (SrtSampler *sampler)
{
  if (!sampler)
    return;
  for (unsigned role = 0; role < SRT_N_ROLES; role++)
    srt_chain_close (&sampler->chains[role]);
  for (unsigned i = 0; i < SRT_N_STALLS; i++)
    srt_file_close (&sampler->pressure[i]);
  srt_file_close (&sampler->meminfo);
  srt_file_close (&sampler->stat);
  srt_file_close (&sampler->groups);
  if (sampler->proc >= 0)
    close (sampler->proc);
  if (sampler->root >= 0)
    close (sampler->root);
  free (sampler->scratch.bytes);
  free (sampler);
}

/* What is left below the limit, cache that can be dropped counted as left. */
static uint64_t
available_of (const SrtGroupMemory *memory)
{
  uint64_t held = memory->used - memory->reclaimable;

  return memory->limit > held ? memory->limit - held : 0;
}

/* One cgroup of the memory chain, ours or an ancestor: narrows what SAMPLE says. */
static void
take_group_memory (SrtSampler *sampler, unsigned level, srt_sample *sample)
{
  SrtChain *chain = &sampler->chains[SRT_ROLE_MEMORY];
  bool ours = chain->own && level == chain->n - 1;
  SrtGroupMemory memory;

  if (!srt_chain_memory (chain, level, ours, &sampler->scratch, &memory))
    return;
  if (ours) {
    sample->cgroup_memory = memory.used;
    sample->valid |= SRT_SAMPLE_CGROUP;
  }
  if (memory.limit < sample->memory_total)
    sample->memory_total = memory.limit;
  if (memory.limit == SRT_PARSE_NONE || available_of (&memory) >= sample->memory_available)
    return;
  sample->memory_available = available_of (&memory);
  snprintf (sampler->source, sizeof sampler->source, "%.*s", (int)chain->levels[level].path_length, chain->path);
}

static void
take_memory (SrtSampler *sampler, srt_sample *sample)
{
  const char *text = srt_file_read (&sampler->meminfo, sampler->proc, "meminfo", &sampler->scratch);
  SrtMeminfo machine = { .total = SRT_PARSE_NONE, .available = SRT_PARSE_NONE };
  bool have_machine = text && srt_parse_meminfo (text, &machine);

  strcpy (sampler->source, "machine");
  sample->memory_total = machine.total;
  sample->memory_available = machine.available;
  sample->swap_total = machine.swap_total;
  sample->swap_free = machine.swap_free;
  for (unsigned i = 0; i < sampler->chains[SRT_ROLE_MEMORY].n; i++)
    take_group_memory (sampler, i, sample);
  sample->memory_source = sampler->source;
  if (have_machine)
    sample->valid |= SRT_SAMPLE_MEMORY;
  else
    sample->memory_total = sample->memory_available = 0; /* half of the truth is none */
}

/* The CPUs that we may run on into MASK; how many. */
static unsigned
own_cpus (cpu_set_t *mask, size_t mask_size)
{
  if (sched_getaffinity (0, mask_size, mask) != 0)
    return 0;
  return (unsigned)CPU_COUNT_S (mask_size, mask);
}

static void
raise_busy (srt_sample *sample, float percent)
{
  sample->valid |= SRT_SAMPLE_CPU;
  if (percent > sample->cpu_busy)
    sample->cpu_busy = percent;
}

/* A cgroup with a quota, ours or an ancestor: it has no more CPU than that, and is as busy as the quota is used. */
static void
take_group_quota (SrtSampler *sampler, unsigned level, srt_sample *sample)
{
  SrtChain *quota = &sampler->chains[SRT_ROLE_QUOTA], *usage = &sampler->chains[SRT_ROLE_USAGE];
  int match = srt_chain_match (quota, level, usage);
  SrtCount count = { .time_ns = sample->time_ns };
  uint64_t milli;
  float percent;

  if (!srt_chain_quota (quota, level, &sampler->scratch, &milli) || milli == SRT_PARSE_NONE)
    return;
  if (milli < sample->cpu_milli)
    sample->cpu_milli = (uint32_t)milli;
  if (match < 0 || !srt_chain_usage (usage, (unsigned)match, &sampler->scratch, &count.used))
    return;
  count.total = sample->time_ns / 1000 * milli;
  if (srt_window_share (&sampler->group_cpu[level], &count, &percent))
    raise_busy (sample, percent);
}

static void
take_cpu (SrtSampler *sampler, srt_sample *sample)
{
  unsigned long bits[MAX_CPUS / (CHAR_BIT * sizeof (unsigned long))];
  cpu_set_t *mask = (cpu_set_t *)bits;
  unsigned cpus = own_cpus (mask, sizeof bits);
  const char *text = srt_file_read (&sampler->stat, sampler->proc, "stat", &sampler->scratch);
  SrtTicks ticks;
  float percent;

  if (text && srt_parse_ticks (text, cpus ? mask : NULL, sizeof bits, &ticks)) {
    SrtCount count = { .time_ns = sample->time_ns, .used = ticks.busy, .total = ticks.total };

    if (srt_window_share (&sampler->machine_cpu, &count, &percent))
      raise_busy (sample, percent);
  }
  sample->cpu_milli = (cpus ? cpus : 1) * 1000;
  for (unsigned i = 0; i < sampler->chains[SRT_ROLE_QUOTA].n; i++)
    take_group_quota (sampler, i, sample);
}

static void
take_group_usage (SrtSampler *sampler, srt_sample *sample)
{
  SrtChain *chain = &sampler->chains[SRT_ROLE_USAGE];

  if (chain->own && srt_chain_usage (chain, chain->n - 1, &sampler->scratch, &sample->cgroup_cpu_ns))
    sample->valid |= SRT_SAMPLE_CGROUP;
}

/* WHICH pressure, of the machine and of our cgroup. */
static bool
take_stall (SrtSampler *sampler, unsigned which, srt_pressure *ret)
{
  SrtChain *chain = &sampler->chains[SRT_ROLE_PRESSURE];
  srt_pressure machine, group;
  bool have_machine, have_group = false;
  const char *text = srt_file_read (&sampler->pressure[which], sampler->proc, pressure_names[which], &sampler->scratch);

  have_machine = text && srt_parse_pressure (text, &machine);
  if (chain->own) {
    text = srt_level_read (chain->version, SRT_ROLE_PRESSURE, &chain->levels[chain->n - 1], which, &sampler->scratch);
    have_group = text && srt_parse_pressure (text, &group);
  }
  if (!have_machine && !have_group)
    return false;
  srt_stall_merge (&sampler->stalls[which], have_machine ? &machine : NULL, have_group ? &group : NULL, ret);
  return true;
}

static void
take_pressure (SrtSampler *sampler, srt_sample *sample)
{
  bool memory = take_stall (sampler, SRT_STALL_MEMORY, &sample->memory_pressure);
  bool cpu = take_stall (sampler, SRT_STALL_CPU, &sample->cpu_pressure);
  bool io = take_stall (sampler, SRT_STALL_IO, &sample->io_pressure);

  if (memory && cpu && io)
    sample->valid |= SRT_SAMPLE_PRESSURE;
}

void
srt_sampler_take (SrtSampler *sampler, uint64_t now_ns, srt_sample *sample)
{
  uint32_t size = sample->size;

  *sample = (srt_sample){ .size = size, .time_ns = now_ns };
  follow_move (sampler);
  take_memory (sampler, sample);
  take_cpu (sampler, sample);
  take_group_usage (sampler, sample);
  take_pressure (sampler, sample);
}
