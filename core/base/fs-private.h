/* SPDX-License-Identifier: MIT
 * Inside the room only. */
#pragma once
#include <glib.h>

/* Does another file system (or a bind mount) begin at the folder FD? Decided by the folder itself, so that nobody can
 * swap it in between. */
gboolean srt_fs_is_mount_point (int fd);

/* ERROR from errno: "cannot VERB PATH: reason". Always FALSE. */
gboolean srt_fs_fail (GError **error, const char *verb, const char *path);
