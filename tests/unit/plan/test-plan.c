/* SPDX-License-Identifier: MIT */
#include "plan/plan.h"

#define N 3

/* A catalog of N tests called s/c, s/a and s/b: the plan keeps the order that it gets. */
static void
make_catalog (SrtCatalog *catalog, SrtTest tests[N])
{
  static const char *const ids[N] = { "s/c", "s/a", "s/b" };
  *catalog = (SrtCatalog){ .tests = g_ptr_array_new () };
  for (guint i = 0; i < N; i++) {
    tests[i] = (SrtTest){ .pub = { .size = sizeof (srt_test), .index = 77, .id = ids[i] }, .timeout_ns = i };
    g_ptr_array_add (catalog->tests, &tests[i]);
  }
}

static void
test_plan (void)
{
  SrtCatalog catalog;
  SrtTest tests[N];
  make_catalog (&catalog, tests);
  g_autoptr (SrtPlan) plan = srt_plan_new (&catalog);
  g_assert_cmpuint (plan->tests->len, ==, N);
  for (guint i = 0; i < N; i++) {
    const SrtTest *test = plan->tests->pdata[i];
    g_assert_cmpstr (test->pub.id, ==, tests[i].pub.id);
    g_assert_cmpuint (test->pub.index, ==, i);
    g_assert_cmpuint (test->timeout_ns, ==, i);
    g_assert_true (srt_plan_find (plan, test->pub.id) == test);
    g_assert_cmpuint (tests[i].pub.index, ==, 77); /* the catalog's own stays as it is */
  }
  g_assert_null (srt_plan_find (plan, "s/d"));
  g_ptr_array_unref (catalog.tests);
}

static void
test_empty (void)
{
  SrtCatalog catalog = { .tests = g_ptr_array_new () };
  g_autoptr (SrtPlan) plan = srt_plan_new (&catalog);
  g_assert_cmpuint (plan->tests->len, ==, 0);
  g_assert_null (srt_plan_find (plan, "s/a"));
  g_ptr_array_unref (catalog.tests);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/order-and-index", test_plan);
  g_test_add_func ("/plan/empty", test_empty);
  return g_test_run ();
}
