/* SPDX-License-Identifier: MIT
 * One file over what is there: settings and profiles key by key, suites, rules and notifiers as a whole. */
#include "settings/state.h"
#include "settings/value-text.h"

#include <string.h>

SrtRecord *
srt_state_find (const GPtrArray *records, const char *name)
{
  for (guint i = 0; i < records->len; i++) {
    SrtRecord *record = records->pdata[i];
    if (g_str_equal (record->name, name))
      return record;
  }
  return NULL;
}

const char **
srt_state_names (const GPtrArray *records)
{
  const char **names = g_new0 (const char *, records->len + 1);
  for (guint i = 0; i < records->len; i++)
    names[i] = ((SrtRecord *)records->pdata[i])->name;
  return names;
}

/* NAME, when it can be a suite's or profile's. */
static char *
usable_name (const char *name)
{
  static const SrtOrigin nowhere = { NULL, 0, NULL };
  return srt_value_text_check (&srt_decl_suite.rows[SRT_SUITE_KEY_NAME], name, TRUE, &nowhere, "/", NULL);
}

static void
check_suite (const SrtRecord *suite, const char *prefix, const GPtrArray *before, SrtCheck *check)
{
  const SrtRecord *same = suite->name ? srt_state_find (before, suite->name) : NULL;
  g_autofree char *key = g_strconcat (prefix, ".name", NULL);

  if (same) {
    g_autofree char *place = srt_origin_text (&same->origin);
    srt_problems_add (&check->problems, &suite->origin, key, "there is a suite of this name already, at %s", place);
  }
}

/* The rows that every suite must have. */
static void
check_required (const SrtNode *node, const char *prefix, SrtCheck *check)
{
  static const SrtSuiteKey required[] = { SRT_SUITE_KEY_NAME, SRT_SUITE_KEY_PATHS };

  for (guint i = 0; i < G_N_ELEMENTS (required); i++) {
    const SrtDecl *decl = &srt_decl_suite.rows[required[i]];
    g_autofree char *key = g_strconcat (prefix, ".", decl->name, NULL);
    if (!srt_node_child (node, decl->name))
      srt_problems_add (&check->problems, &node->origin, key, "a suite must have it: %s = %s;", decl->name,
                        decl->type == SRT_TYPE_LIST ? "[ \"tests\" ]" : "\"unit\"");
  }
}

/* The suite that NODE describes goes to the end of SUITES. */
static void
add_suite (GPtrArray *suites, const SrtNode *node, SrtLayer layer, SrtCheck *check)
{
  const SrtNode *name_node = srt_node_child (node, "name");
  g_autofree char *name = name_node && name_node->text ? usable_name (name_node->text) : NULL;
  g_autofree char *prefix = name ? g_strconcat ("suites.", name, NULL) : g_strdup_printf ("suites[%u]", suites->len);
  SrtRecord *suite = srt_record_new (&srt_decl_suite, name, &node->origin);

  check_required (node, prefix, check);
  srt_record_set_group (suite, node, prefix, "", layer, check);
  check_suite (suite, prefix, suites, check);
  if (!suite->name)
    suite->name = g_strdup (prefix);
  g_ptr_array_add (suites, suite);
}

/* The rule that NODE describes goes to the end of RULES. */
static void
add_rule (GPtrArray *rules, const SrtNode *node, SrtLayer layer, SrtCheck *check)
{
  g_autofree char *prefix = g_strdup_printf ("rules[%u]", rules->len);
  SrtRecord *rule = srt_record_new (&srt_decl_rule, prefix, &node->origin);

  srt_record_set_group (rule, node, prefix, "", layer, check);
  if (!srt_node_child (node, "match")) {
    g_autofree char *key = g_strconcat (prefix, ".match", NULL);
    srt_problems_add (&check->problems, &node->origin, key, "a rule must have it: match = [ \"*_slow_test\" ];");
  }
  g_ptr_array_add (rules, rule);
}

/* A list of groups, the last layer's in place of those before it: each goes to ADD. */
static void
apply_groups (const SrtNode *node, GPtrArray *records, const char *right,
              void (*add) (GPtrArray *, const SrtNode *, SrtLayer, SrtCheck *), SrtLayer layer, SrtCheck *check)
{
  if (node->type != SRT_NODE_SEQUENCE) {
    srt_problems_add (&check->problems, &node->origin, node->name, "must be a list of groups such as ( %s )", right);
    return;
  }
  g_ptr_array_set_size (records, 0);
  for (guint i = 0; i < node->children->len; i++) {
    const SrtNode *child = node->children->pdata[i];
    g_autofree char *key = g_strdup_printf ("%s[%u]", node->name, i);
    if (child->type == SRT_NODE_GROUP)
      add (records, child, layer, check);
    else
      srt_problems_add (&check->problems, &child->origin, key, "must be a group such as %s", right);
  }
}

