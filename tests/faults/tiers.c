/* SPDX-License-Identifier: MIT */
#include "faults/tiers.h"

#include <string.h>

const char *const faults_tiers[] = { "strict", "pidns", "cgroup", "subreaper", NULL };

char *
faults_tier_arguments (const char *tier)
{
  return g_strdup_printf ("--executor process:containment=required,tier=%s", tier);
}

static char *
last_line (const char *text)
{
  g_autofree char *trimmed = g_strchomp (g_strdup (text));
  const char *end = strrchr (trimmed, '\n');
  return g_strdup (end ? end + 1 : trimmed);
}

char *
faults_tier_refusal (const char *tier)
{
  ItWorld world = { 0 };
  g_autofree char *arguments = faults_tier_arguments (tier);
  g_autofree char *line = g_strconcat (arguments, " probe_test", NULL);
  it_world_set_up (&world, NULL);
  it_script (&world, "probe_test", "exit 0");
  g_auto (ItRun) run = it_srt (&world, line);
  it_world_tear_down (&world, NULL);
  return run.code == 0 ? NULL : last_line (run.err);
}
