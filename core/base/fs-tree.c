/* SPDX-License-Identifier: MIT
 * Removing a tree that may be hostile: any depth with three descriptors, unreadable folders, links and folders swapped
 * underneath. The way down is by openat with O_NOFOLLOW, the way up by ".." that must be the folder we came from. */
#include "base/error.h"
#include "base/fs-private.h"
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A folder that gets new entries while it is removed is tried so often. */
#define TRIES_MAX 3u

/* A folder on the way from the top to where we are. */
typedef struct {
  char *name; /* in its parent */
  dev_t dev;
  ino_t ino;
  GPtrArray *folders; /* names of those below it that are still there */
  guint tries;        /* how often this folder was emptied */
} Level;

typedef struct {
  int top;           /* the caller's folder */
  int at;            /* the folder of the deepest level; -1 when there is none */
  GPtrArray *levels; /* of Level */
  guint removed;
  GError *error; /* the first one */
} Walk;

static void
level_free (gpointer data)
{
  Level *level = data;
  g_ptr_array_unref (level->folders);
  g_free (level->name);
  g_free (level);
}

/* Keep the first error: it is nearest to the cause. */
static void
note (Walk *walk, const char *verb, const char *name)
{
  if (!walk->error)
    srt_fs_fail (&walk->error, verb, name);
}

static Level *
deepest (const Walk *walk)
{
  return walk->levels->len ? walk->levels->pdata[walk->levels->len - 1] : NULL;
}

