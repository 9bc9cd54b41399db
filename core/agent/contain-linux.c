/* SPDX-License-Identifier: MIT
 * The agent is a subreaper; with a cgroup or a PID namespace it has a shorter way to the same end. */
#include "agent/contain.h"
#include "agent/clock.h"
#include "agent/controllers-linux.h"
#include "agent/group-linux.h"
#include "agent/keep.h"
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
  SrtHolding holding;
  SrtGroup group;
  pid_t leader;   /* of the test that runs */
  uint32_t kills; /* of it */
  bool frozen;
  SrtTree tree;
  uint64_t ns_a_tick;
  uint64_t page_size;
};

size_t
srt_contain_size (void)
{
  return sizeof (SrtContain);
}

int
srt_contain_open (SrtContain *contain, const SrtArguments *arguments)
{
  contain->holding = arguments->holding;
  if (contain->holding != SRT_HOLD_NOTHING)
    prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  srt_tree_open (&contain->tree);
  contain->ns_a_tick = 1000000000ull / (uint64_t)sysconf (_SC_CLK_TCK);
  contain->page_size = (uint64_t)sysconf (_SC_PAGESIZE);
  return srt_group_open (&contain->group, arguments->places.group);
}

int
srt_contain_group (SrtContain *contain, int *ret_fd)
{
  return srt_group_next (&contain->group, ret_fd);
}

const char *
srt_contain_tier (const SrtContain *contain)
{
  static const char *const words[2][3] = { { "none", "subreaper", "PID namespace" },
                                           { "cgroup", "cgroup", "cgroup and PID namespace" } };

  return words[contain->group.slot >= 0][contain->holding];
}

void
srt_contain_enter (SrtContain *contain, pid_t leader)
{
  contain->leader = leader;
  contain->frozen = false;
  contain->kills = 0; /* everything below us is the test's: there is nothing else to remember */
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
  contain->frozen = frozen;
  if (contain->group.dir >= 0)
    srt_group_freeze (&contain->group, frozen);
  else if (frozen)
    stop_all (contain);
  else
    srt_contain_signal (contain, SIGCONT);
}

static bool
kill_at_once (SrtContain *contain)
{
  if (contain->holding == SRT_HOLD_NAMESPACE && contain->tree.n_spared == 0) {
    bool done = kill (-1, SIGKILL) == 0 || errno == ESRCH;

    if (contain->frozen) /* nobody may be born into what stands still */
      srt_contain_freeze (contain, false);
    return done;
  }
  return contain->group.dir >= 0 && srt_group_kill (&contain->group) == 0;
}

int
srt_contain_kill (SrtContain *contain)
{
  bool at_once = kill_at_once (contain);

  /* Whoever is left after the first time has changed its cgroup, and is killed in the tree. */
  if (contain->kills++ == 0 && at_once)
    return 0;
  stop_all (contain);
  return srt_tree_signal_all (&contain->tree, SIGKILL);
}

/* Those that are kept hide ECHILD: then the cgroup's word, or two looks at the tree that find nobody, must do. */
static bool
is_empty_but_kept (SrtContain *contain)
{
  if (contain->group.dir >= 0)
    return srt_group_is_empty (&contain->group);
  return srt_tree_walk (&contain->tree, NULL, NULL) == 0 && srt_tree_walk (&contain->tree, NULL, NULL) == 0;
}

bool
srt_contain_is_empty (SrtContain *contain, bool without_children)
{
  if (!without_children)
    return contain->tree.n_spared > 0 && is_empty_but_kept (contain);
  /* ECHILD at a subreaper is the proof; only after a kill the cgroup is asked too, which costs a system call. */
  return contain->kills == 0 || contain->group.dir < 0 || srt_group_is_empty (&contain->group);
}

typedef struct {
  SrtContain *contain;
  SrtBounds *bounds;
  const char *names;
  uint32_t n, kept;
} Keeping;

static void
keep_one (void *data, SrtTree *tree, const SrtProc *proc)
{
  Keeping *keeping = data;

  if (!srt_proc_runs (proc))
    return;
  if (!srt_tree_is_spared (tree, proc->parent) && !srt_keep_has_name (keeping->names, keeping->n, proc->comm))
    return;
  if (!srt_group_release (&keeping->contain->group, proc->pid) || !srt_tree_spare (tree, proc->pid))
    return;
  if (keeping->contain->group.dir < 0) /* it was stopped with the others */
    srt_tree_signal (tree, proc, SIGCONT);
  srt_controllers_release (keeping->bounds, proc->pid);
  keeping->kept++;
}

uint32_t
srt_contain_keep (SrtContain *contain, const char *names, uint32_t n, SrtBounds *bounds)
{
  Keeping keeping = { contain, bounds, names, n, 0 };

  if (n > 0)
    srt_tree_walk (&contain->tree, keep_one, &keeping);
  return keeping.kept;
}

uint32_t
srt_contain_n_kept (const SrtContain *contain)
{
  return contain->tree.n_spared;
}

bool
srt_contain_was_kept (SrtContain *contain, pid_t pid)
{
  if (!srt_tree_is_spared (&contain->tree, pid))
    return false;
  srt_tree_take_back (&contain->tree, pid);
  return true;
}

void
srt_contain_keep_nobody (SrtContain *contain)
{
  contain->tree.n_spared = 0;
}

typedef struct {
  char *text;
  size_t size, used;
  uint32_t n;
  pid_t leader;
} Names;

/* How it got away from the end of its test. */
static const char *
where_found (const SrtProc *proc, pid_t leader)
{
  if (proc->session != leader)
    return "own session";
  return proc->group != leader ? "own group" : "background";
}

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
  n = snprintf (names->text + names->used, names->size - names->used, "%s%s (pid %d, %s)", names->used ? ", " : "",
                proc->comm, (int)proc->pid, where_found (proc, names->leader));
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
  Names names = { text, size, 0, 0, contain->leader };

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
