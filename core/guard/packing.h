/* SPDX-License-Identifier: MIT
 * Packing: the order in which tests of known size and length are over soonest. Pure. */
#pragma once
#include <glib.h>

typedef struct {
  guint64 memory, wall_ns;
} SrtPackingTest;

typedef struct {
  guint64 memory; /* bytes for all tests together */
  guint slots;    /* so many at once */
} SrtPackingRoom;

typedef struct {
  guint64 given_ns, best_ns; /* how long all of them take, as given and in the order that was found */
} SrtPackingGain;

/* Plays some orders through as the queue would, where a smaller test passes one that does not fit, and writes the best
 * into ORDER (indices of TESTS). FALSE: the given order may stay, as all fits at once or no order is clearly better. */
gboolean srt_packing_order (const SrtPackingTest *tests, guint n, const SrtPackingRoom *room, guint *order,
                            SrtPackingGain *ret_gain);
