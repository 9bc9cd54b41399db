/* SPDX-License-Identifier: MIT */
#include "cgroup.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool
add_level (SrtChain *chain, int dir, size_t path_length)
{
  SrtLevel *level = &chain->levels[chain->n];

  if (dir < 0)
    return false;
  if (chain->n == SRT_CHAIN_LEVELS) {
    close (dir);
    return false;
  }
  *level = (SrtLevel){ .dir = dir, .path_length = path_length };
  for (unsigned i = 0; i < SRT_LEVEL_FILES; i++)
    level->files[i] = (SrtFile)SRT_FILE_CLOSED;
  chain->n++;
  return true;
}

/* The folders of chain->path below the mount point, one by one. */
static bool
add_levels_below (SrtChain *chain)
{
  size_t start = chain->point_length;

  while (chain->path[start] == '/') {
    size_t end = start + 1 + strcspn (chain->path + start + 1, "/");
    char name[NAME_MAX + 1];

    if (end - start - 1 >= sizeof name)
      return false;
    memcpy (name, chain->path + start + 1, end - start - 1);
    name[end - start - 1] = '\0';
    if (strcmp (name, "..") == 0) /* no way down */
      return false;
    if (!add_level (chain,
                    openat (chain->levels[chain->n - 1].dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), end))
      return false;
    start = end;
  }
  return true;
}

/* Opens what MOUNT shows of the way to OWN. REST as srt_cgroup_rest gives it. */
static bool
open_mount (SrtChain *chain, int root, const SrtMount *mount, const char *rest)
{
  const char *point = mount->point + 1; /* behind its '/' */
  size_t length = strlen (mount->point), rest_length = rest ? strlen (rest) : 0;

  if (length + rest_length >= sizeof chain->path)
    return false;
  memcpy (chain->path, mount->point, length);
  memcpy (chain->path + length, rest ? rest : "", rest_length + 1);
  chain->point_length = length;
  if (!add_level (chain, openat (root, *point ? point : ".", O_PATH | O_DIRECTORY | O_CLOEXEC), length))
    return false;
  chain->own = rest && add_levels_below (chain);
  return true;
}

/* The first mount of the hierarchy that leads to our own cgroup, else one that leads to an ancestor. */
static bool
open_hierarchy (SrtChain *chain, int root, const char *controller, const char *own, const char *mounts)
{
  SrtMount mount;

  while ((mounts = srt_parse_next_mount (mounts, &mount)) != NULL) {
    bool above;
    const char *rest;

    if (mount.v2 != !controller || (controller && !srt_parse_has_word (mount.options, controller)))
      continue;
    rest = srt_cgroup_rest (mount.root, own, &above);
    if (!above || (chain->n > 0 && !rest))
      continue;
    srt_chain_close (chain);
    if (open_mount (chain, root, &mount, rest) && chain->own)
      return true;
  }
  return chain->n > 0;
}

void
srt_chain_open (SrtChain *chain, SrtRole role, int root, const char *groups, const char *mounts)
{
  const char *controller = srt_cgroup_v1.controllers[role];
  char own[PATH_MAX];

  *chain = (SrtChain){ .role = role };
  /* A controller belongs to one hierarchy at a time: where v1 has it, v2 has not. */
  if (controller && srt_parse_own_group (groups, controller, own, sizeof own))
    chain->version = &srt_cgroup_v1;
  else if (srt_parse_own_group (groups, NULL, own, sizeof own))
    chain->version = &srt_cgroup_v2;
  else
    return;
  open_hierarchy (chain, root, chain->version == &srt_cgroup_v1 ? controller : NULL, own, mounts);
}

void
srt_chain_close (SrtChain *chain)
{
  for (unsigned i = 0; i < chain->n; i++) {
    for (unsigned j = 0; j < SRT_LEVEL_FILES; j++)
      srt_file_close (&chain->levels[i].files[j]);
    close (chain->levels[i].dir);
  }
  chain->n = 0;
  chain->own = false;
}

const char *
srt_level_read (const SrtCgroupVersion *version, SrtRole role, SrtLevel *level, unsigned file,
                const SrtScratch *scratch)
{
  const char *name = version->names[role][file];

  return name ? srt_file_read (&level->files[file], level->dir, name, scratch) : NULL;
}

/* The sum of some fields of the memory statistics TEXT. */
static uint64_t
sum_fields (const char *text, const char *const *keys, size_t n)
{
  uint64_t sum = 0, value;

  for (size_t i = 0; i < n; i++) {
    if (keys[i] && srt_parse_field (text, keys[i], &value) && __builtin_add_overflow (sum, value, &sum))
      sum = UINT64_MAX;
  }
  return sum;
}

static void
read_statistics (SrtChain *chain, SrtLevel *level, bool ours, const SrtScratch *scratch, SrtGroupMemory *memory)
{
  const SrtCgroupVersion *version = chain->version;
  const char *text = srt_level_read (version, SRT_ROLE_MEMORY, level, SRT_MEMORY_STAT, scratch);
  uint64_t cache, pinned, inherited;

  if (!text)
    return;
  cache = sum_fields (text, version->reclaimable, sizeof version->reclaimable / sizeof version->reclaimable[0]);
  pinned = sum_fields (text, version->pinned, sizeof version->pinned / sizeof version->pinned[0]);
  memory->reclaimable = cache > pinned ? cache - pinned : 0;
  if (memory->reclaimable > memory->used)
    memory->reclaimable = memory->used;
  if (ours && version->inherited && srt_parse_limit_field (text, version->inherited, &inherited) &&
      inherited < memory->limit)
    memory->limit = inherited;
}

bool
srt_chain_memory (SrtChain *chain, unsigned level_index, bool all, const SrtScratch *scratch, SrtGroupMemory *ret)
{
  SrtLevel *level = &chain->levels[level_index];
  SrtGroupMemory memory = { .limit = SRT_PARSE_NONE };
  uint64_t limit;
  const char *text;

  for (unsigned file = SRT_MEMORY_MAX; file <= SRT_MEMORY_HIGH; file++) {
    text = srt_level_read (chain->version, SRT_ROLE_MEMORY, level, file, scratch);
    if (text && srt_parse_limit (text, &limit) && limit < memory.limit)
      memory.limit = limit;
  }
  if (memory.limit == SRT_PARSE_NONE && !all)
    return false;
  text = srt_level_read (chain->version, SRT_ROLE_MEMORY, level, SRT_MEMORY_CURRENT, scratch);
  if (!text || !srt_parse_number (text, &memory.used))
    return false;
  read_statistics (chain, level, all, scratch, &memory);
  *ret = memory;
  return true;
}

bool
srt_chain_quota (SrtChain *chain, unsigned level, const SrtScratch *scratch, uint64_t *ret_milli)
{
  return chain->version->quota (&chain->levels[level], scratch, ret_milli);
}

bool
srt_chain_usage (SrtChain *chain, unsigned level, const SrtScratch *scratch, uint64_t *ret_ns)
{
  return chain->version->usage (&chain->levels[level], scratch, ret_ns);
}

int
srt_chain_match (const SrtChain *chain, unsigned level, const SrtChain *other)
{
  const char *below = chain->path + chain->point_length;
  size_t length = chain->levels[level].path_length - chain->point_length;

  for (unsigned i = 0; i < other->n; i++) {
    if (other->levels[i].path_length - other->point_length == length &&
        strncmp (below, other->path + other->point_length, length) == 0)
      return (int)i;
  }
  return -1;
}