static void
apply_profile (SrtSettings *settings, const SrtNode *node, SrtLayer layer, SrtCheck *check)
{
  g_autofree char *prefix = g_strconcat ("profiles.", node->name, NULL);
  g_autofree char *name = usable_name (node->name);

  if (node->type != SRT_NODE_GROUP || !name) {
    srt_problems_add (&check->problems, &node->origin, prefix,
                      "a profile is a group with a simple name, such as quick = { memory = \"64M\"; wall = \"5s\"; };");
    return;
  }
  SrtRecord *profile = srt_state_find (settings->profile_records, name);
  if (!profile) {
    profile = srt_record_new (&srt_decl_profile, name, &node->origin);
    g_ptr_array_add (settings->profile_records, profile);
  }
  profile->origin = node->origin;
  srt_record_set_group (profile, node, prefix, "", layer, check);
}

static void
apply_profiles (SrtSettings *settings, const SrtNode *node, SrtLayer layer, SrtCheck *check)
{
  if (node->type != SRT_NODE_GROUP) {
    srt_problems_add (&check->problems, &node->origin, "profiles",
                      "must be a group of groups such as { quick = { }; }");
    return;
  }
  for (guint i = 0; i < node->children->len; i++)
    apply_profile (settings, node->children->pdata[i], layer, check);
}

/* A group of settings such as `run`. FALSE: there is no group of that name. */
static gboolean
apply_settings (SrtSettings *settings, const SrtNode *node, SrtLayer layer, SrtCheck *check)
{
  g_autofree char *row_prefix = g_strconcat (node->name, ".", NULL);
  gboolean known = FALSE;

  for (guint i = 0; i < srt_decl_settings.n; i++)
    known = known || g_str_has_prefix (srt_decl_settings.rows[i].name, row_prefix);
  if (!known)
    return FALSE;
  if (node->type == SRT_NODE_GROUP)
    srt_record_set_group (settings->values, node, node->name, row_prefix, layer, check);
  else
    srt_problems_add (&check->problems, &node->origin, node->name, "must be a group such as %s = { key = value; };",
                      node->name);
  return TRUE;
}

/* Most slips at the top are keys without their group, and groups that are misspelt. */
static void
report_unknown (const SrtNode *node, SrtCheck *check)
{
  static const char *const groups[] = { "run",       "plugins", "suites",     "profiles",  "rules", "executor",
                                        "executors", "monitor", "checkpoint", "notifiers", NULL };

  for (guint i = 0; i < srt_decl_settings.n; i++) {
    const char *name = srt_decl_settings.rows[i].name;
    const char *dot = strchr (name, '.');
    if (g_str_equal (dot + 1, node->name)) {
      srt_problems_add (&check->problems, &node->origin, node->name,
                        "no such group; did you mean \"%s\"? Write %.*s = { %s = …; };", name, (int)(dot - name), name,
                        dot + 1);
      return;
    }
  }
  srt_problems_unknown (&check->problems, &node->origin, node->name, node->name, groups);
}

void
srt_layers_apply (SrtSettings *settings, const SrtNode *root, SrtLayer layer, SrtCheck *check)
{
  for (guint i = 0; i < root->children->len; i++) {
    const SrtNode *node = root->children->pdata[i];
    int kind = srt_kind_decl_find_group (node->name);
    if (kind >= 0)
      srt_uses_apply (settings, (guint)kind, node, check);
    else if (g_str_equal (node->name, "executors"))
      srt_uses_apply_executors (settings, node, check);
    else if (g_str_equal (node->name, "suites"))
      apply_groups (node, settings->suite_records, "{ name = \"unit\"; paths = [ \"tests\" ]; }", add_suite, layer,
                    check);
    else if (g_str_equal (node->name, "rules"))
      apply_groups (node, settings->rule_records, "{ match = [ \"*_slow_test\" ]; profile = \"slow\"; }", add_rule,
                    layer, check);
    else if (g_str_equal (node->name, "profiles"))
      apply_profiles (settings, node, layer, check);
    else if (!apply_settings (settings, node, layer, check))
      report_unknown (node, check);
  }
}
