/* SPDX-License-Identifier: MIT
 *
 * place.h - where a file of ours lies, and who may have it.
 *
 * Everything is done relative to the folder's descriptor; symbolic links are not followed, neither as the folder nor as
 * the file. The folder is made when only it is missing, with a .gitignore in it. A file must be a regular one of our
 * own; root also takes one that belongs to the folder's owner.
 *
 * The lock is flock on the file itself, so it leaves nothing behind and ends with its process. As a locked file may be
 * renamed away by its holder, a lock counts only if the name still leads to the file afterwards.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "fault.h"

typedef struct srt_place {
  char *path;        /* of the file, as the user knows it */
  char *folder_path; /* of its folder */
  char *parent_path; /* of the folder's folder; NULL where the folder is not one that could be made ("/", ".") */
  char *old_path;
  char *name;     /* of the file, in the folder */
  char *old_name; /* "NAME.old": one that was moved aside */
  char *new_name; /* "NAME.new": one that is being written */
  int parent_fd;  /* -1 without parent_path */
  int fd;         /* the folder, -1 before srt_place_enter */
  uid_t owner;    /* of the folder */
  bool made;      /* the folder is new: so is its name in the parent */
  bool lockless;  /* the file system has no locks: they were not taken */
} srt_place;

/* Nothing is touched. NULL: out of memory. PATH must have a file's name at its end (srt_place_check). */
srt_place *srt_place_new (const char *path);
void srt_place_free (srt_place *place);
bool srt_place_check (const char *path);

/* Open the folder; MAKE it where it is missing. */
int32_t srt_place_enter (srt_place *place, bool make, srt_fault *fault);
/* The folder was removed while we had it: make it again. */
int32_t srt_place_enter_again (srt_place *place, srt_fault *fault);

/* Open NAME in the folder, with O_RDONLY, or O_RDWR and more. BUSY: it is there already (O_EXCL). */
int32_t srt_place_open_file (srt_place *place, const char *name, int flags, int *ret_fd, srt_fault *fault);
/* The same, and lock it. BUSY: somebody else has it. */
int32_t srt_place_lock_file (srt_place *place, const char *name, int flags, int *ret_fd, srt_fault *fault);
/* A new file NAME.new, locked; a forgotten one is removed before. */
int32_t srt_place_create_new (srt_place *place, int *ret_fd, srt_fault *fault);
/* Does NAME lead to what FD has open? 1, 0, or -1 with errno (ENOENT: there is no NAME). */
int srt_place_leads_to (srt_place *place, const char *name, int fd);
/* The entries of the folder, and the folder's own if it was made, to stable storage. 0 or an errno value. */
int srt_place_sync (srt_place *place);
/* Remove the folder, if srt made it, now or in an earlier run, and nothing but its .gitignore is left in it. */
void srt_place_remove_folder (srt_place *place);
