/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "catalog/catalog.h"
#include "main/commands.h"
#include "main/json.h"
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

/* Null where there are none. */
static void
add_limits (JsonBuilder *json, const SrtTest *test)
{
  srt_limits limits;
  srt_limits_fill (&test->limits, &limits);
  g_autofree char *text = srt_limits_text (&limits, srt_limits_used (&limits));
  srt_json_string (json, "limits", *text ? text : NULL);
}

static void
add_test (JsonBuilder *json, const SrtTest *test)
{
  json_builder_begin_object (json);
  srt_json_string (json, "id", test->pub.id);
  srt_json_string (json, "suite", test->pub.suite);
  srt_json_string (json, "name", test->pub.name);
  srt_json_string (json, "level", test->pub.level);
  srt_json_string (json, "file", test->pub.file);
  srt_json_strings (json, "command", (const char *const *)test->argv, g_strv_length (test->argv));
  srt_json_seconds (json, "timeout_s", test->timeout_ns);
  srt_json_seconds (json, "heartbeat_s", test->heartbeat_ns);
  srt_json_string (json, "executor", test->executor);
  srt_json_string (json, "profile", test->profile ? test->profile->name : NULL);
  add_limits (json, test);
  srt_json_bool (json, "exclusive", test->exclusive);
  json_builder_end_object (json);
}

static void
print_json (const SrtPlan *plan)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_array (json);
  for (guint i = 0; i < plan->tests->len; i++)
    add_test (json, g_ptr_array_index (plan->tests, i));
  json_builder_end_array (json);
  srt_json_print (json);
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
