/* SPDX-License-Identifier: MIT */
#include "host/instance.h"
#include "base/error.h"
#include "host/text.h"
#include "loading/loading.h"
#include <string.h>

struct SrtInstance {
  srt_host host; /* its address is how the functions below find the instance */
  const SrtHostShared *shared;
  const srt_plugin *plugin;
  char *name;
  srt_values *values;
  SrtScope *scope;
  gpointer owner;
  char *reason; /* by set_error, since the last take_error */
  gboolean created;
  void *self;
};

static SrtInstance *
instance_of (const srt_host *host)
{
  return (SrtInstance *)((char *)host - offsetof (SrtInstance, host));
}

/* ---- what the plugin calls ---- */

static void
say (SrtInstance *instance, guint32 level, const char *text, gsize length)
{
  g_autofree char *line = srt_text_clean_line (text, length);
  if (instance->shared->log != NULL)
    instance->shared->log (instance->shared->log_data, level, instance->name, line);
}

static void
host_log (const srt_host *host, uint32_t level, const char *text, size_t length)
{
  say (instance_of (host), level, text, length);
}

G_GNUC_PRINTF (3, 4)
static void
host_logf (const srt_host *host, uint32_t level, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  say (instance_of (host), level, text, strlen (text));
}

static void
host_set_error (const srt_host *host, const char *text, size_t length)
{
  SrtInstance *instance = instance_of (host);
  char *line = srt_text_clean_line (text, length);
  g_free (instance->reason); /* after the cleaning: TEXT may be a part of it, though nobody gets to see it */
  instance->reason = line;
}

G_GNUC_PRINTF (2, 3)
static void
host_set_errorf (const srt_host *host, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  host_set_error (host, text, strlen (text));
}

static srt_source *
host_add_fd (const srt_host *host, int fd, uint32_t events, srt_fd_fn fn, void *data)
{
  return srt_source_add_fd (instance_of (host)->scope, fd, events, fn, data);
}

static srt_source *
host_add_timer (const srt_host *host, uint64_t after_ns, srt_timer_fn fn, void *data)
{
  return srt_source_add_timer (instance_of (host)->scope, after_ns, fn, data);
}

static void
host_post (const srt_host *host, srt_post_fn fn, void *data)
{
  srt_scope_post (instance_of (host)->scope, fn, data);
}

static int32_t
host_spawn (const srt_host *host, const srt_spawn *spawn, srt_helper_fn fn, void *data, srt_helper **ret_helper)
{
  SrtInstance *instance = instance_of (host);
  int32_t status = SRT_E_FAILED;
  g_autoptr (GError) error = NULL;
  srt_helper *helper = srt_loop_spawn (instance->shared->loop, instance, spawn, fn, data, &status, &error);
  if (helper == NULL) {
    host_set_error (host, error->message, strlen (error->message));
    return status;
  }
  if (ret_helper != NULL)
    *ret_helper = helper;
  return SRT_OK;
}

static int64_t
read_nothing (const srt_output *output, uint64_t offset, void *buffer, size_t length)
{
  return SRT_E_NOT_FOUND;
}

static int32_t
host_ledger (const srt_host *host, const char *entry, size_t length)
{
  SrtInstance *instance = instance_of (host);
  const SrtHostShared *shared = instance->shared;
  const char *reason = NULL;
  if (instance->plugin->kind != SRT_KIND_EXECUTOR || shared->ledger == NULL) {
    host_set_errorf (host, "%s",
                     shared->ledger == NULL ? "there is no run, so there is no ledger"
                                            : "only an executor has a ledger");
    return SRT_E_UNSUPPORTED;
  }
  int32_t status = shared->ledger (shared->ledger_data, instance->name, entry, length, &reason);
  if (status != SRT_OK)
    host_set_errorf (host, "cannot write the ledger: %s", reason != NULL ? reason : srt_status_text (status));
  return status;
}

static void
tell_defect (gpointer data, const char *text)
{
  say (data, SRT_LOG_ERROR, text, strlen (text));
}

static void
fill_host (SrtInstance *instance, const void *events)
{
  const SrtHostShared *shared = instance->shared;
  instance->host = (srt_host){
    .size = sizeof (srt_host),
    .abi_minor = SRT_ABI_MINOR,
    .srt_version = SRT_VERSION,
    .run_id = shared->run_id != NULL ? shared->run_id : "",
    .run_dir = shared->run_dir,
    .libexec_dir = shared->libexec_dir,
    .options = instance->values,
    .events = events,
    .log = host_log,
    .logf = host_logf,
    .set_error = host_set_error,
    .set_errorf = host_set_errorf,
    .add_fd = host_add_fd,
    .modify_fd = srt_source_modify_fd,
    .add_timer = host_add_timer,
    .set_timer = srt_source_set_timer,
    .remove = srt_source_remove,
    .post = host_post,
    .spawn = host_spawn,
    .kill_helper = srt_loop_kill,
    .helper_pid = srt_loop_pid,
    .read_output = shared->read_output != NULL ? shared->read_output : read_nothing,
    .now_ns = srt_loop_now_ns,
    .ledger = host_ledger,
  };
  srt_values_fill_host (&instance->host);
}

