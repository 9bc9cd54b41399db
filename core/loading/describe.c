/* SPDX-License-Identifier: MIT */
#include "loading/loading.h"
#include "loading/option.h"

static void
append_flags (GString *text, const srt_option *option)
{
  if (option->flags & SRT_OPTION_REQUIRED)
    g_string_append (text, ", required");
  else if (option->def != NULL)
    g_string_append_printf (text, ", default %s", option->def[0] != '\0' ? option->def : "\"\"");
  if (option->flags & SRT_OPTION_JOB)
    g_string_append (text, ", also in a suite");
  if (option->flags & SRT_OPTION_SECRET)
    g_string_append (text, ", never shown");
}

static void
append_option (GString *text, const srt_option *option)
{
  g_string_append_printf (text, "  %s: ", option->name);
  if (option->type == SRT_TYPE_CHOICE) {
    g_auto (GStrv) choices = g_strsplit (option->choices, "|", -1);
    g_autofree char *list = g_strjoinv (", ", choices);
    g_string_append_printf (text, "one of %s", list);
  } else {
    g_string_append (text, srt_option_type_word (option->type));
  }
  append_flags (text, option);
  g_string_append_printf (text, "\n      %s\n", option->help != NULL ? option->help : "");
}

char *
srt_module_describe (const SrtModule *module)
{
  const srt_plugin *plugin = &module->plugin;
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%s-%s %s: %s\n", srt_kind_word (plugin->kind), plugin->name, plugin->version,
                          plugin->summary);
  g_string_append_printf (text, "  file: %s\n", module->path);
  g_string_append_printf (text, "  plugin ABI: %u.%u (this srt has %u.%u)\n", module->abi_major, module->abi_minor,
                          SRT_ABI_MAJOR, SRT_ABI_MINOR);
  if (plugin->kind == SRT_KIND_CHECKPOINT)
    g_string_append_printf (text, "  keeps: progress%s\n", module->history.size > 0 ? " and history" : "");
  g_string_append (text, plugin->n_options > 0 ? "options:\n" : "It takes no options.\n");
  for (guint i = 0; i < plugin->n_options; i++)
    append_option (text, &plugin->options[i]);
  return g_string_free (text, FALSE);
}
