/* SPDX-License-Identifier: MIT
 * One instance of a plugin and the host table that it sees. What it forgot to remove is removed after its destroy, and
 * said. */
#pragma once
#include "host/loop.h"
#include "srt/srt-plugin.h"

typedef struct SrtInstance SrtInstance;

/* What all instances of a process share. Must outlive them. */
typedef struct {
  SrtLoop *loop;
  const char *run_id;  /* "" outside a run */
  const char *run_dir; /* NULL outside a run */
  const char *libexec_dir;
  /* Where a plugin's log lines go. FROM: "notifier junit". */
  void (*log) (gpointer data, guint32 level, const char *from, const char *text);
  gpointer log_data;
  int64_t (*read_output) (const srt_output *output, uint64_t offset, void *buffer, size_t length);
} SrtHostShared;

/* PLUGIN: checked by loading. VALUES: taken over. EVENTS: what the kind reports to, or NULL; OWNER is handed back by
 * srt_instance_owner. Calls create. Error: SRT_ERROR_USAGE when create says INVALID, else INTERNAL; names the plugin
 * and its reason. */
SrtInstance *srt_instance_new (const SrtHostShared *shared, const srt_plugin *plugin, srt_values *values,
                               const void *events, gpointer owner, GError **error);
/* destroy, then remove what was left. */
void srt_instance_free (SrtInstance *instance);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtInstance, srt_instance_free)

void *srt_instance_self (const SrtInstance *instance);
const char *srt_instance_name (const SrtInstance *instance); /* "notifier junit" */
const srt_host *srt_instance_host (const SrtInstance *instance);
/* From a host pointer that an event hands back to what the core passed as OWNER. */
gpointer srt_instance_owner (const srt_host *host);
/* Turn the STATUS that a function of the instance returned, with what it said by set_error, into a GError. */
void srt_instance_take_error (SrtInstance *instance, int32_t status, const char *doing, GError **error);

/* probe, without an instance. VALUES may be NULL. */
gboolean srt_instance_probe (const SrtHostShared *shared, const srt_plugin *plugin, GError **error);
