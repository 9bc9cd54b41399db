/* SPDX-License-Identifier: MIT
 * srt plugins: what there is. srt plugins NAME…: one of them, its options and defaults. srt plugins FILE: a module from
 * anywhere. */
#include "base/error.h"
#include "main/commands.h"

#include <stdio.h>
#include <string.h>

/* A refused module stands in the list with its reason; the list itself goes on. */
static void
print_found (SrtLoader *loader, const SrtFound *found)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *name = g_strdup_printf ("%s-%s", srt_kind_word (found->kind), found->name);
  const SrtModule *module = srt_loader_inspect (loader, found->path, &why);
  if (module)
    printf ("%-22s %-8s %s\n", name, module->plugin.version, module->plugin.summary);
  else
    printf ("%-22s %-8s %s\n", name, "refused", why->message);
}

static int
print_all (SrtLoader *loader)
{
  g_autoptr (GPtrArray) found = srt_loader_list (loader);
  for (guint i = 0; i < found->len; i++)
    print_found (loader, g_ptr_array_index (found, i));
  return 0;
}

/* "notifier-junit", or "junit" where one kind alone has it. */
static gboolean
is_named (const SrtFound *found, const char *name)
{
  g_autofree char *full = g_strdup_printf ("%s-%s", srt_kind_word (found->kind), found->name);
  return g_str_equal (full, name) || g_str_equal (found->name, name);
}

static gboolean
print_one (SrtLoader *loader, const char *name, GError **error)
{
  g_autoptr (GPtrArray) found = srt_loader_list (loader);
  const char *file = strchr (name, '/') ? name : NULL;
  for (guint i = 0; !file && i < found->len; i++) {
    const SrtFound *one = g_ptr_array_index (found, i);
    if (is_named (one, name))
      file = one->path;
  }
  if (!file) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "no plugin \"%s\"; `srt plugins` lists what there is", name);
    return FALSE;
  }
  g_autofree char *path = g_canonicalize_filename (file, NULL);
  const SrtModule *module = srt_loader_inspect (loader, path, error);
  if (!module)
    return FALSE;
  g_autofree char *text = srt_module_describe (module);
  fputs (text, stdout);
  return TRUE;
}

int
srt_command_plugins (const SrtCommandContext *context, GError **error)
{
  char **names = context->cli->args;
  if (!*names)
    return print_all (context->loader);
  for (; *names; names++)
    if (!print_one (context->loader, *names, error))
      return (*error)->code;
  return 0;
}
