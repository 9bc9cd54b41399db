/* SPDX-License-Identifier: MIT
 * The only code that includes libconfig.h. */
#include "settings/node.h"
#include "settings/source.h"
#include "settings/value.h"

#include <libconfig.h>
#include <string.h>

#define EXCERPT_MAX 60

void
srt_node_free (SrtNode *node)
{
  if (!node)
    return;
  g_clear_pointer (&node->children, g_ptr_array_unref);
  g_free (node->name);
  g_free (node->text);
  g_free (node);
}

static SrtNode *
node_new (const char *name, SrtNodeType type, const SrtOrigin *origin)
{
  SrtNode *node = g_new0 (SrtNode, 1);
  node->type = type;
  node->name = g_strdup (name);
  node->origin = *origin;
  if (type != SRT_NODE_SCALAR)
    node->children = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_node_free);
  return node;
}

static void
take_scalar (SrtNode *node, const config_setting_t *setting)
{
  switch (config_setting_type (setting)) {
  case CONFIG_TYPE_INT:
  case CONFIG_TYPE_INT64:
    node->raw_type = SRT_RAW_INT;
    node->text = g_strdup_printf ("%lld", config_setting_get_int64 (setting));
    break;
  case CONFIG_TYPE_FLOAT:
    node->raw_type = SRT_RAW_FLOAT;
    node->text = srt_value_real_text (config_setting_get_float (setting));
    break;
  case CONFIG_TYPE_BOOL:
    node->raw_type = SRT_RAW_BOOL;
    node->text = g_strdup (config_setting_get_bool (setting) ? "true" : "false");
    break;
  default:
    node->raw_type = SRT_RAW_STRING;
    node->text = g_strdup (config_setting_get_string (setting));
  }
}

/* SETTING with all below it. libconfig's parser bounds the depth. */
static SrtNode *
convert (const config_setting_t *setting, const SrtSource *source, SrtProblems *problems)
{
  SrtOrigin origin = srt_source_place (source, config_setting_source_line (setting));
  const char *name = config_setting_name (setting);

  if (!config_setting_is_aggregate (setting)) {
    SrtNode *scalar = node_new (name, SRT_NODE_SCALAR, &origin);
    take_scalar (scalar, setting);
    if (!g_utf8_validate (scalar->text, -1, NULL))
      srt_problems_add (problems, &origin, name, "the text is not UTF-8; look at its \\x escapes");
    return scalar;
  }
  SrtNode *node = node_new (name, config_setting_is_group (setting) ? SRT_NODE_GROUP : SRT_NODE_SEQUENCE, &origin);
  for (int i = 0; i < config_setting_length (setting); i++) {
    const config_setting_t *child = config_setting_get_elem (setting, (unsigned)i);
    g_ptr_array_add (node->children, convert (child, source, problems));
  }
  return node;
}

/* Line number LINE of TEXT, trimmed and cut: what stands where the parser gave up. */
static char *
excerpt (const char *text, int line)
{
  for (; line > 1 && text; line--)
    text = (text = strchr (text, '\n')) ? text + 1 : NULL;
  char *part = g_strstrip (g_strndup (text ? text : "", text ? strcspn (text, "\n") : 0));
  if (g_utf8_strlen (part, -1) > EXCERPT_MAX)
    strcpy (g_utf8_offset_to_pointer (part, EXCERPT_MAX - 3), "...");
  return part;
}

static void
report_parser (const config_t *config, const SrtSource *source, SrtProblems *problems)
{
  int line = config_error_line (config);
  SrtOrigin place = srt_source_place (source, line);
  const char *reason = config_error_text (config);
  g_autofree char *near = excerpt (source->text->str, line);

  if (g_str_equal (reason, "syntax error") && near[0])
    srt_problems_add (problems, &place, NULL,
                      "syntax error at or before \"%s\"; look for a missing '=', ';', quote or bracket", near);
  else if (g_str_equal (reason, "syntax error"))
    srt_problems_add (problems, &place, NULL, "syntax error; look for a missing '=', ';', quote or bracket above");
  else if (g_str_has_prefix (reason, "duplicate"))
    srt_problems_add (problems, &place, NULL, "\"%s\" sets a name that this group has already; keep one of the two",
                      near);
  else
    srt_problems_add (problems, &place, NULL, "%s", reason);
}

SrtNode *
srt_node_read (const char *path, const char *shown, gboolean missing_ok, SrtProblems *problems)
{
  g_autoptr (SrtSource) source = srt_source_load (path, shown, missing_ok, problems);
  SrtNode *root = NULL;
  config_t config;

  if (!source)
    return NULL;
  config_init (&config);
  if (config_read_string (&config, source->text->str))
    root = convert (config_root_setting (&config), source, problems);
  else
    report_parser (&config, source, problems);
  config_destroy (&config);
  return root;
}

const SrtNode *
srt_node_child (const SrtNode *group, const char *name)
{
  for (guint i = 0; i < group->children->len; i++) {
    const SrtNode *child = group->children->pdata[i];
    if (child->name && g_str_equal (child->name, name))
      return child;
  }
  return NULL;
}

SrtRawOption *
srt_node_option (const SrtNode *node, const char *name)
{
  if (node->type == SRT_NODE_SCALAR)
    return srt_raw_option_new (name, node->raw_type, node->text, NULL, &node->origin);
  if (node->type == SRT_NODE_GROUP)
    return NULL;
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  for (guint i = 0; i < node->children->len; i++) {
    const SrtNode *element = node->children->pdata[i];
    if (element->type != SRT_NODE_SCALAR)
      return NULL;
    g_ptr_array_add (texts, element->text);
  }
  g_ptr_array_add (texts, NULL);
  return srt_raw_option_new (name, SRT_RAW_LIST, NULL, (const char *const *)texts->pdata, &node->origin);
}
