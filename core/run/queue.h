/* SPDX-License-Identifier: MIT
 * Queue: what is still to start, in the plan's order or in a better one. Where the first test has to wait for memory, a
 * smaller one of the next may pass it, but not for ever. */
#pragma once
#include "catalog/catalog.h"

typedef struct SrtQueue SrtQueue;

/* The first N of TESTS, of SrtTest; borrowed. Exclusive ones stand behind the others. */
SrtQueue *srt_queue_new (const GPtrArray *tests, guint n);
void srt_queue_free (SrtQueue *queue);

/* Before the first pick: the first N tests, none of them exclusive, in ORDER (of indices). */
void srt_queue_arrange (SrtQueue *queue, const guint *order, guint n);

gboolean srt_queue_is_empty (const SrtQueue *queue);

/* The test that may start next: the first that FITS of the next few; NULL: none does, or the queue is empty. Nobody
 * passes, or is passed by, an exclusive test. FITS may be NULL: everything does. */
typedef gboolean (*SrtFitsFn) (gpointer data, const SrtTest *test);
const SrtTest *srt_queue_pick (SrtQueue *queue, SrtFitsFn fits, gpointer data);
/* The one that was picked begins. */
void srt_queue_take (SrtQueue *queue);
