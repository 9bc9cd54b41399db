/* SPDX-License-Identifier: MIT
 * srt doctor: what works here, and of what does not the true reason. Exit status 0 when everything that the
 * configuration asks for works. */
#include "base/error.h"
#include "main/commands.h"
#include "run/parts.h"
#include "run/scheduler.h"
#include "verdict/limit-words.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const SrtCommandContext *context;
  SrtHostShared shared;
  SrtParts parts;
  GString *notes; /* what a plugin says while it is asked: they go below its line */
} Doctor;

static void
take_note (gpointer data, guint32 level, const char *from, const char *text)
{
  Doctor *doctor = data;
  if (level >= SRT_LOG_INFO)
    g_string_append_printf (doctor->notes, "%25s - %s\n", "", text);
}

static void
print_line (Doctor *doctor, const char *what, gboolean good, const char *text)
{
  printf ("%-4s %-20s %s\n%s", good ? "ok" : "NO", what, text, doctor->notes->str);
  g_string_truncate (doctor->notes, 0);
}

/* Its own word, with every option at its default. */
static gboolean
probe (Doctor *doctor, const SrtModule *module, GError **error)
{
  const SrtOrigin origin = { .what = "default" };
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  srt_values *values =
      srt_values_new ((const srt_option *)module->options->data, module->options->len, none, FALSE, module->plugin.name,
                      &origin, srt_settings_project_dir (doctor->context->settings), NULL);
  return srt_instance_probe (&doctor->shared, &module->plugin, values, error);
}

/* Found, sound, and by its own word able to work here? */
static void
check_plugin (Doctor *doctor, const SrtFound *found)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *name = g_strdup_printf ("%s-%s", srt_kind_word (found->kind), found->name);
  const SrtModule *module = srt_loader_inspect (doctor->context->loader, found->path, &why);
  gboolean good = module && probe (doctor, module, &why);
  print_line (doctor, name, good, good ? module->plugin.summary : why->message);
}

static void
check_plugins (Doctor *doctor)
{
  g_autoptr (GPtrArray) found = srt_loader_list (doctor->context->loader);
  for (guint i = 0; i < found->len; i++)
    check_plugin (doctor, g_ptr_array_index (found, i));
}

static gboolean
check_agent (Doctor *doctor)
{
  g_autofree char *path = g_build_filename (doctor->context->libexec_dir, "srt-agent", NULL);
  gboolean good = access (path, X_OK) == 0;
  print_line (doctor, "srt-agent", good, path);
  return good;
}

static void
ignore_pressure (const srt_host *host)
{
}

static const srt_monitor_events no_events = { .size = sizeof no_events, .pressure = ignore_pressure };

/* Does the machine wake the guard when memory runs short, or does it look by its timer alone? */
static void
check_wakes (Doctor *doctor, SrtInstance *monitor, const srt_monitor_ops *ops)
{
  g_autoptr (GError) why = NULL;
  int32_t status = ops->watch ? ops->watch (srt_instance_self (monitor), 100) : SRT_E_UNSUPPORTED;
  if (status != SRT_OK)
    srt_instance_take_error (monitor, status, NULL, &why);
  print_line (doctor, "memory pressure", status == SRT_OK,
              status == SRT_OK ? "wakes the guard"
              : ops->watch     ? why->message
                               : "the monitor cannot watch for it");
}

static gboolean
check_machine (Doctor *doctor)
{
  const SrtPluginUse *use = srt_parts_use (&doctor->parts, SRT_KIND_MONITOR);
  const SrtModule *module;
  g_autoptr (GError) why = NULL;
  srt_sample sample = { .size = sizeof sample };
  if (!use)
    return TRUE;
  g_autoptr (SrtInstance) monitor = srt_parts_make (&doctor->parts, use, &no_events, NULL, &module, &why);
  if (!monitor) {
    print_line (doctor, "machine", FALSE, why->message);
    return FALSE;
  }
  if (module->ops.monitor.sample (srt_instance_self (monitor), &sample) != SRT_OK) {
    print_line (doctor, "machine", FALSE, "cannot be measured");
    return FALSE;
  }
  g_autofree char *text = g_strdup_printf (
      "%.1f of %.1f GiB memory available (%s), %.2f cores, pressure %s", (double)sample.memory_available / (1 << 30),
      (double)sample.memory_total / (1 << 30), sample.memory_source ? sample.memory_source : "machine",
      (double)sample.cpu_milli / 1000, sample.valid & SRT_SAMPLE_PRESSURE ? "known" : "not told by this kernel");
  print_line (doctor, "machine", TRUE, text);
  check_wakes (doctor, monitor, &module->ops.monitor);
  return TRUE;
}

static void
print_limits (Doctor *doctor, void *self, const srt_executor_ops *ops, const srt_executor_info *info)
{
  for (guint i = 0; i < srt_limits_n (); i++) {
    guint64 bit = srt_limits_bit (i);
    g_autofree char *name = g_strdup_printf ("limit %s", srt_limits_word (i));
    const char *reason = ops->why_not ? ops->why_not (self, (uint32_t)bit) : NULL;
    print_line (doctor, name, (info->limits & bit) != 0,
                info->limits & bit ? "enforced"
                : reason           ? reason
                                   : "not enforced");
  }
}

/* How an executor contains tests, and which limits it holds. WHAT: before its line. */
static gboolean
check_executor (Doctor *doctor, const SrtPluginUse *use, const char *what)
{
  const SrtModule *module;
  g_autoptr (GError) why = NULL;
  srt_executor_info info = { .size = sizeof info };
  g_autoptr (SrtInstance) executor = srt_parts_make (&doctor->parts, use, &srt_scheduler_events, NULL, &module, &why);
  if (!executor) {
    print_line (doctor, what, FALSE, why->message);
    return FALSE;
  }
  const srt_executor_ops *ops = &module->ops.executor;
  int32_t status = ops->describe (srt_instance_self (executor), &info);
  if (status != SRT_OK) {
    srt_instance_take_error (executor, status, NULL, &why);
    print_line (doctor, what, FALSE, why->message);
    return FALSE;
  }
  print_line (doctor, what, TRUE, info.tier ? info.tier : "not told");
  print_limits (doctor, srt_instance_self (executor), ops, &info);
  return TRUE;
}

/* The run's own, then those that the configuration asks for besides. */
static gboolean
check_executors (Doctor *doctor)
{
  const GPtrArray *further = srt_settings_further_executors (doctor->context->settings);
  gboolean good = check_executor (doctor, srt_parts_use (&doctor->parts, SRT_KIND_EXECUTOR), "containment");
  for (guint i = 0; i < further->len; i++) {
    const SrtPluginUse *use = g_ptr_array_index (further, i);
    g_autofree char *what = g_strconcat ("with ", use->name, NULL);
    good = check_executor (doctor, use, what) && good;
  }
  return good;
}

int
srt_command_doctor (const SrtCommandContext *context, GError **error)
{
  g_autoptr (SrtLoop) loop = srt_loop_new (error);
  if (!loop)
    return (*error)->code;
  g_autoptr (GString) notes = g_string_new (NULL);
  Doctor doctor = {
    .context = context,
    .shared = { .loop = loop,
                .run_id = "",
                .libexec_dir = context->libexec_dir,
                .log = take_note,
                .log_data = &doctor },
    .notes = notes,
  };
  doctor.parts = (SrtParts){ context->settings, context->loader, &doctor.shared };
  check_plugins (&doctor);
  gboolean good = check_agent (&doctor);
  good = check_machine (&doctor) && good;
  good = check_executors (&doctor) && good;
  return good ? 0 : SRT_ERROR_INTERNAL;
}
