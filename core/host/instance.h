/* SPDX-License-Identifier: MIT
 * One instance of a plugin and the host table that it sees. What it forgot to remove is removed after its destroy, and
 * said. */
#pragma once
#include "host/loop.h"
#include "host/values.h"
#include "srt/srt-plugin.h"

typedef struct SrtInstance SrtInstance;

/* What all instances of a process share. Must outlive them. */
typedef struct {
  SrtLoop *loop;
  const char *run_id;  /* "" outside a run */
  const char *run_dir; /* NULL outside a run */
  const char *libexec_dir;
  /* Where a plugin's log lines go. FROM: "notifier junit". TEXT: one line of UTF-8 without control characters. */
  void (*log) (gpointer data, guint32 level, const char *from, const char *text);
  gpointer log_data;
  int64_t (*read_output) (const srt_output *output, uint64_t offset, void *buffer, size_t length);
  /* Where executors write what outlives a dead run; NULL outside a run. OWNER: "executor process". RET_REASON: why not,
   * static or NULL. */
  int32_t (*ledger) (gpointer data, const char *owner, const char *entry, size_t length, const char **ret_reason);
  gpointer ledger_data;
} SrtHostShared;

/* PLUGIN: checked by loading (SrtModule.plugin). VALUES: taken over, also on error; NULL: no option is set. EVENTS:
 * what the kind reports to, or NULL; OWNER is handed back by srt_instance_owner. Calls create. Error: as
 * srt_instance_take_error makes it. */
SrtInstance *srt_instance_new (const SrtHostShared *shared, const srt_plugin *plugin, srt_values *values,
                               const void *events, gpointer owner, GError **error);
/* Run its posts, destroy, then remove what was left and warn of it. Not from within a call of the instance. */
void srt_instance_free (SrtInstance *instance);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtInstance, srt_instance_free)

void *srt_instance_self (const SrtInstance *instance);
const char *srt_instance_name (const SrtInstance *instance); /* "notifier junit" */
/* From a host pointer that an event hands back to what the core passed as OWNER. */
gpointer srt_instance_owner (const srt_host *host);
/* Turn the STATUS that a function of the instance returned, with what it said by set_error, into a GError: "notifier
 * junit: DOING: reason", or without DOING when that is NULL. The code is USAGE for INVALID and UNSUPPORTED, else
 * INTERNAL. */
void srt_instance_take_error (SrtInstance *instance, int32_t status, const char *doing, GError **error);

/* "no space" and the like: a status in words. */
const char *srt_status_text (int32_t status);

/* probe, without an instance: no function of the ops is called. VALUES: taken over; NULL: no option is set. TRUE when
 * the plugin has no probe. Errors as for srt_instance_new. */
gboolean srt_instance_probe (const SrtHostShared *shared, const srt_plugin *plugin, srt_values *values, GError **error);
