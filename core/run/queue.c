/* SPDX-License-Identifier: MIT */
#include "run/queue.h"

#include <string.h>

#define AHEAD    32u /* so far one may stand behind the first and pass it */
#define PATIENCE 16u /* so many may pass a test */

struct SrtQueue {
  const SrtTest **tests;
  guint next, n;
  guint picked; /* of tests */
  guint passed; /* so many tests have passed the first */
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

gboolean
srt_queue_is_empty (const SrtQueue *queue)
{
  return queue->next >= queue->n;
}

const SrtTest *
srt_queue_pick (SrtQueue *queue, SrtFitsFn fits, gpointer data)
{
  guint ahead = queue->passed < PATIENCE ? AHEAD : 1;
  for (guint i = queue->next; i < queue->n && i - queue->next < ahead; i++) {
    const SrtTest *test = queue->tests[i];
    if (test->exclusive && i > queue->next)
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
  queue->passed = queue->picked == queue->next ? 0 : queue->passed + 1;
  memmove (first + 1, first, (queue->picked - queue->next) * sizeof *first);
  queue->next++;
}
