/* SPDX-License-Identifier: MIT
 * A disk that fails when the test says so, linked in place of the plugin's io.c, with a memory of what a power cut
 * would leave: content that was synced, of files on which no sync has ever failed, under names whose folder was synced.
 * Files are real; syncing is not. */
#pragma once
#include <glib.h>

typedef enum { FAULT_ONCE, FAULT_FROM_THEN_ON } FaultSpan;

/* The AT-th call from now (from 1) fails with ERROR_NUMBER; with FROM_THEN_ON all later calls of that function too.
 * AT 0: none. The count begins anew. */
void fault_arm (guint at, int error_number, FaultSpan span);
/* The same for calls of the function NAME ("pwrite") alone. */
void fault_arm_function (const char *name, guint at, int error_number, FaultSpan span);
/* The AT-th write takes half of its bytes; the one after it fails with ERROR_NUMBER, if that is not 0. */
void fault_arm_short (guint at, int error_number);
guint fault_calls (void);          /* since it was armed */
const char *fault_function (void); /* that was struck first, or NULL */

/* The next sync hangs until it is released. */
void fault_hold_sync (void);
void fault_wait_held (void);
void fault_release (void);
/* Wait until so many file syncs were tried since the count began. */
void fault_wait_syncs (guint n);
/* Wait until nothing that was opened is open any more. */
void fault_wait_all_closed (void);
guint fault_open_files (void);

/* How often a file was synced again after it had failed: never, one hopes. */
guint fault_retries (void);
/* Would all of the file at FOLDER/NAME survive a power cut? */
gboolean fault_is_durable (const char *folder, const char *name);
