/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "catalog/catalog.h"
#include "main/commands.h"
#include "plan/plan.h"
#include "verdict/limit-words.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

static void
print_text (const SrtPlan *plan)
{
  for (guint i = 0; i < plan->tests->len; i++)
    puts (((const SrtTest *)g_ptr_array_index (plan->tests, i))->pub.id);
}

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  if (value)
    json_builder_add_string_value (json, value);
  else
    json_builder_add_null_value (json);
}

/* Null where there are none. */
static void
add_limits (JsonBuilder *json, const SrtTest *test)
{
  srt_limits limits;
  srt_limits_fill (&test->limits, &limits);
  g_autofree char *text = srt_limits_text (&limits, srt_limits_used (&limits));
  add_string (json, "limits", *text ? text : NULL);
}

static void
add_test (JsonBuilder *json, const SrtTest *test)
{
  json_builder_begin_object (json);
  add_string (json, "id", test->pub.id);
  add_string (json, "suite", test->pub.suite);
  add_string (json, "name", test->pub.name);
  add_string (json, "level", test->pub.level);
  /* A file's name may be no UTF-8; JSON must be. */
  g_autofree char *file = test->pub.file ? g_utf8_make_valid (test->pub.file, -1) : NULL;
  add_string (json, "file", file);
  json_builder_set_member_name (json, "command");
  json_builder_begin_array (json);
  for (char **arg = test->argv; *arg; arg++) {
    g_autofree char *valid = g_utf8_make_valid (*arg, -1);
    json_builder_add_string_value (json, valid);
  }
  json_builder_end_array (json);
  json_builder_set_member_name (json, "timeout_s");
  json_builder_add_double_value (json, (double)test->timeout_ns / 1e9);
  add_string (json, "profile", test->profile ? test->profile->name : NULL);
  add_limits (json, test);
  json_builder_set_member_name (json, "exclusive");
  json_builder_add_boolean_value (json, test->exclusive);
  json_builder_end_object (json);
}

static void
print_json (const SrtPlan *plan)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  json_builder_begin_array (json);
  for (guint i = 0; i < plan->tests->len; i++)
    add_test (json, g_ptr_array_index (plan->tests, i));
  json_builder_end_array (json);
  g_autoptr (JsonNode) root = json_builder_get_root (json);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  g_autofree char *text = json_generator_to_data (generator, NULL);
  puts (text);
}

int
srt_command_list (const SrtCommandContext *context, GError **error)
{
  g_autoptr (SrtCatalog) catalog =
      srt_catalog_new (context->settings, (const char *const *)context->cli->args, context->cwd, error);
  if (!catalog)
    return (*error)->code;
  g_autoptr (SrtPlan) plan = srt_plan_new (catalog);
  if (context->cli->json)
    print_json (plan);
  else
    print_text (plan);
  gboolean pass = g_str_equal (srt_settings_string (context->settings, SRT_KEY_RUN_NO_TESTS), "pass");
  return plan->tests->len > 0 || pass ? 0 : SRT_ERROR_NO_TESTS;
}