static int
open_folder (int dirfd, const char *name)
{
  return openat (dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
}

/* Open NAME, made readable if need be (by its entry, not through a link). */
static int
open_any_folder (int dirfd, const char *name)
{
  int fd = open_folder (dirfd, name);

  if (fd < 0 && errno == EACCES && fchmodat (dirfd, name, 0700, AT_SYMLINK_NOFOLLOW) == 0)
    fd = open_folder (dirfd, name);
  return fd;
}

/* Is the entry a folder? A link to one is not. */
static gboolean
is_folder (int dirfd, const struct dirent *entry)
{
  struct stat st;
#ifdef DT_UNKNOWN
  if (entry->d_type != DT_UNKNOWN)
    return entry->d_type == DT_DIR;
#endif
  return fstatat (dirfd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (st.st_mode);
}

static void
remove_entry (Walk *walk, int dirfd, const char *name, int flags)
{
  if (unlinkat (dirfd, name, flags) == 0)
    walk->removed++;
  else if (errno != ENOENT)
    note (walk, "remove", name);
}

/* Remove what is no folder in the deepest level, and list the folders. */
static void
empty_level (Walk *walk, Level *level)
{
  int copy = open_folder (walk->at, ".");
  DIR *dir = copy < 0 ? NULL : fdopendir (copy);

  level->tries++;
  if (!dir) {
    note (walk, "read the folder", level->name);
    if (copy >= 0)
      close (copy);
    return;
  }
  for (struct dirent *entry; (entry = readdir (dir));) {
    if (g_str_equal (entry->d_name, ".") || g_str_equal (entry->d_name, ".."))
      continue;
    if (is_folder (walk->at, entry))
      g_ptr_array_add (level->folders, g_strdup (entry->d_name));
    else
      remove_entry (walk, walk->at, entry->d_name, 0);
  }
  closedir (dir);
}

/* Make NAME in DIRFD, open as FD, the deepest level. */
static void
push_level (Walk *walk, int fd, const char *name, guint tries)
{
  struct stat st;

  if (fstat (fd, &st) < 0 || srt_fs_is_mount_point (fd)) {
    if (!walk->error)
      g_set_error (&walk->error, SRT_ERROR, SRT_ERROR_INTERNAL, "%s is a mount point and was left alone", name);
    close (fd);
    return;
  }
  if ((st.st_mode & 0700) != 0700)
    (void)!fchmod (fd, 0700); /* when this fails, removing the entries does and says so */
  Level *level = g_new0 (Level, 1);
  level->name = g_strdup (name);
  level->dev = st.st_dev;
  level->ino = st.st_ino;
  level->tries = tries;
  level->folders = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (walk->levels, level);
  if (walk->at >= 0)
    close (walk->at);
  walk->at = fd;
  empty_level (walk, level);
}

/* Down into NAME of DIRFD, which is the deepest level, or the caller's folder when there is none. */
static void
enter (Walk *walk, int dirfd, const char *name, guint tries)
{
  int fd = open_any_folder (dirfd, name);
  if (fd >= 0)
    push_level (walk, fd, name, tries);
  else if (errno == ENOTDIR || errno == ELOOP)
    remove_entry (walk, dirfd, name, 0); /* it has become something else */
  else if (errno != ENOENT)
    note (walk, "open the folder", name);
}

/* Up to the parent of the deepest level. FALSE: the folder was moved away under us, and so was the way back. */
static gboolean
ascend (Walk *walk, const Level *parent)
{
  struct stat st;
  int fd = parent ? open_folder (walk->at, "..") : -1;
  gboolean right = !parent || (fd >= 0 && fstat (fd, &st) == 0 && st.st_dev == parent->dev && st.st_ino == parent->ino);

  if (!right) {
    if (fd >= 0)
      close (fd);
    if (!walk->error)
      g_set_error (&walk->error, SRT_ERROR, SRT_ERROR_INTERNAL, "%s was moved while it was being removed",
                   parent->name);
    return FALSE;
  }
  close (walk->at);
  walk->at = fd;
  return TRUE;
}

/* The deepest level is done: leave it and remove it. */
static gboolean
leave (Walk *walk)
{
  guint n = walk->levels->len;
  Level *parent = n > 1 ? walk->levels->pdata[n - 2] : NULL;

  if (!ascend (walk, parent))
    return FALSE;
  Level *done = g_ptr_array_steal_index (walk->levels, n - 1);
  int dirfd = parent ? walk->at : walk->top;
  if (unlinkat (dirfd, done->name, AT_REMOVEDIR) == 0)
    walk->removed++;
  else if ((errno == ENOTEMPTY || errno == EEXIST) && !walk->error && done->tries < TRIES_MAX)
    enter (walk, dirfd, done->name, done->tries);
  else if (errno != ENOENT)
    note (walk, "remove the folder", done->name);
  level_free (done);
  return TRUE;
}

static void
walk_tree (Walk *walk, const char *name)
{
  struct stat st;

  if (fstatat (walk->top, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
    if (errno != ENOENT)
      note (walk, "look at", name);
    return;
  }
  if (!S_ISDIR (st.st_mode)) {
    remove_entry (walk, walk->top, name, 0);
    return;
  }
  enter (walk, walk->top, name, 0);
  for (Level *level; (level = deepest (walk));) {
    if (level->folders->len > 0) {
      g_autofree char *next = g_ptr_array_steal_index (level->folders, level->folders->len - 1);
      enter (walk, walk->at, next, 0);
    } else if (!leave (walk)) {
      return;
    }
  }
}

/* "", "/", ".", ".." and "x/" are refused: they name something else than an entry, or follow a link. */
static gboolean
names_an_entry (const char *name)
{
  const char *slash = strrchr (name, '/');
  const char *last = slash ? slash + 1 : name;
  return *last && !g_str_equal (last, ".") && !g_str_equal (last, "..");
}

gboolean
srt_fs_remove_tree (int dirfd, const char *name, guint *ret_removed, GError **error)
{
  Walk walk = { .top = dirfd, .at = -1 };

  if (!names_an_entry (name)) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "\"%s\" does not name an entry that can be removed", name);
    return FALSE;
  }
  walk.levels = g_ptr_array_new_with_free_func (level_free);
  walk_tree (&walk, name);
  if (walk.at >= 0)
    close (walk.at);
  g_ptr_array_unref (walk.levels);
  if (walk.error) {
    g_propagate_error (error, walk.error);
    return FALSE;
  }
  if (ret_removed)
    *ret_removed = walk.removed;
  return TRUE;
}