/* ---- its life ---- */

static SrtInstance *
instance_alloc (const SrtHostShared *shared, const srt_plugin *plugin, srt_values *values, const void *events,
                gpointer owner)
{
  SrtInstance *instance = g_new0 (SrtInstance, 1);
  instance->shared = shared;
  instance->plugin = plugin;
  instance->name = g_strdup_printf ("%s %s", srt_kind_word (plugin->kind), plugin->name);
  instance->values = values;
  instance->owner = owner;
  instance->scope = srt_scope_new (srt_loop_sources (shared->loop));
  if (values != NULL)
    srt_values_on_defect (values, tell_defect, instance);
  fill_host (instance, events);
  return instance;
}

static void
warn_of_leftovers (SrtInstance *instance, guint sources, guint helpers)
{
  if (sources == 0 && helpers == 0)
    return;
  g_autofree char *text = g_strdup_printf ("defect of the plugin: left %u source%s and %u helper%s behind; removed",
                                           sources, sources == 1 ? "" : "s", helpers, helpers == 1 ? "" : "s");
  say (instance, SRT_LOG_WARNING, text, strlen (text));
}

void
srt_instance_free (SrtInstance *instance)
{
  if (instance == NULL)
    return;
  if (instance->created) { /* else create has failed, and what its posts point to may be gone */
    srt_scope_close (instance->scope);
    if (instance->plugin->destroy != NULL)
      instance->plugin->destroy (instance->self);
  }
  guint sources = srt_scope_free (instance->scope);
  guint helpers = srt_loop_drop_owner (instance->shared->loop, instance);
  warn_of_leftovers (instance, sources, helpers);
  srt_values_free (instance->values);
  g_free (instance->reason);
  g_free (instance->name);
  g_free (instance);
}

SrtInstance *
srt_instance_new (const SrtHostShared *shared, const srt_plugin *plugin, srt_values *values, const void *events,
                  gpointer owner, GError **error)
{
  g_autoptr (SrtInstance) instance = instance_alloc (shared, plugin, values, events, owner);
  int32_t status = plugin->create (&instance->host, &instance->self);
  if (status != SRT_OK) {
    srt_instance_take_error (instance, status, NULL, error);
    return NULL;
  }
  instance->created = TRUE;
  g_clear_pointer (&instance->reason, g_free); /* of something that create got over */
  return g_steal_pointer (&instance);
}

gboolean
srt_instance_probe (const SrtHostShared *shared, const srt_plugin *plugin, srt_values *values, GError **error)
{
  g_autoptr (SrtInstance) instance = instance_alloc (shared, plugin, values, NULL, NULL);
  int32_t status = plugin->probe != NULL ? plugin->probe (&instance->host) : SRT_OK;
  if (status != SRT_OK)
    srt_instance_take_error (instance, status, NULL, error);
  return status == SRT_OK;
}

void *
srt_instance_self (const SrtInstance *instance)
{
  return instance->self;
}

const char *
srt_instance_name (const SrtInstance *instance)
{
  return instance->name;
}

gpointer
srt_instance_owner (const srt_host *host)
{
  return instance_of (host)->owner;
}

const char *
srt_status_text (int32_t status)
{
  switch (status) {
  case SRT_OK:
    return "no error";
  case SRT_E_INVALID:
    return "an argument or option makes no sense";
  case SRT_E_UNSUPPORTED:
    return "not supported here";
  case SRT_E_NOT_FOUND:
    return "not found";
  case SRT_E_BUSY:
    return "in use by another run";
  case SRT_E_DENIED:
    return "permission denied";
  case SRT_E_CORRUPT:
    return "the data is damaged";
  case SRT_E_NO_SPACE:
    return "no space left";
  case SRT_E_NO_MEMORY:
    return "out of memory";
  case SRT_E_LOST:
    return "a process or peer that is needed went away";
  default:
    return "it failed";
  }
}

void
srt_instance_take_error (SrtInstance *instance, int32_t status, const char *doing, GError **error)
{
  g_autofree char *reason = g_steal_pointer (&instance->reason);
  if (reason == NULL)
    reason = g_strdup_printf ("%s (status %d, without a reason)", srt_status_text (status), status);
  gboolean usage = status == SRT_E_INVALID || status == SRT_E_UNSUPPORTED;
  g_set_error (error, SRT_ERROR, usage ? SRT_ERROR_USAGE : SRT_ERROR_INTERNAL, "%s: %s%s%s", instance->name,
               doing != NULL ? doing : "", doing != NULL ? ": " : "", reason);
}
