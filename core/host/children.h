/* SPDX-License-Identifier: MIT
 * Helper programs: started without a shell and without a leaked descriptor, reaped in one place, killed by identity.
 * Between the start of a helper and the call of its function its pid cannot come to stand for another process, because
 * nobody else reaps. */
#pragma once
#include "srt/srt-plugin.h"
#include <glib.h>
#include <sys/types.h>

typedef struct SrtChildren SrtChildren;

SrtChildren *srt_children_new (void);
void srt_children_free (SrtChildren *children); /* forgets those that still run */

srt_helper *srt_children_spawn (SrtChildren *children, gpointer owner, const srt_spawn *spawn, srt_helper_fn fn,
                                void *data, int32_t *ret_status, GError **error);
int32_t srt_children_kill (srt_helper *helper, int signal_number);
gint64 srt_children_pid (const srt_helper *helper);
/* SIGKILL those of OWNER and call nobody at their end; they are still reaped. Returns how many ran. */
guint srt_children_drop_owner (SrtChildren *children, gpointer owner);
guint srt_children_running (const SrtChildren *children); /* not reaped yet, dropped ones too */
guint srt_children_strays (const SrtChildren *children);
/* SIGKILL every child that is no helper and reap it, and what becomes our child by that, until there is none or
 * UNTIL_NS has come. Nothing is killed when we had children before CHILDREN was made, or are the init of a PID
 * namespace: then not every child is ours. Returns how many were killed; they count as strays. */
guint srt_children_kill_strays (SrtChildren *children, guint64 until_ns);

/* Reap at most MAX that have ended and call their functions, which may do anything but free CHILDREN. TRUE: there may
 * be more. */
gboolean srt_children_reap (SrtChildren *children, guint max);
