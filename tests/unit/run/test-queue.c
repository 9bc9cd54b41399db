/* SPDX-License-Identifier: MIT
 * The queue: the plan's order where everything fits; who may pass whom, and how often. */
#include "run/queue.h"

typedef struct {
  SrtTest tests[64];
  GPtrArray *todo;
  SrtQueue *queue;
} Plan;

static void
begin (Plan *plan, guint n, guint exclusive)
{
  plan->todo = g_ptr_array_new ();
  for (guint i = 0; i < n; i++) {
    plan->tests[i] = (SrtTest){ .pub = { .index = i }, .exclusive = i >= n - exclusive };
    g_ptr_array_add (plan->todo, &plan->tests[i]);
  }
  plan->queue = srt_queue_new (plan->todo, n);
}

static void
end (Plan *plan)
{
  srt_queue_free (plan->queue);
  g_ptr_array_unref (plan->todo);
}

/* DATA: the indices that do not fit, as bits. */
static gboolean
fits (gpointer data, const SrtTest *test)
{
  return (*(const guint64 *)data >> test->pub.index & 1) == 0;
}

static int
take (Plan *plan, guint64 too_large)
{
  const SrtTest *test = srt_queue_pick (plan->queue, fits, &too_large);
  if (!test)
    return -1;
  srt_queue_take (plan->queue);
  return (int)test->pub.index;
}

static void
test_order (void)
{
  Plan plan;
  begin (&plan, 3, 0);
  for (int i = 0; i < 3; i++) {
    g_assert_false (srt_queue_is_empty (plan.queue));
    g_assert_cmpint (take (&plan, 0), ==, i);
  }
  g_assert_true (srt_queue_is_empty (plan.queue));
  g_assert_null (srt_queue_pick (plan.queue, NULL, NULL));
  end (&plan);
}

/* Another order, of those that are not exclusive. */
static void
test_arrange (void)
{
  static const guint order[] = { 2, 0, 1 }, expected[] = { 2, 0, 1, 3 };
  Plan plan;
  begin (&plan, 4, 1);
  srt_queue_arrange (plan.queue, order, G_N_ELEMENTS (order));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (take (&plan, 0), ==, (int)expected[i]);
  g_assert_true (srt_queue_is_empty (plan.queue));
  end (&plan);
}

/* Who was passed keeps its place, and nobody is lost or taken twice. */
static void
test_pass (void)
{
  Plan plan;
  begin (&plan, 5, 0);
  g_assert_cmpint (take (&plan, 0x3), ==, 2);
  g_assert_cmpint (take (&plan, 0x1f), ==, -1);
  g_assert_cmpint (take (&plan, 0x1), ==, 1);
  g_assert_cmpint (take (&plan, 0), ==, 0);
  g_assert_cmpint (take (&plan, 0), ==, 3);
  g_assert_cmpint (take (&plan, 0), ==, 4);
  g_assert_true (srt_queue_is_empty (plan.queue));
  end (&plan);
}

/* After 16 others the first does not wait behind anybody any more. */
static void
test_patience (void)
{
  Plan plan;
  begin (&plan, 40, 0);
  for (int i = 1; i <= 16; i++)
    g_assert_cmpint (take (&plan, 0x1), ==, i);
  g_assert_cmpint (take (&plan, 0x1), ==, -1);
  g_assert_cmpint (take (&plan, 0), ==, 0);
  g_assert_cmpint (take (&plan, G_GUINT64_CONSTANT (1) << 17), ==, 18);
  end (&plan);
}

static void
test_exclusive (void)
{
  Plan plan;
  begin (&plan, 4, 2);
  g_assert_cmpint (take (&plan, 0x3), ==, -1); /* 2 does not pass them */
  g_assert_cmpint (take (&plan, 0), ==, 0);
  g_assert_cmpint (take (&plan, 0), ==, 1);
  g_assert_cmpint (take (&plan, 0x4), ==, -1); /* nor 3 the exclusive 2 */
  g_assert_cmpint (take (&plan, 0), ==, 2);
  g_assert_cmpint (take (&plan, 0), ==, 3);
  end (&plan);
}

/* DATA: the indices for which there is place, as bits. */
static gboolean
has_place (gpointer data, const SrtTest *test)
{
  return *(const guint64 *)data >> test->pub.index & 1;
}

/* Where there is no place for one, all others pass, exclusive or not, and that is nobody's patience. */
static void
test_place (void)
{
  Plan plan;
  guint64 places = G_GUINT64_CONSTANT (0x7ff0000000000000);
  begin (&plan, 64, 1);
  srt_queue_set_place (plan.queue, has_place, &places);
  for (int i = 52; i <= 62; i++)
    g_assert_cmpint (take (&plan, 0), ==, i);
  g_assert_cmpint (take (&plan, 0), ==, -1);
  g_assert_false (srt_queue_any_place (plan.queue));
  places = G_GUINT64_CONSTANT (0x8000000000000000);
  g_assert_true (srt_queue_any_place (plan.queue));
  g_assert_cmpint (take (&plan, 0), ==, 63);
  places = 0xffffff;
  g_assert_cmpint (take (&plan, 0x1), ==, 1); /* who waits for memory is passed, */
  for (int i = 2; i <= 16; i++)
    g_assert_cmpint (take (&plan, 0x1), ==, i);
  g_assert_cmpint (take (&plan, 0x1), ==, -1); /* but not for ever */
  places = 0xfffffe;
  g_assert_cmpint (take (&plan, 0), ==, 17);
  end (&plan);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/queue/order", test_order);
  g_test_add_func ("/run/queue/arrange", test_arrange);
  g_test_add_func ("/run/queue/pass", test_pass);
  g_test_add_func ("/run/queue/patience", test_patience);
  g_test_add_func ("/run/queue/exclusive", test_exclusive);
  g_test_add_func ("/run/queue/place", test_place);
  return g_test_run ();
}
