/* SPDX-License-Identifier: MIT */
#include "reply.h"
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 400

/* BODY as JSON, or NULL. */
static JsonNode *
parse (const char *body)
{
  return body ? json_from_string (body, NULL) : NULL;
}

static JsonObject *
object_of (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonNode *
member (JsonObject *object, const char *name)
{
  return object ? json_object_get_member (object, name) : NULL;
}

static const char *
text_of (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static bool
true_of (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}

static int
int_of (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
             ? (int)json_node_get_int (node)
             : 0;
}

static char *
copy_of (JsonNode *node)
{
  const char *text = text_of (node);

  return text && *text ? strdup (text) : NULL;
}

char *
reply_id (const char *body)
{
  g_autoptr (JsonNode) root = parse (body);

  return copy_of (member (object_of (root), "Id"));
}

/* In one line; engines end theirs with a new one. */
static char *
one_line (const char *text)
{
  size_t n = strnlen (text, MESSAGE_MAX);
  char *line = strndup (text, n);

  for (char *p = line; p && *p; p++)
    if (*p == '\n' || *p == '\t' || *p == '\r')
      *p = ' ';
  return line ? g_strchomp (line) : NULL;
}

char *
reply_message (const char *body)
{
  g_autoptr (JsonNode) root = parse (body);
  const char *message = text_of (member (object_of (root), "message"));

  return one_line (message && *message ? message : body ? body : "");
}

bool
reply_state (const char *body, ReplyState *ret)
{
  g_autoptr (JsonNode) root = parse (body);
  JsonObject *state = object_of (member (object_of (root), "State"));

  if (state == NULL)
    return false;
  ret->running = true_of (member (state, "Running"));
  ret->oom = true_of (member (state, "OOMKilled"));
  ret->exit_code = int_of (member (state, "ExitCode"));
  return true;
}

char **
reply_ids (const char *body)
{
  g_autoptr (JsonNode) root = parse (body);
  JsonArray *array = root && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  guint n = array ? json_array_get_length (array) : 0, used = 0;
  char **ids = array ? calloc (n + 1, sizeof *ids) : NULL;

  for (guint i = 0; ids && i < n; i++) {
    ids[used] = copy_of (member (object_of (json_array_get_element (array, i)), "Id"));
    used += ids[used] != NULL;
  }
  return ids;
}

static void
set (char **to, JsonNode *node)
{
  char *copy = copy_of (node);

  if (copy == NULL)
    return;
  free (*to);
  *to = copy;
}

bool
reply_version (const char *body, ReplyEngine *engine)
{
  g_autoptr (JsonNode) root = parse (body);
  JsonObject *version = object_of (root);
  JsonNode *components = member (version, "Components");
  JsonArray *array = components && JSON_NODE_HOLDS_ARRAY (components) ? json_node_get_array (components) : NULL;

  set (&engine->version, member (version, "Version"));
  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    const char *name = text_of (member (object_of (json_array_get_element (array, i)), "Name"));

    engine->podman |= name && strstr (name, "Podman") != NULL;
  }
  return engine->version != NULL;
}

static bool
is_rootless (JsonObject *info)
{
  JsonNode *options = member (info, "SecurityOptions");
  JsonArray *array = options && JSON_NODE_HOLDS_ARRAY (options) ? json_node_get_array (options) : NULL;

  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    const char *text = text_of (json_array_get_element (array, i));

    if (text && strstr (text, "rootless"))
      return true;
  }
  return true_of (member (info, "Rootless"));
}

static bool
has_bridge (JsonObject *info)
{
  JsonNode *drivers = member (object_of (member (info, "Plugins")), "Network");
  JsonArray *array = drivers && JSON_NODE_HOLDS_ARRAY (drivers) ? json_node_get_array (drivers) : NULL;

  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    const char *text = text_of (json_array_get_element (array, i));

    if (text && strcmp (text, "bridge") == 0)
      return true;
  }
  return false;
}

bool
reply_info (const char *body, ReplyEngine *engine)
{
  g_autoptr (JsonNode) root = parse (body);
  JsonObject *info = object_of (root);

  set (&engine->root, member (info, "DockerRootDir"));
  set (&engine->cgroup_driver, member (info, "CgroupDriver"));
  set (&engine->cgroup_version, member (info, "CgroupVersion"));
  set (&engine->runtime, member (info, "DefaultRuntime"));
  engine->rootless = is_rootless (info);
  engine->bridge = has_bridge (info);
  engine->memory = true_of (member (info, "MemoryLimit"));
  engine->swap = true_of (member (info, "SwapLimit"));
  engine->cpu = true_of (member (info, "CpuCfsQuota")) && true_of (member (info, "CpuCfsPeriod"));
  engine->pids = true_of (member (info, "PidsLimit"));
  return engine->root != NULL;
}

bool
reply_podman_info (const char *body, ReplyEngine *engine)
{
  g_autoptr (JsonNode) root = parse (body);
  JsonObject *host = object_of (member (object_of (root), "host"));
  JsonNode *ids = member (object_of (member (host, "idMappings")), "uidmap");

  engine->many_ids = ids && JSON_NODE_HOLDS_ARRAY (ids) && json_array_get_length (json_node_get_array (ids)) > 1;
  return host != NULL;
}

void
reply_engine_clear (ReplyEngine *engine)
{
  free (engine->version);
  free (engine->root);
  free (engine->cgroup_driver);
  free (engine->cgroup_version);
  free (engine->runtime);
  memset (engine, 0, sizeof *engine);
}
