/* SPDX-License-Identifier: MIT
 * Tier D: the agent is a subreaper. */
#include "agent/contain.h"
#include "agent/clock.h"
#include "agent/tree-linux.h"
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS_MAX_NS 200000000ull /* of stopping; then kill what there is and come again */

struct SrtContain {
  SrtTree tree;
  uint64_t ns_a_tick;
  uint64_t page_size;
};

size_t
srt_contain_size (void)
{
  return sizeof (SrtContain);
}

void
srt_contain_open (SrtContain *contain)
{
  prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  srt_tree_open (&contain->tree);
  contain->ns_a_tick = 1000000000ull / (uint64_t)sysconf (_SC_CLK_TCK);
  contain->page_size = (uint64_t)sysconf (_SC_PAGESIZE);
}

const char *
srt_contain_tier (const SrtContain *contain)
{
  return "subreaper";
}

void
srt_contain_enter (SrtContain *contain, pid_t leader)
{
  /* Everything below us is the test's: there is nothing to remember. */
}

void
srt_contain_signal (SrtContain *contain, int signal_number)
{
  srt_tree_signal_all (&contain->tree, signal_number);
}

static void
stop_one (void *data, SrtTree *tree, const SrtProc *proc)
{
  uint32_t *n_new = data;

  if (!srt_proc_runs (proc))
    return;
  if (srt_tree_mark (tree, proc->pid))
    ++*n_new;
  if (proc->state != 'T' && proc->state != 't')
    srt_tree_signal (tree, proc, SIGSTOP);
}

/* Until two rounds in a row find nobody new: then everybody has a stop pending or done, and a fork under way when it
 * came was either seen or is taken back by the kernel. */
static void
stop_all (SrtContain *contain)
{
  uint64_t end = srt_clock_now () + ROUNDS_MAX_NS;
  int quiet = 0;

  srt_tree_unmark_all (&contain->tree);
  while (quiet < 2 && srt_clock_now () < end) {
    uint32_t n_new = 0;

    srt_tree_walk (&contain->tree, stop_one, &n_new);
    quiet = n_new == 0 ? quiet + 1 : 0;
  }
}

void
srt_contain_freeze (SrtContain *contain, bool frozen)
{
  if (frozen)
    stop_all (contain);
  else
    srt_contain_signal (contain, SIGCONT);
}

int
srt_contain_kill (SrtContain *contain)
{
  stop_all (contain);
  return srt_tree_signal_all (&contain->tree, SIGKILL);
}

bool
srt_contain_is_empty (SrtContain *contain)
{
  return true; /* ECHILD at a subreaper is the proof */
}

typedef struct {
  char *text;
  size_t size, used;
  uint32_t n;
} Names;

static void
name_one (void *data, SrtTree *tree, const SrtProc *proc)
{
  Names *names = data;
  int n;

  if (!srt_proc_runs (proc))
    return;
  names->n++;
  if (names->used >= names->size)
    return;
  n = snprintf (names->text + names->used, names->size - names->used, "%s%s (pid %d)", names->used ? ", " : "",
                proc->comm, (int)proc->pid);
  if (n > 0 && (size_t)n < names->size - names->used) {
    names->used += (size_t)n;
    return;
  }
  strcpy (names->text + names->used, names->used + 6 < names->size ? ", …" : "");
  names->used = names->size;
}

uint32_t
srt_contain_name (SrtContain *contain, char *text, size_t size)
{
  Names names = { text, size, 0, 0 };

  *text = '\0';
  srt_tree_walk (&contain->tree, name_one, &names);
  return names.n;
}

/* Since Linux 6.2 the size of /proc/PID/fd is the number of descriptors; before, they are counted. */
static uint32_t
count_files (pid_t pid)
{
  char path[64];
  struct dirent *entry;
  struct stat st;
  uint32_t n = 0;
  DIR *dir;

  snprintf (path, sizeof path, "/proc/%d/fd", (int)pid);
  if (stat (path, &st) == 0 && st.st_size > 0)
    return (uint32_t)st.st_size;
  dir = opendir (path);
  while (dir && (entry = readdir (dir)))
    n += entry->d_name[0] != '.';
  if (dir)
    closedir (dir);
  return n;
}

typedef struct {
  const SrtContain *contain;
  srt_usage *usage;
} Measure;

static void
measure_one (void *data, SrtTree *tree, const SrtProc *proc)
{
  Measure *measure = data;
  srt_usage *usage = measure->usage;

  usage->user_ns += proc->user_ticks * measure->contain->ns_a_tick;
  usage->system_ns += proc->system_ticks * measure->contain->ns_a_tick;
  if (!srt_proc_runs (proc))
    return;
  usage->processes++;
  usage->threads += proc->threads;
  usage->open_files += count_files (proc->pid);
  usage->memory_now += proc->memory_pages * measure->contain->page_size;
}

bool
srt_contain_measure (SrtContain *contain, srt_usage *usage)
{
  Measure measure = { contain, usage };

  srt_tree_walk (&contain->tree, measure_one, &measure);
  return true;
}
