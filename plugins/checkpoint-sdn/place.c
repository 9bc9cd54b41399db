/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "io.h"
#include "transfer.h"

enum { LOCK_TRIES = 16 };

/* So that nobody commits the folder. It is also how a later run knows that the folder is srt's own. */
static const char ignore_name[] = ".gitignore";
static const char ignore_text[] = "# srt made this folder, and removes it when nothing else is in it.\n*\n";

/* The folder part of PATH, without slashes at its end; "." or "/" where there is none. */
static char *
folder_of (const char *path)
{
  const char *slash = strrchr (path, '/');

  if (slash == NULL)
    return strdup (".");
  while (slash > path && slash[-1] == '/')
    slash--;
  return slash == path ? strdup ("/") : strndup (path, (size_t)(slash - path));
}

static const char *
last_part (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? slash + 1 : path;
}

static char *
join (const char *a, const char *b, const char *c)
{
  size_t size = strlen (a) + strlen (b) + strlen (c) + 1;
  char *text = malloc (size);

  if (text != NULL)
    snprintf (text, size, "%s%s%s", a, b, c);
  return text;
}

bool
srt_place_check (const char *path)
{
  const char *name = last_part (path);

  return name[0] != '\0' && strcmp (name, ".") != 0 && strcmp (name, "..") != 0;
}

srt_place *
srt_place_new (const char *path)
{
  srt_place *place = calloc (1, sizeof *place);
  const char *folder;

  if (place == NULL)
    return NULL;
  place->parent_fd = place->fd = -1;
  place->path = strdup (path);
  place->folder_path = folder_of (path);
  place->name = strdup (last_part (path));
  place->old_path = join (path, ".old", "");
  place->old_name = join (last_part (path), ".old", "");
  place->new_name = join (last_part (path), ".new", "");
  folder = place->folder_path != NULL ? last_part (place->folder_path) : "";
  if (folder[0] != '\0' && strcmp (folder, ".") != 0 && strcmp (folder, "..") != 0)
    place->parent_path = folder_of (place->folder_path);
  if (place->path == NULL || place->folder_path == NULL || place->name == NULL || place->old_path == NULL ||
      place->old_name == NULL || place->new_name == NULL) {
    srt_place_free (place);
    return NULL;
  }
  return place;
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    srt_io_close (*fd);
  *fd = -1;
}

void
srt_place_free (srt_place *place)
{
  if (place == NULL)
    return;
  close_fd (&place->fd);
  close_fd (&place->parent_fd);
  free (place->path);
  free (place->folder_path);
  free (place->parent_path);
  free (place->old_path);
  free (place->name);
  free (place->old_name);
  free (place->new_name);
  free (place);
}

