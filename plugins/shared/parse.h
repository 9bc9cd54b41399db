/* SPDX-License-Identifier: MIT
 * What stands in files of /proc and of cgroups, as numbers. Pure: text in, values out, no file is opened, nothing is
 * allocated. TEXT ends with NUL. A function that returns false found no such value, or something that is none, and left
 * its ret_ parameters alone. Numbers too large for 64 bits become UINT64_MAX. */
#pragma once
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <srt/srt-plugin.h>
#include <stdint.h>

#define SRT_PARSE_NONE UINT64_MAX /* a limit that is none */

/* "memory.current", "cpuacct.usage": one number. */
bool srt_parse_number (const char *text, uint64_t *ret);
/* "memory.max", "memory.limit_in_bytes": a number, or "max", "-1" or v1's huge number for SRT_PARSE_NONE. */
bool srt_parse_limit (const char *text, uint64_t *ret);
/* The number behind KEY at the beginning of a line: "KEY 123" or "KEY: 123". */
bool srt_parse_field (const char *text, const char *key, uint64_t *ret);
/* The same, with the value read as srt_parse_limit does. */
bool srt_parse_limit_field (const char *text, const char *key, uint64_t *ret);

/* /proc/meminfo, in bytes. */
typedef struct {
  uint64_t total, available, swap_total, swap_free;
} SrtMeminfo;
bool srt_parse_meminfo (const char *text, SrtMeminfo *ret);

/* /proc/stat: clock ticks of the CPUs in MASK together; of all when none of them is listed or MASK is NULL. Stolen time
 * counts as busy: nobody here can have it. */
typedef struct {
  uint64_t busy, total;
} SrtTicks;
bool srt_parse_ticks (const char *text, const cpu_set_t *mask, size_t mask_size, SrtTicks *ret);

/* PSI. The line "full" may be missing (cpu, before Linux 5.13). */
bool srt_parse_pressure (const char *text, srt_pressure *ret);

/* A quota over a period (not 0), both in microseconds, as thousandths of a core: at least 1, or SRT_PARSE_NONE. */
uint64_t srt_parse_milli (uint64_t quota_us, uint64_t period_us);
/* "cpu.max": both in one line. */
bool srt_parse_cpu_max (const char *text, uint64_t *ret_milli);

/* /proc/self/cgroup: the path of our cgroup in the v1 hierarchy that has CONTROLLER, or with NULL in v2. False also
 * when it is longer than SIZE. */
bool srt_parse_own_group (const char *text, const char *controller, char *ret_path, size_t size);

/* One mounted cgroup hierarchy. */
typedef struct {
  bool v2;
  char root[PATH_MAX];  /* the cgroup that is mounted, as /proc/self/cgroup would write it */
  char point[PATH_MAX]; /* where */
  char options[256];    /* v1: the controllers are among them */
} SrtMount;
/* /proc/self/mountinfo: the next cgroup mount in TEXT; returns where to go on, or NULL when there is none. */
const char *srt_parse_next_mount (const char *text, SrtMount *ret);
/* Is WORD one of LIST, separated by commas? */
bool srt_parse_has_word (const char *list, const char *word);

/* Where the cgroup at PATH lies below a mount of the cgroup ROOT: the rest of PATH ("" or "/a/b"), or NULL when it does
 * not, or when where is unknown. Pure. *RET_ABOVE: the mount is an ancestor of it all the same. */
const char *srt_cgroup_rest (const char *root, const char *path, bool *ret_above);

/* /proc/PID/stat into the fields of RET, but `size`. `command` is the process's short name. */
bool srt_parse_process (const char *text, uint64_t page_size, uint64_t ticks_per_second, srt_process *ret);
