/* SPDX-License-Identifier: MIT */
#include "run/resume.h"

#include <string.h>

#include "verdict/verdict.h"

typedef struct {
  srt_result result; /* its strings are ours */
} Row;

struct SrtResume {
  const SrtPlan *plan;
  GHashTable *rows;   /* SrtTest → Row */
  GHashTable *killed; /* set of SrtTest */
  GPtrArray *gone;    /* ids */
};

static void
free_row (gpointer data)
{
  Row *row = data;
  g_free ((char *)row->result.message);
  g_free ((char *)row->result.kept_dir);
  g_free ((char *)row->result.held_by);
  g_free ((char *)row->result.digest);
  g_free ((char *)row->result.source);
  g_free (row);
}

SrtResume *
srt_resume_new (const SrtPlan *plan)
{
  SrtResume *resume = g_new0 (SrtResume, 1);
  resume->plan = plan;
  resume->rows = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, free_row);
  resume->killed = g_hash_table_new (g_direct_hash, g_direct_equal);
  resume->gone = g_ptr_array_new_with_free_func (g_free);
  return resume;
}

void
srt_resume_free (SrtResume *resume)
{
  g_hash_table_unref (resume->rows);
  g_hash_table_unref (resume->killed);
  g_ptr_array_unref (resume->gone);
  g_free (resume);
}

void
srt_resume_row (void *data, const srt_result *given)
{
  SrtResume *resume = data;
  const SrtTest *test = srt_plan_find (resume->plan, given->test->id);
  if (test && given->verdict == SRT_VERDICT_KILLED)
    g_hash_table_add (resume->killed, (gpointer)test);
  if (!given->final)
    return;
  if (!test) {
    g_ptr_array_add (resume->gone, g_strdup (given->test->id));
    return;
  }
  Row *row = g_new0 (Row, 1);
  memcpy (&row->result, given, MIN (given->size, sizeof row->result)); /* a plugin's may be shorter */
  row->result.size = sizeof row->result;
  row->result.test = &test->pub;
  row->result.earlier = 1;
  row->result.message = g_strdup (row->result.message ? row->result.message : "");
  row->result.kept_dir = g_strdup (row->result.kept_dir);
  row->result.held_by = g_strdup (row->result.held_by);
  row->result.digest = g_strdup (row->result.digest);
  row->result.source = g_strdup (row->result.source);
  row->result.output = NULL;
  row->result.output_bytes = 0;
  g_hash_table_replace (resume->rows, (gpointer)test, row);
}

void
srt_resume_forget (SrtResume *resume)
{
  g_hash_table_remove_all (resume->rows);
  g_hash_table_remove_all (resume->killed);
  g_ptr_array_set_size (resume->gone, 0);
}

const GPtrArray *
srt_resume_gone (const SrtResume *resume)
{
  return resume->gone;
}

void
srt_resume_keep (SrtResume *resume, SrtResumeFn fn, gpointer data)
{
  for (guint i = 0; i < resume->plan->tests->len; i++) {
    SrtTest *test = g_ptr_array_index (resume->plan->tests, i);
    const Row *row = g_hash_table_lookup (resume->rows, test);
    if (row && !fn (data, test, &row->result))
      g_hash_table_remove (resume->rows, test);
  }
}

void
srt_resume_counts (const SrtResume *resume, srt_counts *counts)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, resume->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    srt_counts_add (counts, ((Row *)value)->result.verdict, &((Row *)value)->result.cases);
}

void
srt_resume_tell (const SrtResume *resume, SrtSink *sink)
{
  if (g_hash_table_size (resume->rows) == 0)
    return;
  for (guint i = 0; i < resume->plan->tests->len; i++) {
    Row *row = g_hash_table_lookup (resume->rows, g_ptr_array_index (resume->plan->tests, i));
    if (row)
      srt_sink_result (sink, &row->result);
  }
}

enum { SHARES, EXCLUSIVE, SUSPECT, N_PLACES };

GPtrArray *
srt_resume_todo (const SrtResume *resume, guint *ret_suspects)
{
  GPtrArray *todo = g_ptr_array_new ();
  guint before = 0;
  for (int place = SHARES; place < N_PLACES; place++) {
    before = todo->len;
    for (guint i = 0; i < resume->plan->tests->len; i++) {
      SrtTest *test = g_ptr_array_index (resume->plan->tests, i);
      gboolean suspect = ret_suspects && g_hash_table_contains (resume->killed, test);
      int its = suspect ? SUSPECT : test->exclusive ? EXCLUSIVE : SHARES;
      if (its == place && !g_hash_table_contains (resume->rows, test))
        g_ptr_array_add (todo, test);
    }
  }
  if (ret_suspects)
    *ret_suspects = todo->len - before;
  return todo;
}
