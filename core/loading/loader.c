/* SPDX-License-Identifier: MIT
 * The one place where a plugin is let in or refused: open_module. */
#include "loading/loading.h"
#include "base/error.h"
#include "base/suggest.h"
#include "loading/entry.h"
#include "loading/file.h"
#include <dlfcn.h>
#include <ltdl.h>
#include <string.h>
#include <sys/stat.h>

struct SrtLoader {
  GStrv dirs;
  GHashTable *modules; /* "device:inode" → SrtModule */
};

static const char SUFFIX[] = ".so";

SrtLoader *
srt_loader_new (const char *const *dirs)
{
  SrtLoader *loader = g_new0 (SrtLoader, 1);
  loader->dirs = g_strdupv ((char **)dirs);
  loader->modules = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)srt_module_free);
  lt_dlinit ();
  return loader;
}

/* No lt_dlexit: the modules stay, and with it libltdl would lose track of what it keeps of them. */
void
srt_loader_free (SrtLoader *loader)
{
  if (loader == NULL)
    return;
  g_hash_table_unref (loader->modules);
  g_strfreev (loader->dirs);
  g_free (loader);
}

/* ---- opening ---- */

static lt_dlhandle
open_resident (const char *path)
{
  lt_dladvise advise;
  if (lt_dladvise_init (&advise) != 0)
    return NULL;
  lt_dlhandle handle = NULL;
  if (lt_dladvise_local (&advise) == 0 && lt_dladvise_resident (&advise) == 0)
    handle = lt_dlopenadvise (path, advise);
  lt_dladvise_destroy (&advise);
  return handle;
}

/* By dlopen first: libltdl answers "file not found" to everything. Its handle is never closed, so that the module stays
 * even when it is refused later. */
static const srt_plugin *
open_entry (const char *path, GError **error)
{
  if (dlopen (path, RTLD_NOW | RTLD_LOCAL) == NULL) {
    const char *reason = dlerror ();
    gsize length = strlen (path);
    if (strncmp (reason, path, length) == 0 && g_str_has_prefix (reason + length, ": "))
      reason += length + 2; /* it is said once */
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: cannot be loaded: %s", path, reason);
    return NULL;
  }
  lt_dlhandle handle = open_resident (path);
  if (handle == NULL) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: cannot be loaded: %s", path, lt_dlerror ());
    return NULL;
  }
  const srt_plugin *entry = lt_dlsym (handle, SRT_PLUGIN_SYMBOL);
  if (entry == NULL)
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: is no srt plugin: it does not export " SRT_PLUGIN_SYMBOL,
                 path);
  return entry;
}

static SrtModule *
open_module (const SrtPluginFile *file, GError **error)
{
  const srt_plugin *entry = open_entry (file->path, error);
  if (entry == NULL)
    return NULL;
  g_autoptr (GError) wrong = NULL;
  SrtModule *module = srt_module_new (entry, file->path, &wrong);
  if (module == NULL)
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: %s", file->path, wrong->message);
  return module;
}

const SrtModule *
srt_loader_get_file (SrtLoader *loader, const char *file, GError **error)
{
  g_autoptr (SrtPluginFile) found = srt_plugin_file_check (file, error);
  if (found == NULL)
    return NULL;
  g_autofree char *key = g_strdup_printf ("%ju:%ju", (uintmax_t)found->device, (uintmax_t)found->inode);
  SrtModule *module = g_hash_table_lookup (loader->modules, key);
  if (module == NULL && (module = open_module (found, error)) != NULL)
    g_hash_table_insert (loader->modules, g_steal_pointer (&key), module);
  return module;
}

/* ---- the folders ---- */

static void
found_free (gpointer data)
{
  SrtFound *found = data;
  g_free (found->path);
  g_free (found->name);
  g_free (found);
}

/* "notifier-junit.so" → a kind and a name; NULL when FILE is not called so. */
static SrtFound *
found_of_file (const char *dir, const char *file)
{
  const char *dash = strchr (file, '-');
  if (dash == NULL || !g_str_has_suffix (file, SUFFIX))
    return NULL;
  g_autofree char *word = g_strndup (file, (gsize)(dash - file));
  g_autofree char *name = g_strndup (dash + 1, strlen (dash + 1) - strlen (SUFFIX));
  guint32 kind = srt_kind_parse (word);
  if (kind == 0 || !srt_plugin_name_is_good (name))
    return NULL;
  SrtFound *found = g_new0 (SrtFound, 1);
  found->path = g_build_filename (dir, file, NULL);
  found->kind = kind;
  found->name = g_steal_pointer (&name);
  return found;
}

