/* SPDX-License-Identifier: MIT
 * A plugin's file before anything of it runs: where it really is, which file it is, whether it can be trusted, whether
 * it is a shared object at all. */
#pragma once
#include <glib.h>
#include <sys/types.h>

typedef struct {
  char *path; /* absolute, without links */
  dev_t device;
  ino_t inode;
} SrtPluginFile;

/* FILE must be absolute. Messages begin with its path. */
SrtPluginFile *srt_plugin_file_check (const char *file, GError **error);
void srt_plugin_file_free (SrtPluginFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtPluginFile, srt_plugin_file_free)
