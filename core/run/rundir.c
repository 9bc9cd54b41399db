/* SPDX-License-Identifier: MIT */
#include "run/rundir.h"

#include "base/error.h"
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

char *
srt_rundir_new_id (void)
{
  static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567"; /* RFC 4648's base32 */
  char id[SRT_RUN_ID_LENGTH + 1] = "";
  for (int i = 0; i < SRT_RUN_ID_LENGTH; i++)
    id[i] = digits[g_random_int_range (0, 32)];
  return g_strdup (id);
}

/* Made under another name and locked before it gets the name by which others know it. So no folder "run-…" of a living
 * run is ever without its lock. The shared lock on the user's folder says that a "new-…" without one is being born. */
static gboolean
make_locked (SrtRunDir *dir, GError **error)
{
  g_autofree char *early = g_strconcat ("new-", dir->name + strlen ("run-"), NULL);
  flock (dir->base_fd, LOCK_SH);
  if (mkdirat (dir->base_fd, early, 0700) == 0) {
    dir->lock_fd = openat (dir->base_fd, early, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir->lock_fd >= 0 && flock (dir->lock_fd, LOCK_EX | LOCK_NB) == 0 &&
        renameat (dir->base_fd, early, dir->base_fd, dir->name) == 0) {
      flock (dir->base_fd, LOCK_UN);
      return TRUE;
    }
  }
  g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "cannot make the run's folder %s: %s", dir->path,
               g_strerror (errno));
  unlinkat (dir->base_fd, early, AT_REMOVEDIR);
  flock (dir->base_fd, LOCK_UN);
  return FALSE;
}

static char *
project_tag (const char *project)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, project, -1);
  digest[12] = '\0';
  return g_strconcat ("kept-", digest, NULL);
}

int
srt_rundir_open_base (const char *base, char **ret_path, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/srt-%u", base ? base : g_get_tmp_dir (), (guint)geteuid ());
  int fd = srt_fs_open_private_dir (path, error);
  if (fd >= 0 && ret_path)
    *ret_path = g_steal_pointer (&path);
  return fd;
}

SrtRunDir *
srt_rundir_open (const char *base, const char *project, const char *run_id, gboolean resume, GError **error)
{
  g_autofree char *state = NULL;
  g_autoptr (SrtRunDir) dir = g_new0 (SrtRunDir, 1);
  g_autofree char *tag = project_tag (project);
  dir->base_fd = dir->lock_fd = -1;
  dir->base_fd = srt_rundir_open_base (base, &state, error);
  if (dir->base_fd < 0)
    return NULL;
  dir->name = g_strconcat ("run-", run_id, NULL);
  dir->path = g_build_filename (state, dir->name, NULL);
  if (!resume)
    srt_fs_remove_tree (dir->base_fd, tag, NULL, NULL);
  dir->keep_path = g_build_filename (state, tag, run_id, NULL);
  return make_locked (dir, error) ? g_steal_pointer (&dir) : NULL;
}

const char *
srt_rundir_keep (SrtRunDir *dir, GError **error)
{
  if (g_mkdir_with_parents (dir->keep_path, 0700) == 0)
    return dir->keep_path;
  g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "cannot make %s: %s", dir->keep_path, g_strerror (errno));
  return NULL;
}

static void
remove_if_empty (const char *keep_path)
{
  g_autofree char *parent = g_path_get_dirname (keep_path);
  rmdir (keep_path);
  rmdir (parent);
}

static gboolean
is_it (const SrtRunDir *dir, const char *name)
{
  struct stat own, other;
  return fstat (dir->lock_fd, &own) == 0 && fstatat (dir->base_fd, name, &other, AT_SYMLINK_NOFOLLOW) == 0 &&
         own.st_ino == other.st_ino && own.st_dev == other.st_dev;
}

/* What the run's folder is called now: a test may have given it another name. Caller frees; NULL: it is elsewhere. */
static char *
find_name (const SrtRunDir *dir)
{
  g_autofree char *parent = g_path_get_dirname (dir->path);
  g_autoptr (GDir) base = g_dir_open (parent, 0, NULL);
  const char *name;
  while (base && (name = g_dir_read_name (base)))
    if (is_it (dir, name))
      return g_strdup (name);
  return NULL;
}

void
srt_rundir_close (SrtRunDir *dir)
{
  if (dir->lock_fd >= 0) {
    g_autofree char *name = dir->stays ? NULL : find_name (dir);
    /* Removed while the lock is held. */
    if (name)
      srt_fs_remove_tree (dir->base_fd, name, NULL, NULL);
    close (dir->lock_fd);
  }
  if (dir->base_fd >= 0)
    close (dir->base_fd);
  if (dir->keep_path)
    remove_if_empty (dir->keep_path);
  g_free (dir->path);
  g_free (dir->keep_path);
  g_free (dir->name);
  g_free (dir);
}
