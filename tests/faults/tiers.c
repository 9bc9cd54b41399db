/* SPDX-License-Identifier: MIT */
#include "faults/tiers.h"

#include <string.h>

const char *const faults_tiers[] = { "strict", "pidns", "cgroup", "subreaper", NULL };

char *
faults_tier_arguments (const char *tier)
{
  if (strcmp (tier, FAULTS_CONTAINER) == 0)
    return g_strdup ("");
  return g_strdup_printf ("--executor process:containment=required,tier=%s", tier);
}

char *
faults_tier_settings (const char *tier, const char *program, const char *bait)
{
  if (strcmp (tier, FAULTS_CONTAINER) != 0)
    return g_strdup ("");
  return g_strdup_printf ("executor = { name = \"container\"; image = \"srt-test\"; mounts = [ \"%s\", \"%s:rw\" ];\n"
                          "  env = [ \"HOSTILE_BAIT=%s\" ]; };\n",
                          program, bait, bait);
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
  if (strcmp (tier, FAULTS_CONTAINER) == 0) /* that was found out when podman was made ready */
    return NULL;
  ItWorld world = { 0 };
  g_autofree char *arguments = faults_tier_arguments (tier);
  g_autofree char *line = g_strconcat (arguments, " probe_test", NULL);
  it_world_set_up (&world, NULL);
  it_script (&world, "probe_test", "exit 0");
  g_auto (ItRun) run = it_srt (&world, line);
  it_world_tear_down (&world, NULL);
  return run.code == 0 ? NULL : last_line (run.err);
}
