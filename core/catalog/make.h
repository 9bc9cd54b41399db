/* SPDX-License-Identifier: MIT
 * One test with all that is needed to run it, from its suite and the file that it was found as. */
#pragma once
#include "catalog/catalog.h"
#include "catalog/installed.h"

/* What a template's braces stand for. */
typedef struct {
  const char *file, *name, *dir, *suite;
} SrtTemplateValues;

/* TEXT with {file}, {name}, {dir} and {suite} put in, and "{{" as one brace; every other brace stays. Pure. Caller
 * frees. */
char *srt_template_expand (const char *text, const SrtTemplateValues *values);

/* What tests are made with. */
typedef struct {
  const SrtSettings *settings;
  const char *cwd;         /* where srt was started */
  const char *interpreter; /* of .spl files; NULL: none found */
} SrtMaker;

/* PATH: absolute. NAME: its name as bytes. INSTALLED: what its .test file says, or NULL. Caller frees. */
SrtTest *srt_make_test (const SrtMaker *maker, const SrtSuite *suite, const char *path, const char *name,
                        const SrtInstalledTest *installed);
void srt_make_test_free (SrtTest *test);
