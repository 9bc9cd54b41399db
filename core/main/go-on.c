/* SPDX-License-Identifier: MIT */
#include "main/go-on.h"

#include "base/error.h"
#include "base/units.h"
#include "main/recover.h"
#include "main/reexec.h"
#include "run/scheduler.h"

#include <stdio.h>
#include <unistd.h>

G_GNUC_PRINTF (1, 2)
static void
say (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  fprintf (stderr, "srt: --auto-resume: %s\n", text);
}

/* To these a finished run is deaf: they wait, blocked (Linux), or are ignored. */
static const int signals[SRT_GO_ON_SIGNALS] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

/* --- before the run ------------------------------------------------------------------------------------------- */

static gboolean
check (const SrtSettings *settings, GError **error)
{
  if (srt_settings_plugins (settings, SRT_KIND_CHECKPOINT)->len == 0) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE,
                 "--auto-resume: this run has no checkpoint to go on from (checkpoint = \"none\")");
    return FALSE;
  }
  if (srt_settings_bool (settings, SRT_KEY_GUARD_DRY_RUN))
    say ("of no use here: --dry-run-guard stops nothing");
  else if (!srt_settings_bool (settings, SRT_KEY_GUARD_STOP))
    say ("of no use here: with guard.stop = false the run is never stopped for the machine's sake");
  else if (srt_settings_plugins (settings, SRT_KIND_MONITOR)->len == 0)
    say ("of no use here: nothing measures the machine (monitor = \"none\")");
  return TRUE;
}

gboolean
srt_go_on_begin (SrtGoOn *go_on, const SrtCommandContext *context, GError **error)
{
  *go_on = (SrtGoOn){ .context = context };
  sigprocmask (SIG_SETMASK, NULL, &go_on->mask);
  for (guint i = 0; i < SRT_GO_ON_SIGNALS; i++)
    sigaction (signals[i], NULL, &go_on->actions[i]);
  go_on->max = (guint)srt_settings_int (context->settings, SRT_KEY_GUARD_AUTO_RESUME);
  gboolean later = srt_rounds_parse (g_getenv (SRT_ROUNDS_VARIABLE), getpid (), &go_on->rounds);
  g_unsetenv (SRT_ROUNDS_VARIABLE);
  return later || go_on->max == 0 || check (context->settings, error);
}

/* --- after a stop --------------------------------------------------------------------------------------------- */

static void
say_end (const SrtGoOn *go_on, SrtRoundsWord word, const SrtRunStop *stop)
{
  if (word == SRT_ROUNDS_NO_PROGRESS)
    say ("two rounds in a row have finished no test, so another one is not tried. What ran when they were stopped: %s",
         *stop->running ? stop->running : "nothing");
  else
    say ("no round is left of %u; ends with %d", go_on->max, SRT_EXIT_STATUS_PROTECTED);
  if (stop->report)
    say ("who took the machine, and what each test used: %s", stop->report);
}

static SrtRecoveryLines
lines_of (const SrtSettings *settings, SrtGauge stopped)
{
  const SrtPolicyLimits limits = {
    .memory = srt_settings_float (settings, SRT_KEY_GUARD_MEMORY),
    .cpu = srt_settings_float (settings, SRT_KEY_GUARD_CPU),
  };
  return srt_recovery_lines (&limits, stopped, srt_settings_float (settings, SRT_KEY_GUARD_RECOVERY),
                             srt_settings_duration_ns (settings, SRT_KEY_GUARD_RECOVERY_FOR));
}

/* As srt_recover. */
static int
wait_for_machine (const SrtGoOn *go_on, const SrtRunStop *stop)
{
  const SrtRecoveryLines lines = lines_of (go_on->context->settings, stop->gauge);
  guint64 wait_ns = srt_settings_duration_ns (go_on->context->settings, SRT_KEY_GUARD_AUTO_RESUME_WAIT);
  g_autofree char *bound = srt_units_format_duration (wait_ns);
  g_autofree char *words = srt_recovery_words (&lines);
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < SRT_GO_ON_SIGNALS; i++)
    sigaction (signals[i], &go_on->actions[i], NULL);
  say ("goes on when %s; waits %s at most (round %u of %u)", words, bound, go_on->rounds.used, go_on->max);
  int status = stop->signal_number > 0 ? 128 + stop->signal_number : srt_recover (go_on->context, &lines, &error);
  if (error)
    say ("%s: nobody knows when to go on", error->message);
  else if (status == SRT_EXIT_STATUS_PROTECTED)
    say ("the machine has not recovered in %s", bound);
  else if (status != 0)
    say ("stopped by signal %d while it waited", status - 128);
  return status;
}

static void
begin_next (const SrtGoOn *go_on)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *rounds = srt_rounds_print (&go_on->rounds, getpid ());
  g_auto (GStrv) env = g_environ_setenv (g_get_environ (), SRT_ROUNDS_VARIABLE, rounds, TRUE);
  say ("goes on (round %u of %u)", go_on->rounds.used, go_on->max);
  fflush (NULL);
  sigprocmask (SIG_SETMASK, &go_on->mask, NULL);
  srt_reexec (go_on->context->argv, env, &error);
  say ("%s", error->message);
}

int
srt_go_on (SrtGoOn *go_on, const SrtRunStop *stop)
{
  int status = SRT_EXIT_STATUS_PROTECTED;
  SrtRoundsWord word = srt_rounds_next (&go_on->rounds, go_on->max, stop->finished);
  if (word != SRT_ROUNDS_GO_ON)
    say_end (go_on, word, stop);
  else if ((status = wait_for_machine (go_on, stop)) == 0) {
    begin_next (go_on);
    status = SRT_EXIT_STATUS_PROTECTED;
  }
  say ("the checkpoint stays. To resume: %s", go_on->resume_hint);
  return status;
}
