/* SPDX-License-Identifier: MIT */
#include "rows.h"
#include <stdlib.h>
#include <string.h>

int
srt_rows_init (srt_rows *rows, const srt_test *const *tests, uint32_t n)
{
  *rows = (srt_rows){ .list = calloc (n ? n : 1, sizeof *rows->list) };
  if (!rows->list)
    return -1;
  rows->n = rows->size = rows->planned = n;
  for (uint32_t i = 0; i < n; i++)
    rows->list[i].test = tests[i];
  return 0;
}

static void
clear_row (srt_row *row)
{
  free (row->message);
  free (row->kept_dir);
  free (row->held_by);
  while (row->attempts) {
    srt_attempt *next = row->attempts->next;
    free (row->attempts);
    row->attempts = next;
  }
}

void
srt_rows_clear (srt_rows *rows)
{
  for (size_t i = 0; i < rows->n; i++)
    clear_row (&rows->list[i]);
  for (size_t i = rows->planned; i < rows->n; i++)
    free ((srt_test *)rows->list[i].test);
  free (rows->list);
  free (rows->by_id);
  *rows = (srt_rows){ 0 };
}

static int
compare_ids (const void *a, const void *b)
{
  const srt_row *const *one = a, *const *other = b;
  return strcmp ((*one)->test->id, (*other)->test->id);
}

static int
sort_by_id (srt_rows *rows)
{
  rows->by_id = rows->by_id ? rows->by_id : malloc ((rows->planned + 1) * sizeof *rows->by_id);
  if (!rows->by_id)
    return 0;
  for (size_t i = 0; i < rows->planned; i++)
    rows->by_id[i] = &rows->list[i];
  qsort (rows->by_id, rows->planned, sizeof *rows->by_id, compare_ids);
  return 1;
}

/* A test of its own for an ID that the plan does not know: "SUITE/NAME". */
static srt_test *
make_test (const char *id)
{
  size_t length = strlen (id) + 1;
  srt_test *test = malloc (sizeof *test + 2 * length);
  if (!test)
    return NULL;
  char *whole = (char *)(test + 1), *halves = whole + length;
  memcpy (whole, id, length);
  memcpy (halves, id, length);
  char *slash = strchr (halves, '/');
  if (slash)
    *slash = '\0';
  *test = (srt_test){
    .size = sizeof *test, .id = whole, .suite = slash ? halves : "", .name = slash ? slash + 1 : halves, .level = ""
  };
  return test;
}

static srt_row *
add_unknown (srt_rows *rows, const char *id)
{
  for (size_t i = rows->planned; i < rows->n; i++)
    if (strcmp (rows->list[i].test->id, id) == 0)
      return &rows->list[i];
  if (rows->n == rows->size) {
    size_t size = rows->size * 2 + 8;
    srt_row *list = realloc (rows->list, size * sizeof *list);
    if (!list)
      return NULL;
    rows->list = list;
    rows->size = size;
    if (rows->by_id && !sort_by_id (rows))
      return NULL;
  }
  srt_test *test = make_test (id);
  if (!test)
    return NULL;
  rows->list[rows->n] = (srt_row){ .test = test };
  return &rows->list[rows->n++];
}

srt_row *
srt_rows_find (srt_rows *rows, const srt_test *test)
{
  srt_row key = { .test = test };
  const srt_row *wanted = &key;
  if (test->index < rows->planned && rows->list[test->index].test == test)
    return &rows->list[test->index];
  if (!rows->by_id && !sort_by_id (rows))
    return NULL;
  const srt_row **found = bsearch (&wanted, rows->by_id, rows->planned, sizeof *rows->by_id, compare_ids);
  return found ? &rows->list[*found - rows->list] : add_unknown (rows, test->id);
}

/* NULL for nothing. */
static char *
copy (const char *string)
{
  return string && string[0] ? strdup (string) : NULL;
}

void
srt_rows_finish (srt_row *row, const srt_result *result, const srt_bytes *output)
{
  free (row->message);
  free (row->kept_dir);
  free (row->held_by);
  row->verdict = result->verdict;
  row->wall_ns = result->usage.wall_ns;
  row->message = copy (result->message);
  row->kept_dir = copy (result->kept_dir);
  row->held_by = copy (result->held_by);
  row->limit = result->limit;
  row->leaked = result->leaked;
  row->output = *output;
  row->output_lost = result->output_lost;
}

void
srt_rows_add_attempt (srt_row *row, const srt_result *result)
{
  const char *message = result->message ? result->message : "";
  size_t length = strlen (message) + 1;
  srt_attempt *attempt = malloc (sizeof *attempt + length), **last = &row->attempts;
  if (!attempt)
    return;
  *attempt = (srt_attempt){ .verdict = result->verdict };
  memcpy (attempt->message, message, length);
  while (*last)
    last = &(*last)->next;
  *last = attempt;
}

void
srt_rows_set_reason (srt_row *row, const char *reason)
{
  if (!row->message)
    row->message = copy (reason);
}
