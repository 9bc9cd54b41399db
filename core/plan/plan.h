/* SPDX-License-Identifier: MIT
 * Plan: the catalog's tests in the order in which they will run. Immutable, pure. What a checkpoint has is no matter of
 * the plan: it stays the whole run, so that counts and indexes are of the whole run too. */
#pragma once
#include "catalog/catalog.h"

typedef struct {
  GPtrArray *tests;  /* of const SrtTest, all of the run, in the catalog's order; pub.index is the place here */
  GHashTable *by_id; /* id → SrtTest */
  SrtTest *storage;  /* the tests: copies of the catalog's with their index; what they point to is the catalog's */
} SrtPlan;

/* CATALOG must outlive the plan. Tests that are `exclusive` keep their place; the scheduler runs them alone. */
SrtPlan *srt_plan_new (const SrtCatalog *catalog);
void srt_plan_free (SrtPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtPlan, srt_plan_free)

const SrtTest *srt_plan_find (const SrtPlan *plan, const char *id); /* NULL: not in the plan */
