/* SPDX-License-Identifier: MIT
 * The core's one thread: a private GMainContext, the signals of the process, and the one place that waits for children.
 * What only Linux has (signalfd) is in loop-linux.c, its portable twin in loop-posix.c. */
#pragma once
#include "srt/srt-plugin.h"
#include <glib.h>
#include <sys/types.h>

typedef struct SrtLoop SrtLoop;

/* Blocks the signals that it watches (INT TERM HUP QUIT PIPE TSTP CONT CHLD WINCH), makes the process a child subreaper
 * where there is such a thing, and takes a private context. One in a process at a time. */
SrtLoop *srt_loop_new (GError **error);
void srt_loop_free (SrtLoop *loop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtLoop, srt_loop_free)

GMainContext *srt_loop_context (SrtLoop *loop);

/* FN on the core's thread for each signal above but CHLD. A signal that was ignored when srt started (nohup) stays so.
 */
typedef void (*SrtSignalFn) (gpointer data, int signal_number);
void srt_loop_on_signal (SrtLoop *loop, SrtSignalFn fn, gpointer data);

/* Dispatch until *STOP is TRUE. */
void srt_loop_run (SrtLoop *loop, const gboolean *stop);
/* Dispatch what is ready now, wait at most WAIT_NS for something to become so. */
void srt_loop_turn (SrtLoop *loop, guint64 wait_ns);

/* Children. OWNER groups them (an instance). */
srt_helper *srt_loop_spawn (SrtLoop *loop, gpointer owner, const srt_spawn *spawn, srt_helper_fn fn, void *data,
                            int32_t *ret_status, GError **error);
int32_t srt_loop_kill (srt_helper *helper, int signal_number);
gint64 srt_loop_pid (const srt_helper *helper);
/* SIGKILL and forget every helper of OWNER that still runs (they are still reaped); returns how many. */
guint srt_loop_drop_owner (SrtLoop *loop, gpointer owner);
/* Processes that were not our helpers and that we reaped because their parents died: strays of tests. */
guint srt_loop_strays (const SrtLoop *loop);

guint64 srt_loop_now_ns (void);
