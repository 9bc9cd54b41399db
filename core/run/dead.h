/* SPDX-License-Identifier: MIT
 * Dead runs: folders run-ID below the user's folder whose lock nobody holds, of any project. What their ledgers name is
 * handed on first; then the folder goes. A folder stays when that could not be done, for the next srt to try again. */
#pragma once
#include <glib.h>

typedef struct {
  guint folders; /* removed */
  guint things;  /* processes, cgroups, … that the ledgers led to */
  guint kept;    /* folders that stay */
} SrtDeadTally;

typedef struct {
  /* One line of the ledger of the dead run RUN_ID; *RET_CLEANED is raised by what it led to. FALSE: not done (said). */
  gboolean (*entry) (gpointer data, const char *run_id, const char *owner, const char *entry, gsize length,
                     guint *ret_cleaned);
  /* The folder of RUN_ID stays, and why. */
  void (*kept) (gpointer data, const char *run_id, const char *reason);
} SrtDeadTable;

/* Every dead run below BASE_FD (of srt_rundir_open_base). A run that begins or lives is never touched, and two srt that
 * do this at once never take the same one. */
void srt_dead_clean (int base_fd, const SrtDeadTable *table, gpointer data, SrtDeadTally *ret_tally);

/* "Cleaned up 3 orphaned resources: 2 folders of dead runs, 1 of their processes, cgroups, containers"; NULL: there was
 * nothing. Caller frees. */
char *srt_dead_tally_text (const SrtDeadTally *tally);
