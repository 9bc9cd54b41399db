/* SPDX-License-Identifier: MIT
 * Catalog: suites, folders and .test files become tests with all that is needed to run them. Reads, starts nothing. */
#pragma once
#include "settings/settings.h"
#include "srt/srt-plugin.h"

/* One test. Immutable. */
typedef struct {
  srt_test pub;              /* what plugins see; index is set by the plan */
  const SrtSuite *suite;     /* owned by the settings or by the catalog (paths without a suite) */
  char **argv;               /* argv[0]: absolute path or a name for PATH */
  char **env;                /* "NAME=value" / "NAME" */
  char *cwd;                 /* absolute */
  const SrtProfile *profile; /* NULL: none */
  guint64 timeout_ns;        /* resolved: suite, profile, run.timeout; 0 none */
  guint64 grace_ns;
  guint64 output_max;
  SrtFormat format;
  gboolean merged;
  gboolean exclusive;
  int term_signal;
} SrtTest;

/* A file that was looked at and is no test, and why ("not executable", "no test's name", "no interpreter `simple`"). */
typedef struct {
  char *path;
  char *reason;
} SrtLeftAside;

typedef struct {
  GPtrArray *tests;      /* of SrtTest, ordered by suite (as configured), then name (bytes); ids are unique */
  GPtrArray *left_aside; /* of SrtLeftAside */
  GPtrArray *own_suites; /* of SrtSuite made for paths without a suite */
} SrtCatalog;

/* PATHS: from the command line, ended by NULL; with configured suites they select among their tests (a file, or a
 * folder above it, absolute or relative to CWD; what selects nothing is an error that names it); without any suite they
 * are searched by the usual patterns. No suites and no paths: the working folder's test/ or tests/, else an error that
 * says what to give. */
SrtCatalog *srt_catalog_new (const SrtSettings *settings, const char *const *paths, const char *cwd, GError **error);
void srt_catalog_free (SrtCatalog *catalog);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtCatalog, srt_catalog_free)

/* Is NAME (a file's name) a test's by the usual patterns? Pure. */
gboolean srt_catalog_usual_name (const char *name);
