/* SPDX-License-Identifier: MIT
 * Folders and files that another user must not be able to turn against us. Everything is opened relative to a directory
 * descriptor and never through a symbolic link in its last component. */
#pragma once
#include <glib.h>
#include <sys/stat.h>

/* Is FD's file (PATH is for the message) safe to trust: owned by root or by us, not writable by group or others?
 * A folder with the sticky bit that others can write to is not trusted. Error: SRT_ERROR_USAGE with what would help. */
gboolean srt_fs_check_trusted (int fd, const char *path, GError **error);

/* Open (make, 0700, if missing) a private folder of ours; its parents must exist. Returns an O_PATH-free directory
 * descriptor, or -1 (SRT_ERROR_INTERNAL): it is a link, is not ours, or others can write to it. */
int srt_fs_open_private_dir (const char *path, GError **error);

/* Remove NAME in DIRFD with all that is below it, without following links; unreadable folders are made readable first.
 * A missing NAME is success; a mount point (NAME itself or below it) is left alone and is an error. Goes on after
 * errors; the first one is returned. NAME may be a path, but must end in an entry's name. RET_REMOVED (may be NULL)
 * counts entries. Descriptors and stack stay bounded at any depth. */
gboolean srt_fs_remove_tree (int dirfd, const char *name, guint *ret_removed, GError **error);

/* A folder for what srt keeps while it runs: $XDG_RUNTIME_DIR/srt if that is set and ours, else TMPDIR/srt-UID. Made
 * private. BASE, when not NULL, is taken itself, in place of both. Caller frees. */
char *srt_fs_state_dir (const char *base, GError **error);
