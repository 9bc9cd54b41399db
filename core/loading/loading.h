/* SPDX-License-Identifier: MIT
 * Loading: from a plugin's kind and name to its checked entry. The only code that includes ltdl.h.
 *
 * What is promised:
 * - A file is looked for as an absolute path in the folders that were given, nowhere else: no LD_LIBRARY_PATH, never
 *   the working folder. Symbolic links are followed first; what they lead to, and the folder that holds it, must be
 *   owned by root or by us and not be writable by group or others. So when srt runs as root, only what root owns is
 *   loaded. Nothing of a file runs before that is checked.
 * - Nothing but constructors runs before magic, ABI, sizes, tables and options are checked. The major ABI must be ours;
 *   any minor will do, as each struct says its size: what ours has and theirs has not is zero, and the other way about
 *   it is not seen.
 * - The same file under two names (links, two folders) is one plugin. A module stays loaded until the process ends,
 *   also one that was refused after it was opened: its code is never pulled away from under it.
 * - A missing or broken plugin disturbs only who asks for it. */
#pragma once
#include "srt/srt-plugin.h"
#include <glib.h>

typedef struct SrtLoader SrtLoader;

/* DIRS: plugin folders in order of search (absolute), ended by NULL. They need not exist. */
SrtLoader *srt_loader_new (const char *const *dirs);
void srt_loader_free (SrtLoader *loader); /* modules stay resident, what was got from it does not */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtLoader, srt_loader_free)

/* A checked module. Lives as long as the loader; the plugin's own strings and functions until the process ends. */
typedef struct {
  char *path;        /* absolute, resolved */
  srt_plugin plugin; /* a copy: fields that an older plugin does not have are zero; options and ops are those below */
  guint32 abi_major, abi_minor; /* that it was built with */
  GArray *options;              /* of srt_option, copied by the plugin's stride */
  union {                       /* plugin.ops, copied by min(size) */
    srt_executor_ops executor;
    srt_monitor_ops monitor;
    srt_checkpoint_ops checkpoint; /* its two tables are those below */
    srt_notifier_ops notifier;
  } ops;
  srt_progress_ops progress; /* checkpoint only */
  srt_history_ops history;   /* checkpoint only; size 0: none */
} SrtModule;

/* The module of KIND and NAME, opened on first use. Error (SRT_ERROR_USAGE): what is wrong with which file, or every
 * folder that was looked into when there is none, and the nearest name that exists. */
const SrtModule *srt_loader_get (SrtLoader *loader, guint32 kind, const char *name, GError **error);

/* The module in one FILE (absolute), whatever it is called. */
const SrtModule *srt_loader_get_file (SrtLoader *loader, const char *file, GError **error);

/* What is in the folders, without opening anything: (path, kind, name) by file name. Left out are those that another
 * folder before theirs shadows, and links to another one that is here. */
typedef struct {
  char *path;
  guint32 kind;
  char *name;
} SrtFound;
GPtrArray *srt_loader_list (SrtLoader *loader); /* of SrtFound; caller unrefs */

/* As srt_loader_get_file, but first in a child process, so that a module that crashes, ends the process or hangs (10 s)
 * while it is loaded is told and not suffered. Forks: call it while there is one thread. Waits for its child itself, so
 * it may be called with or without a loop, but not from within one. */
const SrtModule *srt_loader_inspect (SrtLoader *loader, const char *file, GError **error);

const char *srt_kind_word (guint32 kind);  /* "executor", …; NULL unknown */
guint32 srt_kind_parse (const char *word); /* 0 unknown */

/* Everything about it in some lines: summary, version, ABI, path, limits of what it is checked against, and its options
 * with their types, defaults and help: for `srt plugins NAME`. Caller frees. */
char *srt_module_describe (const SrtModule *module);
