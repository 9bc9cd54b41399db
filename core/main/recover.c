/* SPDX-License-Identifier: MIT */
#include "main/recover.h"

#include "base/error.h"
#include "main/keeper.h"
#include "run/scheduler.h"

#include <signal.h>
#include <unistd.h>

typedef struct {
  SrtLoop *loop;
  SrtHostShared shared;
  SrtParts parts;
  const SrtModule *module;
  SrtInstance *monitor;
  SrtScope *scope;
  srt_source *timer;
  guint64 interval_ns, until_ns;
  const SrtRecoveryLines *lines;
  SrtRecovery recovery;
  gboolean ended;
  int status;
  GError *error;
} Recover;

static void
recover_clear (Recover *r)
{
  g_clear_pointer (&r->scope, srt_scope_free);
  g_clear_pointer (&r->monitor, srt_instance_free);
  g_clear_pointer (&r->loop, srt_loop_free);
  g_clear_error (&r->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Recover, recover_clear)

static void
end (Recover *r, int status)
{
  r->status = status;
  r->ended = TRUE;
}

static void
on_signal (gpointer data, int number)
{
  Recover *r = data;
  if (number == SIGTSTP)
    kill (getpid (), SIGSTOP); /* Ctrl+Z: nobody else is there to stand still */
  else if (number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT || number == SIGPIPE)
    end (r, 128 + number);
}

static void
look (gpointer data)
{
  Recover *r = data;
  srt_sample sample = { .size = sizeof sample };
  guint64 now = srt_loop_now_ns ();
  int32_t status = r->module->ops.monitor.sample (srt_instance_self (r->monitor), &sample);
  if (status != SRT_OK) {
    srt_instance_take_error (r->monitor, status, "measure the machine", &r->error);
    end (r, SRT_EXIT_STATUS_PROTECTED);
  } else if (srt_recovery_step (&r->recovery, r->lines, &sample)) {
    end (r, 0);
  } else if (now >= r->until_ns) {
    end (r, SRT_EXIT_STATUS_PROTECTED);
  } else {
    srt_source_set_timer (r->timer, MIN (r->interval_ns, r->until_ns - now));
  }
}

static gboolean
make_monitor (Recover *r, const SrtCommandContext *context, GError **error)
{
  r->shared = (SrtHostShared){
    .loop = r->loop,
    .run_id = "",
    .libexec_dir = context->libexec_dir,
    .log = srt_keeper_log,
  };
  r->parts = (SrtParts){ context->settings, context->loader, &r->shared };
  r->monitor = srt_parts_make (&r->parts, srt_parts_use (&r->parts, SRT_KIND_MONITOR), NULL, NULL, &r->module, error);
  return r->monitor != NULL;
}

int
srt_recover (const SrtCommandContext *context, const SrtRecoveryLines *lines, GError **error)
{
  g_auto (Recover) r = { .lines = lines };
  r.loop = srt_loop_new (error);
  if (!r.loop || !make_monitor (&r, context, error))
    return SRT_EXIT_STATUS_PROTECTED;
  srt_loop_on_signal (r.loop, on_signal, &r);
  r.interval_ns = srt_settings_duration_ns (context->settings, SRT_KEY_GUARD_INTERVAL);
  r.until_ns = srt_loop_now_ns () + srt_settings_duration_ns (context->settings, SRT_KEY_GUARD_AUTO_RESUME_WAIT);
  r.scope = srt_scope_new (srt_loop_sources (r.loop));
  r.timer = srt_source_add_timer (r.scope, 0, look, &r);
  srt_loop_run (r.loop, &r.ended);
  if (r.error)
    g_propagate_error (error, g_steal_pointer (&r.error));
  return r.status;
}
