/* SPDX-License-Identifier: MIT */
#include "spec.h"
#include <json-glib/json-glib.h>
#include <string.h>

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, value);
}

static void
add_int (JsonBuilder *json, const char *name, gint64 value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, value);
}

static void
add_bool (JsonBuilder *json, const char *name, bool value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_boolean_value (json, value);
}

static void
add_list (JsonBuilder *json, const char *name, const char *const *values)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_array (json);
  for (; values && *values; values++)
    json_builder_add_string_value (json, *values);
  json_builder_end_array (json);
}

/* --- what runs in it ------------------------------------------------------------------------------------------ */

static void
add_command (JsonBuilder *json, const Spec *spec)
{
  static const char *const entry[] = { SPEC_AGENT, NULL };
  g_autofree char *pids_max = g_strdup_printf ("--pids-max=%" G_GUINT64_FORMAT, spec->pids_max);
  const char *args[] = { "--slot=0",
                         "--dir=" SPEC_TMP,
                         "--hold=init",
                         "--connect=" SPEC_LINK "/" SPEC_SOCKET,
                         "--given-cgroups=/sys/fs/cgroup",
                         pids_max,
                         NULL,
                         NULL,
                         NULL };
  guint n = G_N_ELEMENTS (args) - 3;

  if (spec->required)
    args[n++] = "--required";
  if (spec->test == NULL)
    args[n] = "--clean=/tmp:/var/tmp:/run:/dev/shm:/dev/mqueue:" SPEC_TMP;

  add_list (json, "Entrypoint", entry);
  add_list (json, "Cmd", args);
  add_list (json, "Env", spec->env);
  add_string (json, "WorkingDir", "/"); /* that of the image need not be there */
  add_string (json, "User", spec->user);
  add_string (json, "StopSignal", "SIGKILL");         /* the agent has blocked all others */
  json_builder_set_member_name (json, "Healthcheck"); /* it would run in the test's container */
  json_builder_begin_object (json);
  add_list (json, "Test", (const char *const[]){ "NONE", NULL });
  json_builder_end_object (json);
}

static void
add_labels (JsonBuilder *json, const Spec *spec)
{
  g_autofree char *owner = g_strdup_printf ("%u", spec->owner);

  json_builder_set_member_name (json, "Labels");
  json_builder_begin_object (json);
  add_string (json, "srt.run", spec->run_id);
  add_string (json, "srt.owner", owner);
  if (spec->test)
    add_string (json, "srt.test", spec->test);
  json_builder_end_object (json);
}

/* --- what it sees --------------------------------------------------------------------------------------------- */

static void
add_mount (JsonBuilder *json, const char *source, const char *target, bool read_only)
{
  json_builder_begin_object (json);
  add_string (json, "Type", "bind");
  add_string (json, "Source", source);
  add_string (json, "Target", target);
  add_bool (json, "ReadOnly", read_only);
  json_builder_end_object (json);
}

/* "PATH", "SOURCE:TARGET", either with ":ro" or ":rw" behind it. NULL, or what is wrong. */
static char *
add_wanted_mount (JsonBuilder *json, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", -1);
  guint n = g_strv_length (parts);
  gboolean says = n > 0 && (g_str_equal (parts[n - 1], "ro") || g_str_equal (parts[n - 1], "rw"));
  gboolean writable = says && g_str_equal (parts[n - 1], "rw");

  n -= says;
  if (n < 1 || n > 2 || parts[0][0] != '/' || parts[n - 1][0] != '/')
    return g_strdup_printf ("mounts: \"%s\" is neither PATH nor SOURCE:TARGET, both absolute, with :ro or :rw", text);
  add_mount (json, parts[0], parts[n - 1], !writable);
  return NULL;
}

