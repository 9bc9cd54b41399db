/* SPDX-License-Identifier: MIT
 * Run: everything of one run put together, from the plan to the exit status. */
#pragma once
#include "loading/loading.h"
#include "plan/plan.h"

/* Borrowed. */
typedef struct {
  const SrtSettings *settings;
  SrtLoader *loader;
  const SrtCatalog *catalog;
  const char *libexec_dir;
  const char *cwd;
  const char *resume_hint; /* the command that goes on with this run */
  gboolean selected;       /* PATHs were given: there may be more tests than those in the catalog */
  gboolean resume;
  gboolean resume_force; /* results on other sources count too */
} SrtRunRequest;

/* The exit status: 0, 1, 3, 128+N … An error means that the run did not begin; its code is the status. */
int srt_run_tests (const SrtRunRequest *request, GError **error);
