/* SPDX-License-Identifier: MIT */
#include "run/notify.h"

#include <stdio.h>

typedef struct {
  SrtInstance *instance;
  const srt_notifier_ops *ops;
} Listener;

struct SrtNotify {
  GArray *listeners; /* of Listener */
  gboolean telling;  /* messages that are being told: one that answers a message with a message is not heard */
  gboolean finished; /* the last event was told: what is said now goes to standard error */
  gboolean verbose;
};

/* Call FN of each listener that has it with SELF and the rest. */
#define TELL(NOTIFY, FN, ...)                                                                                          \
  for (guint i_ = 0; i_ < (NOTIFY)->listeners->len; i_++) {                                                            \
    const Listener *l_ = &g_array_index ((NOTIFY)->listeners, Listener, i_);                                           \
    if (l_->ops->FN)                                                                                                   \
      l_->ops->FN (srt_instance_self (l_->instance), __VA_ARGS__);                                                     \
  }

static void
clear_listener (gpointer data)
{
  srt_instance_free (((Listener *)data)->instance);
}

SrtNotify *
srt_notify_new (gboolean verbose)
{
  SrtNotify *notify = g_new0 (SrtNotify, 1);
  notify->listeners = g_array_new (FALSE, FALSE, sizeof (Listener));
  g_array_set_clear_func (notify->listeners, clear_listener);
  notify->verbose = verbose;
  return notify;
}

void
srt_notify_free (SrtNotify *notify)
{
  /* While one listener goes, what it logs must not reach another that has gone. */
  GArray *going = g_steal_pointer (&notify->listeners);
  notify->listeners = g_array_new (FALSE, FALSE, sizeof (Listener));
  g_array_unref (going);
  g_array_unref (notify->listeners);
  g_free (notify);
}

void
srt_notify_add (SrtNotify *notify, SrtInstance *instance, const srt_notifier_ops *ops)
{
  Listener listener = { instance, ops };
  g_array_append_val (notify->listeners, listener);
}

static const char *
level_word (guint32 level)
{
  return level >= SRT_LOG_ERROR     ? "error: "
         : level >= SRT_LOG_WARNING ? "warning: "
         : level >= SRT_LOG_INFO    ? ""
                                    : "debug: ";
}

/* To every listener but the one that says it: the core never calls into an instance that is calling the host. */
static gboolean
tell_message (SrtNotify *notify, guint32 level, const char *from, const char *text)
{
  gboolean heard = FALSE;
  for (guint i = 0; i < notify->listeners->len; i++) {
    const Listener *l = &g_array_index (notify->listeners, Listener, i);
    if (!l->ops->message || g_str_equal (srt_instance_name (l->instance), from))
      continue;
    l->ops->message (srt_instance_self (l->instance), level, from, text);
    heard = TRUE;
  }
  return heard;
}

void
srt_notify_log (gpointer data, guint32 level, const char *from, const char *text)
{
  SrtNotify *notify = data;
  gboolean heard = FALSE;
  if (level < SRT_LOG_INFO && !notify->verbose)
    return;
  if (!notify->telling && !notify->finished) {
    notify->telling = TRUE;
    heard = tell_message (notify, level, from, text);
    notify->telling = FALSE;
  }
  if (!heard)
    fprintf (stderr, "srt: %s%s%s%s\n", level_word (level), from, *from ? ": " : "", text);
}

void
srt_notify_logf (SrtNotify *notify, guint32 level, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  srt_notify_log (notify, level, "", text);
}

void
srt_notify_run_started (SrtNotify *notify, const srt_run *run)
{
  TELL (notify, run_started, run);
}

void
srt_notify_test_started (SrtNotify *notify, const srt_test *test, guint32 attempt, guint32 slot)
{
  TELL (notify, test_started, test, attempt, slot);
}

void
srt_notify_test_slow (SrtNotify *notify, const srt_test *test, guint64 after_ns, guint64 timeout_ns)
{
  TELL (notify, test_slow, test, after_ns, timeout_ns);
}

void
srt_notify_test_finished (SrtNotify *notify, const srt_result *result)
{
  TELL (notify, test_finished, result);
}

void
srt_notify_progress (SrtNotify *notify, const srt_progress *progress)
{
  TELL (notify, progress, progress);
}

void
srt_notify_stopping (SrtNotify *notify, const srt_stop *stop)
{
  TELL (notify, stopping, stop);
}

void
srt_notify_test_unfinished (SrtNotify *notify, const srt_test *test, const char *reason)
{
  TELL (notify, test_unfinished, test, reason);
}

void
srt_notify_run_finished (SrtNotify *notify, const srt_summary *summary)
{
  TELL (notify, run_finished, summary);
  notify->finished = TRUE;
}

guint64
srt_notify_progress_period (SrtNotify *notify)
{
  guint64 shortest = 0;
  for (guint i = 0; i < notify->listeners->len; i++) {
    const Listener *l = &g_array_index (notify->listeners, Listener, i);
    guint64 period = l->ops->progress_period ? l->ops->progress_period (srt_instance_self (l->instance)) : 0;
    if (period > 0 && l->ops->progress && (shortest == 0 || period < shortest))
      shortest = period;
  }
  return shortest;
}
