/* SPDX-License-Identifier: MIT
 * A host for the tests of checkpoint-sdn: the plugin is linked in, its files are below one folder, and what other
 * threads post runs when the test says so. */
#pragma once
#include <glib.h>
#include <srt/srt-plugin.h>

typedef struct Host Host;

/* OPTIONS: name, value, …, NULL, on top of the defaults; paths are made absolute against FOLDER. create must succeed
 * (host_new), or the reason why it does not is returned (host_refusal). */
Host *host_new (const char *folder, const char *const *options);
char *host_refusal (const char *folder, const char *const *options);
void host_free (Host *host); /* runs what is posted, then destroy */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Host, host_free)

gint32 host_open (Host *host, guint mode, const char *run_id, void (*row) (void *, const srt_result *), void *data);
const srt_progress_state *host_state (Host *host);
gint32 host_append (Host *host, const srt_result *result);
gint32 host_stopped (Host *host, const char *reason);
gint32 host_running (Host *host, const srt_test *const *tests, guint n);
gint32 host_remove (Host *host);
void host_close (Host *host);
/* Ask for a sync and return at once, or wait for the answer and return that. */
gint32 host_ask (Host *host, guint64 token);
gint32 host_sync (Host *host);
gint32 host_load (Host *host, void (*row) (void *, const srt_history *), void *data);
gint32 host_store (Host *host, const srt_history *rows, guint n);

/* Run one post, waiting for it; or all that are there. */
void host_turn (Host *host);
void host_drain (Host *host);
/* "TOKEN STATUS\n" for each answer. */
const char *host_answers (Host *host);
const char *host_answer_text (Host *host); /* of the last */
guint host_broken (Host *host);            /* how often it was told */
const char *host_error (Host *host);
const char *host_log (Host *host); /* warnings and errors, a line each */

/* A folder of its own for a test, removed with all that is in it. */
char *folder_new (void);
void folder_remove (char *folder);
typedef char Folder;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Folder, folder_remove)
/* The content of FOLDER/NAME, or NULL. */
char *folder_read (const char *folder, const char *name);
void folder_write (const char *folder, const char *name, const char *text);
gboolean folder_has (const char *folder, const char *name);
