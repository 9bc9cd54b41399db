/* SPDX-License-Identifier: MIT */
#include "agent/tree-linux.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PF_EXITING 0x4u /* include/linux/sched.h */

/* The numbers behind the command, from the 4th field on. */
enum {
  PPID = 0,
  GROUP = 1,
  SESSION = 2,
  FLAGS = 5,
  UTIME = 10,
  STIME = 11,
  CUTIME = 12,
  CSTIME = 13,
  THREADS = 16,
  RSS = 20,
  N_FIELDS
};

static void
copy_comm (char *to, const char *from, size_t n)
{
  n = n < SRT_COMM_MAX - 1 ? n : SRT_COMM_MAX - 1;
  for (size_t i = 0; i < n; i++)
    to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
  to[n] = '\0';
}

bool
srt_proc_parse (const char *text, size_t n, SrtProc *ret)
{
  const char *open = memchr (text, '(', n);
  const char *close = memrchr (text, ')', n);
  unsigned long long field[N_FIELDS];
  SrtProc proc = { 0 };
  const char *at;

  if (open == NULL || close == NULL || close < open || text + n - close < 5 || text[n] != '\0')
    return false;
  proc.pid = atoi (text);
  copy_comm (proc.comm, open + 1, (size_t)(close - open - 1));
  proc.state = close[2];
  at = close + 3;
  for (int i = 0; i < N_FIELDS; i++) {
    char *end;

    field[i] = strtoull (at, &end, 10);
    if (end == at)
      return false;
    at = end;
  }
  proc.parent = (pid_t)field[PPID];
  proc.group = (pid_t)field[GROUP];
  proc.session = (pid_t)field[SESSION];
  proc.exiting = (field[FLAGS] & PF_EXITING) != 0;
  proc.threads = (uint32_t)field[THREADS];
  proc.user_ticks = field[UTIME] + field[CUTIME];
  proc.system_ticks = field[STIME] + field[CSTIME];
  proc.memory_pages = field[RSS];
  *ret = proc;
  return proc.pid > 0;
}

static ssize_t
read_file (const char *path, char *text, size_t size)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t n;

  if (fd < 0)
    return -1;
  n = read (fd, text, size - 1);
  close (fd);
  if (n >= 0)
    text[n] = '\0';
  return n;
}

bool
srt_proc_read (pid_t pid, SrtProc *ret)
{
  char path[64], text[1024];
  ssize_t n;

  snprintf (path, sizeof path, "/proc/%d/stat", (int)pid);
  n = read_file (path, text, sizeof text);
  return n > 0 && srt_proc_parse (text, (size_t)n, ret);
}

bool
srt_proc_runs (const SrtProc *proc)
{
  if (proc->state == 'Z' || proc->state == 'X' || proc->exiting)
    return proc->threads > 1;
  return true;
}

void
srt_tree_open (SrtTree *tree)
{
  char path[64];

  tree->self = getpid ();
  snprintf (path, sizeof path, "/proc/%d/task/%d/children", (int)tree->self, (int)tree->self);
  tree->no_children_files = access (path, F_OK) < 0;
}

bool
srt_tree_mark (SrtTree *tree, pid_t pid)
{
  uint32_t byte = (uint32_t)(pid % SRT_TREE_PID_MAX) / CHAR_BIT;
  uint8_t bit = (uint8_t)(1u << (pid % CHAR_BIT));

  if (tree->seen[byte] & bit)
    return false;
  tree->seen[byte] |= bit;
  if (tree->seen_high == 0 || byte < tree->seen_low)
    tree->seen_low = byte;
  if (byte >= tree->seen_high)
    tree->seen_high = byte + 1;
  return true;
}

void
srt_tree_unmark_all (SrtTree *tree)
{
  if (tree->seen_high > 0) /* only what was touched: the rest of the table never becomes real memory */
    memset (tree->seen + tree->seen_low, 0, tree->seen_high - tree->seen_low);
  tree->seen_low = tree->seen_high = 0;
}

bool
srt_tree_is_spared (const SrtTree *tree, pid_t pid)
{
  for (uint32_t i = 0; i < tree->n_spared; i++)
    if (tree->spared[i] == pid)
      return true;
  return false;
}

bool
srt_tree_spare (SrtTree *tree, pid_t pid)
{
  if (tree->n_spared == SRT_SPARED_MAX)
    return false;
  tree->spared[tree->n_spared++] = pid;
  return true;
}

void
srt_tree_take_back (SrtTree *tree, pid_t pid)
{
  for (uint32_t i = 0; i < tree->n_spared; i++)
    if (tree->spared[i] == pid)
      tree->spared[i--] = tree->spared[--tree->n_spared];
}

static void
add (SrtTree *tree, pid_t pid, pid_t parent)
{
  if (tree->n == SRT_TREE_MAX)
    return; /* a later walk finds the rest, when these are dead */
  tree->found[tree->n].pid = pid;
  tree->found[tree->n].parent = parent;
  tree->n++;
}