static char *
add_mounts (JsonBuilder *json, const Spec *spec)
{
  char *why = NULL;

  json_builder_set_member_name (json, "Mounts");
  json_builder_begin_array (json);
  add_mount (json, spec->agent, SPEC_AGENT, true);
  add_mount (json, spec->link, SPEC_LINK, true);
  add_mount (json, spec->keep, SPEC_KEEP, false);
  if (spec->workspace && spec->workspace_mode != WORKSPACE_OVERLAY)
    add_mount (json, spec->workspace, spec->workspace, spec->workspace_mode != WORKSPACE_RW);
  for (const char *const *mount = spec->mounts; why == NULL && mount && *mount; mount++)
    why = add_wanted_mount (json, *mount);
  json_builder_end_array (json);
  if (spec->workspace && spec->workspace_mode == WORKSPACE_OVERLAY) {
    g_autofree char *bind = g_strdup_printf ("%s:%s:O", spec->workspace, spec->workspace);

    add_list (json, "Binds", (const char *const[]){ bind, NULL });
  }
  return why;
}

static void
add_tmpfs (JsonBuilder *json, const Spec *spec)
{
  static const char *const paths[] = { "/tmp", "/var/tmp", "/run", SPEC_TMP };
  g_autofree char *size = spec->tmp_size > 0 ? g_strdup_printf (",size=%" G_GUINT64_FORMAT, spec->tmp_size) : NULL;
  g_autofree char *options =
      g_strconcat ("rw,", spec->no_exec ? "noexec" : "exec", ",nosuid,nodev,mode=1777", size, NULL);

  json_builder_set_member_name (json, "Tmpfs");
  json_builder_begin_object (json);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    add_string (json, paths[i], options);
  json_builder_end_object (json);
  if (spec->tmp_size > 0)
    add_int (json, "ShmSize", (gint64)spec->tmp_size);
}

