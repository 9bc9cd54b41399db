/* SPDX-License-Identifier: MIT
 * srt checkpoint: what is kept of a run that has not ended, for people and as JSON. Reads only, also while it runs. */
#include "base/error.h"
#include "base/text.h"
#include "main/json.h"
#include "main/keeper.h"
#include "run/resume.h"
#include "verdict/verdict.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  char *id, *message;
  guint32 attempt, verdict;
  guint64 wall_ns, start_real_ns, memory_peak;
  srt_cases cases;
  gboolean final;
  gboolean counts; /* the last final one of its test */
} Row;

typedef struct {
  GPtrArray *rows;   /* of Row */
  GHashTable *by_id; /* → the Row that counts */
} Rows;

static void
free_row (gpointer data)
{
  Row *row = data;
  g_free (row->id);
  g_free (row->message);
  g_free (row);
}

static char *
printable (const char *text)
{
  return srt_text_printable (text ? text : "", text ? strlen (text) : 0);
}

static void
take_row (void *data, const srt_result *result)
{
  Rows *rows = data;
  Row *row = g_new (Row, 1);
  *row = (Row){
    .id = printable (result->test->id),
    .message = printable (result->message),
    .attempt = result->attempt,
    .verdict = result->verdict,
    .wall_ns = result->usage.wall_ns,
    .start_real_ns = result->start_real_ns,
    .memory_peak = result->usage.memory_peak,
    .cases = result->cases,
    .final = result->final != 0,
    .counts = result->final != 0,
  };
  g_ptr_array_add (rows->rows, row);
  if (!row->final)
    return;
  Row *before = g_hash_table_lookup (rows->by_id, row->id);
  if (before)
    before->counts = FALSE;
  g_hash_table_replace (rows->by_id, row->id, row);
}

static srt_counts
count (const Rows *rows, guint32 total)
{
  srt_counts counts = { .size = sizeof counts, .total = total };
  for (guint i = 0; i < rows->rows->len; i++) {
    const Row *row = g_ptr_array_index (rows->rows, i);
    if (row->counts)
      srt_counts_add (&counts, row->verdict, &row->cases);
  }
  return counts;
}

/* --- the words that have a count ------------------------------------------------------------------------------ */

static const guint32 verdicts[] = { SRT_VERDICT_PASS,  SRT_VERDICT_FAIL,  SRT_VERDICT_SKIP,    SRT_VERDICT_PENDING,
                                    SRT_VERDICT_ERROR, SRT_VERDICT_CRASH, SRT_VERDICT_TIMEOUT, SRT_VERDICT_OOM,
                                    SRT_VERDICT_LIMIT, SRT_VERDICT_LEAK,  SRT_VERDICT_HUNG,    SRT_VERDICT_PRESSURE,
                                    SRT_VERDICT_FLAKY };

static guint
count_of (const Rows *rows, guint32 verdict)
{
  guint n = 0;
  for (guint i = 0; i < rows->rows->len; i++) {
    const Row *row = g_ptr_array_index (rows->rows, i);
    n += row->counts && row->verdict == verdict;
  }
  return n;
}

/* --- text ----------------------------------------------------------------------------------------------------- */

static void
print_value (const char *name, const char *value)
{
  g_autofree char *text = printable (value);
  if (*text)
    printf ("%-10s %s\n", name, text);
}

static char *
time_text (guint64 real_ns)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local ((gint64)(real_ns / 1000000000));
  return real_ns > 0 && time ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : NULL;
}

static char *
counts_text (const Rows *rows, const srt_counts *counts)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%u of %u have a result", counts->finished, counts->total);
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++) {
    guint n = count_of (rows, verdicts[i]);
    if (n > 0)
      g_string_append_printf (text, ", %u %s", n, srt_verdict_word (verdicts[i]));
  }
  return g_string_free (text, FALSE);
}

static void
print_head (const srt_progress_state *state, const Rows *rows)
{
  srt_counts counts = count (rows, state->total);
  g_autofree char *began = time_text (state->start_real_ns), *last = time_text (state->last_real_ns);
  g_autofree char *rounds =
      g_strdup_printf ("%s, %u round%s", state->run_id, state->rounds, state->rounds == 1 ? "" : "s");
  g_autofree char *tests = counts_text (rows, &counts);
  g_autofree char *running = srt_text_names (state->running, state->n_running, state->n_running);
  print_value ("Checkpoint", state->path);
  print_value ("Run", rounds);
  print_value ("Began", began);
  print_value ("Last row", last);
  print_value ("Stopped by", *state->stop_reason ? state->stop_reason : "it did not say: it was killed, or still runs");
  print_value ("Sources", state->source);
  print_value ("Settings", state->settings_digest);
  print_value ("Tests", tests);
  print_value ("Running", running);
  if (state->damaged > 0)
    printf ("%-10s %u rows, which are not used\n", "Damaged", state->damaged);
}

