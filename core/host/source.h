/* SPDX-License-Identifier: MIT
 * Descriptors, one-shot timers and posts of one thread, all behind one GSource of its context.
 *
 * Why not one GSource each: g_source_modify_unix_fd and g_source_set_ready_time write to the context's wake-up
 * descriptor every time, and each dispatch of a plain source takes its descriptors out of the context and puts them
 * back. Here a change is a store, and one wake-up is one poll.
 *
 * Promises: no callback runs from within the call that makes or changes its source, only from a turn of the loop. A
 * source may be removed, modified or armed inside any callback, its own too; after its removal it is never called.
 * Timers run in the order of their due times, those of the same time in the order in which they were armed, never
 * early, at most about a millisecond late. A turn runs what was ready when it began: a timer armed with 0 or a post
 * made inside a callback waits for the next turn, so that nothing can starve the rest. */
#pragma once
#include "srt/srt-plugin.h"
#include <glib.h>

typedef struct SrtSources SrtSources;
/* The sources and posts of one owner: an instance, or a part of the core. */
typedef struct SrtScope SrtScope;

SrtSources *srt_sources_new (GMainContext *context);
/* Every scope must be gone. */
void srt_sources_free (SrtSources *sources);
/* The next wait of the context ends at DEADLINE_NS (CLOCK_MONOTONIC) at the latest; SRT_NEVER: no bound. */
void srt_sources_bound (SrtSources *sources, guint64 deadline_ns);

SrtScope *srt_scope_new (SrtSources *sources);
/* Run the posts that wait, in their order, and take none from now on. */
void srt_scope_close (SrtScope *scope);
/* Throw away posts that wait (none after srt_scope_close), remove the sources that are left, return how many. */
guint srt_scope_free (SrtScope *scope);

/* FD must stay open until the source is removed. EVENTS: SRT_FD_READ, WRITE and PRIORITY; hang-up and error come
 * unasked. A descriptor that turns out to be closed is reported once as SRT_FD_ERROR, then no longer watched. */
srt_source *srt_source_add_fd (SrtScope *scope, int fd, guint32 events, srt_fd_fn fn, void *data);
void srt_source_modify_fd (srt_source *source, guint32 events);
/* One-shot; SRT_NEVER: not armed. */
srt_source *srt_source_add_timer (SrtScope *scope, guint64 after_ns, srt_timer_fn fn, void *data);
void srt_source_set_timer (srt_source *source, guint64 after_ns);
void srt_source_remove (srt_source *source); /* NULL is ignored */

/* From any thread, until the scope is closed. FALSE: it is closed, FN will not run. */
gboolean srt_scope_post (SrtScope *scope, srt_post_fn fn, void *data);

guint64 srt_sources_now_ns (void); /* CLOCK_MONOTONIC */
