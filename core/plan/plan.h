/* SPDX-License-Identifier: MIT
 * Plan: the catalog's tests in the order in which they will run, minus what the checkpoint has. Immutable, pure. */
#pragma once
#include "catalog/catalog.h"

typedef struct {
  GPtrArray *tests;  /* of SrtTest (borrowed), all of the run, in order; pub.index is the place here */
  GHashTable *by_id; /* id → SrtTest */
} SrtPlan;

SrtPlan *srt_plan_new (const SrtCatalog *catalog);
void srt_plan_free (SrtPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtPlan, srt_plan_free)

const SrtTest *srt_plan_find (const SrtPlan *plan, const char *id);
