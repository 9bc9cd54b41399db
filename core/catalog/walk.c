/* SPDX-License-Identifier: MIT */
#include "catalog/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

typedef struct {
  const SrtWalkFns *fns;
  gpointer data;
  GString *path; /* of what is looked at */
  gsize root;    /* length of the root's part in it, with its '/' */
  guint depth;
} Walk;

typedef enum { ENTRY_FOLDER, ENTRY_FOLDER_LINK, ENTRY_GONE, ENTRY_NO_FOLDER } EntryKind;

static void walk_folder (Walk *walk, int folder);

static void
leave_aside (const Walk *walk, const char *reason)
{
  walk->fns->left_aside (walk->path->str, reason, walk->data);
}

static EntryKind
kind_of_mode (mode_t mode, SrtWalkKind *ret_kind)
{
  if (S_ISDIR (mode))
    return ENTRY_FOLDER;
  *ret_kind = S_ISREG (mode) ? SRT_WALK_FILE : SRT_WALK_OTHER;
  return ENTRY_NO_FOLDER;
}

static EntryKind
kind_of_link (int folder, const char *name, SrtWalkKind *ret_kind)
{
  struct stat st;
  if (fstatat (folder, name, &st, 0) != 0) {
    *ret_kind = SRT_WALK_BROKEN_LINK;
    return ENTRY_NO_FOLDER;
  }
  return kind_of_mode (st.st_mode, ret_kind) == ENTRY_FOLDER ? ENTRY_FOLDER_LINK : ENTRY_NO_FOLDER;
}

/* Asks the file system only when the folder's listing does not say it already. */
static EntryKind
kind_of_entry (int folder, const struct dirent *entry, SrtWalkKind *ret_kind)
{
  struct stat st;
  switch (entry->d_type) {
  case DT_REG:
    return kind_of_mode (S_IFREG, ret_kind);
  case DT_DIR:
    return ENTRY_FOLDER;
  case DT_LNK:
    return kind_of_link (folder, entry->d_name, ret_kind);
  case DT_UNKNOWN:
    if (fstatat (folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
      return ENTRY_GONE;
    return S_ISLNK (st.st_mode) ? kind_of_link (folder, entry->d_name, ret_kind) : kind_of_mode (st.st_mode, ret_kind);
  default:
    *ret_kind = SRT_WALK_OTHER;
    return ENTRY_NO_FOLDER;
  }
}

static void
enter_folder (Walk *walk, int above, const char *name)
{
  if (!walk->fns->enter (name, walk->path->str + walk->root, walk->data))
    return;
  if (walk->depth >= SRT_WALK_DEPTH) {
    leave_aside (walk, "nested too deep");
    return;
  }
  int folder = openat (above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) {
    leave_aside (walk, g_strerror (errno));
    return;
  }
  walk->depth++;
  walk_folder (walk, folder);
  walk->depth--;
}

static void
look_at (Walk *walk, int folder, const struct dirent *entry)
{
  SrtWalkEntry file = { .folder = folder, .name = entry->d_name };
  switch (kind_of_entry (folder, entry, &file.kind)) {
  case ENTRY_FOLDER:
    enter_folder (walk, folder, entry->d_name);
    break;
  case ENTRY_FOLDER_LINK:
    leave_aside (walk, "a link to a folder; links are followed only where they are given by name");
    break;
  case ENTRY_NO_FOLDER:
    file.path = walk->path->str;
    file.below = file.path + walk->root;
    walk->fns->file (&file, walk->data);
    break;
  case ENTRY_GONE:
    break;
  }
}

/* Takes FOLDER. */
static void
walk_folder (Walk *walk, int folder)
{
  DIR *stream = fdopendir (folder);
  if (stream == NULL) {
    leave_aside (walk, g_strerror (errno));
    close (folder);
    return;
  }
  gsize length = walk->path->len;
  if (walk->path->str[length - 1] != '/')
    g_string_append_c (walk->path, '/');
  gsize folder_length = walk->path->len;
  const struct dirent *entry;
  while ((errno = 0, entry = readdir (stream)) != NULL) {
    if (entry->d_name[0] == '.')
      continue;
    g_string_truncate (walk->path, folder_length);
    g_string_append (walk->path, entry->d_name);
    look_at (walk, folder, entry);
  }
  int failure = errno;
  g_string_truncate (walk->path, length);
  if (failure != 0)
    leave_aside (walk, g_strerror (failure));
  closedir (stream);
}

gboolean
srt_walk (const char *root, const SrtWalkFns *fns, gpointer data, GError **error)
{
  int folder = open (root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) {
    g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, g_strerror (errno));
    return FALSE;
  }
  Walk walk = { .fns = fns, .data = data, .path = g_string_new (root) };
  walk.root = walk.path->len + (g_str_has_suffix (root, "/") ? 0 : 1);
  walk_folder (&walk, folder);
  g_string_free (walk.path, TRUE);
  return TRUE;
}