static char *
add_devices (JsonBuilder *json, const Spec *spec)
{
  char *why = NULL;

  json_builder_set_member_name (json, "Devices");
  json_builder_begin_array (json);
  for (const char *const *device = spec->devices; device && *device; device++) {
    g_auto (GStrv) parts = g_strsplit (*device, ":", 2);

    if (why == NULL && (parts[0] == NULL || parts[0][0] != '/'))
      why = g_strdup_printf ("devices: \"%s\" is no absolute path", *device);
    json_builder_begin_object (json);
    add_string (json, "PathOnHost", parts[0] ? parts[0] : "");
    add_string (json, "PathInContainer", parts[0] && parts[1] ? parts[1] : *device);
    add_string (json, "CgroupPermissions", "rwm");
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  return why;
}

/* --- what it may ---------------------------------------------------------------------------------------------- */

/* What tells of the machine and its other users, and no test needs. */
#define MASKED                                                                                                         \
  "/proc/buddyinfo", "/proc/cmdline", "/proc/config.gz", "/proc/diskstats", "/proc/interrupts", "/proc/iomem",         \
      "/proc/ioports", "/proc/kallsyms", "/proc/modules", "/proc/pagetypeinfo", "/proc/partitions", "/proc/slabinfo",  \
      "/proc/softirqs", "/proc/swaps", "/proc/vmallocinfo", "/proc/zoneinfo", "/sys/block", "/sys/bus",                \
      "/sys/class/block", "/sys/class/dmi", "/sys/devices/virtual/dmi", "/sys/devices/virtual/block", "/sys/kernel",   \
      "/sys/module"

/* Docker takes one list for all, with what it hides itself. */
static void
add_masked (JsonBuilder *json)
{
  static const char *const paths[] = { "/proc/acpi",
                                       "/proc/asound",
                                       "/proc/kcore",
                                       "/proc/keys",
                                       "/proc/latency_stats",
                                       "/proc/sched_debug",
                                       "/proc/scsi",
                                       "/proc/timer_list",
                                       "/proc/timer_stats",
                                       "/sys/devices/virtual/powercap",
                                       "/sys/firmware",
                                       MASKED,
                                       NULL };

  add_list (json, "MaskedPaths", paths);
}

static void
add_rights (JsonBuilder *json, const Spec *spec)
{
  static const char *const masked[] = { MASKED, NULL };
  g_autofree char *paths = g_strjoinv (":", (char **)masked), *mask = g_strconcat ("mask=", paths, NULL);
  const char *options[4] = { "no-new-privileges" };
  guint n = 1;

  if (spec->label_off)
    options[n++] = "label=disable";
  if (spec->masked && spec->podman)
    options[n++] = mask;
  else if (spec->masked)
    add_masked (json);
  add_string (json, "NetworkMode", spec->network == NETWORK_BRIDGE ? "bridge" : "none");
  add_bool (json, "ReadonlyRootfs", true);
  add_list (json, "CapDrop", (const char *const[]){ "ALL", NULL });
  add_list (json, "CapAdd", spec->caps);
  add_list (json, "SecurityOpt", options);
  add_string (json, "IpcMode", "private");
  if (spec->keep_id)
    add_string (json, "UsernsMode", "keep-id");
}

/* The configured defaults of an engine go as soon as one is given: so all are. */
static void
add_ulimits (JsonBuilder *json, const Spec *spec)
{
  json_builder_set_member_name (json, "Ulimits");
  json_builder_begin_array (json);
  for (const SpecUlimit *limit = spec->ulimits; limit && limit->name; limit++) {
    json_builder_begin_object (json);
    add_string (json, "Name", limit->name);
    add_int (json, "Soft", limit->soft);
    add_int (json, "Hard", limit->hard);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
}

static void
add_throttle (JsonBuilder *json, const char *name, const Spec *spec)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_array (json);
  for (const char *const *disk = spec->disks; disk && *disk; disk++) {
    json_builder_begin_object (json);
    add_string (json, "Path", *disk);
    add_int (json, "Rate", (gint64)spec->limits.io_ops);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
}

/* No swap on top of the memory: it would only make the test slow before it dies. The agent is one more process. */
static void
add_limits (JsonBuilder *json, const Spec *spec)
{
  guint64 pids = spec->limits.processes > 0 ? spec->limits.processes : spec->pids_max;

  if (spec->limits.memory > 0) {
    add_int (json, "Memory", (gint64)spec->limits.memory);
    add_int (json, "MemorySwap", (gint64)spec->limits.memory);
  }
  if (spec->limits.cpu_milli > 0)
    add_int (json, "NanoCpus", (gint64)spec->limits.cpu_milli * 1000000);
  if (pids > 0)
    add_int (json, "PidsLimit", (gint64)pids + 1);
  if (spec->limits.io_ops > 0) {
    add_throttle (json, "BlkioDeviceReadIOps", spec);
    add_throttle (json, "BlkioDeviceWriteIOps", spec);
  }
  add_ulimits (json, spec);
}

static char *
add_host (JsonBuilder *json, const Spec *spec)
{
  char *why;

  json_builder_set_member_name (json, "HostConfig");
  json_builder_begin_object (json);
  add_rights (json, spec);
  add_limits (json, spec);
  add_tmpfs (json, spec);
  why = add_mounts (json, spec);
  if (why == NULL)
    why = add_devices (json, spec);
  json_builder_end_object (json);
  return why;
}

char *
spec_to_json (const Spec *spec, char **ret_why)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  char *why;

  json_builder_begin_object (json);
  add_string (json, "Image", spec->image);
  add_command (json, spec);
  add_labels (json, spec);
  why = add_host (json, spec);
  if (why != NULL) {
    *ret_why = why;
    return NULL;
  }
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

char *
spec_place (const char *body, const char *link)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), link);
  g_autofree char *quoted = json_to_string (node, FALSE);
  g_auto (GStrv) parts = g_strsplit (body, "\"" SPEC_ANY_LINK, -1);

  quoted[strlen (quoted) - 1] = '\0'; /* more may follow */
  return g_strjoinv (quoted, parts);
}

void
spec_name (const char *run_id, uint64_t number, char *name, size_t size)
{
  g_snprintf (name, size, "srt-%s-%" G_GUINT64_FORMAT, run_id, number);
}

void
spec_list_path (const char *run_id, char *path, size_t size)
{
  g_autofree char *filter = g_strdup_printf ("{\"label\":[\"srt.run=%s\"]}", run_id);
  g_autofree char *escaped = g_uri_escape_string (filter, NULL, FALSE);

  g_snprintf (path, size, "/containers/json?all=1&filters=%s", escaped);
}
