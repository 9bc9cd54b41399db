/* SPDX-License-Identifier: MIT
 * The chain of cgroups that we are in, from the topmost that can be seen here down to our own, and what each of them
 * allows and uses. The two versions of the kernel's interface differ only in a table: cgroup-v1.c and cgroup-v2.c. */
#pragma once
#include "file.h"
#include "../shared/parse.h"

/* What is looked up. Under v1 each may stand in a hierarchy of its own. */
typedef enum { SRT_ROLE_MEMORY, SRT_ROLE_QUOTA, SRT_ROLE_USAGE, SRT_ROLE_PRESSURE, SRT_N_ROLES } SrtRole;

enum {
  SRT_CHAIN_LEVELS = 32,
  SRT_LEVEL_FILES = 4,
  SRT_MEMORY_MAX = 0, /* SrtLevel.files of SRT_ROLE_MEMORY */
  SRT_MEMORY_HIGH = 1,
  SRT_MEMORY_CURRENT = 2,
  SRT_MEMORY_STAT = 3
};

/* One cgroup: its folder and its files, opened when they are first read. */
typedef struct {
  int dir;
  size_t path_length; /* of SrtChain.path: the folder's path */
  SrtFile files[SRT_LEVEL_FILES];
} SrtLevel;

typedef struct SrtCgroupVersion SrtCgroupVersion;

typedef struct {
  const SrtCgroupVersion *version; /* NULL: nothing found, n is 0 */
  SrtRole role;
  unsigned n;
  bool own; /* the last level is our own cgroup, not only an ancestor of it */
  size_t point_length;
  char path[PATH_MAX]; /* of the last level */
  SrtLevel levels[SRT_CHAIN_LEVELS];
} SrtChain;

struct SrtCgroupVersion {
  const char *controllers[SRT_N_ROLES]; /* v1: the one that has the role; NULL: this version has it nowhere, or (v2)
                                           there is only one hierarchy */
  const char *names[SRT_N_ROLES][SRT_LEVEL_FILES];
  const char *reclaimable[3]; /* fields of the memory statistics: cache that the kernel can drop, … */
  const char *pinned[2];      /* … except what of it must be written first */
  const char *inherited;      /* field with the limit over all ancestors, those not visible here too; or NULL */
  bool (*quota) (SrtLevel *level, const SrtScratch *scratch, uint64_t *ret_milli);
  bool (*usage) (SrtLevel *level, const SrtScratch *scratch, uint64_t *ret_ns);
};

extern const SrtCgroupVersion srt_cgroup_v1, srt_cgroup_v2;

/* Opens the chain for ROLE. ROOT: the folder that GROUPS and MOUNTS (/proc/self/cgroup and mountinfo) call "/". Where
 * there is none, n is 0. */
void srt_chain_open (SrtChain *chain, SrtRole role, int root, const char *groups, const char *mounts);
void srt_chain_close (SrtChain *chain);

/* One file of a level of CHAIN, as srt_file_read does. */
const char *srt_level_read (const SrtCgroupVersion *version, SrtRole role, SrtLevel *level, unsigned file,
                            const SrtScratch *scratch);

/* What a level has; `used` and `reclaimable` are read only where there is a limit or when ALL asks for it. */
typedef struct {
  uint64_t limit; /* SRT_PARSE_NONE: none */
  uint64_t used;
  uint64_t reclaimable; /* of `used` */
} SrtGroupMemory;
bool srt_chain_memory (SrtChain *chain, unsigned level, bool all, const SrtScratch *scratch, SrtGroupMemory *ret);
bool srt_chain_quota (SrtChain *chain, unsigned level, const SrtScratch *scratch, uint64_t *ret_milli);
bool srt_chain_usage (SrtChain *chain, unsigned level, const SrtScratch *scratch, uint64_t *ret_ns);
/* The level of OTHER that is the same cgroup as LEVEL of CHAIN, in whichever hierarchy; -1: none. */
int srt_chain_match (const SrtChain *chain, unsigned level, const SrtChain *other);
