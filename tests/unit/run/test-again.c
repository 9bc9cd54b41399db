/* SPDX-License-Identifier: MIT
 * Tests that run once more: their order, their attempts, why. */
#include "run/again.h"

static void
test_order (void)
{
  SrtTest a = { .pub = { .index = 0 } }, b = { .pub = { .index = 1 } };
  SrtAgain *again = srt_again_new (2);
  g_assert_null (srt_again_next (again));
  g_assert_cmpuint (srt_again_begin (again, &b), ==, 1);
  srt_again_put_shed (again, &b);
  srt_again_put_failed (again, &a, "FAIL: exit status 1");
  g_assert_true (srt_again_next (again) == &b);
  g_assert_true (srt_again_next (again) == &b); /* until it is taken */
  srt_again_take (again);
  g_assert_cmpuint (srt_again_begin (again, &b), ==, 2);
  g_assert_true (srt_again_next (again) == &a);
  srt_again_take (again);
  g_assert_cmpuint (srt_again_begin (again, &a), ==, 1);
  g_assert_null (srt_again_next (again));
  srt_again_free (again);
}

static void
test_why (void)
{
  SrtTest a = { .pub = { .index = 0 } }, b = { .pub = { .index = 1 } };
  SrtAgain *again = srt_again_new (2);
  srt_again_put_shed (again, &a);
  srt_again_put_shed (again, &a);
  srt_again_put_failed (again, &b, "FAIL: exit status 1");
  g_assert_cmpuint (srt_again_sheds (again, &a), ==, 2);
  g_assert_cmpuint (srt_again_sheds (again, &b), ==, 0);
  g_assert_null (srt_again_failure (again, &a));
  g_assert_cmpstr (srt_again_failure (again, &b), ==, "FAIL: exit status 1");
  srt_again_free (again); /* with some of them waiting */
}

/* Suspects wait like others, and only they may be blamed. */
static void
test_suspects (void)
{
  SrtTest tests[] = { { .pub = { .index = 0 } }, { .pub = { .index = 1 } } };
  SrtAgain *again = srt_again_new (2);
  srt_again_put_suspect (again, &tests[1]);
  srt_again_put_shed (again, &tests[0]);
  g_assert_true (srt_again_next (again) == &tests[1]);
  srt_again_take (again);
  g_assert_true (srt_again_is_suspect (again, &tests[1]));
  g_assert_false (srt_again_is_suspect (again, &tests[0]));
  g_assert_cmpuint (srt_again_sheds (again, &tests[1]), ==, 0);
  g_assert_true (srt_again_next (again) == &tests[0]);
  srt_again_free (again);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/again/order", test_order);
  g_test_add_func ("/run/again/why", test_why);
  g_test_add_func ("/run/again/suspects", test_suspects);
  return g_test_run ();
}
