/* SPDX-License-Identifier: MIT
 * Walks a folder and all below it. Every folder is opened relative to the one above it, without following links, so
 * that a tree that changes meanwhile cannot lead it elsewhere; names that begin with a dot are passed by. The order is
 * that of the file system. */
#pragma once
#include <glib.h>

enum { SRT_WALK_DEPTH = 64 }; /* folders below the root that are entered; each holds a descriptor */

typedef enum { SRT_WALK_FILE, SRT_WALK_BROKEN_LINK, SRT_WALK_OTHER } SrtWalkKind; /* FILE: a link to one too */

/* An entry that is no folder. All of it lives for the call. */
typedef struct {
  int folder;        /* descriptor of the folder that it is in */
  const char *name;  /* in that folder */
  const char *below; /* path below the root; ends in name */
  const char *path;  /* root and below */
  SrtWalkKind kind;
} SrtWalkEntry;

typedef struct {
  void (*file) (const SrtWalkEntry *entry, gpointer data);
  gboolean (*enter) (const char *name, const char *below, gpointer data);   /* shall this folder be entered? */
  void (*left_aside) (const char *path, const char *reason, gpointer data); /* a folder that could not be entered */
} SrtWalkFns;

/* FALSE: ROOT itself cannot be read; ERROR says only why ("Permission denied"). ROOT may be a link. */
gboolean srt_walk (const char *root, const SrtWalkFns *fns, gpointer data, GError **error);
