/* SPDX-License-Identifier: MIT
 * There is no recursion: a folder found inside is moved up into the top one under a new name, to be emptied in its
 * turn. So two folders are open at any time, however deep it goes. */
#include "agent/remove.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  int top_fd;
  unsigned next;      /* number of the next folder that is moved up */
  unsigned long done; /* entries that were removed or moved */
  int error;          /* the first */
} Removal;

static void
note (Removal *removal, int error)
{
  if (removal->error == 0)
    removal->error = error;
}

/* Open the folder NAME, if need be after making it ours to read. */
static int
open_dir (int dirfd, const char *name)
{
  const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  int fd = openat (dirfd, name, flags);
  struct stat st;

  if (fd >= 0 && fstat (fd, &st) == 0 && (st.st_mode & 0700) != 0700)
    fchmod (fd, 0700);
  if (fd < 0 && errno == EACCES && fstatat (dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (st.st_mode) &&
      fchmodat (dirfd, name, 0700, 0) == 0)
    fd = openat (dirfd, name, flags);
  return fd;
}

/* A folder can only leave its parent when it may be written itself (its ".." changes). */
static void
move_up (Removal *removal, int fd, const char *name)
{
  char fresh[32];
  int child = open_dir (fd, name);
  bool moved;

  if (child >= 0)
    close (child);
  moved = unlinkat (fd, name, AT_REMOVEDIR) == 0;
  while (!moved) {
    snprintf (fresh, sizeof fresh, ".srt-%u", removal->next++);
    moved = renameat (fd, name, removal->top_fd, fresh) == 0;
    if (!moved && errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR)
      break;
  }
  if (moved)
    removal->done++;
  else
    note (removal, errno);
}

/* True when NAME is a folder and still there. */
static bool
remove_file (Removal *removal, int fd, const char *name)
{
  if (unlinkat (fd, name, 0) == 0) {
    removal->done++;
    return false;
  }
  if (errno == EISDIR)
    return true;
  if (errno == EPERM) { /* a folder, for other kernels; or a file that cannot be removed */
    struct stat st;

    if (fstatat (fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (st.st_mode))
      return true;
    errno = EPERM;
  }
  note (removal, errno);
  return false;
}

static bool
is_dot (const char *name)
{
  return strcmp (name, ".") == 0 || strcmp (name, "..") == 0;
}

/* Remove what is in NAME, a folder in the top one: files for good, folders by moving them up; then itself. */
static void
empty_folder (Removal *removal, const char *name)
{
  int fd = open_dir (removal->top_fd, name);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;

  if (dir == NULL) {
    note (removal, errno);
    if (fd >= 0)
      close (fd);
    return;
  }
  while ((entry = readdir (dir)))
    if (!is_dot (entry->d_name) && remove_file (removal, fd, entry->d_name))
      move_up (removal, fd, entry->d_name);
  closedir (dir);
  if (unlinkat (removal->top_fd, name, AT_REMOVEDIR) == 0)
    removal->done++;
  else
    note (removal, errno);
}

static void
empty_top (Removal *removal, DIR *top)
{
  struct dirent *entry;

  rewinddir (top);
  while ((entry = readdir (top)))
    if (!is_dot (entry->d_name) && remove_file (removal, removal->top_fd, entry->d_name))
      empty_folder (removal, entry->d_name);
}

int
srt_remove_tree (int dirfd, const char *name)
{
  Removal removal = { .top_fd = -1 };
  unsigned long before;
  DIR *top;

  if (unlinkat (dirfd, name, 0) == 0 || errno == ENOENT)
    return 0;
  removal.top_fd = open_dir (dirfd, name);
  top = removal.top_fd >= 0 ? fdopendir (removal.top_fd) : NULL;
  if (top == NULL) {
    int error = errno;

    if (removal.top_fd >= 0)
      close (removal.top_fd);
    return error;
  }
  do {
    before = removal.done;
    empty_top (&removal, top);
  } while (removal.done > before);
  closedir (top);
  if (unlinkat (dirfd, name, AT_REMOVEDIR) == 0)
    return 0;
  return removal.error != 0 ? removal.error : errno;
}
