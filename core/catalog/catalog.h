/* SPDX-License-Identifier: MIT
 * Catalog: suites, folders and .test files become tests with all that is needed to run them. Reads, starts nothing.
 *
 * What is looked at. Folders are searched downwards, at most 64 deep. Names that begin with a dot (.git, .srt) are not
 * looked at. Links to files are followed; links to folders below a searched folder are not (no loop, no file under two
 * names) and are named as left aside; a folder that is itself given may be a link. A suite's `exclude` patterns are
 * matched with a file's or folder's name and with its path below the folder that was given; a folder that matches is
 * not entered.
 *
 * What is a test, from = "paths". A file with a test's name (the suite's patterns, else srt_catalog_usual_name; or any
 * name with all_executables) that is executable; with a `command` it need not be. A .spl file is run by `simple`: the
 * project's own bin/simple, else the one on PATH. A file that is given by its own path is taken whatever its name.
 *
 * Names. NAME is the path below the folder that was given ("net/http_test"), or the file's name when the file itself
 * was given. Control characters and bytes that are no UTF-8 are written as \xNN, so that an id is always one line of
 * text. A file that is reached twice in one suite (paths = ["a", "a/b"]) is one test, named by the first path. Two
 * files with the same id are an error.
 *
 * Without a suite, `srt test/unit`: SUITE/NAME is the path below the working folder, however it was typed ("test/",
 * "./test/unit", "/home/me/project/test"): its first folder is the suite. What lies in the working folder itself gets
 * that folder's own name as suite, and what lies outside of it the name of the folder that was given.
 *
 * from = "installed-tests". Files *.test in the form of GNOME's installed tests: [Test] with Exec (split like a shell
 * does, without one), Type (session; session-exclusive runs alone; others are left aside), Output, TestEnvironment.
 * NAME is the path below the nearest folder "installed-tests", as gnome-desktop-testing-runner prints it, else below
 * the folder that was given. Like there, the working folder is an empty one of the test's own (unless the suite says a
 * cwd), and the verdict comes from the exit status also when Output=TAP (unless the suite says format = "tap"), but the
 * cases are counted. Unlike there, TestEnvironment is added to the environment and does not replace it, and a file that
 * is broken or of an unknown Type is left aside and does not end the run.
 *
 * Limits. A profile, timeout, grace or output_max given on the command line counts for every test (terms.h). The
 * profile: of the last rule that matches and names one, else the suite's, else run.profile; with --safe-mode at least
 * `standard`. What rules say of single limits goes over it. The timeout: a rule's, that of a rule's profile, the
 * suite's, that of its profile, run.timeout; output_max likewise. The heartbeat: a rule's, the suite's. --no-limits: no
 * profile, no limit, no timeout, no heartbeat. The executor: a rule's, that of a rule's profile, the suite's, that of
 * its profile, the run's. */
#pragma once
#include "settings/settings.h"
#include "srt/srt-plugin.h"

/* One test. Immutable. */
typedef struct {
  srt_test pub;          /* what plugins see; index is set by the plan. file: what was found (program, spec, .test) */
  const SrtSuite *suite; /* owned by the settings or by the catalog (paths without a suite) */
  char **argv;           /* argv[0]: absolute path or a name for PATH */
  char **env;            /* "NAME=value" / "NAME" */
  char *cwd;             /* absolute; NULL: the test's TMPDIR */
  const SrtProfile *profile; /* NULL: none */
  SrtLimits limits;          /* of the profile and of rules */
  SrtLeaks leaks;
  guint64 timeout_ns;   /* 0: none */
  guint64 heartbeat_ns; /* likewise */
  guint64 grace_ns;
  guint64 output_max;
  SrtFormat format;
  gboolean
      reads_tap; /* standard output goes through an SrtTap: for the verdict (format `tap`) or for its counts alone */
  gboolean merged;
  gboolean exclusive;
  int term_signal;
  const char *executor;              /* name of the one that it runs on */
  const GPtrArray *executor_options; /* of SrtRawOption: what its suite says to that one; NULL: nothing */
} SrtTest;

/* A file that was looked at and is no test, and why ("not executable", "no test's name", "no interpreter `simple`…").
 */
typedef struct {
  char *path; /* absolute, printable */
  char *reason;
} SrtLeftAside;

typedef struct {
  GPtrArray *tests;      /* of SrtTest, ordered by suite (as configured), then name (bytes); ids are unique */
  GPtrArray *left_aside; /* of SrtLeftAside, ordered by path */
  GPtrArray *own_suites; /* of SrtSuite made for paths without a suite, ordered by name */
} SrtCatalog;

/* PATHS: from the command line, ended by NULL, or NULL; with configured suites they select among their tests (a file, a
 * folder above it, absolute or relative to CWD, or a test's id; what selects nothing is an error that names it);
 * without any suite they are searched as above. No suites and no paths: the working folder's test/ and tests/, else an
 * error that says what to give.
 *
 * Errors: SRT_ERROR_USAGE (a path that is not there or cannot be read, a command template, an unknown profile, two
 * tests with one id); SRT_ERROR_NO_TESTS when a path that is there selects nothing, unless run.no_tests = "pass". */
SrtCatalog *srt_catalog_new (const SrtSettings *settings, const char *const *paths, const char *cwd, GError **error);
void srt_catalog_free (SrtCatalog *catalog);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtCatalog, srt_catalog_free)

/* Is NAME (a file's name) a test's by the usual patterns? Pure.
 *   *_test *-test *.test, the same with "tests", "unittest", "unittests" and "spec", before any extension or none;
 *   *Test *Tests (CamelCase, likewise); test_* test-* tst_*; test and tests with any extension; t*.sh; *.t; *.bats;
 * but no name with the extension of a file that is never a program (sources, objects, libraries, texts, data, logs) or
 * of a backup. */
gboolean srt_catalog_usual_name (const char *name);
