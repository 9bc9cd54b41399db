/* SPDX-License-Identifier: MIT
 * Queue: what is still to start, in the plan's order or in a better one. Where the first test has to wait for memory, a
 * smaller one of the next may pass it, but not for ever. Where there is no place for it now, on its executor, all
 * others may. */
#pragma once
#include "catalog/catalog.h"

typedef struct SrtQueue SrtQueue;

/* The first N of TESTS, of SrtTest; borrowed. Exclusive ones stand behind the others. */
SrtQueue *srt_queue_new (const GPtrArray *tests, guint n);
void srt_queue_free (SrtQueue *queue);

/* Before the first pick: the first N tests, none of them exclusive, in ORDER (of indices). */
void srt_queue_arrange (SrtQueue *queue, const guint *order, guint n);

/* HAS_PLACE is asked before anything else; without it there is place for everything. */
typedef gboolean (*SrtPlaceFn) (gpointer data, const SrtTest *test);
void srt_queue_set_place (SrtQueue *queue, SrtPlaceFn has_place, gpointer data);

gboolean srt_queue_is_empty (const SrtQueue *queue);
/* Is there place for any of its tests? */
gboolean srt_queue_any_place (const SrtQueue *queue);

/* The test that may start next: the first that FITS of the next few for which there is place; NULL: none does, or the
 * queue is empty. Nobody of those passes, or is passed by, an exclusive test. FITS may be NULL: everything does. */
typedef gboolean (*SrtFitsFn) (gpointer data, const SrtTest *test);
const SrtTest *srt_queue_pick (SrtQueue *queue, SrtFitsFn fits, gpointer data);
/* The one that was picked begins. */
void srt_queue_take (SrtQueue *queue);
