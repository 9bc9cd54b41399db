/* SPDX-License-Identifier: MIT
 * Loading: from a plugin's kind and name to its checked entry. The only code that includes ltdl.h. A module stays
 * loaded until the process ends. Nothing of a module runs before its file's owner and mode are checked; nothing but
 * constructors before magic, ABI, size and tables are. A missing or broken plugin disturbs only who asks for it. */
#pragma once
#include "srt/srt-plugin.h"
#include <glib.h>

typedef struct SrtLoader SrtLoader;

/* DIRS: plugin folders in order of search (absolute), ended by NULL. They need not exist. */
SrtLoader *srt_loader_new (const char *const *dirs);
void srt_loader_free (SrtLoader *loader); /* modules stay resident */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtLoader, srt_loader_free)

/* A checked module. All pointers live until the process ends. */
typedef struct {
  char *path;        /* absolute, resolved */
  srt_plugin plugin; /* a copy: fields that an older plugin does not have are zero */
  GArray *options;   /* of srt_option, copied by the plugin's stride */
  union {            /* plugin.ops, copied by min(size) */
    srt_executor_ops executor;
    srt_monitor_ops monitor;
    srt_checkpoint_ops checkpoint;
    srt_notifier_ops notifier;
  } ops;
  srt_progress_ops progress; /* checkpoint only */
  srt_history_ops history;   /* checkpoint only; size 0: none */
} SrtModule;

/* The module of KIND and NAME, opened on first use. Error (SRT_ERROR_USAGE): what is wrong with which file, every
 * folder that was looked into when there is none, and the nearest name that exists. */
const SrtModule *srt_loader_get (SrtLoader *loader, guint32 kind, const char *name, GError **error);

/* The module in one FILE, whatever it is called. */
const SrtModule *srt_loader_get_file (SrtLoader *loader, const char *file, GError **error);

/* What is in the folders, without opening anything: (path, kind, name) by file name, shadowed ones left out. */
typedef struct {
  char *path;
  guint32 kind;
  char *name;
} SrtFound;
GPtrArray *srt_loader_list (SrtLoader *loader); /* of SrtFound; caller unrefs */

/* As srt_loader_get_file, but first in a child process, so that a module that crashes in a constructor is told and not
 * suffered. */
const SrtModule *srt_loader_inspect (SrtLoader *loader, const char *file, GError **error);

const char *srt_kind_word (guint32 kind);  /* "executor", …; NULL unknown */
guint32 srt_kind_parse (const char *word); /* 0 unknown */

/* <kind>-<name> in a sentence, its options and their defaults: for `srt plugins NAME`. Caller frees. */
char *srt_module_describe (const SrtModule *module);
