/* SPDX-License-Identifier: MIT
 * Ledger: the file `ledger` in a run's folder, with one line for each thing that must be cleaned up even if srt dies
 * now: "executor process<TAB>ENTRY". An executor writes it before it makes the thing; when the run has died, the next
 * srt reads it. A line is one write, so that no SIGKILL can lose or tear one that was acknowledged. */
#pragma once
#include "srt/srt-plugin.h"
#include <glib.h>

#define SRT_LEDGER_ENTRY_MAX 1000u

typedef struct SrtLedger SrtLedger;

/* RUN_DIR: absolute. Makes no file until there is something to write. */
SrtLedger *srt_ledger_new (const char *run_dir);
void srt_ledger_free (SrtLedger *ledger); /* NULL is ignored */

/* SrtHostShared.ledger, DATA is the SrtLedger. OWNER: an instance's name, "executor process". INVALID: ENTRY is no line
 * of 1 to 1000 bytes. RET_REASON (static or NULL) says why not. */
int32_t srt_ledger_write (gpointer data, const char *owner, const char *entry, size_t length, const char **ret_reason);

/* One line that was read; ENTRY has no NUL behind it. FALSE: stop reading, the rest counts as not handled. */
typedef gboolean (*SrtLedgerFn) (gpointer data, const char *owner, const char *entry, gsize length);

/* The lines of the ledger in the folder DIR_FD, in their order. A ledger that is not there has none; a last line
 * without its end was never acknowledged and is none. FALSE: FN stopped it, or (with ERROR) it cannot be read or holds
 * what no srt writes. */
gboolean srt_ledger_read (int dir_fd, SrtLedgerFn fn, gpointer data, GError **error);
