/* SPDX-License-Identifier: MIT */
#include "loading/entry.h"
#include "base/error.h"
#include "loading/option.h"
#include <string.h>

#define REACH(TYPE, FIELD) ((guint32)(offsetof (TYPE, FIELD) + sizeof (((TYPE *)NULL)->FIELD)))
#define NEED(TYPE, FIELD)                                                                                              \
  {                                                                                                                    \
#FIELD, offsetof(TYPE, FIELD)                                                                                      \
  }

/* A function that must be there. All pointers to functions have one size and shape. */
typedef struct {
  const char *name;
  gsize offset;
} Need;

/* A table of functions: what it must have. MIN reaches to the last required field of ABI 0.9. */
typedef struct {
  const char *word;
  guint32 min, size;
  Need needs[5]; /* ended by a NULL name */
} Table;

static const Table executor_table = {
  "executor table",
  REACH (srt_executor_ops, stop),
  sizeof (srt_executor_ops),
  { NEED (srt_executor_ops, describe), NEED (srt_executor_ops, start), NEED (srt_executor_ops, stop) },
};
static const Table monitor_table = {
  "monitor table",
  REACH (srt_monitor_ops, sample),
  sizeof (srt_monitor_ops),
  { NEED (srt_monitor_ops, sample) },
};
static const Table checkpoint_table = {
  "checkpoint table",
  REACH (srt_checkpoint_ops, progress),
  sizeof (srt_checkpoint_ops),
  { NEED (srt_checkpoint_ops, progress) },
};
static const Table notifier_table = {
  "notifier table",
  REACH (srt_notifier_ops, reserved),
  sizeof (srt_notifier_ops),
  { { NULL, 0 } },
};
static const Table progress_table = {
  "progress table",
  REACH (srt_progress_ops, close),
  sizeof (srt_progress_ops),
  { NEED (srt_progress_ops, open), NEED (srt_progress_ops, append), NEED (srt_progress_ops, sync),
    NEED (srt_progress_ops, remove), NEED (srt_progress_ops, close) },
};
static const Table history_table = {
  "history table",
  REACH (srt_history_ops, store),
  sizeof (srt_history_ops),
  { NEED (srt_history_ops, load), NEED (srt_history_ops, store) },
};

static const struct {
  guint32 kind;
  const char *word;
  const Table *table;
} kinds[] = {
  { SRT_KIND_EXECUTOR, "executor", &executor_table },
  { SRT_KIND_MONITOR, "monitor", &monitor_table },
  { SRT_KIND_CHECKPOINT, "checkpoint", &checkpoint_table },
  { SRT_KIND_NOTIFIER, "notifier", &notifier_table },
};

const char *
srt_kind_word (guint32 kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].kind == kind)
      return kinds[i].word;
  return NULL;
}

guint32
srt_kind_parse (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].word, word))
      return kinds[i].kind;
  return 0;
}

gboolean
srt_plugin_name_is_good (const char *name)
{
  return g_ascii_islower (name[0]) && name[strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, text);
  return FALSE;
}

/* ---- the entry itself ---- */

static gboolean
check_abi (const srt_plugin *entry, GError **error)
{
  if (entry->magic != SRT_PLUGIN_MAGIC)
    return refuse (error, "is no srt plugin: its " SRT_PLUGIN_SYMBOL " begins with 0x%08x, not 0x%08x", entry->magic,
                   SRT_PLUGIN_MAGIC);
  if (entry->abi_major != SRT_ABI_MAJOR)
    return refuse (error, "was built for plugin ABI %u.%u; this srt has %u.%u: build it again with this srt's header",
                   entry->abi_major, entry->abi_minor, SRT_ABI_MAJOR, SRT_ABI_MINOR);
  guint32 min = REACH (srt_plugin, create);
  if (entry->size < min)
    return refuse (error, "says that its entry has %u bytes; at least %u are needed", entry->size, min);
  return TRUE;
}

static gboolean
check_words (const srt_plugin *plugin, GError **error)
{
  if (srt_kind_word (plugin->kind) == NULL)
    return refuse (error, "is of kind %u, which this srt does not know", plugin->kind);
  if (plugin->name == NULL || !srt_plugin_name_is_good (plugin->name))
    return refuse (error, "has the bad name \"%s\": a lower-case letter, then lower-case letters, digits and '-'",
                   plugin->name != NULL ? plugin->name : "");
  if (plugin->version == NULL || plugin->summary == NULL)
    return refuse (error, "does not say its version and summary");
  if (plugin->ops == NULL)
    return refuse (error, "has no table of functions");
  if (plugin->create == NULL)
    return refuse (error, "has no create function, which every plugin needs");
  return TRUE;
}

/* ---- its tables ---- */

/* FROM, of the size that it says, into the zeroed TO. */
static gboolean
copy_table (const Table *table, const void *from, void *to, GError **error)
{
  guint32 size;
  memcpy (&size, from, sizeof size);
  if (size < table->min)
    return refuse (error, "says that its %s has %u bytes; at least %u are needed", table->word, size, table->min);
  memcpy (to, from, MIN (size, table->size));
  memcpy (to, &table->size, sizeof table->size);
  for (gsize i = 0; i < G_N_ELEMENTS (table->needs) && table->needs[i].name != NULL; i++) {
    void (*function) (void);
    memcpy (&function, (const char *)to + table->needs[i].offset, sizeof function);
    if (function == NULL)
      return refuse (error, "has no \"%s\" in its %s, which is required", table->needs[i].name, table->word);
  }
  return TRUE;
}

static const Table *
table_of_kind (guint32 kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].kind == kind)
      return kinds[i].table;
  return NULL;
}

static gboolean
copy_tables (SrtModule *module, GError **error)
{
  if (!copy_table (table_of_kind (module->plugin.kind), module->plugin.ops, &module->ops, error))
    return FALSE;
  module->plugin.ops = &module->ops;
  if (module->plugin.kind != SRT_KIND_CHECKPOINT)
    return TRUE;
  srt_checkpoint_ops *both = &module->ops.checkpoint;
  if (!copy_table (&progress_table, both->progress, &module->progress, error))
    return FALSE;
  both->progress = &module->progress;
  if (both->history == NULL)
    return TRUE;
  if (!copy_table (&history_table, both->history, &module->history, error))
    return FALSE;
  both->history = &module->history;
  return TRUE;
}

static gboolean
copy_options (SrtModule *module, GError **error)
{
  module->options = srt_option_table_copy (module->plugin.options, module->plugin.n_options, error);
  if (module->options == NULL)
    return FALSE;
  module->plugin.options = (const srt_option *)(void *)module->options->data;
  return TRUE;
}

SrtModule *
srt_module_new (const srt_plugin *entry, const char *path, GError **error)
{
  if (!check_abi (entry, error))
    return NULL;
  g_autoptr (SrtModule) module = g_new0 (SrtModule, 1);
  memcpy (&module->plugin, entry, MIN (entry->size, sizeof module->plugin));
  module->plugin.size = sizeof module->plugin;
  module->path = g_strdup (path);
  module->abi_major = entry->abi_major;
  module->abi_minor = entry->abi_minor;
  if (!check_words (&module->plugin, error) || !copy_tables (module, error) || !copy_options (module, error))
    return NULL;
  return g_steal_pointer (&module);
}

void
srt_module_free (SrtModule *module)
{
  g_clear_pointer (&module->options, g_array_unref);
  g_free (module->path);
  g_free (module);
}
