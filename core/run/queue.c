/* SPDX-License-Identifier: MIT */
#include "run/queue.h"

#include <string.h>

#define AHEAD    32u /* so far one may stand behind the first and pass it */
#define PATIENCE 16u /* so many may pass a test */

struct SrtQueue {
  const SrtTest **tests;
  guint next, n;
  guint first;  /* of tests, for which there was place, */
  guint picked; /* and the one that began in its stead, or itself */
  guint passed; /* so many tests have passed the first */
  SrtPlaceFn has_place;
  gpointer place_data;
};

SrtQueue *
srt_queue_new (const GPtrArray *tests, guint n)
{
  SrtQueue *queue = g_new0 (SrtQueue, 1);
  queue->n = n;
  queue->tests = g_new0 (const SrtTest *, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    queue->tests[i] = g_ptr_array_index (tests, i);
  return queue;
}

void
srt_queue_free (SrtQueue *queue)
{
  g_free (queue->tests);
  g_free (queue);
}

void
srt_queue_arrange (SrtQueue *queue, const guint *order, guint n)
{
  g_return_if_fail (queue->next == 0 && n <= queue->n);
  g_autofree const SrtTest **given = g_memdup2 (queue->tests, n * sizeof *given);
  for (guint i = 0; i < n; i++)
    queue->tests[i] = given[order[i]];
}

void
srt_queue_set_place (SrtQueue *queue, SrtPlaceFn has_place, gpointer data)
{
  queue->has_place = has_place;
  queue->place_data = data;
}

static gboolean
has_place (const SrtQueue *queue, guint i)
{
  return !queue->has_place || queue->has_place (queue->place_data, queue->tests[i]);
}

gboolean
srt_queue_any_place (const SrtQueue *queue)
{
  for (guint i = queue->next; i < queue->n; i++)
    if (has_place (queue, i))
      return TRUE;
  return FALSE;
}

gboolean
srt_queue_is_empty (const SrtQueue *queue)
{
  return queue->next >= queue->n;
}

const SrtTest *
srt_queue_pick (SrtQueue *queue, SrtFitsFn fits, gpointer data)
{
  guint ahead = queue->passed < PATIENCE ? AHEAD : 1, seen = 0;
  for (guint i = queue->next; i < queue->n && seen < ahead; i++) {
    const SrtTest *test = queue->tests[i];
    if (!has_place (queue, i))
      continue;
    if (seen++ == 0)
      queue->first = i;
    else if (test->exclusive)
      return NULL;
    if (!fits || fits (data, test)) {
      queue->picked = i;
      return test;
    }
    if (test->exclusive)
      return NULL;
  }
  return NULL;
}

void
srt_queue_take (SrtQueue *queue)
{
  const SrtTest **first = &queue->tests[queue->next];
  queue->passed = queue->picked == queue->first ? 0 : queue->passed + 1;
  memmove (first + 1, first, (queue->picked - queue->next) * sizeof *first);
  queue->next++;
}
