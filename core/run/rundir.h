/* SPDX-License-Identifier: MIT
 * The folders of a run, all below one private folder of the user (BASE/srt-UID, 0700): run-ID, which goes with the run,
 * and kept-PROJECT/ID for the TMPDIRs of failed tests, which go with the next run of the same project. A run holds a
 * lock on its folder; a folder without one belongs to a dead run and is removed by the next srt. */
#pragma once
#include <glib.h>

typedef struct {
  char *path;      /* absolute */
  char *keep_path; /* absolute; made on first use by srt_rundir_keep */
  int base_fd, lock_fd;
  char *name;
  guint cleaned; /* folders of dead runs that were removed */
} SrtRunDir;

/* "20261121T105459-5f3a9c01". Caller frees. */
char *srt_rundir_new_id (void);

/* BASE: absolute, or NULL for $TMPDIR or /tmp. PROJECT: absolute path; its kept folders of earlier runs are removed,
 * unless RESUME. */
SrtRunDir *srt_rundir_open (const char *base, const char *project, const char *run_id, gboolean resume, GError **error);
/* Make the folder for kept TMPDIRs; NULL (said in ERROR) when that cannot be. */
const char *srt_rundir_keep (SrtRunDir *dir, GError **error);
/* Removes what is the run's; kept TMPDIRs stay. */
void srt_rundir_close (SrtRunDir *dir);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtRunDir, srt_rundir_close)
