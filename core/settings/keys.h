/* SPDX-License-Identifier: MIT
 * Every setting of a run, declared once: SRT_KEYS(X) gives X (ID, "key", TYPE, "unit", "default", "range or choices",
 * "command line names, first the main one", "help"). Enum, parser, --help, `srt config` and docs/configuration.md come
 * from here. TYPE: BOOL INT FLOAT DURATION SIZE PERCENT STRING PATH CHOICE LIST. Command line names: "--jobs -j
 * --max-workers". A BOOL's option takes no value and sets true; a name with a '!' before it sets false
 * ("!--sequential"). */
#pragma once

#define SRT_KEYS(X)                                                                                                    \
  X (RUN_PARALLEL, "run.parallel", BOOL, "", "false", "", "--parallel !--sequential",                                  \
     "Run several tests at once. --jobs above 1 implies it")                                                           \
  X (RUN_JOBS, "run.jobs", INT, "tests", "0", "0..4096", "--jobs -j --max-workers",                                    \
     "Tests at once when parallel. 0: the cores that this machine really gives (affinity and cgroup quota counted) "   \
     "minus 1, at least 1")                                                                                            \
  X (RUN_PARALLEL_TIMEOUT, "run.parallel_timeout", DURATION, "", "300s", "", "--parallel-timeout",                     \
     "Bound on a whole parallel run; what has not ended by then is stopped and left for --resume. 0: no bound")        \
  X (RUN_FAIL_FAST, "run.fail_fast", BOOL, "", "false", "", "--fail-fast",                                             \
     "Stop the run at the first test that does not pass; a timeout counts")                                            \
  X (RUN_TIMEOUT, "run.timeout", DURATION, "", "120s", "", "--timeout",                                                \
     "Wall time of one test, where neither its suite nor its profile says another. 0: no limit")                       \
  X (RUN_GRACE, "run.grace", DURATION, "", "5s", "", "--child-kill-timeout",                                           \
     "Time from the termination signal to SIGKILL")                                                                    \
  X (RUN_OUTPUT_MAX, "run.output_max", SIZE, "", "1M", "4K..16G", "--output-max",                                      \
     "Output of one test that is kept; what is over it is read, counted and thrown away, and the result says so")      \
  X (RUN_KEEP_TMP, "run.keep_tmp", CHOICE, "", "failed", "never|failed|always", "--keep-tmp",                          \
     "Whose TMPDIR is kept when the test left something in it. Kept ones go at the start of the next run")             \
  X (RUN_KEEP_TMP_MAX, "run.keep_tmp_max", INT, "folders", "10", "0..10000", "",                                       \
     "At most so many are kept of one run")                                                                            \
  X (RUN_NO_TESTS, "run.no_tests", CHOICE, "", "fail", "fail|pass", "--no-tests",                                      \
     "When no test is selected: fail with exit status 4, or pass with 0")                                              \
  X (RUN_ALL_EXECUTABLES, "run.all_executables", BOOL, "", "false", "", "--all-executables",                           \
     "In folders given without a suite, take every executable file, not only those with a test's name")                \
  X (RUN_PROFILE, "run.profile", STRING, "", "", "", "--profile", "Profile of the tests whose suite names none")       \
  X (RUN_NO_LIMITS, "run.no_limits", BOOL, "", "false", "", "--no-limits",                                             \
     "Lift every limit of every profile and every timeout")                                                            \
  X (RUN_TMP_DIR, "run.tmp_dir", PATH, "", "", "", "--tmp-dir",                                                        \
     "Where run folders and the TMPDIRs of tests are made. Empty: $TMPDIR or /tmp, in srt-UID")                        \
  X (RUN_VERBOSE, "run.verbose", BOOL, "", "false", "", "--verbose -v",                                                \
     "Say more: tests as they start, what was left aside and why, debug messages")                                     \
  X (PLUGINS_DIRS, "plugins.dirs", LIST, "", "", "", "--plugin-dir",                                                   \
     "Folders with plugins, searched before the built-in ones; absolute or relative to the file that names them")

typedef enum {
#define SRT_KEY_ENUM(ID, KEY, TYPE, UNIT, DEFAULT, RANGE, CLI, HELP) SRT_KEY_##ID,
  SRT_KEYS (SRT_KEY_ENUM)
#undef SRT_KEY_ENUM
      SRT_N_KEYS
} SrtKey;
