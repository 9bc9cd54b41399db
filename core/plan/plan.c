/* SPDX-License-Identifier: MIT */
#include "plan/plan.h"

SrtPlan *
srt_plan_new (const SrtCatalog *catalog)
{
  SrtPlan *plan = g_new0 (SrtPlan, 1);
  guint n = catalog->tests->len;
  plan->tests = g_ptr_array_sized_new (n);
  plan->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  plan->storage = g_new (SrtTest, n);
  for (guint i = 0; i < n; i++) {
    SrtTest *test = &plan->storage[i];
    *test = *(const SrtTest *)catalog->tests->pdata[i];
    test->pub.index = i;
    g_ptr_array_add (plan->tests, test);
    g_hash_table_insert (plan->by_id, (gpointer)test->pub.id, test);
  }
  return plan;
}

void
srt_plan_free (SrtPlan *plan)
{
  g_ptr_array_unref (plan->tests);
  g_hash_table_unref (plan->by_id);
  g_free (plan->storage);
  g_free (plan);
}

const SrtTest *
srt_plan_find (const SrtPlan *plan, const char *id)
{
  return g_hash_table_lookup (plan->by_id, id);
}
