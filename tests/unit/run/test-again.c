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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/again/order", test_order);
  g_test_add_func ("/run/again/why", test_why);
  return g_test_run ();
}
