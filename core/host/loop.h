/* SPDX-License-Identifier: MIT
 * The core's one thread: a private GMainContext, the signals of the process, and the one place that waits for children.
 * What only Linux has (signalfd, pidfd, subreaper) is in loop-linux.c, its portable twin in loop-posix.c. */
#pragma once
#include "host/source.h"
#include "srt/srt-plugin.h"
#include <glib.h>
#include <sys/types.h>

typedef struct SrtLoop SrtLoop;

/* Takes over the signals that it watches (INT TERM HUP QUIT PIPE TSTP CONT CHLD WINCH), makes the process a child
 * subreaper where there is such a thing, and makes a private context. One in a process at a time, made before any
 * thread, or that thread would get the signals. */
SrtLoop *srt_loop_new (GError **error);
/* Every instance must be gone. Waits at most 2 s for helpers that were killed to be reaped, then gives the signals
 * back. */
void srt_loop_free (SrtLoop *loop);
/* What the process has to say is said: from now on, and when the loop is gone, no signal that asks it to end or to
 * stand still changes its exit status. (SIGKILL does, and a broken pipe.) */
void srt_loop_go_deaf (SrtLoop *loop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtLoop, srt_loop_free)

GMainContext *srt_loop_context (SrtLoop *loop);
/* For scopes of descriptors, timers and posts: those of an instance, and the core's own. */
SrtSources *srt_loop_sources (SrtLoop *loop);

/* FN on the core's thread for each signal above but CHLD; NULL: none. A signal that was ignored when srt started
 * (nohup) stays so. */
typedef void (*SrtSignalFn) (gpointer data, int signal_number);
void srt_loop_on_signal (SrtLoop *loop, SrtSignalFn fn, gpointer data);

/* Neither may be called from within a callback of the loop: the core must not call into a plugin that is inside a call
 * to the host. */
/* Dispatch until *STOP is TRUE. */
void srt_loop_run (SrtLoop *loop, const gboolean *stop);
/* Dispatch what is ready now; wait at most WAIT_NS for something to become so. May come back early with nothing done.
 */
void srt_loop_turn (SrtLoop *loop, guint64 wait_ns);

/* Children. OWNER groups them (an instance). SPAWN: `size` bytes of it are read. FN is called from a turn, never from
 * within this; NULL: nobody asks. RET_STATUS and ERROR say why not. */
srt_helper *srt_loop_spawn (SrtLoop *loop, gpointer owner, const srt_spawn *spawn, srt_helper_fn fn, void *data,
                            int32_t *ret_status, GError **error);
/* SRT_E_NOT_FOUND: it has ended. Safe until FN returns. */
int32_t srt_loop_kill (srt_helper *helper, int signal_number);
gint64 srt_loop_pid (const srt_helper *helper);
/* SIGKILL and forget every helper of OWNER that still runs (they are still reaped); returns how many of them their
 * owner had not sent SIGKILL itself. */
guint srt_loop_drop_owner (SrtLoop *loop, gpointer owner);
/* Processes that were not our helpers and that we reaped because their parents died: strays of tests. */
guint srt_loop_strays (const SrtLoop *loop);
/* SIGKILL and reap every such process that still runs, at most 2 s long; returns how many. For the end of a run, and
 * for the death of a helper that had processes below it. None is killed when srt was started with children already (by
 * `exec` from a shell with jobs) or is the init of a PID namespace: then not every child is ours. */
guint srt_loop_kill_strays (SrtLoop *loop);

guint64 srt_loop_now_ns (void);
