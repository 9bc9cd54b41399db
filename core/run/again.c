/* SPDX-License-Identifier: MIT */
#include "run/again.h"

struct SrtAgain {
  GQueue queue;         /* of SrtTest */
  guint32 *attempts;    /* by the test's index in the plan */
  guint8 *sheds;        /* likewise */
  guint8 *suspects;     /* likewise: flags */
  GHashTable *failures; /* SrtTest → words */
};

SrtAgain *
srt_again_new (guint32 tests)
{
  SrtAgain *again = g_new0 (SrtAgain, 1);
  g_queue_init (&again->queue);
  again->attempts = g_new0 (guint32, MAX (tests, 1));
  again->sheds = g_new0 (guint8, MAX (tests, 1));
  again->suspects = g_new0 (guint8, MAX (tests, 1));
  again->failures = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);
  return again;
}

void
srt_again_free (SrtAgain *again)
{
  g_queue_clear (&again->queue);
  g_free (again->attempts);
  g_free (again->sheds);
  g_free (again->suspects);
  g_hash_table_unref (again->failures);
  g_free (again);
}

guint32
srt_again_begin (SrtAgain *again, const SrtTest *test)
{
  return ++again->attempts[test->pub.index];
}

void
srt_again_put_shed (SrtAgain *again, const SrtTest *test)
{
  guint8 *sheds = &again->sheds[test->pub.index];
  *sheds = (guint8)MIN (*sheds + 1, G_MAXUINT8);
  g_queue_push_tail (&again->queue, (gpointer)test);
}

guint32
srt_again_sheds (const SrtAgain *again, const SrtTest *test)
{
  return again->sheds[test->pub.index];
}

void
srt_again_put_suspect (SrtAgain *again, const SrtTest *test)
{
  again->suspects[test->pub.index] = TRUE;
  g_queue_push_tail (&again->queue, (gpointer)test);
}

gboolean
srt_again_is_suspect (const SrtAgain *again, const SrtTest *test)
{
  return again->suspects[test->pub.index];
}

void
srt_again_put_failed (SrtAgain *again, const SrtTest *test, const char *words)
{
  g_hash_table_insert (again->failures, (gpointer)test, g_strdup (words));
  g_queue_push_tail (&again->queue, (gpointer)test);
}

const char *
srt_again_failure (const SrtAgain *again, const SrtTest *test)
{
  return g_hash_table_lookup (again->failures, test);
}

const SrtTest *
srt_again_next (const SrtAgain *again)
{
  return g_queue_peek_head ((GQueue *)&again->queue);
}

void
srt_again_take (SrtAgain *again)
{
  g_queue_pop_head (&again->queue);
}
