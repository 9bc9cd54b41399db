/* SPDX-License-Identifier: MIT
 * Again: tests that must run once more, alone, behind the rest of the plan, and how often each has run. */
#pragma once
#include "catalog/catalog.h"

typedef struct SrtAgain SrtAgain;

/* TESTS: in the plan. */
SrtAgain *srt_again_new (guint32 tests);
void srt_again_free (SrtAgain *again);

/* TEST begins once more: the number of this attempt, from 1. */
guint32 srt_again_begin (SrtAgain *again, const SrtTest *test);

/* TEST was killed for the run's sake. */
void srt_again_put_shed (SrtAgain *again, const SrtTest *test);
guint32 srt_again_sheds (const SrtAgain *again, const SrtTest *test); /* how often it was */

/* TEST is suspected to take the machine down: it ran when a round before was stopped. */
void srt_again_put_suspect (SrtAgain *again, const SrtTest *test);
gboolean srt_again_is_suspect (const SrtAgain *again, const SrtTest *test);

/* TEST failed under pressure, as WORDS say. Once a test at most. */
void srt_again_put_failed (SrtAgain *again, const SrtTest *test, const char *words);
const char *srt_again_failure (const SrtAgain *again, const SrtTest *test); /* those words; NULL: it did not */

const SrtTest *srt_again_next (const SrtAgain *again); /* NULL: none is left */
void srt_again_take (SrtAgain *again);                 /* that one begins */
