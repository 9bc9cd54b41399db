/* SPDX-License-Identifier: MIT */
#include "loading/file.h"
#include "base/error.h"
#include "base/fs.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int Fd;

static void
fd_clear (Fd *fd)
{
  if (*fd >= 0)
    close (*fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fd, fd_clear)

static gboolean
refuse_errno (const char *path, GError **error)
{
  g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: %s", path, g_strerror (errno));
  return FALSE;
}

/* Whoever may write to the folder may put another file in place between this look and the loading. */
static gboolean
check_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_auto (Fd) fd = open (folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0)
    return refuse_errno (folder, error);
  return srt_fs_check_trusted (fd, folder, error);
}

#ifdef __ELF__
/* dlopen would say "invalid ELF header"; the first bytes tell more. */
static gboolean
check_is_object (int fd, const char *path, GError **error)
{
  char head[4] = { 0 };
  gssize got = pread (fd, head, sizeof head, 0);
  if (got < 0)
    return refuse_errno (path, error);
  if (got == (gssize)sizeof head && memcmp (head, "\177ELF", sizeof head) == 0)
    return TRUE;
  g_autofree char *raw = g_strndup (head, (gsize)got);
  g_autofree char *start = g_strescape (raw, NULL);
  if (got == 0)
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: is not a shared object (it is empty)", path);
  else
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: is not a shared object (starts with '%s')", path, start);
  return FALSE;
}
#else
static gboolean
check_is_object (int fd, const char *path, GError **error)
{
  return TRUE;
}
#endif

static gboolean
check_file (int fd, const char *path, struct stat *ret_info, GError **error)
{
  if (fstat (fd, ret_info) != 0)
    return refuse_errno (path, error);
  if (!S_ISREG (ret_info->st_mode)) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: is not a regular file", path);
    return FALSE;
  }
  return srt_fs_check_trusted (fd, path, error) && check_is_object (fd, path, error);
}

SrtPluginFile *
srt_plugin_file_check (const char *file, GError **error)
{
  if (!g_path_is_absolute (file)) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: the path of a plugin must be absolute", file);
    return NULL;
  }
  char *resolved = realpath (file, NULL); /* by malloc, which is g_malloc's too */
  if (resolved == NULL) {
    refuse_errno (file, error);
    return NULL;
  }
  g_autoptr (SrtPluginFile) found = g_new0 (SrtPluginFile, 1);
  found->path = resolved;
  if (!check_folder (resolved, error))
    return NULL;
  /* Not to wait for the writer of a FIFO. */
  g_auto (Fd) fd = open (resolved, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat info;
  if (fd < 0)
    refuse_errno (resolved, error);
  if (fd < 0 || !check_file (fd, resolved, &info, error))
    return NULL;
  found->device = info.st_dev;
  found->inode = info.st_ino;
  return g_steal_pointer (&found);
}

void
srt_plugin_file_free (SrtPluginFile *file)
{
  g_free (file->path);
  g_free (file);
}
