/* SPDX-License-Identifier: MIT
 * Notify: every event to every notifier, in the order in which they are configured. None of them can fail the run. */
#pragma once
#include "host/instance.h"

typedef struct SrtNotify SrtNotify;

SrtNotify *srt_notify_new (gboolean verbose);
void srt_notify_free (SrtNotify *notify); /* frees the instances too */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtNotify, srt_notify_free)

/* Takes INSTANCE over; OPS live as long as the module. */
void srt_notify_add (SrtNotify *notify, SrtInstance *instance, const srt_notifier_ops *ops);

/* SrtHostShared.log, DATA is the SrtNotify. Goes to standard error while nobody listens. */
void srt_notify_log (gpointer data, guint32 level, const char *from, const char *text);
void srt_notify_logf (SrtNotify *notify, guint32 level, const char *format, ...) G_GNUC_PRINTF (3, 4);

void srt_notify_run_started (SrtNotify *notify, const srt_run *run);
void srt_notify_test_started (SrtNotify *notify, const srt_test *test, guint32 attempt, guint32 slot);
void srt_notify_test_slow (SrtNotify *notify, const srt_test *test, guint64 after_ns, guint64 timeout_ns);
void srt_notify_test_finished (SrtNotify *notify, const srt_result *result);
void srt_notify_progress (SrtNotify *notify, const srt_progress *progress);
void srt_notify_stopping (SrtNotify *notify, const srt_stop *stop);
void srt_notify_test_unfinished (SrtNotify *notify, const srt_test *test, const char *reason);
void srt_notify_run_finished (SrtNotify *notify, const srt_summary *summary);

/* The shortest period that anybody asks for; 0: nobody wants progress. */
guint64 srt_notify_progress_period (SrtNotify *notify);