/* It is a kindness: where it fails, the run does not. */
static void
write_ignore (srt_place *place)
{
  int fd = srt_io_openat (place->fd, ignore_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  size_t done;

  if (fd < 0)
    return;
  if (srt_transfer_write (fd, ignore_text, sizeof ignore_text - 1, 0, &done) != 0)
    srt_io_unlinkat (place->fd, ignore_name, 0);
  srt_io_close (fd);
}

static int
open_folder (int at, const char *name)
{
  return SRT_IO_RETRY (srt_io_openat (at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
}

/* Open the folder below its parent; true when it is open, else errno says why not. */
static bool
open_or_make (srt_place *place, bool make)
{
  int at = place->parent_fd >= 0 ? place->parent_fd : AT_FDCWD;
  const char *name = place->parent_fd >= 0 ? last_part (place->folder_path) : place->folder_path;

  place->fd = open_folder (at, name);
  if (place->fd >= 0 || errno != ENOENT || !make || place->parent_fd < 0)
    return place->fd >= 0;
  place->made = SRT_IO_RETRY (srt_io_mkdirat (at, name, 0755)) == 0;
  if (!place->made && errno != EEXIST)
    return false;
  place->fd = open_folder (at, name);
  if (place->fd >= 0 && place->made)
    write_ignore (place);
  return place->fd >= 0;
}

static int32_t
check_folder (srt_place *place, srt_fault *fault)
{
  struct stat status;

  if (SRT_IO_RETRY (srt_io_fstat (place->fd, &status)) < 0)
    return srt_fault_errno (fault, errno, "look at", place->folder_path);
  place->owner = status.st_uid;
  if (geteuid () != 0 && status.st_uid != geteuid () && status.st_uid != 0)
    return srt_fault_set (fault, SRT_E_DENIED,
                          "the folder %s belongs to another user (%u), who could change what is in it",
                          place->folder_path, (unsigned)status.st_uid);
  return SRT_OK;
}

int32_t
srt_place_enter (srt_place *place, bool make, srt_fault *fault)
{
  /* The parent may be reached through links, as any path of the user's may. */
  if (place->parent_path != NULL && place->parent_fd < 0) {
    place->parent_fd =
        SRT_IO_RETRY (srt_io_openat (AT_FDCWD, place->parent_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0));
    if (place->parent_fd < 0 && errno == ENOENT && make)
      return srt_fault_set (fault, SRT_E_INVALID, "there is no folder %s in which %s could be made", place->parent_path,
                            place->folder_path);
    if (place->parent_fd < 0)
      return srt_fault_errno (fault, errno, "open", place->parent_path);
  }
  if (!open_or_make (place, make)) {
    if (errno == ENOTDIR || errno == ELOOP)
      return srt_fault_set (fault, SRT_E_DENIED, "%s is a symbolic link or no folder; name a real folder instead",
                            place->folder_path);
    return srt_fault_errno (fault, errno, make ? "open or make" : "open", place->folder_path);
  }
  return check_folder (place, fault);
}

int32_t
srt_place_enter_again (srt_place *place, srt_fault *fault)
{
  close_fd (&place->fd);
  return srt_place_enter (place, true, fault);
}

static int32_t
open_fault (srt_place *place, const char *name, int error, srt_fault *fault)
{
  if (error == EEXIST)
    return srt_fault_set (fault, SRT_E_BUSY, "%s/%s is there already", place->folder_path, name);
  if (error == ELOOP)
    return srt_fault_set (fault, SRT_E_DENIED, "%s/%s is a symbolic link, which is not followed", place->folder_path,
                          name);
  if (error == ENOENT)
    return srt_fault_set (fault, SRT_E_NOT_FOUND, "there is no %s/%s", place->folder_path, name);
  return srt_fault_set (fault, srt_fault_status (error), "cannot open %s/%s: %s", place->folder_path, name,
                        strerror (error));
}

static int32_t
check_file (srt_place *place, const char *name, int fd, bool writes, srt_fault *fault)
{
  struct stat status;

  if (SRT_IO_RETRY (srt_io_fstat (fd, &status)) < 0)
    return srt_fault_errno (fault, errno, "look at", name);
  if (!S_ISREG (status.st_mode))
    return srt_fault_set (fault, SRT_E_DENIED, "%s/%s is no regular file", place->folder_path, name);
  if (writes && status.st_uid != geteuid () && (geteuid () != 0 || status.st_uid != place->owner))
    return srt_fault_set (fault, SRT_E_DENIED, "%s/%s belongs to another user (%u)", place->folder_path, name,
                          (unsigned)status.st_uid);
  return SRT_OK;
}

int32_t
srt_place_open_file (srt_place *place, const char *name, int flags, int *ret_fd, srt_fault *fault)
{
  int32_t status;
  int fd;

  /* O_NONBLOCK: a FIFO of that name must not hold us. */
  fd = SRT_IO_RETRY (srt_io_openat (place->fd, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644));
  if (fd < 0)
    return open_fault (place, name, errno, fault);
  status = check_file (place, name, fd, (flags & O_ACCMODE) != O_RDONLY, fault);
  if (status != SRT_OK) {
    srt_io_close (fd);
    return status;
  }
  *ret_fd = fd;
  return SRT_OK;
}

int
srt_place_leads_to (srt_place *place, const char *name, int fd)
{
  struct stat opened, named;

  if (SRT_IO_RETRY (srt_io_fstatat (place->fd, name, &named)) < 0 || SRT_IO_RETRY (srt_io_fstat (fd, &opened)) < 0)
    return -1;
  return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* Take the lock, without waiting. */
static int32_t
lock_fd (srt_place *place, const char *name, int fd, srt_fault *fault)
{
  if (SRT_IO_RETRY (srt_io_flock (fd, LOCK_EX | LOCK_NB)) == 0)
    return SRT_OK;
  if (errno == EWOULDBLOCK)
    return srt_fault_set (fault, SRT_E_BUSY, "%s/%s is in use by another run", place->folder_path, name);
  if (errno == ENOLCK || errno == ENOTSUP || errno == ENOSYS) {
    place->lockless = true;
    return SRT_OK;
  }
  return srt_fault_set (fault, SRT_E_FAILED, "cannot lock %s/%s: %s", place->folder_path, name, strerror (errno));
}

int32_t
srt_place_lock_file (srt_place *place, const char *name, int flags, int *ret_fd, srt_fault *fault)
{
  for (int i = 0; i < LOCK_TRIES; i++) {
    int fd, leads;
    int32_t status = srt_place_open_file (place, name, flags, &fd, fault);
    if (status != SRT_OK)
      return status;
    status = lock_fd (place, name, fd, fault);
    leads = status == SRT_OK ? srt_place_leads_to (place, name, fd) : 0;
    if (leads == 1) {
      *ret_fd = fd;
      return SRT_OK;
    }
    if (leads < 0 && errno != ENOENT)
      status = srt_fault_errno (fault, errno, "look at", name);
    srt_io_close (fd);
    if (status != SRT_OK)
      return status;
  }
  return srt_fault_set (fault, SRT_E_BUSY, "%s/%s is replaced again and again", place->folder_path, name);
}

int32_t
srt_place_create_new (srt_place *place, int *ret_fd, srt_fault *fault)
{
  srt_io_unlinkat (place->fd, place->new_name, 0);
  return srt_place_lock_file (place, place->new_name, O_RDWR | O_CREAT | O_EXCL, ret_fd, fault);
}

/* A file system that cannot sync a folder keeps its entries in its own way. */
static int
sync_folder (int fd)
{
  return SRT_IO_RETRY (srt_io_fsync (fd)) < 0 && errno != EINVAL ? errno : 0;
}

int
srt_place_sync (srt_place *place)
{
  int error = sync_folder (place->fd);

  return error == 0 && place->made ? sync_folder (place->parent_fd) : error;
}

static bool
is_left_alone (srt_place *place)
{
  bool alone = true;
  int fd = open_folder (place->fd, ".");
  DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;

  if (folder == NULL) {
    close_fd (&fd);
    return false;
  }
  for (struct dirent *entry = readdir (folder); entry != NULL && alone; entry = readdir (folder))
    alone = strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0 ||
            strcmp (entry->d_name, ignore_name) == 0;
  closedir (folder);
  return alone;
}

/* Did srt make the folder, in this run or an earlier one? */
static bool
is_ours (srt_place *place)
{
  srt_buffer text = { 0 };
  srt_fault ignored;
  bool ours;
  int fd;

  if (srt_place_open_file (place, ignore_name, O_RDONLY, &fd, &ignored) != SRT_OK)
    return false;
  ours = srt_transfer_read (fd, UINT64_MAX, &text) == 0 && text.length == sizeof ignore_text - 1 &&
         memcmp (text.data, ignore_text, text.length) == 0;
  srt_io_close (fd);
  srt_buffer_clear (&text);
  return ours;
}

void
srt_place_remove_folder (srt_place *place)
{
  if (place->parent_fd < 0 || !is_ours (place) || !is_left_alone (place))
    return;
  srt_io_unlinkat (place->fd, ignore_name, 0);
  if (SRT_IO_RETRY (srt_io_unlinkat (place->parent_fd, last_part (place->folder_path), AT_REMOVEDIR)) < 0)
    write_ignore (place); /* somebody has put something there just now */
}
