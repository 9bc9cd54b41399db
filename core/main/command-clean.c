/* SPDX-License-Identifier: MIT
 * srt clean: what dead runs have left goes now, and not only with the next run. Exit status 3 when something stays. */
#include "base/error.h"
#include "main/commands.h"
#include "run/cleaner.h"
#include "run/rundir.h"

#include <stdio.h>
#include <unistd.h>

static void
print_log (gpointer data, guint32 level, const char *from, const char *text)
{
  if (level >= SRT_LOG_INFO)
    fprintf (stderr, "srt: %s%s%s%s\n", level >= SRT_LOG_WARNING ? "warning: " : "", from, *from ? ": " : "", text);
}

int
srt_command_clean (const SrtCommandContext *context, GError **error)
{
  SrtDeadTally tally;
  const char *tmp_dir = srt_settings_string (context->settings, SRT_KEY_RUN_TMP_DIR);
  g_autoptr (SrtLoop) loop = srt_loop_new (error);
  if (!loop)
    return (*error)->code;
  int base_fd = srt_rundir_open_base (tmp_dir && *tmp_dir ? tmp_dir : NULL, NULL, error);
  if (base_fd < 0)
    return (*error)->code;
  SrtHostShared shared = { .loop = loop, .run_id = "", .libexec_dir = context->libexec_dir, .log = print_log };
  const SrtParts parts = { context->settings, context->loader, &shared };
  srt_cleaner_run (&parts, base_fd, &tally);
  close (base_fd);
  g_autofree char *text = srt_dead_tally_text (&tally);
  puts (text ? text : tally.kept > 0 ? "Nothing could be cleaned up" : "Nothing to clean up");
  return tally.kept > 0 ? SRT_ERROR_INTERNAL : 0;
}
