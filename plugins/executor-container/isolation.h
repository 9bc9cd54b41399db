/* SPDX-License-Identifier: MIT
 * Isolation levels: what each closes beyond the one before, and what it does not let a suite open. Pure. */
#pragma once
#include "spec.h"

typedef enum { ISOLATION_STANDARD, ISOLATION_STRICT, ISOLATION_PARANOID, ISOLATION_N } Isolation;

/* Of a test that says nothing of its own. 0: none. */
typedef struct {
  const char *name;
  SpecWorkspace workspace;
  uint64_t memory, processes; /* caps */
  uint64_t tmp_size;
} IsolationLevel;

const IsolationLevel *isolation_level (Isolation isolation);
/* "strict"; NULL is standard. */
Isolation isolation_from (const char *name);

/* What SPEC opens that the level keeps closed: into TEXT, and false. */
bool isolation_allows (Isolation isolation, const Spec *spec, char *text, size_t size);
