/* SPDX-License-Identifier: MIT */
#include "faults/mix.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PROGRESS ".srt/progress.sdn"

static const struct {
  const char *body, *word; /* "@": what stands behind it is done by the program of the hostile suite */
  const char *boxed;       /* … or in a container, where that is not, by this */
} mix[MIX_N] = {
  { "echo some output; echo and some more >&2", "PASS" },
  { "sleep 0.03", "PASS" },
  { "(setsid sleep 60 >/dev/null 2>&1 &); sleep 0.01", "LEAK" },
  { "exit 77", "SKIP" },
  { "@daemon-deaf", "LEAK", "setsid sh -c \"trap '' TERM INT HUP; sleep 60\" >/dev/null 2>&1 & sleep 0.01" },
  { "sleep 60 & sleep 0.01; kill $!", "PASS" },
  { "@litter-unreadable", "PASS", "mkdir -p $TMPDIR/a/b; : >$TMPDIR/a/b/c; chmod 0 $TMPDIR/a" },
  { "@daemon-no-environment", "LEAK", "env -i setsid sleep 60 >/dev/null 2>&1 & sleep 0.01" },
  { "trap '' TERM INT HUP; sleep 0.02", "PASS" },
  { "@orphan-holds-stdout", "LEAK", "(sleep 60 &)" },
};

static char *
test_name (guint i)
{
  return g_strdup_printf ("n%02u_test", i);
}

static char *
runs_name (guint i)
{
  return g_strdup_printf ("runs/n%02u", i);
}

void
mix_make (ItWorld *world, gboolean boxed)
{
  for (guint i = 0; i < MIX_N; i++) {
    g_autofree char *test = test_name (i), *name = g_build_filename ("t", test, NULL), *runs = runs_name (i);
    const char *deed = *mix[i].body == '@' ? mix[i].body + 1 : NULL;
    g_autofree char *call = deed ? g_strdup_printf ("exec '%s' %s", g_getenv ("SRT_HOSTILE_EXE"), deed) : NULL;
    const char *doing = deed && boxed ? mix[i].boxed : deed ? call : mix[i].body;
    g_autofree char *body = g_strdup_printf ("echo run >> %s; %s", runs, doing);
    it_script (world, name, body);
  }
}

void
mix_reset (ItWorld *world)
{
  g_autofree char *progress = it_path (world, PROGRESS);
  g_unlink (progress);
  for (guint i = 0; i < MIX_N; i++) {
    g_autofree char *runs = runs_name (i);
    it_write (world, runs, "");
  }
}

/* The line of a result is "WORD   DURATION  t/NAME[: MESSAGE]". */
static char *
find_line (const ItRun *run, const char *test)
{
  g_autofree char *pattern = g_strdup_printf ("^[A-Z]+ +\\S+  t/%s(:.*)?$", test);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  return g_regex_match (regex, run->out, 0, &match) ? g_match_info_fetch (match, 0) : NULL;
}

guint
mix_count_lost (const ItRun *run)
{
  g_autoptr (GRegex) regex = g_regex_new ("^ERROR +\\S+  t/\\S+: lost: agent of slot .*$", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GHashTable) lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  for (gboolean more = g_regex_match (regex, run->out, 0, &match); more; more = g_match_info_next (match, NULL))
    g_hash_table_add (lines, g_match_info_fetch (match, 0)); /* each once more among the failures */
  return g_hash_table_size (lines);
}

guint
mix_check_words (const ItRun *run, guint lost_max)
{
  guint lost = 0;
  for (guint i = 0; i < MIX_N; i++) {
    g_autofree char *test = test_name (i), *line = find_line (run, test);
    if (line && g_str_has_prefix (line, "ERROR") && strstr (line, ": lost: agent of slot ") && lost < lost_max)
      lost++;
    else if (line == NULL || !g_str_has_prefix (line, mix[i].word))
      g_error ("%s, not %s\n--- out\n%s--- err\n%s", line ? line : test, mix[i].word, run->out, run->err);
  }
  return lost;
}

static guint
count_lines (const char *text)
{
  guint n = 0;
  for (; *text; text++)
    n += *text == '\n';
  return n;
}

void
mix_count_runs (ItWorld *world, MixRuns *ret)
{
  g_autofree char *progress = it_read (world, PROGRESS);
  ret->recorded = 0;
  for (guint i = 0; i < MIX_N; i++) {
    g_autofree char *test = test_name (i), *runs = runs_name (i), *text = it_read (world, runs);
    ret->runs[i] = count_lines (text);
    g_autofree char *id = g_strconcat ("t/", test, NULL);
    ret->has_result[i] = it_has_result (progress, id);
    ret->recorded += ret->has_result[i];
  }
}

guint
mix_count_begun (ItWorld *world)
{
  MixRuns now;
  guint begun = 0;
  mix_count_runs (world, &now);
  for (guint i = 0; i < MIX_N; i++)
    begun += now.runs[i] > 0;
  return begun;
}

guint
mix_check_resumed (ItWorld *world, const MixRuns *before)
{
  guint reruns = 0;
  MixRuns now;
  mix_count_runs (world, &now);
  for (guint i = 0; i < MIX_N; i++) {
    g_assert_cmpuint (now.runs[i], >=, 1);
    if (before->has_result[i])
      g_assert_cmpuint (now.runs[i], ==, before->runs[i]);
    reruns += now.runs[i] > 1;
  }
  g_assert_false (it_exists (world, PROGRESS));
  return reruns;
}

char *
mix_find_run_id (ItWorld *world)
{
  g_autofree char *state = g_strdup_printf ("%s/srt-%u", world->tmp, (guint)geteuid ());
  g_autoptr (GDir) dir = g_dir_open (state, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, "run-"))
      return g_strdup (name + strlen ("run-"));
  return NULL;
}
