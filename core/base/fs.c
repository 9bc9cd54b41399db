/* SPDX-License-Identifier: MIT */
#include "base/fs.h"
#include "base/error.h"
#include "base/fs-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

gboolean
srt_fs_fail (GError **error, const char *verb, const char *path)
{
  int code = errno;
  g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "cannot %s %s: %s", verb, path, g_strerror (code));
  return FALSE;
}

gboolean
srt_fs_check_trusted (int fd, const char *path, GError **error)
{
  struct stat st;

  if (fstat (fd, &st) < 0)
    return srt_fs_fail (error, "look at", path);
  if (st.st_uid != 0 && st.st_uid != geteuid ()) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE,
                 "%s belongs to user %u; it is trusted only when it belongs to root or to you (user %u)", path,
                 (guint)st.st_uid, (guint)geteuid ());
    return FALSE;
  }
  if (st.st_mode & (S_IWGRP | S_IWOTH)) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE,
                 "%s can be written to by its group or by others (mode %04o); `chmod go-w` makes it trusted", path,
                 (guint)(st.st_mode & 07777));
    return FALSE;
  }
  return TRUE;
}

/* FD is a folder; is it ours alone? */
static gboolean
check_private (int fd, const char *path, GError **error)
{
  struct stat st;

  if (fstat (fd, &st) < 0)
    return srt_fs_fail (error, "look at", path);
  if (st.st_uid != geteuid ()) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "%s belongs to user %u, not to you (user %u)", path,
                 (guint)st.st_uid, (guint)geteuid ());
    return FALSE;
  }
  if (st.st_mode & (S_IWGRP | S_IWOTH)) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL,
                 "%s can be written to by its group or by others (mode %04o); it must be private", path,
                 (guint)(st.st_mode & 07777));
    return FALSE;
  }
  return TRUE;
}

int
srt_fs_open_private_dir (const char *path, GError **error)
{
  if (mkdir (path, 0700) < 0 && errno != EEXIST) {
    srt_fs_fail (error, "make the folder", path);
    return -1;
  }
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && (errno == ELOOP || errno == ENOTDIR)) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "%s is a link or a file; it must be a folder", path);
    return -1;
  }
  if (fd < 0) {
    srt_fs_fail (error, "open the folder", path);
    return -1;
  }
  if (!check_private (fd, path, error)) {
    close (fd);
    return -1;
  }
  return fd;
}

/* $XDG_RUNTIME_DIR when it is a folder that nobody else can write to. */
static const char *
trusted_runtime_dir (void)
{
  const char *dir = g_getenv ("XDG_RUNTIME_DIR");
  if (!dir || !g_path_is_absolute (dir))
    return NULL;
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ours = fd >= 0 && check_private (fd, dir, NULL);
  if (fd >= 0)
    close (fd);
  return ours ? dir : NULL;
}

char *
srt_fs_state_dir (const char *base, GError **error)
{
  const char *runtime = base ? NULL : trusted_runtime_dir ();
  g_autofree char *path = NULL;

  if (base)
    path = g_canonicalize_filename (base, NULL);
  else if (runtime)
    path = g_build_filename (runtime, "srt", NULL);
  else
    path = g_strdup_printf ("%s/srt-%u", g_get_tmp_dir (), (guint)geteuid ());
  int fd = srt_fs_open_private_dir (path, error);
  if (fd < 0)
    return NULL;
  close (fd);
  return g_steal_pointer (&path);
}
