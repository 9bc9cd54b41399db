/* SPDX-License-Identifier: MIT */
#include "agent/copy.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 64

static int copy_folder (int from, int to, unsigned depth);

static void
keep_first (int *first, int error)
{
  if (*first == 0)
    *first = error;
}

static int
copy_bytes (int in, int out)
{
  char bytes[16384];
  ssize_t n;

  while ((n = read (in, bytes, sizeof bytes)) > 0)
    for (ssize_t done = 0, m; done < n; done += m)
      if ((m = write (out, bytes + done, (size_t)(n - done))) < 0)
        return errno;
  return n < 0 ? errno : 0;
}

static int
copy_file (int from, int to, const char *name, mode_t mode)
{
  int in = openat (from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  int error = in < 0 ? errno : 0;
  int out = in < 0 ? -1 : openat (to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (in >= 0 && out < 0)
    error = errno;
  if (error == 0)
    error = copy_bytes (in, out);
  if (out >= 0 && fchmod (out, mode & 0777) < 0)
    keep_first (&error, errno);
  if (in >= 0)
    close (in);
  if (out >= 0)
    close (out);
  return error;
}

static int
copy_link (int from, int to, const char *name)
{
  char target[PATH_MAX];
  ssize_t n = readlinkat (from, name, target, sizeof target - 1);

  if (n < 0)
    return errno;
  target[n] = '\0';
  return symlinkat (target, to, name) < 0 ? errno : 0;
}

/* A folder is made writable while it is filled. */
static int
copy_below (int from, int to, const char *name, mode_t mode, unsigned depth)
{
  int in, out, error;

  if (depth >= DEPTH_MAX)
    return ELOOP;
  if (mkdirat (to, name, 0700) < 0)
    return errno;
  in = openat (from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  error = in < 0 ? errno : 0;
  out = in < 0 ? -1 : openat (to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (in >= 0 && out < 0)
    error = errno;
  if (error == 0)
    error = copy_folder (in, out, depth + 1);
  if (out >= 0 && fchmod (out, mode & 0777) < 0)
    keep_first (&error, errno);
  if (in >= 0)
    close (in);
  if (out >= 0)
    close (out);
  return error;
}

static int
copy_one (int from, int to, const char *name, unsigned depth)
{
  struct stat st;

  if (fstatat (from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return errno;
  if (S_ISREG (st.st_mode))
    return copy_file (from, to, name, st.st_mode);
  if (S_ISLNK (st.st_mode))
    return copy_link (from, to, name);
  return S_ISDIR (st.st_mode) ? copy_below (from, to, name, st.st_mode, depth) : 0;
}

static int
copy_folder (int from, int to, unsigned depth)
{
  int fd = openat (from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  int error = dir ? 0 : errno;
  struct dirent *entry;

  while (dir && (entry = readdir (dir)))
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      keep_first (&error, copy_one (from, to, entry->d_name, depth));
  if (dir)
    closedir (dir);
  return error;
}

int
srt_copy_tree (int dir_fd, const char *name, const char *to)
{
  int in = openat (dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int error = in < 0 || mkdir (to, 0700) < 0 ? errno : 0;
  int out = error == 0 ? open (to, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;

  if (error == 0)
    error = out < 0 ? errno : copy_folder (in, out, 0);
  if (in >= 0)
    close (in);
  if (out >= 0)
    close (out);
  return error;
}
