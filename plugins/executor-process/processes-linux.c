/* SPDX-License-Identifier: MIT
 * Processes of a dead run that no cgroup and no namespace holds. Proven ours is who has the run's id in its
 * environment, and who is below such a one. They are stopped, round after round, until two rounds find nobody new,
 * since a stopped process can neither fork nor leave orphans; then killed. */
#include "cleanup.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ROUNDS_MAX 100

/* Held by a descriptor, so that it stays this process and no other. */
typedef struct {
  pid_t pid;
  int fd;
} Found;

typedef struct {
  const char *run_id;
  Found *found;
  size_t n, room;
  int error; /* errno value, or 0 */
} Hunt;

static bool
is_found (const Hunt *hunt, pid_t pid)
{
  for (size_t i = 0; i < hunt->n; i++)
    if (hunt->found[i].pid == pid)
      return true;
  return false;
}

/* The environment at its start; of any length. */
static bool
is_marked (pid_t pid, const char *run_id)
{
  char path[64], mark[256];
  char *entry = NULL;
  size_t size = 0;
  bool marked = false;
  FILE *file;

  snprintf (path, sizeof path, "/proc/%d/environ", (int)pid);
  snprintf (mark, sizeof mark, "SRT_RUN_ID=%s", run_id);
  file = fopen (path, "re");
  while (file && !marked && getdelim (&entry, &size, '\0', file) > 0)
    marked = strcmp (entry, mark) == 0;
  free (entry);
  if (file)
    fclose (file);
  return marked;
}

static bool
read_process (pid_t pid, char *ret_state, pid_t *ret_parent)
{
  char path[64], text[1024];
  const char *close_bracket;
  int fd, parent;
  ssize_t n;

  snprintf (path, sizeof path, "/proc/%d/stat", (int)pid);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  n = fd >= 0 ? read (fd, text, sizeof text - 1) : -1;
  if (fd >= 0)
    close (fd);
  text[n > 0 ? n : 0] = '\0';
  close_bracket = strrchr (text, ')');
  if (close_bracket == NULL || sscanf (close_bracket + 1, " %c %d", ret_state, &parent) != 2)
    return false;
  *ret_parent = parent;
  return true;
}

static bool
is_ours (const Hunt *hunt, pid_t pid)
{
  pid_t parent;
  char state;

  if (!read_process (pid, &state, &parent) || state == 'Z' || state == 'X')
    return false;
  return is_found (hunt, parent) || is_marked (pid, hunt->run_id);
}

static bool
add (Hunt *hunt, pid_t pid, int fd)
{
  if (hunt->n == hunt->room) {
    size_t room = hunt->room > 0 ? hunt->room * 2 : 64;
    Found *found = realloc (hunt->found, room * sizeof *found);

    if (found == NULL)
      return false;
    hunt->found = found;
    hunt->room = room;
  }
  hunt->found[hunt->n++] = (Found){ pid, fd };
  return true;
}

static int
send_signal (int fd, int signal_number)
{
  return syscall (SYS_pidfd_send_signal, fd, signal_number, NULL, 0) < 0 && errno != ESRCH ? errno : 0;
}

/* Looked at again once the descriptor holds it. */
static void
look_at (Hunt *hunt, pid_t pid)
{
  int fd, error;

  if (pid == getpid () || is_found (hunt, pid) || !is_ours (hunt, pid))
    return;
  fd = (int)syscall (SYS_pidfd_open, pid, 0);
  if (fd < 0)
    return;
  if (!is_ours (hunt, pid) || !add (hunt, pid, fd)) {
    close (fd);
    return;
  }
  error = send_signal (fd, SIGSTOP);
  if (error != 0)
    hunt->error = error;
}

static bool
round_finds (Hunt *hunt)
{
  DIR *dir = opendir ("/proc");
  size_t before = hunt->n;
  struct dirent *entry;

  while (dir && (entry = readdir (dir)))
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
      look_at (hunt, atoi (entry->d_name));
  if (dir)
    closedir (dir);
  return hunt->n > before;
}

int
processes_kill (const char *run_id)
{
  Hunt hunt = { .run_id = run_id };
  int quiet = 0;

  for (int i = 0; quiet < 2 && i < ROUNDS_MAX; i++)
    quiet = round_finds (&hunt) ? 0 : quiet + 1;
  for (size_t i = 0; i < hunt.n; i++) {
    int error = send_signal (hunt.found[i].fd, SIGKILL);

    if (error != 0)
      hunt.error = error;
    close (hunt.found[i].fd);
  }
  free (hunt.found);
  return hunt.error != 0 ? -hunt.error : (int)hunt.n;
}
