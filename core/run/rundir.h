/* SPDX-License-Identifier: MIT
 * The folders of a run, all below one private folder of the user (BASE/srt-UID, 0700): run-ID, which goes with the run,
 * and kept-PROJECT/ID for the TMPDIRs of failed tests, which go with the next run of the same project. A run holds a
 * lock on its folder; a folder without one belongs to a dead run (see dead.h). */
#pragma once
#include <glib.h>

typedef struct {
  char *path;      /* absolute */
  char *keep_path; /* absolute; made on first use by srt_rundir_keep */
  int base_fd, lock_fd;
  char *name;
  gboolean stays; /* closed, it is as that of a dead run: the next srt cleans up */
} SrtRunDir;

/* It stands in every test's TMPDIR, and the path of a Unix socket has 107 characters: so short as is enough to differ
 * (40 random bits). */
enum { SRT_RUN_ID_LENGTH = 8 };

/* "k3x7mq2a". Caller frees. */
char *srt_rundir_new_id (void);

/* The user's private folder in BASE (absolute, or NULL for $TMPDIR or /tmp), made when it is missing. RET_PATH (may be
 * NULL): where; caller frees. -1 on error. */
int srt_rundir_open_base (const char *base, char **ret_path, GError **error);

/* BASE: as above. PROJECT: absolute path; its kept folders of earlier runs are removed,
 * unless RESUME. */
SrtRunDir *srt_rundir_open (const char *base, const char *project, const char *run_id, gboolean resume, GError **error);
/* Make the folder for kept TMPDIRs; NULL (said in ERROR) when that cannot be. */
const char *srt_rundir_keep (SrtRunDir *dir, GError **error);
/* Removes what is the run's, unless it stays; kept TMPDIRs stay. */
void srt_rundir_close (SrtRunDir *dir);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtRunDir, srt_rundir_close)
