/* SPDX-License-Identifier: MIT */
#include "agent/tmpdir.h"
#include "agent/copy.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "agent/remove.h"

#define READY_SECONDS 1000000000 /* the modification time of a folder that nobody has touched */
#define LEDGER        "ledger"   /* of the run, in its folder */

static bool
same_time (struct timespec a, struct timespec b)
{
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool
is_same_folder (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_mode == b->st_mode && a->st_uid == b->st_uid;
}

/* Put our mark on the empty folder and remember how it looks. */
static int
mark (SrtTmpdir *tmpdir)
{
  const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = READY_SECONDS } };

  if (utimensat (tmpdir->run_fd, tmpdir->name, times, AT_SYMLINK_NOFOLLOW) < 0 ||
      fstatat (tmpdir->run_fd, tmpdir->name, &tmpdir->mark, AT_SYMLINK_NOFOLLOW) < 0)
    return errno;
  tmpdir->dirty = false;
  return 0;
}

static int
make (SrtTmpdir *tmpdir)
{
  if (mkdirat (tmpdir->run_fd, tmpdir->name, 0700) < 0)
    return errno;
  return mark (tmpdir);
}

int
srt_tmpdir_open (SrtTmpdir *tmpdir, const char *run_dir, uint32_t slot)
{
  int error;

  snprintf (tmpdir->name, sizeof tmpdir->name, "tmp-%u", slot);
  if ((size_t)snprintf (tmpdir->path, sizeof tmpdir->path, "%s/%s", run_dir, tmpdir->name) >= sizeof tmpdir->path)
    return ENAMETOOLONG;
  tmpdir->run_fd = open (run_dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (tmpdir->run_fd < 0)
    return errno;
  error = srt_remove_tree (tmpdir->run_fd, tmpdir->name); /* of an agent that died in this slot */
  return error != 0 ? error : make (tmpdir);
}

bool
srt_tmpdir_check (SrtTmpdir *tmpdir)
{
  struct stat now;

  if (fstatat (tmpdir->run_fd, tmpdir->name, &now, AT_SYMLINK_NOFOLLOW) < 0) {
    tmpdir->dirty = make (tmpdir) != 0; /* the test removed it, which is no litter */
    return false;
  }
  if (is_same_folder (&now, &tmpdir->mark) && same_time (now.st_mtim, tmpdir->mark.st_mtim) &&
      same_time (now.st_ctim, tmpdir->mark.st_ctim))
    return false;
  if (unlinkat (tmpdir->run_fd, tmpdir->name, AT_REMOVEDIR) == 0) { /* touched, but empty again */
    tmpdir->dirty = make (tmpdir) != 0;
    return false;
  }
  tmpdir->dirty = true;
  return true;
}

/* What cannot be removed goes out of the way, so that the slot stays usable; the runner finds it in its run's folder.
 */
static void
move_aside (SrtTmpdir *tmpdir)
{
  char name[64];

  snprintf (name, sizeof name, "litter-%s-%u", tmpdir->name, ++tmpdir->aside);
  renameat (tmpdir->run_fd, tmpdir->name, tmpdir->run_fd, name);
}

int
srt_tmpdir_settle (SrtTmpdir *tmpdir, const char *keep_dir, bool *ret_ready)
{
  bool moved = false;
  int error = 0;

  if (keep_dir != NULL) {
    struct stat st;

    if (fstatat (AT_FDCWD, keep_dir, &st, AT_SYMLINK_NOFOLLOW) == 0)
      error = EEXIST;
    else if (renameat (tmpdir->run_fd, tmpdir->name, AT_FDCWD, keep_dir) < 0)
      error = errno;
    moved = error == 0;
    if (error == EXDEV)
      error = srt_copy_tree (tmpdir->run_fd, tmpdir->name, keep_dir);
  }
  if (!moved) {
    int removed = srt_remove_tree (tmpdir->run_fd, tmpdir->name);

    if (removed != 0)
      move_aside (tmpdir);
    error = error != 0 ? error : removed;
  }
  *ret_ready = make (tmpdir) == 0;
  tmpdir->dirty = !*ret_ready;
  return error;
}

static bool
is_empty_but (int dir_fd, const char *name)
{
  int fd = openat (dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  bool empty = dir != NULL;
  struct dirent *entry;

  while (empty && (entry = readdir (dir)))
    empty = strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0 || strcmp (entry->d_name, name) == 0;
  if (dir)
    closedir (dir);
  return empty;
}

/* What executor-process has noted there is gone with the last agent. What another executor of the run has, a container,
 * is for the next srt to find. */
static bool
is_ledger_done (int dir_fd)
{
  static const char owner[] = "executor process\t";
  int fd = openat (dir_fd, LEDGER, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  FILE *file = fd >= 0 ? fdopen (fd, "r") : NULL;
  char line[2048]; /* longer than any; of one that is not, the rest would not begin like this */
  bool done = file != NULL;

  while (done && fgets (line, sizeof line, file))
    done = strncmp (line, owner, sizeof owner - 1) == 0;
  if (file)
    fclose (file);
  return done;
}

void
srt_tmpdir_close (SrtTmpdir *tmpdir, bool last)
{
  srt_remove_tree (tmpdir->run_fd, tmpdir->name);
  if (last) {
    char run_dir[PATH_MAX];

    snprintf (run_dir, sizeof run_dir, "%.*s", (int)(strrchr (tmpdir->path, '/') - tmpdir->path), tmpdir->path);
    if (is_empty_but (tmpdir->run_fd, LEDGER) && is_ledger_done (tmpdir->run_fd))
      unlinkat (tmpdir->run_fd, LEDGER, 0);
    rmdir (run_dir);
  }
  close (tmpdir->run_fd);
}
