/* SPDX-License-Identifier: MIT */
#include "io-fault.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "io.h"

/* What is known of one file or folder, by its inode. */
typedef struct {
  guint64 durable; /* bytes */
  gboolean failed; /* a sync of it has failed: a later one means nothing */
  gboolean dirty;  /* a folder whose entries changed since it was synced */
} Inode;

/* Calls come from two threads and take no context, so the disk's state is the one thing here that must be global. */
static struct {
  pthread_mutex_t lock; /* of libc, as a thread sanitizer understands it */
  pthread_cond_t changed;
  GHashTable *inodes; /* guint64 → Inode */
  guint calls, at, syncs, retries;
  guint open_files;
  int error;
  FaultSpan span;
  gboolean shorten, hold, held;
  const char *only, *struck;
} disk = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static void
arm (const char *only, guint at, int error_number, FaultSpan span, gboolean shorten)
{
  pthread_mutex_lock (&disk.lock);
  disk.calls = disk.syncs = 0;
  disk.at = at;
  disk.error = error_number;
  disk.span = span;
  disk.shorten = shorten;
  disk.only = only;
  disk.struck = NULL;
  pthread_mutex_unlock (&disk.lock);
}

void
fault_arm (guint at, int error_number, FaultSpan span)
{
  arm (NULL, at, error_number, span, FALSE);
}

void
fault_arm_function (const char *name, guint at, int error_number, FaultSpan span)
{
  arm (name, at, error_number, span, FALSE);
}

void
fault_arm_short (guint at, int error_number)
{
  arm ("pwrite", at, error_number, FAULT_ONCE, TRUE);
}

/* Shall this call fail? */
static gboolean
strikes (const char *name)
{
  gboolean now;

  if (disk.only != NULL && strcmp (disk.only, name) != 0)
    return FALSE;
  disk.calls++;
  now = disk.at > 0 && disk.calls == disk.at;
  if (now)
    disk.struck = name;
  if (!now && disk.span == FAULT_FROM_THEN_ON)
    now = disk.struck != NULL && strcmp (disk.struck, name) == 0;
  return now;
}

static gboolean
fails (const char *name)
{
  gboolean now;

  pthread_mutex_lock (&disk.lock);
  now = strikes (name) && !disk.shorten;
  pthread_mutex_unlock (&disk.lock);
  if (now)
    errno = disk.error;
  return now;
}

static guint
get (const guint *value)
{
  pthread_mutex_lock (&disk.lock);
  guint copy = *value;
  pthread_mutex_unlock (&disk.lock);
  return copy;
}

guint
fault_calls (void)
{
  return get (&disk.calls);
}

guint
fault_retries (void)
{
  return get (&disk.retries);
}

guint
fault_open_files (void)
{
  return get (&disk.open_files);
}

const char *
fault_function (void)
{
  return disk.struck;
}

/* With the lock held. */
static Inode *
inode_of (const struct stat *status)
{
  guint64 key = status->st_ino;
  Inode *inode;

  if (disk.inodes == NULL)
    disk.inodes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  inode = g_hash_table_lookup (disk.inodes, &key);
  if (inode == NULL) {
    inode = g_new0 (Inode, 1);
    g_hash_table_insert (disk.inodes, g_memdup2 (&key, sizeof key), inode);
  }
  return inode;
}

static void
mark_dirty (int folder)
{
  struct stat status;

  if (folder == AT_FDCWD || fstat (folder, &status) < 0)
    return;
  pthread_mutex_lock (&disk.lock);
  inode_of (&status)->dirty = TRUE;
  pthread_mutex_unlock (&disk.lock);
}

/* A new file has no past, even if its number has one. */
static void
forget_past (int fd)
{
  struct stat status;

  fstat (fd, &status);
  pthread_mutex_lock (&disk.lock);
  *inode_of (&status) = (Inode){ 0 };
  pthread_mutex_unlock (&disk.lock);
}

static int
sync_inode (const char *name, int fd)
{
  struct stat status;
  gboolean failed = fails (name);
  int error = errno;

  fstat (fd, &status);
  pthread_mutex_lock (&disk.lock);
  Inode *inode = inode_of (&status);
  if (S_ISREG (status.st_mode))
    disk.retries += inode->failed;
  if (failed && error != EINTR)
    inode->failed = TRUE;
  if (!failed && !inode->failed)
    inode->durable = (guint64)status.st_size;
  if (!failed)
    inode->dirty = FALSE;
  disk.syncs += S_ISREG (status.st_mode) ? 1 : 0;
  pthread_cond_broadcast (&disk.changed);
  pthread_mutex_unlock (&disk.lock);
  errno = error;
  return failed ? -1 : 0;
}

gboolean
fault_is_durable (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  struct stat file, of_file, of_folder;

  if (stat (path, &file) < 0 || stat (parent, &of_file) < 0 || stat (folder, &of_folder) < 0)
    return FALSE;
  pthread_mutex_lock (&disk.lock);
  gboolean durable = inode_of (&file)->durable == (guint64)file.st_size && !inode_of (&file)->failed &&
                     !inode_of (&of_file)->dirty && !inode_of (&of_folder)->dirty;
  pthread_mutex_unlock (&disk.lock);
  return durable;
}

