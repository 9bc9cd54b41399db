/* SPDX-License-Identifier: MIT */
#include "main/commands.h"

#include <stdio.h>

/* A plugin that cannot be loaded cannot say what is secret: then everything of it is. */
static gboolean
is_secret (guint32 kind, const char *plugin, const char *option, gpointer data)
{
  const SrtModule *module = srt_loader_get (data, kind, plugin, NULL);
  for (guint i = 0; module && i < module->options->len; i++) {
    const srt_option *one = &g_array_index (module->options, srt_option, i);
    if (g_str_equal (one->name, option))
      return (one->flags & SRT_OPTION_SECRET) != 0;
  }
  return !module;
}

int
srt_command_config (const SrtCommandContext *context, GError **error)
{
  g_autofree char *text = srt_settings_print (context->settings, is_secret, context->loader);
  fputs (text, stdout);
  return 0;
}
