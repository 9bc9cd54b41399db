/* SPDX-License-Identifier: MIT
 * Packing: which order is chosen, and when the given one stays. */
#include "guard/packing.h"

#define SECOND G_GUINT64_CONSTANT (1000000000)

typedef struct {
  const char *what;
  SrtPackingTest tests[8]; /* of seconds */
  guint n, slots;
  guint64 memory;
  gboolean better;
  guint64 given, best; /* seconds, where it is better */
  guint first;         /* that begins then */
} Row;

static const Row rows[] = {
  { "none", { { 0, 0 } }, 0, 4, 100, FALSE, 0, 0, 0 },
  { "all fit: the plan's order stays, though another were shorter",
    { { 10, 1 }, { 10, 1 }, { 10, 9 } },
    3,
    2,
    100,
    FALSE,
    0,
    0,
    0 },
  { "the longest last", { { 70, 1 }, { 40, 2 }, { 40, 2 }, { 40, 2 }, { 60, 6 } }, 5, 2, 100, TRUE, 9, 7, 4 },
  { "the largest last", { { 30, 3 }, { 30, 3 }, { 30, 3 }, { 90, 3 } }, 4, 4, 100, FALSE, 0, 0, 0 },
  { "one larger than all there is runs alone", { { 500, 1 }, { 10, 1 } }, 2, 2, 100, FALSE, 0, 0, 0 },
  { "one at a time has no better order", { { 90, 1 }, { 90, 5 }, { 90, 2 } }, 3, 4, 100, FALSE, 0, 0, 0 },
  { "nobody's length is known", { { 90, 0 }, { 90, 0 } }, 2, 2, 100, FALSE, 0, 0, 0 },
};

static void
check_permutation (const guint *order, guint n)
{
  gboolean seen[8] = { FALSE };
  for (guint i = 0; i < n; i++) {
    g_assert_cmpuint (order[i], <, n);
    g_assert_false (seen[order[i]]);
    seen[order[i]] = TRUE;
  }
}

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const Row *row = &rows[i];
    const SrtPackingRoom room = { row->memory, row->slots };
    SrtPackingTest tests[8];
    SrtPackingGain gain = { 1, 2 };
    guint order[8] = { 77 };
    g_test_message ("%s", row->what);
    for (guint j = 0; j < row->n; j++)
      tests[j] = (SrtPackingTest){ row->tests[j].memory, row->tests[j].wall_ns * SECOND };
    g_assert_cmpint (srt_packing_order (tests, row->n, &room, order, &gain), ==, row->better);
    g_assert_cmpuint (gain.given_ns, ==, row->better ? row->given * SECOND : 1);
    g_assert_cmpuint (gain.best_ns, ==, row->better ? row->best * SECOND : 2);
    g_assert_cmpuint (order[0], ==, row->better ? row->first : 77);
    if (row->better)
      check_permutation (order, row->n);
  }
}

/* Many tests, some of them equal: always an order of all of them, the same for the same tests, and never longer. */
static void
test_many (void)
{
  enum { N = 500 };
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  static SrtPackingTest tests[N];
  guint first[N], second[N];
  gboolean seen[N] = { FALSE };
  const SrtPackingRoom room = { 1000, 8 };
  SrtPackingGain gain;
  for (guint i = 0; i < N; i++)
    tests[i] = (SrtPackingTest){ (guint64)g_rand_int_range (random, 0, 900),
                                 (guint64)g_rand_int_range (random, 0, 50) * SECOND };
  tests[N - 1] = (SrtPackingTest){ 100, 2000 * SECOND };
  g_assert_true (srt_packing_order (tests, N, &room, first, &gain));
  g_assert_true (srt_packing_order (tests, N, &room, second, &gain));
  g_assert_cmpmem (first, sizeof first, second, sizeof second);
  g_assert_cmpuint (gain.best_ns, <, gain.given_ns);
  for (guint i = 0; i < N; i++) {
    g_assert_false (seen[first[i]]);
    seen[first[i]] = TRUE;
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guard/packing/rows", test_rows);
  g_test_add_func ("/guard/packing/many", test_many);
  return g_test_run ();
}