static void
print_text (const srt_progress_state *state, const Rows *rows)
{
  print_head (state, rows);
  for (guint i = 0; i < rows->rows->len; i++) {
    const Row *row = g_ptr_array_index (rows->rows, i);
    printf ("%s%-8s %9.3f s  %s%s%s%s\n", i == 0 ? "\n" : "", srt_verdict_word (row->verdict),
            (double)row->wall_ns / 1e9, row->id, *row->message ? ": " : "", row->message,
            row->counts  ? ""
            : row->final ? " (has run again)"
                         : " (runs again)");
  }
}

/* --- JSON ----------------------------------------------------------------------------------------------------- */

static void
add_counts (JsonBuilder *json, const Rows *rows, const srt_counts *counts)
{
  json_builder_set_member_name (json, "counts");
  json_builder_begin_object (json);
  srt_json_int (json, "total", counts->total);
  srt_json_int (json, "finished", counts->finished);
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++) {
    g_autofree char *name = g_ascii_strdown (srt_verdict_word (verdicts[i]), -1);
    srt_json_int (json, name, count_of (rows, verdicts[i]));
  }
  json_builder_end_object (json);
}

static void
add_row (JsonBuilder *json, const Row *row)
{
  json_builder_begin_object (json);
  srt_json_string (json, "id", row->id);
  srt_json_int (json, "attempt", row->attempt);
  srt_json_bool (json, "final", row->final);
  srt_json_bool (json, "counts", row->counts);
  srt_json_string (json, "verdict", srt_verdict_word (row->verdict));
  srt_json_seconds (json, "wall_s", row->wall_ns);
  srt_json_int (json, "memory_peak_bytes", (gint64)row->memory_peak);
  srt_json_int (json, "start_real_ns", (gint64)row->start_real_ns);
  srt_json_string (json, "message", row->message);
  json_builder_end_object (json);
}

static void
print_json (const srt_progress_state *state, const Rows *rows)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  srt_counts counts = count (rows, state->total);
  json_builder_begin_object (json);
  srt_json_string (json, "path", state->path);
  srt_json_string (json, "run_id", state->run_id);
  srt_json_string (json, "settings_digest", state->settings_digest);
  srt_json_string (json, "source", state->source && *state->source ? state->source : NULL);
  srt_json_int (json, "rounds", state->rounds);
  srt_json_int (json, "start_real_ns", (gint64)state->start_real_ns);
  srt_json_int (json, "last_real_ns", (gint64)state->last_real_ns);
  srt_json_string (json, "stop_reason", *state->stop_reason ? state->stop_reason : NULL);
  srt_json_int (json, "damaged", state->damaged);
  add_counts (json, rows, &counts);
  srt_json_strings (json, "running", state->running, state->n_running);
  json_builder_set_member_name (json, "rows");
  json_builder_begin_array (json);
  for (guint i = 0; i < rows->rows->len; i++)
    add_row (json, g_ptr_array_index (rows->rows, i));
  json_builder_end_array (json);
  json_builder_end_object (json);
  srt_json_print (json);
}

/* --- the command ---------------------------------------------------------------------------------------------- */

/* Everything before close, as STATE lives until then. */
static gboolean
read_and_print (SrtKeeper *keeper, gboolean as_json, Rows *rows, GError **error)
{
  const srt_progress_ops *ops = &keeper->module->progress;
  void *self = srt_instance_self (keeper->instance);
  srt_progress_request request = { .size = sizeof request, .mode = SRT_PROGRESS_READ, .row = take_row, .data = rows };
  srt_progress_state state = { .size = sizeof state, .run_id = "", .settings_digest = "", .stop_reason = "" };
  int32_t status = ops->open (self, &request, &state);
  if (status == SRT_E_NOT_FOUND) {
    srt_instance_take_error (keeper->instance, status, "nothing is kept of an unfinished run", error);
    (*error)->code = SRT_ERROR_USAGE;
    return FALSE;
  }
  if (status != SRT_OK) {
    srt_instance_take_error (keeper->instance, status, "read the checkpoint", error);
    return FALSE;
  }
  (as_json ? print_json : print_text) (&state, rows);
  ops->close (self);
  return TRUE;
}

int
srt_command_checkpoint (const SrtCommandContext *context, GError **error)
{
  g_auto (SrtKeeper) keeper = { 0 };
  if (!srt_keeper_open (&keeper, context, context->cli->args[0], error))
    return (*error)->code;
  Rows rows = { g_ptr_array_new_with_free_func (free_row), g_hash_table_new (g_str_hash, g_str_equal) };
  gboolean read = read_and_print (&keeper, context->cli->json, &rows, error);
  g_hash_table_unref (rows.by_id);
  g_ptr_array_unref (rows.rows);
  return read ? 0 : (*error)->code;
}
