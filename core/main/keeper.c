/* SPDX-License-Identifier: MIT */
#include "main/keeper.h"

#include "base/error.h"

#include <stdio.h>

void
srt_keeper_log (gpointer data, guint32 level, const char *from, const char *text)
{
  if (level >= SRT_LOG_INFO)
    fprintf (stderr, "srt: %s%s: %s\n", level >= SRT_LOG_WARNING ? "warning: " : "", from, text);
}

/* USE with another `path`. */
static SrtPluginUse *
use_with_path (const SrtPluginUse *use, const char *path, const char *cwd)
{
  static const SrtOrigin origin = { .what = "FILE" };
  g_autofree char *absolute = g_canonicalize_filename (path, cwd);
  SrtPluginUse *other = srt_plugin_use_copy (use);
  SrtRawOption *option = srt_raw_option_new ("path", SRT_RAW_STRING, absolute, NULL, &origin);
  srt_plugin_use_drop (other, "path");
  srt_plugin_use_add (other, option);
  srt_raw_option_free (option);
  return other;
}

gboolean
srt_keeper_open (SrtKeeper *keeper, const SrtCommandContext *context, const char *path, GError **error)
{
  keeper->loop = srt_loop_new (error);
  if (!keeper->loop)
    return FALSE;
  keeper->shared = (SrtHostShared){
    .loop = keeper->loop,
    .run_id = "",
    .libexec_dir = context->libexec_dir,
    .log = srt_keeper_log,
  };
  keeper->parts = (SrtParts){ context->settings, context->loader, &keeper->shared };
  const SrtPluginUse *use = srt_parts_use (&keeper->parts, SRT_KIND_CHECKPOINT);
  if (!use) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "there is no checkpoint plugin (checkpoint = \"none\")");
    return FALSE;
  }
  SrtPluginUse *other = path ? use_with_path (use, path, context->cwd) : NULL;
  keeper->instance = srt_parts_make (&keeper->parts, other ? other : use, NULL, NULL, &keeper->module, error);
  srt_plugin_use_free (other);
  return keeper->instance != NULL;
}

void
srt_keeper_clear (SrtKeeper *keeper)
{
  g_clear_pointer (&keeper->instance, srt_instance_free);
  g_clear_pointer (&keeper->loop, srt_loop_free);
}
