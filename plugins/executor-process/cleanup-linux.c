/* SPDX-License-Identifier: MIT */
#include "cgroups.h"
#include "cleanup.h"
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

/* It is the run's only if it is a cgroup with the run's name. */
static const char *
why_not_ours (const char *path, const char *run_id)
{
  const char *leaf = strrchr (path, '/');
  struct statfs fs;

  if (*path != '/' || strstr (path, "/../") != NULL)
    return "no absolute path";
  if (strncmp (leaf, "/srt-", 5) != 0 || strcmp (leaf + 5, run_id) != 0)
    return "not named as that run's";
  if (statfs (path, &fs) == 0 && fs.f_type != CGROUP_SUPER_MAGIC && fs.f_type != CGROUP2_SUPER_MAGIC)
    return "no cgroup";
  return NULL;
}

static int32_t
clean_cgroup (const srt_host *host, const char *path, const char *run_id, uint32_t *ret_cleaned)
{
  const char *why = why_not_ours (path, run_id);
  uint32_t killed = 0, removed = 0;
  int error;

  if (why != NULL) {
    host->set_errorf (host, "%s is left alone: %s", path, why);
    return SRT_E_CORRUPT;
  }
  error = cgroup_remove_tree (path, &killed, &removed);
  *ret_cleaned += killed + (removed > 0); /* a run's cgroup is one thing, with all below it */
  if (error == 0)
    return SRT_OK;
  host->set_errorf (host, "%s cannot be removed: %s", path, strerror (error));
  return SRT_E_FAILED;
}

static int32_t
clean_processes (const srt_host *host, const char *run_id, uint32_t *ret_cleaned)
{
  int n = processes_kill (run_id);

  if (n >= 0) {
    *ret_cleaned += (uint32_t)n;
    return SRT_OK;
  }
  host->set_errorf (host, "not all its processes could be killed: %s", strerror (-n));
  return SRT_E_FAILED;
}

int32_t
cleanup_entry (const srt_host *host, const char *run_id, const char *entry, size_t length, uint32_t *ret_cleaned)
{
  char text[1024];

  if (length < sizeof text && run_id[0] != '\0') {
    memcpy (text, entry, length);
    text[length] = '\0';
    if (strcmp (text, CLEANUP_PROCESSES) == 0)
      return clean_processes (host, run_id, ret_cleaned);
    if (strncmp (text, "cgroup ", 7) == 0)
      return clean_cgroup (host, text + 7, run_id, ret_cleaned);
  }
  host->set_errorf (host, "\"%.*s\" is no entry of this executor's", (int)length, entry);
  return SRT_E_CORRUPT;
}
