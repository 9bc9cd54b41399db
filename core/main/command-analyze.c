/* SPDX-License-Identifier: MIT
 * srt analyze: what the history says of the tests that need most, take longest, or change their minds. */
#include "run/analyze.h"
#include "base/text.h"
#include "main/json.h"
#include "main/keeper.h"
#include "run/history.h"
#include "verdict/verdict.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

/* By SrtRank, which has SrtCliList's order. */
static const struct {
  const char *name, *title, *heading;
} lists[] = {
  { "worst_memory", "Most memory (highest peak)", "      peak       last  runs  test" },
  { "worst_cpu", "Most CPU time (median)", "    median        max  runs  test" },
  { "slowest", "Slowest (median wall time)", "    median        max  runs  test" },
  { "flaky", "Flaky (results that changed there and back, the newest first)", "    passed     failed  runs  test" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (lists) == SRT_N_RANKS && (int)SRT_CLI_N_LISTS == (int)SRT_N_RANKS);

enum { MAX_WHEN_ALL = 5 };

static void
take_row (void *data, const srt_history *row)
{
  g_ptr_array_add (data, srt_analyze_test (row));
}

static char *
memory_text (guint64 bytes)
{
  return bytes > 0 ? g_strdup_printf ("%.1f MiB", (double)bytes / (1 << 20)) : g_strdup ("?");
}

static char *
time_text (guint64 ns)
{
  return g_strdup_printf ("%.3f s", (double)ns / 1e9);
}

/* The two figures of a line. */
static void
figures (const SrtTestStats *stats, SrtRank rank, char **ret_first, char **ret_second)
{
  if (rank == SRT_RANK_MEMORY) {
    *ret_first = memory_text (stats->memory_max);
    *ret_second = memory_text (stats->memory_last);
  } else if (rank == SRT_RANK_FLAKY) {
    *ret_first = g_strdup_printf ("%u", stats->passed);
    *ret_second = g_strdup_printf ("%u", stats->failed);
  } else {
    *ret_first = time_text (rank == SRT_RANK_CPU ? stats->cpu_median_ns : stats->wall_median_ns);
    *ret_second = time_text (rank == SRT_RANK_CPU ? stats->cpu_max_ns : stats->wall_max_ns);
  }
}

static void
print_line (const SrtTestStats *stats, SrtRank rank)
{
  g_autofree char *first = NULL, *second = NULL;
  g_autofree char *id = srt_text_printable (stats->id, strlen (stats->id));
  figures (stats, rank, &first, &second);
  printf ("%10s %10s  %4u  %s", first, second, stats->runs, id);
  for (guint i = 0; rank == SRT_RANK_FLAKY && i < stats->runs; i++)
    printf ("%s%s", i == 0 ? ": " : " ", srt_verdict_word (stats->verdict[i]));
  putchar ('\n');
}

static void
print_list (const GPtrArray *ranked, SrtRank rank)
{
  printf ("%s\n", lists[rank].title);
  puts (ranked->len > 0 ? lists[rank].heading : "      none");
  for (guint i = 0; i < ranked->len; i++)
    print_line (g_ptr_array_index (ranked, i), rank);
}

static void
add_test (JsonBuilder *json, const SrtTestStats *stats)
{
  const char *words[SRT_HISTORY_DEPTH];
  for (guint i = 0; i < stats->runs; i++)
    words[i] = srt_verdict_word (stats->verdict[i]);
  json_builder_begin_object (json);
  srt_json_string (json, "id", stats->id);
  srt_json_int (json, "runs", stats->runs);
  srt_json_int (json, "memory_max_bytes", (gint64)stats->memory_max);
  srt_json_int (json, "memory_last_bytes", (gint64)stats->memory_last);
  srt_json_seconds (json, "cpu_median_s", stats->cpu_median_ns);
  srt_json_seconds (json, "cpu_max_s", stats->cpu_max_ns);
  srt_json_seconds (json, "wall_median_s", stats->wall_median_ns);
  srt_json_seconds (json, "wall_max_s", stats->wall_max_ns);
  srt_json_int (json, "passed", stats->passed);
  srt_json_int (json, "failed", stats->failed);
  srt_json_int (json, "changes", stats->changes);
  srt_json_strings (json, "verdicts", words, stats->runs);
  json_builder_end_object (json);
}

static void
add_list (JsonBuilder *json, const GPtrArray *ranked, SrtRank rank)
{
  json_builder_set_member_name (json, lists[rank].name);
  json_builder_begin_array (json);
  for (guint i = 0; i < ranked->len; i++)
    add_test (json, g_ptr_array_index (ranked, i));
  json_builder_end_array (json);
}

/* JSON: NULL for text. */
static void
print_all (const SrtCli *cli, const GPtrArray *tests, JsonBuilder *json)
{
  gboolean asked = FALSE, printed = FALSE;
  for (guint rank = 0; rank < SRT_N_RANKS; rank++)
    asked |= cli->lists[rank] > 0;
  for (guint rank = 0; rank < SRT_N_RANKS; rank++) {
    guint max = asked ? cli->lists[rank] : MAX_WHEN_ALL;
    g_autoptr (GPtrArray) ranked = srt_analyze_rank (tests, rank, max);
    if (max == 0)
      continue;
    if (json)
      add_list (json, ranked, rank);
    else if (printed)
      putchar ('\n');
    if (!json)
      print_list (ranked, rank);
    printed = TRUE;
  }
}

int
srt_command_analyze (const SrtCommandContext *context, GError **error)
{
  g_auto (SrtKeeper) keeper = { 0 };
  if (!srt_keeper_open (&keeper, context, NULL, error))
    return (*error)->code;
  g_autoptr (SrtHistory) history = srt_history_new (keeper.instance, &keeper.module->history);
  g_autoptr (GPtrArray) tests = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_analyze_test_free);
  if (!srt_history_load (history, take_row, tests, error))
    return (*error)->code;
  g_autoptr (JsonBuilder) json = context->cli->json ? json_builder_new () : NULL;
  if (json)
    json_builder_begin_object (json);
  print_all (context->cli, tests, json);
  if (json) {
    json_builder_end_object (json);
    srt_json_print (json);
  }
  return 0;
}
