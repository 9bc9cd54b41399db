/* SPDX-License-Identifier: MIT */
#include "settings/options.h"
#include "base/error.h"
#include "settings/declare.h"

#include <string.h>

char *
srt_origin_text (const SrtOrigin *origin)
{
  if (!origin->file)
    return g_strdup (origin->what ? origin->what : "default");
  const char *shown = origin->what ? origin->what : origin->file;
  return origin->line > 0 ? g_strdup_printf ("%s:%d", shown, origin->line) : g_strdup (shown);
}

SrtRawOption *
srt_raw_option_new (const char *name, int type, const char *text, const char *const *list, const SrtOrigin *origin)
{
  SrtRawOption *option = g_new0 (SrtRawOption, 1);
  option->name = g_strdup (name);
  option->text = g_strdup (text);
  option->list = g_strdupv ((char **)list);
  option->type = type;
  option->origin = *origin;
  return option;
}

void
srt_raw_option_free (SrtRawOption *option)
{
  if (!option)
    return;
  g_free (option->name);
  g_free (option->text);
  g_strfreev (option->list);
  g_free (option);
}

SrtPluginUse *
srt_plugin_use_new (guint32 kind, const char *name, const SrtOrigin *origin)
{
  SrtPluginUse *use = g_new0 (SrtPluginUse, 1);
  use->kind = kind;
  use->name = g_strdup (name);
  use->options = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_raw_option_free);
  use->origin = *origin;
  return use;
}

void
srt_plugin_use_free (SrtPluginUse *use)
{
  if (!use)
    return;
  g_ptr_array_unref (use->options);
  g_free (use->name);
  g_free (use);
}

SrtPluginUse *
srt_plugin_use_copy (const SrtPluginUse *use)
{
  SrtPluginUse *copy = srt_plugin_use_new (use->kind, use->name, &use->origin);
  for (guint i = 0; i < use->options->len; i++)
    srt_plugin_use_add (copy, use->options->pdata[i]);
  return copy;
}

void
srt_plugin_use_add (SrtPluginUse *use, const SrtRawOption *option)
{
  g_ptr_array_add (use->options, srt_raw_option_new (option->name, (int)option->type, option->text,
                                                     (const char *const *)option->list, &option->origin));
}

void
srt_plugin_use_drop (SrtPluginUse *use, const char *name)
{
  for (guint i = use->options->len; i > 0; i--)
    if (g_str_equal (((SrtRawOption *)use->options->pdata[i - 1])->name, name))
      g_ptr_array_remove_index (use->options, i - 1);
}

void
srt_plugin_use_overlay (SrtPluginUse *use, const SrtPluginUse *from)
{
  for (guint i = 0; i < from->options->len; i++)
    srt_plugin_use_drop (use, ((const SrtRawOption *)from->options->pdata[i])->name);
  for (guint i = 0; i < from->options->len; i++)
    srt_plugin_use_add (use, from->options->pdata[i]);
}

gboolean
srt_plugin_name_check (const char *name, GError **error)
{
  gboolean right = g_ascii_isalnum (name[0]);
  for (const char *p = name; right && *p; p++)
    right = g_ascii_isalnum (*p) || *p == '-' || *p == '_';
  if (!right)
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE,
                 "\"%s\" is no plugin's name; these are letters, digits, - and _, as in \"junit\"", name);
  return right;
}

/* The text up to the next STOP that has no '\' before it; *AT is behind the stop, or at the end. */
static char *
take_until (const char **at, char stop)
{
  GString *text = g_string_new (NULL);
  const char *p = *at;
  for (; *p && *p != stop; p++) {
    if (*p == '\\' && p[1])
      p++;
    g_string_append_c (text, *p);
  }
  *at = *p ? p + 1 : p;
  return g_string_free (text, FALSE);
}

/* "NAME=VALUE" up to the next comma into USE. */
static gboolean
take_option (const char **at, SrtPluginUse *use, GError **error)
{
  gsize length = strcspn (*at, "=,");
  g_autofree char *name = g_strndup (*at, length);

  if (length == 0 || (*at)[length] != '=') {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "\"%s\" is no option; write NAME=VALUE, as in \"%s:%s=VALUE\"",
                 name, use->name, length > 0 ? name : "NAME");
    return FALSE;
  }
  *at += length + 1;
  g_autofree char *value = take_until (at, ',');
  g_ptr_array_add (use->options, srt_raw_option_new (name, SRT_RAW_STRING, value, NULL, &use->origin));
  return TRUE;
}

SrtPluginUse *
srt_plugin_use_parse (guint32 kind, const char *text, const SrtOrigin *origin, GError **error)
{
  gsize length = strcspn (text, ":");
  g_autofree char *name = g_strndup (text, length);

  if (!srt_plugin_name_check (name, error))
    return NULL;
  SrtPluginUse *use = srt_plugin_use_new (kind, name, origin);
  const char *at = text[length] ? text + length + 1 : text + length;
  while (*at)
    if (!take_option (&at, use, error)) {
      srt_plugin_use_free (use);
      return NULL;
    }
  return use;
}