static gboolean
is_shadowed (const GPtrArray *all, const SrtFound *found)
{
  for (guint i = 0; i < all->len; i++) {
    const SrtFound *other = all->pdata[i];
    if (other->kind == found->kind && g_str_equal (other->name, found->name))
      return TRUE;
  }
  return FALSE;
}

static void
list_dir (const char *dir, GPtrArray *all)
{
  g_autoptr (GDir) handle = g_path_is_absolute (dir) ? g_dir_open (dir, 0, NULL) : NULL;
  const char *file;
  while (handle != NULL && (file = g_dir_read_name (handle)) != NULL) {
    SrtFound *found = found_of_file (dir, file);
    if (found != NULL && !is_shadowed (all, found))
      g_ptr_array_add (all, found);
    else if (found != NULL)
      found_free (found);
  }
}

/* A symbolic link to a file that stands in the list under its own name. */
static gboolean
is_alias (const GPtrArray *all, const SrtFound *found)
{
  struct stat own, target, info;
  if (lstat (found->path, &own) != 0 || !S_ISLNK (own.st_mode) || stat (found->path, &target) != 0)
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    if (lstat (((SrtFound *)all->pdata[i])->path, &info) == 0 && info.st_dev == target.st_dev &&
        info.st_ino == target.st_ino)
      return TRUE;
  return FALSE;
}

static gint
compare_found (gconstpointer a, gconstpointer b)
{
  const SrtFound *first = *(SrtFound *const *)a, *second = *(SrtFound *const *)b;
  if (first->kind != second->kind)
    return first->kind < second->kind ? -1 : 1;
  return strcmp (first->name, second->name);
}

GPtrArray *
srt_loader_list (SrtLoader *loader)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (found_free);
  for (guint i = 0; loader->dirs[i] != NULL; i++)
    list_dir (loader->dirs[i], all);
  for (guint i = all->len; i > 0; i--)
    if (is_alias (all, all->pdata[i - 1]))
      g_ptr_array_remove_index (all, i - 1);
  g_ptr_array_sort (all, compare_found);
  return all;
}

/* ---- by name ---- */

static const char *
nearest (const GPtrArray *all, guint32 kind, const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < all->len; i++) {
    const SrtFound *found = all->pdata[i];
    if (found->kind == kind)
      g_ptr_array_add (names, found->name);
  }
  g_ptr_array_add (names, NULL);
  return srt_suggest (name, (const char *const *)names->pdata);
}

static void
set_missing (SrtLoader *loader, guint32 kind, const char *name, GError **error)
{
  const char *word = srt_kind_word (kind);
  g_autofree char *dirs = g_strjoinv (", ", loader->dirs);
  g_autoptr (GPtrArray) all = srt_loader_list (loader);
  const char *near = nearest (all, kind, name);
  g_autofree char *meant = near != NULL ? g_strdup_printf ("; did you mean \"%s\"?", near) : g_strdup ("");
  if (loader->dirs[0] == NULL)
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "there is no %s plugin \"%s\": no plugin folder is set", word,
                 name);
  else
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "there is no %s plugin \"%s\": looked for %s-%s%s in %s%s", word,
                 name, word, name, SUFFIX, dirs, meant);
}

/* The file of the first folder that has it; NULL: none. */
static char *
find_file (SrtLoader *loader, guint32 kind, const char *name)
{
  g_autofree char *base = g_strdup_printf ("%s-%s%s", srt_kind_word (kind), name, SUFFIX);
  for (guint i = 0; loader->dirs[i] != NULL; i++) {
    g_autofree char *path = g_build_filename (loader->dirs[i], base, NULL);
    struct stat info;
    if (g_path_is_absolute (path) && lstat (path, &info) == 0)
      return g_steal_pointer (&path);
  }
  return NULL;
}

const SrtModule *
srt_loader_get (SrtLoader *loader, guint32 kind, const char *name, GError **error)
{
  const char *word = srt_kind_word (kind);
  g_return_val_if_fail (word != NULL, NULL);
  if (!srt_plugin_name_is_good (name)) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE,
                 "\"%s\" cannot be the name of a plugin: a lower-case letter, then lower-case letters, digits and '-'",
                 name);
    return NULL;
  }
  g_autofree char *path = find_file (loader, kind, name);
  if (path == NULL) {
    set_missing (loader, kind, name, error);
    return NULL;
  }
  const SrtModule *module = srt_loader_get_file (loader, path, error);
  if (module != NULL && (module->plugin.kind != kind || !g_str_equal (module->plugin.name, name))) {
    const char *real = srt_kind_word (module->plugin.kind);
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: holds the %s plugin \"%s\"; its file must be called %s-%s%s",
                 path, real, module->plugin.name, real, module->plugin.name, SUFFIX);
    return NULL;
  }
  return module;
}