void
fault_hold_sync (void)
{
  pthread_mutex_lock (&disk.lock);
  disk.hold = TRUE;
  disk.held = FALSE;
  pthread_mutex_unlock (&disk.lock);
}

void
fault_wait_held (void)
{
  pthread_mutex_lock (&disk.lock);
  while (!disk.held)
    pthread_cond_wait (&disk.changed, &disk.lock);
  pthread_mutex_unlock (&disk.lock);
}

void
fault_release (void)
{
  pthread_mutex_lock (&disk.lock);
  disk.hold = FALSE;
  pthread_cond_broadcast (&disk.changed);
  pthread_mutex_unlock (&disk.lock);
}

void
fault_wait_syncs (guint n)
{
  pthread_mutex_lock (&disk.lock);
  while (disk.syncs < n)
    pthread_cond_wait (&disk.changed, &disk.lock);
  pthread_mutex_unlock (&disk.lock);
}

void
fault_wait_all_closed (void)
{
  pthread_mutex_lock (&disk.lock);
  while (disk.open_files > 0)
    pthread_cond_wait (&disk.changed, &disk.lock);
  pthread_mutex_unlock (&disk.lock);
}

/* ---- io.h ---- */

int
srt_io_openat (int folder, const char *name, int flags, mode_t mode)
{
  int fd = fails ("openat") ? -1 : openat (folder, name, flags, mode);

  if (fd < 0)
    return fd;
  if (flags & O_CREAT && flags & O_EXCL) {
    mark_dirty (folder);
    forget_past (fd);
  }
  pthread_mutex_lock (&disk.lock);
  disk.open_files += strcmp (name, ".") != 0; /* that one is given to a DIR, which closes it */
  pthread_mutex_unlock (&disk.lock);
  return fd;
}

int
srt_io_close (int fd)
{
  int result = close (fd);

  pthread_mutex_lock (&disk.lock);
  disk.open_files--;
  pthread_cond_broadcast (&disk.changed);
  pthread_mutex_unlock (&disk.lock);
  return result;
}

int
srt_io_mkdirat (int folder, const char *name, mode_t mode)
{
  mark_dirty (folder);
  return fails ("mkdirat") ? -1 : mkdirat (folder, name, mode);
}

int
srt_io_unlinkat (int folder, const char *name, int flags)
{
  return fails ("unlinkat") ? -1 : unlinkat (folder, name, flags);
}

int
srt_io_renameat (int folder, const char *from, const char *to)
{
  mark_dirty (folder);
  return fails ("renameat") ? -1 : renameat (folder, from, folder, to);
}

int
srt_io_fstat (int fd, struct stat *ret_stat)
{
  return fails ("fstat") ? -1 : fstat (fd, ret_stat);
}

int
srt_io_fstatat (int folder, const char *name, struct stat *ret_stat)
{
  return fails ("fstatat") ? -1 : fstatat (folder, name, ret_stat, AT_SYMLINK_NOFOLLOW);
}

int
srt_io_flock (int fd, int operation)
{
  return fails ("flock") ? -1 : flock (fd, operation);
}

ssize_t
srt_io_pread (int fd, void *buffer, size_t length, off_t offset)
{
  return fails ("pread") ? -1 : pread (fd, buffer, length, offset);
}

ssize_t
srt_io_pwrite (int fd, const void *bytes, size_t length, off_t offset)
{
  gboolean struck, shorten, fail;

  pthread_mutex_lock (&disk.lock);
  struck = strikes ("pwrite");
  shorten = struck && disk.shorten;
  fail = disk.shorten ? disk.error != 0 && disk.calls == disk.at + 1 : struck;
  pthread_mutex_unlock (&disk.lock);
  if (fail && !disk.shorten && disk.error == ENOSPC) /* a piece of a row that nobody is told of */
    fail = pwrite (fd, bytes, MIN (length / 2, 50), offset) >= 0;
  if (fail)
    errno = disk.error;
  return fail ? -1 : pwrite (fd, bytes, shorten ? (length + 1) / 2 : length, offset);
}

int
srt_io_ftruncate (int fd, off_t length)
{
  return fails ("ftruncate") ? -1 : ftruncate (fd, length);
}

int
srt_io_fdatasync (int fd)
{
  pthread_mutex_lock (&disk.lock);
  if (disk.hold) {
    disk.held = TRUE;
    pthread_cond_broadcast (&disk.changed);
    while (disk.hold)
      pthread_cond_wait (&disk.changed, &disk.lock);
  }
  pthread_mutex_unlock (&disk.lock);
  return sync_inode ("fdatasync", fd);
}

int
srt_io_fsync (int fd)
{
  return sync_inode ("fsync", fd);
}
