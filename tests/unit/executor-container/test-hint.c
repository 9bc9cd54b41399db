/* SPDX-License-Identifier: MIT
 * The words that tell of a read-only file system, however the output comes in pieces. */
#include "hint.h"
#include <glib.h>
#include <string.h>

static bool
sees (const char *const *pieces)
{
  Hint hint = { 0 };

  for (; *pieces; pieces++)
    hint_look (&hint, *pieces, strlen (*pieces));
  g_assert_true (hint.seen == (hint_words (&hint) != NULL));
  return hint.seen;
}

static void
test_seen (void)
{
  g_assert_true (sees ((const char *const[]){ "touch: x: Read-only file system\n", NULL }));
  g_assert_true (sees ((const char *const[]){ "RRead-only file systemm", NULL }));
  g_assert_true (sees ((const char *const[]){ "x: Rea", "d", "-only file syste", "m", NULL }));
  g_assert_true (sees ((const char *const[]){ "Read-only Read-only file system", NULL }));
}

static void
test_not_seen (void)
{
  g_assert_false (sees ((const char *const[]){ "", NULL }));
  g_assert_false (sees ((const char *const[]){ "Read-only files", "ystem", NULL }));
  g_assert_false (sees ((const char *const[]){ "Permission denied", "Read-only file syste", NULL }));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/executor-container/hint/seen", test_seen);
  g_test_add_func ("/executor-container/hint/not-seen", test_not_seen);
  return g_test_run ();
}
