/* SPDX-License-Identifier: MIT */
#include "settings/state.h"

void
srt_uses_default (SrtSettings *settings)
{
  const SrtOrigin origin = { NULL, 0, g_intern_static_string ("default") };

  for (guint i = 0; i < SRT_N_KINDS; i++) {
    settings->uses[i] = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_plugin_use_free);
    settings->uses_origin[i] = origin;
    g_ptr_array_add (settings->uses[i], srt_plugin_use_new (srt_kind_decls[i].kind, srt_kind_decls[i].def, &origin));
  }
}

static gboolean
check_none (guint kind_index, const SrtOrigin *origin, SrtCheck *check)
{
  const SrtKindDecl *decl = &srt_kind_decls[kind_index];
  if (!decl->optional)
    srt_problems_add (&check->problems, origin, decl->group, "a run needs one; it cannot be \"none\" (default: \"%s\")",
                      decl->def);
  return decl->optional;
}

/* The plugin that NODE, a text or a group with a name, asks for. */
static SrtPluginUse *
read_use (guint32 kind, const SrtNode *node, const char *key, SrtCheck *check)
{
  GError *error = NULL;
  const SrtNode *name = node->type == SRT_NODE_GROUP ? srt_node_child (node, "name") : node;

  if (!name) {
    srt_problems_add (&check->problems, &node->origin, key,
                      "the group does not say which plugin; add name = \"NAME\";");
    return NULL;
  }
  if (name->type != SRT_NODE_SCALAR || name->raw_type != SRT_RAW_STRING) {
    srt_problems_add (&check->problems, &node->origin, key,
                      "must be a plugin's name in quotes, or a group such as { name = \"NAME\"; option = value; }");
    return NULL;
  }
  if (!srt_plugin_name_check (name->text, &error)) {
    srt_problems_take (&check->problems, &name->origin, key, error);
    return NULL;
  }
  SrtPluginUse *use = srt_plugin_use_new (kind, name->text, &node->origin);
  if (node->type == SRT_NODE_GROUP) {
    g_ptr_array_unref (use->options);
    use->options = srt_record_options (node, key, check);
  }
  return use;
}

/* A list of plugins of KIND, in place of what USES holds. */
static void
apply_many (GPtrArray *uses, guint32 kind, const char *def, const SrtNode *node, SrtCheck *check)
{
  if (node->type != SRT_NODE_SEQUENCE) {
    srt_problems_add (&check->problems, &node->origin, node->name,
                      "must be a list such as ( \"%s\", { name = \"NAME\"; option = value; } )", def);
    return;
  }
  g_ptr_array_set_size (uses, 0);
  for (guint i = 0; i < node->children->len; i++) {
    const SrtNode *child = node->children->pdata[i];
    g_autofree char *key = g_strdup_printf ("%s[%u]", node->name, i);
    SrtPluginUse *use = read_use (kind, child, key, check);
    if (use && g_str_equal (use->name, "none")) {
      srt_problems_add (&check->problems, &child->origin, key, "an empty list, %s = ( ), is \"none\"", node->name);
      g_clear_pointer (&use, srt_plugin_use_free);
    }
    if (use)
      g_ptr_array_add (uses, use);
  }
}

void
srt_uses_apply_executors (SrtSettings *settings, const SrtNode *node, SrtCheck *check)
{
  apply_many (settings->executors, SRT_KIND_EXECUTOR, "container", node, check);
  for (guint i = 1; i < settings->executors->len; i++) {
    const SrtPluginUse *use = settings->executors->pdata[i];
    const SrtPluginUse *first = srt_uses_find (settings->executors, use->name);
    if (first == use)
      continue;
    g_autofree char *key = g_strdup_printf ("%s[%u]", node->name, i), *place = srt_origin_text (&first->origin);
    srt_problems_add (&check->problems, &use->origin, key, "there is an executor of this name already, at %s", place);
  }
}

void
srt_uses_apply (SrtSettings *settings, guint kind_index, const SrtNode *node, SrtCheck *check)
{
  const SrtKindDecl *decl = &srt_kind_decls[kind_index];

  settings->uses_origin[kind_index] = node->origin;
  if (decl->many) {
    apply_many (settings->uses[kind_index], decl->kind, decl->def, node, check);
    return;
  }
  SrtPluginUse *use = read_use (decl->kind, node, decl->group, check);
  if (!use)
    return;
  gboolean none = g_str_equal (use->name, "none");
  if (none && !check_none (kind_index, &node->origin, check)) {
    srt_plugin_use_free (use);
    return;
  }
  g_ptr_array_set_size (settings->uses[kind_index], 0);
  if (none)
    srt_plugin_use_free (use);
  else
    g_ptr_array_add (settings->uses[kind_index], use);
}

SrtPluginUse *
srt_uses_find (const GPtrArray *uses, const char *name)
{
  for (guint i = 0; i < uses->len; i++) {
    SrtPluginUse *use = uses->pdata[i];
    if (g_str_equal (use->name, name))
      return use;
  }
  return NULL;
}

void
srt_uses_add (SrtSettings *settings, const SrtPluginUse *use, SrtCheck *check)
{
  int index = srt_kind_decl_find (use->kind);
  g_return_if_fail (index >= 0);
  GPtrArray *uses = settings->uses[index];
  SrtPluginUse *before = srt_uses_find (uses, use->name);

  settings->uses_origin[index] = use->origin;
  settings->executor_for_all |= use->kind == SRT_KIND_EXECUTOR;
  if (g_str_equal (use->name, "none")) {
    if (check_none ((guint)index, &use->origin, check))
      g_ptr_array_set_size (uses, 0);
  } else if (before) {
    srt_plugin_use_overlay (before, use);
  } else {
    if (!srt_kind_decls[index].many)
      g_ptr_array_set_size (uses, 0);
    g_ptr_array_add (uses, srt_plugin_use_copy (use));
  }
}