/* The children that one thread has made: numbers with blanks between, in a file of any length. */
static void
add_children_of_thread (SrtTree *tree, pid_t pid, pid_t thread)
{
  char path[80], text[4096];
  pid_t number = 0;
  ssize_t n;
  int fd;

  snprintf (path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)thread);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  while ((n = read (fd, text, sizeof text)) > 0)
    for (ssize_t i = 0; i < n; i++) {
      if (text[i] >= '0' && text[i] <= '9') {
        number = number * 10 + (text[i] - '0');
      } else if (number > 0) {
        add (tree, number, pid);
        number = 0;
      }
    }
  close (fd);
}

static void
add_children (SrtTree *tree, const SrtProc *proc)
{
  char path[64];
  struct dirent *entry;
  DIR *dir;

  if (proc->threads <= 1) {
    add_children_of_thread (tree, proc->pid, proc->pid);
    return;
  }
  snprintf (path, sizeof path, "/proc/%d/task", (int)proc->pid);
  dir = opendir (path);
  if (dir == NULL)
    return;
  while ((entry = readdir (dir)))
    if (entry->d_name[0] != '.')
      add_children_of_thread (tree, proc->pid, atoi (entry->d_name));
  closedir (dir);
}

/* Still the process that the listing meant? Its parent is the one that it was found under, or we, who get orphans. */
static bool
is_ours (const SrtTree *tree, const SrtProc *proc, pid_t parent)
{
  return proc->parent == parent || proc->parent == tree->self;
}

static uint32_t
walk_down (SrtTree *tree, SrtTreeVisit visit, void *data)
{
  SrtProc proc = { .pid = tree->self, .threads = 1 };
  uint32_t visited = 0;

  tree->n = 0;
  add_children (tree, &proc);
  for (uint32_t i = 0; i < tree->n; i++) {
    if (!srt_proc_read (tree->found[i].pid, &proc) || !is_ours (tree, &proc, tree->found[i].parent) ||
        srt_tree_is_spared (tree, proc.pid))
      continue;
    if (visit)
      visit (data, tree, &proc);
    visited++;
    add_children (tree, &proc);
  }
  return visited;
}

static bool
is_found (const SrtTree *tree, pid_t pid)
{
  for (uint32_t i = 0; i < tree->n; i++)
    if (tree->found[i].pid == pid)
      return true;
  return false;
}

/* One look at all processes: those whose parent is known and which are not known themselves. */
static uint32_t
scan_once (SrtTree *tree, SrtTreeVisit visit, void *data)
{
  DIR *dir = opendir ("/proc");
  uint32_t visited = 0;
  struct dirent *entry;
  SrtProc proc;

  while (dir && (entry = readdir (dir))) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || !srt_proc_read (atoi (entry->d_name), &proc))
      continue;
    if ((proc.parent != tree->self && !is_found (tree, proc.parent)) || is_found (tree, proc.pid))
      continue;
    if (srt_tree_is_spared (tree, proc.pid))
      continue;
    if (visit)
      visit (data, tree, &proc);
    visited++;
    add (tree, proc.pid, proc.parent);
  }
  if (dir)
    closedir (dir);
  return visited;
}

static uint32_t
walk_all (SrtTree *tree, SrtTreeVisit visit, void *data)
{
  uint32_t visited = 0, more;

  tree->n = 0;
  do {
    more = scan_once (tree, visit, data);
    visited += more;
  } while (more > 0 && tree->n < SRT_TREE_MAX);
  return visited;
}

uint32_t
srt_tree_walk (SrtTree *tree, SrtTreeVisit visit, void *data)
{
  return tree->no_children_files ? walk_all (tree, visit, data) : walk_down (tree, visit, data);
}

/* Only we reap our own children, so their numbers cannot be given away. Of others a pidfd is opened first, and then
 * looked whether it is still the right one. Without pidfds (an old kernel) they wait until they are our own: that is
 * when their parents are dead. */
int
srt_tree_signal (const SrtTree *tree, const SrtProc *proc, int signal_number)
{
  SrtProc now;
  int fd, error = 0;

  if (proc->parent == tree->self)
    return kill (proc->pid, signal_number) < 0 ? errno : 0;
  fd = (int)syscall (SYS_pidfd_open, proc->pid, 0);
  if (fd < 0)
    return errno;
  if (!srt_proc_read (proc->pid, &now) || !is_ours (tree, &now, proc->parent))
    error = ESRCH;
  else if (syscall (SYS_pidfd_send_signal, fd, signal_number, NULL, 0) < 0)
    error = errno;
  close (fd);
  return error;
}

int
srt_tree_signal_all (SrtTree *tree, int signal_number)
{
  SrtProc proc;
  int error = 0;

  srt_tree_walk (tree, NULL, NULL);
  for (uint32_t i = tree->n; i-- > 0;) {
    int one;

    if (!srt_proc_read (tree->found[i].pid, &proc) || !is_ours (tree, &proc, tree->found[i].parent) ||
        srt_tree_is_spared (tree, proc.pid))
      continue;
    one = srt_proc_runs (&proc) ? srt_tree_signal (tree, &proc, signal_number) : 0;
    if (one != 0 && one != ESRCH)
      error = one;
  }
  return error;
}
