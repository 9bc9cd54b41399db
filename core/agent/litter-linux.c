/* SPDX-License-Identifier: MIT */
#include "agent/litter.h"
#include "agent/remove.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 16 /* of what was there from the beginning */

/* FNV-1a */
static uint64_t
hash (uint64_t value, const void *bytes, size_t n)
{
  const unsigned char *at = bytes;

  for (; n > 0; n--)
    value = (value ^ *at++) * 0x100000001b3ull;
  return value;
}

static uint64_t
hash_name (const char *name)
{
  return hash (0xcbf29ce484222325ull, name, strlen (name));
}

static bool
is_dots (const char *name)
{
  return strcmp (name, ".") == 0 || strcmp (name, "..") == 0;
}

static DIR *
open_dir (int at, const char *name)
{
  int fd = openat (at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;

  if (dir == NULL && fd >= 0)
    close (fd);
  return dir;
}

/* Any change of a file, also of its content, changes one of these. */
static uint64_t
print_of_file (const char *name, const struct stat *st)
{
  uint64_t facts[] = { (uint64_t)st->st_dev,          (uint64_t)st->st_ino,         (uint64_t)st->st_mode,
                       (uint64_t)st->st_uid,          (uint64_t)st->st_gid,         (uint64_t)st->st_ctim.tv_sec,
                       (uint64_t)st->st_ctim.tv_nsec, (uint64_t)st->st_mtim.tv_sec, (uint64_t)st->st_mtim.tv_nsec };

  return hash (hash_name (name), facts, sizeof facts);
}

/* The sum does not depend on the order in which a folder is read. What is mounted there (the workspace may be below
 * /tmp) is not the container's own, and no test without the right to mount can put anything in its place. */
static uint64_t
print_of_tree (int at, const char *name, dev_t device, int depth)
{
  struct stat st;
  uint64_t print;
  DIR *dir;

  if (fstatat (at, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_dev != device)
    return 0;
  print = print_of_file (name, &st);
  dir = S_ISDIR (st.st_mode) && depth < DEPTH_MAX ? open_dir (at, name) : NULL;
  for (struct dirent *entry; dir && (entry = readdir (dir));)
    if (!is_dots (entry->d_name))
      print += print_of_tree (dirfd (dir), entry->d_name, device, depth + 1);
  if (dir)
    closedir (dir);
  return print;
}

static bool
is_known (const SrtLitterDir *dir, const char *name)
{
  uint64_t wanted = hash_name (name);

  for (uint32_t i = 0; i < dir->n_known; i++)
    if (dir->known[i] == wanted)
      return true;
  return false;
}

/* Of the folder itself only what a test should not have changed: its times change with each entry. */
static uint64_t
print_of_dir (const SrtLitter *litter, const SrtLitterDir *dir)
{
  DIR *stream = open_dir (dir->fd, ".");
  uint64_t print = 0;
  struct stat st = { 0 };

  if (fstat (dir->fd, &st) == 0) {
    const uint64_t facts[] = { (uint64_t)st.st_mode, (uint64_t)st.st_uid, (uint64_t)st.st_gid };

    print = hash (0, facts, sizeof facts);
  }
  for (struct dirent *entry; stream && (entry = readdir (stream));)
    if (!is_dots (entry->d_name) && strcmp (entry->d_name, litter->own) != 0)
      print += print_of_tree (dir->fd, entry->d_name, st.st_dev, 0);
  if (stream)
    closedir (stream);
  return print;
}

static void
get_to_know (const SrtLitter *litter, SrtLitterDir *dir)
{
  DIR *stream = open_dir (dir->fd, ".");

  dir->crowded = stream == NULL;
  for (struct dirent *entry; stream && (entry = readdir (stream));) {
    if (is_dots (entry->d_name) || strcmp (entry->d_name, litter->own) == 0)
      continue;
    if (dir->n_known < SRT_LITTER_KNOWN)
      dir->known[dir->n_known++] = hash_name (entry->d_name);
    else
      dir->crowded = true;
  }
  if (stream)
    closedir (stream);
  dir->print = print_of_dir (litter, dir);
}

void
srt_litter_open (SrtLitter *litter, const char *paths, const char *own)
{
  char path[PATH_MAX];

  litter->own = own;
  litter->n = 0;
  for (; paths && *paths && litter->n < SRT_LITTER_DIRS; paths += *paths == ':') {
    size_t n = strcspn (paths, ":");
    SrtLitterDir *dir = &litter->dirs[litter->n];

    snprintf (path, sizeof path, "%.*s", (int)n, paths);
    paths += n;
    *dir = (SrtLitterDir){ .fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
    if (dir->fd < 0)
      continue;
    get_to_know (litter, dir);
    litter->n++;
  }
}

/* Removing while reading may hide an entry: so until there was none to remove. */
static int
remove_new (const SrtLitter *litter, const SrtLitterDir *dir)
{
  int error = 0;
  bool found = true;

  while (found && error == 0) {
    DIR *stream = open_dir (dir->fd, ".");

    found = false;
    if (stream == NULL)
      return errno;
    for (struct dirent *entry; error == 0 && (entry = readdir (stream));) {
      if (is_dots (entry->d_name) || strcmp (entry->d_name, litter->own) == 0 || is_known (dir, entry->d_name))
        continue;
      error = srt_remove_tree (dir->fd, entry->d_name);
      found = true;
    }
    closedir (stream);
  }
  return error;
}

/* Segments, semaphores and queues that outlive their makers. */
static bool
has_ipc (void)
{
  struct shm_info segments = { 0 };
  struct seminfo semaphores = { 0 };
  struct msginfo queues = { 0 };

  shmctl (0, SHM_INFO, (struct shmid_ds *)&segments);
  semctl (0, 0, SEM_INFO, &semaphores);
  msgctl (0, MSG_INFO, (struct msqid_ds *)&queues);
  return segments.used_ids > 0 || semaphores.semusz > 0 || queues.msgpool > 0;
}

/* An address that was used is not free at once for the next one (TIME_WAIT). Of our network namespace; the list of all
 * connections would take the kernel milliseconds. */
static bool
has_connections (void)
{
  char text[1024];
  int fd = open ("/proc/self/net/sockstat", O_RDONLY | O_CLOEXEC);
  ssize_t n = fd >= 0 ? read (fd, text, sizeof text - 1) : 0;
  int in_use, orphans, waiting;
  const char *line;

  if (fd >= 0)
    close (fd);
  text[n > 0 ? n : 0] = '\0';
  line = strstr (text, "TCP: ");
  return line && sscanf (line, "TCP: inuse %d orphan %d tw %d", &in_use, &orphans, &waiting) == 3 &&
         in_use + waiting > 0;
}

int
srt_litter_clean_dirs (SrtLitter *litter)
{
  for (uint32_t i = 0; i < litter->n; i++) {
    SrtLitterDir *dir = &litter->dirs[i];
    int error = dir->crowded ? E2BIG : remove_new (litter, dir);

    if (error != 0)
      return error;
    if (print_of_dir (litter, dir) != dir->print)
      return EUCLEAN;
  }
  return 0;
}

int
srt_litter_clean (SrtLitter *litter)
{
  int error = srt_litter_clean_dirs (litter);

  if (error != 0 || litter->n == 0)
    return error;
  if (has_ipc ())
    return EEXIST;
  return has_connections () ? EADDRINUSE : 0;
}
