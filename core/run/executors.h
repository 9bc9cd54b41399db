/* SPDX-License-Identifier: MIT
 * Executors: those that the tests of one run need, each made once, and none that no test needs. An executor that takes
 * few tests at once bounds its own tests only. */
#pragma once
#include "catalog/catalog.h"
#include "run/notify.h"
#include "run/parts.h"

typedef struct SrtExecutors SrtExecutors;

/* One of them. Only its own functions write. */
typedef struct {
  SrtExecutors *all;
  const char *name;
  const SrtPluginUse *use;
  const GPtrArray *tests; /* of SrtTest: those to run that are its own, in their order */
  SrtInstance *instance;
  void *self;
  const srt_executor_ops *ops;
  srt_executor_info info;
  GHashTable *job_options; /* SrtSuite → srt_values */
  guint8 *taken;           /* its own slots: */
  guint32 slots, capacity; /* so many may be used, and so many of them now */
  gboolean left;           /* its shutdown is done */
} SrtExecutor;

/* Sorts TODO, of SrtTest, out of a plan of TOTAL tests; SLOTS run at once. Makes no plugin yet. */
SrtExecutors *srt_executors_new (const GPtrArray *todo, guint total, guint32 slots);
/* The plugins leave: destroy. The rest stays for who looks back. */
void srt_executors_leave (SrtExecutors *executors);
void srt_executors_free (SrtExecutors *executors);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtExecutors, srt_executors_free)

/* Whom their events are for. */
void srt_executors_set_owner (SrtExecutors *executors, gpointer owner);
gpointer srt_executors_owner (const SrtExecutors *executors);

/* Make and describe each; each must take the limits of its tests. EVENTS: their table; the owner of each instance is
 * its SrtExecutor. Limits and heartbeats that one does not hold are told last. Error: SRT_ERROR_USAGE with the place
 * that asks for it. */
gboolean srt_executors_make (SrtExecutors *executors, const SrtParts *parts, const srt_executor_events *events,
                             SrtNotify *notify, GError **error);
/* INSTANCE, made and described, is what EXECUTOR works with; its maker keeps nothing. JOB_OPTIONS likewise. */
void srt_executor_attach (SrtExecutor *executor, SrtInstance *instance, const srt_executor_ops *ops,
                          const srt_executor_info *info, GHashTable *job_options);
/* Each gets ready for its slots. Error: as above. */
gboolean srt_executors_prepare (SrtExecutors *executors, GError **error);

guint srt_executors_n (const SrtExecutors *executors);
SrtExecutor *srt_executors_get (const SrtExecutors *executors, guint i);
/* Where TEST, one of todo, runs. */
SrtExecutor *srt_executors_of (const SrtExecutors *executors, const SrtTest *test);

/* Does it take memory and CPU of this machine? */
gboolean srt_executor_is_local (const SrtExecutor *executor);
guint srt_executors_n_local (const SrtExecutors *executors);
gboolean srt_executors_any_local_freezes (const SrtExecutors *executors);

/* "process", "process + container"; OWN where no test is to run. And how each contains: "subreaper + podman". Caller
 * frees. */
char *srt_executors_names (const SrtExecutors *executors, const char *own);
char *srt_executors_tiers (const SrtExecutors *executors);

/* Its slots: is one free, take the lowest (there is one), give it back, so many are there from now on. */
gboolean srt_executor_has_slot (const SrtExecutor *executor);
guint32 srt_executor_take_slot (SrtExecutor *executor);
void srt_executor_give_slot (SrtExecutor *executor, guint32 slot);
void srt_executor_set_capacity (SrtExecutor *executor, guint32 slots);

/* All of them report usage every PERIOD_NS. */
void srt_executors_set_usage_period (SrtExecutors *executors, guint64 period_ns);
/* All of them end what they have; when the last has, DONE is called, perhaps from within this call. */
void srt_executors_shut_down (SrtExecutors *executors, guint64 deadline_ns, srt_post_fn done, void *data);
/* "executor container": those that have not. Caller frees. */
char *srt_executors_staying (const SrtExecutors *executors);
