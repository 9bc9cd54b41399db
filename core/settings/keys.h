/* SPDX-License-Identifier: MIT
 * Everything that a configuration may say, declared once. Checks, messages, --help, `srt config` and
 * docs/configuration.md come from these tables.
 *
 * TABLE(X) gives X (ID, "key", TYPE, "unit", "default", "range", "command line names, first the main one", "help").
 * TYPE: BOOL INT FLOAT DURATION SIZE PERCENT STRING PATH CHOICE LIST OPTIONS (a plugin's name, a group of its options,
 * or both).
 * Range: of a CHOICE its words "a|b"; of numbers "LOW..HIGH", either end may be missing, and alternatives have commas
 * between them ("0,1M.." is none or at least 1M); of STRING and LIST what the text or each element is: "name", "paths",
 * "globs", "filenames", "template", "dir-template", "environment", "profile", "plugin", "programs", "tests" (globs) and
 * "command" (for the last two one text will do for a list). Command line names: "--jobs -j --max-workers". A BOOL's
 * option takes no value and sets true; a name with a '!' before it sets false ("!--sequential"). "--auto-resume[=3]"
 * takes a value behind a '=' only, and means 3 without one. */
#pragma once

/* The settings of a run: group and key are what stands before and behind the dot. */
#define SRT_KEYS(X)                                                                                                    \
  X (RUN_PARALLEL, "run.parallel", BOOL, "", "false", "", "--parallel !--sequential", "Run several tests at once")     \
  X (RUN_JOBS, "run.jobs", INT, "tests", "0", "0..4096", "--jobs -j --max-workers",                                    \
     "Tests at once, 0: cores minus 1, at least 1; above 1 implies run.parallel. Cores are those that this machine "   \
     "really gives: affinity and cgroup quota count")                                                                  \
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
  X (RUN_PROFILE, "run.profile", STRING, "", "", "profile", "--profile",                                               \
     "Profile of the tests to which neither a rule nor their suite gives one; on the command line: of all tests")      \
  X (RUN_SAFE_MODE, "run.safe_mode", BOOL, "", "false", "", "--safe-mode",                                             \
     "Every test under a profile: `standard` where none is named")                                                     \
  X (RUN_NO_LIMITS, "run.no_limits", BOOL, "", "false", "", "--no-limits",                                             \
     "Lift every limit of every profile and rule, every timeout and every heartbeat")                                  \
  X (RUN_LEAKS, "run.leaks", CHOICE, "", "report", "report|fail|ignore", "--leaks",                                    \
     "A test that passed but left processes behind, which are killed in any case: report gives it the word LEAK, "     \
     "which does not fail the run; fail gives FAIL; ignore leaves it PASS")                                            \
  X (RUN_PRESSURE, "run.pressure", CHOICE, "", "report", "report|fail", "--pressure",                                  \
     "A test that failed while the machine was over a threshold of the guard, or that had been frozen, runs once "     \
     "more, alone. Passes it then: report gives it the word PRESSURE, which does not fail the run; fail fails it")     \
  X (RUN_KEEP, "run.keep", LIST, "", "", "programs", "--keep",                                                         \
     "Names of programs that may outlive the test that started them, never the run: sccache, gpg-agent")               \
  X (RUN_SLOW_AFTER, "run.slow_after", PERCENT, "", "50%", "", "--slow-after",                                         \
     "Share of its timeout after which a test that still runs is said to be slow, once; its verdict stays. 0: never")  \
  X (RUN_TMP_DIR, "run.tmp_dir", PATH, "", "", "", "--tmp-dir",                                                        \
     "Where run folders and the TMPDIRs of tests are made. Empty: $TMPDIR or /tmp, in srt-UID")                        \
  X (RUN_VERBOSE, "run.verbose", BOOL, "", "false", "", "--verbose -v",                                                \
     "Say more: tests as they start, what was left aside and why, debug messages")                                     \
  X (RUN_FINGERPRINT, "run.fingerprint", LIST, "", "auto", "command", "",                                              \
     "What tells the state of the sources, so that --resume runs again what has passed on others. auto: git, where "   \
     "the project is in a work tree of it. none. Or a command, the program and its arguments, and what it prints")     \
  X (RUN_HISTORY, "run.history", CHOICE, "", "auto", "auto|always|never", "--history",                                 \
     "Keep what each test needed in its last runs, beside the checkpoint, for `srt analyze`. auto: where the "         \
     "project has a configuration file, so that a run without one leaves nothing behind")                              \
  X (GUARD_OFF, "guard.off", BOOL, "", "false", "", "--no-self-protect",                                               \
     "Do nothing about the machine's memory and CPU")                                                                  \
  X (GUARD_SELF_PROTECT, "guard.self_protect", BOOL, "", "false", "", "--self-protect",                                \
     "Stop the run, with its checkpoint and exit status 42, when the machine was over a threshold for as long as "     \
     "guard.sustained, whoever is the cause. Without it the run is stopped, and tests are killed, only where the run " \
     "itself is")                                                                                                      \
  X (GUARD_MEMORY, "guard.memory", PERCENT, "", "90%", "1..100", "--mem-threshold --mem-limit",                        \
     "Threshold for memory in use, of what srt really has: the machine, or the tightest cgroup around it. 100: none")  \
  X (GUARD_CPU, "guard.cpu", PERCENT, "", "80%", "1..100", "--cpu-threshold --cpu-limit",                              \
     "Threshold for CPU in use; 100: none. Over it the run goes down to one test at once: with guard.self_protect "    \
     "always, "                                                                                                        \
     "without it where others than the run use at least half as much; and it stops, with guard.self_protect, if the "  \
     "machine would be over it with one worker too")                                                                   \
  X (GUARD_RUN_MEMORY, "guard.run_memory", SIZE, "", "0", "0,1M..", "--memory-threshold",                              \
     "Threshold for the memory that the tests of the run use together. 0: none")                                       \
  X (GUARD_SUSTAINED, "guard.sustained", DURATION, "", "10s", "100ms..1h", "",                                         \
     "How long a threshold must be exceeded, and by at least 3 samples, before the run is stopped; freezing begins "   \
     "after a tenth of it, killing after a half. Where memory runs out sooner, the guard does not wait so long")       \
  X (GUARD_INTERVAL, "guard.interval", DURATION, "", "1s", "20ms..10s", "",                                            \
     "Time between two samples at rest; it shrinks with the headroom, down to 20ms, and is 200ms at most where the "   \
     "CPU has a threshold")                                                                                            \
  X (GUARD_FREEZE_MAX, "guard.freeze_max", DURATION, "", "3s", "100ms..1m", "",                                        \
     "How long a test may stand still at a time; its timeout does not run meanwhile")                                  \
  X (GUARD_SHED_MAX, "guard.shed_max", INT, "times", "2", "0..100", "",                                                \
     "How often one test may be killed for the run's sake and run again")                                              \
  X (GUARD_FORECAST, "guard.forecast", BOOL, "", "true", "", "",                                                       \
     "A test starts only where there is room for the memory that it needed in its last runs, else for its limit, "     \
     "else for twice what other tests of the run needed; one test always runs. Where the history says that not all "   \
     "tests fit beside each other, they begin in the order that is over soonest")                                      \
  X (GUARD_HOLD, "guard.hold", BOOL, "", "true", "", "", "The guard may start nothing new for a while")                \
  X (GUARD_FREEZE, "guard.freeze", BOOL, "", "true", "", "", "It may let the youngest tests stand still")              \
  X (GUARD_SHED, "guard.shed", BOOL, "", "true", "", "",                                                               \
     "It may kill the largest test, which runs again later, alone")                                                    \
  X (GUARD_KEEP_OLDEST, "guard.keep_oldest", BOOL, "", "true", "", "", "It may do so with all tests but the oldest")   \
  X (GUARD_STOP, "guard.stop", BOOL, "", "true", "", "", "It may stop the run")                                        \
  X (GUARD_AUTO_RESUME, "guard.auto_resume", INT, "rounds", "0", "0..100", "--auto-resume[=3]",                        \
     "After a stop with exit status 42, wait until the machine has recovered and go on from the checkpoint, in the "   \
     "same command, so often at most. What the stop killed runs last then, and alone; a test that takes the machine "  \
     "over its memory threshold alone too is given up as LIMIT. Two rounds in a row that finish no test are the last") \
  X (GUARD_AUTO_RESUME_WAIT, "guard.auto_resume_wait", DURATION, "", "1h", "1ms..", "--auto-resume-wait",              \
     "How long each of these waits may be; if the machine has not recovered by then, srt ends with 42")                \
  X (GUARD_RECOVERY, "guard.recovery", PERCENT, "", "70%", "1..100", "",                                               \
     "The machine has recovered when what stopped the run, memory or CPU, is below this (below its threshold, if "     \
     "that "                                                                                                           \
     "is lower), and the other one below its threshold")                                                               \
  X (GUARD_RECOVERY_FOR, "guard.recovery_for", DURATION, "", "5s", "20ms..1h", "", "… for so long without a break")    \
  X (GUARD_DRY_RUN, "guard.dry_run", BOOL, "", "false", "", "--dry-run-guard", "Only say what the guard would do")     \
  X (PLUGINS_DIRS, "plugins.dirs", LIST, "", "", "paths", "--plugin-dir",                                              \
     "Folders with plugins, searched before the built-in ones; absolute or relative to the file that names them")

/* The keys of one group in `suites`. An empty default: not said. */
#define SRT_SUITE_KEYS(X)                                                                                              \
  X (NAME, "name", STRING, "", "", "name", "",                                                                         \
     "What the suite is called: letters, digits and . _ -, once only. Required")                                       \
  X (LEVEL, "level", STRING, "", "", "name", "", "What kind of tests these are: unit, integration, system or another") \
  X (FROM, "from", CHOICE, "", "paths", "paths|installed-tests", "",                                                   \
     "paths: programs and files found in `paths`. installed-tests: GNOME's .test files below `paths`")                 \
  X (PATHS, "paths", LIST, "", "", "paths", "", "Files and folders of the tests. Required")                            \
  X (PATTERNS, "patterns", LIST, "", "", "filenames", "",                                                              \
     "Globs on the file's name; a file in a folder is a test when one matches. Not said: the usual names")             \
  X (EXCLUDE, "exclude", LIST, "", "", "globs", "",                                                                    \
     "Globs on the file's name or on its path below the suite's folder; what matches is no test")                      \
  X (COMMAND, "command", LIST, "", "", "template", "",                                                                 \
     "The program and its arguments, one text each; no shell is between. {file}, {name}, {dir} and {suite} are the "   \
     "test's absolute path, its name in the suite, the folder that it is in and the suite's name; {{ is a brace. Not " \
     "said: the file itself")                                                                                          \
  X (ENV, "env", LIST, "", "", "environment", "", "\"NAME=value\" sets a variable, \"NAME\" removes it")               \
  X (CWD, "cwd", PATH, "", "", "dir-template", "",                                                                     \
     "Folder to run in; {dir} is the folder that the test is in, {tmp} alone the TMPDIR of the test. Not said: where " \
     "srt was started; installed tests: {tmp}")                                                                        \
  X (STDIN, "stdin", PATH, "", "", "", "", "File that the tests read as standard input. Not said: /dev/null")          \
  X (TIMEOUT, "timeout", DURATION, "", "", "", "", "Wall time of one test, in place of run.timeout. 0: no limit")      \
  X (HEARTBEAT, "heartbeat", DURATION, "", "", "10ms..", "",                                                           \
     "A test that gives no sign of life for so long is ended: HUNG. See `heartbeat` below. Not said: none")            \
  X (GRACE, "grace", DURATION, "", "", "", "", "In place of run.grace")                                                \
  X (OUTPUT_MAX, "output_max", SIZE, "", "", "4K..16G", "", "In place of run.output_max")                              \
  X (FORMAT, "format", CHOICE, "", "", "exit|tap", "",                                                                 \
     "How a test says its result: by its exit status, or in TAP and its exit status. Not said: exit; the "             \
     "cases of a .test file that says Output=TAP are counted then, but do not judge")                                  \
  X (CAPTURE, "capture", CHOICE, "", "separate", "separate|merged", "",                                                \
     "separate: stdout and stderr apart, each in its own order. merged: one stream in the exact order")                \
  X (ALL_EXECUTABLES, "all_executables", BOOL, "", "false", "", "",                                                    \
     "Take every executable file in `paths`, whatever its name")                                                       \
  X (OPTIONAL, "optional", BOOL, "", "false", "", "",                                                                  \
     "A missing path is said and left out, and is no error: for tests that are installed only on some machines")       \
  X (EXCLUSIVE, "exclusive", BOOL, "", "false", "", "", "Run each test of the suite alone, with no other beside it")   \
  X (RERUNNABLE, "rerunnable", BOOL, "", "true", "", "",                                                               \
     "Its tests may be run a second time in one run: false keeps the guard from killing them to run them again")       \
  X (TERM_SIGNAL, "term_signal", CHOICE, "", "TERM", "TERM|INT|HUP|QUIT|ABRT|USR1|USR2|KILL", "",                      \
     "Signal that asks a test to end; SIGKILL follows after the grace")                                                \
  X (PROFILE, "profile", STRING, "", "", "profile", "", "Limits of the tests: a name of `profiles`")                   \
  X (LEAKS, "leaks", CHOICE, "", "", "report|fail|ignore", "", "In place of run.leaks")                                \
  X (KEEP, "keep", LIST, "", "", "programs", "", "Added to those of run.keep")                                         \
  X (EXECUTOR, "executor", OPTIONS, "", "", "plugin", "",                                                              \
     "Where the tests of this suite run: an executor's name, or a group with a name and options for these tests, "     \
     "such "                                                                                                           \
     "as an image (see `srt plugins NAME`). A group without a name: options alone")

/* Limits of one test: the first keys of a profile and of a rule, so that one index fits both. 0 is "no limit"
 * everywhere but in nice and core_size. */
#define SRT_LIMIT_KEYS(X)                                                                                              \
  X (MEMORY, "memory", SIZE, "", "", "0,1M..", "", "Memory of the test with all its processes")                        \
  X (CPU, "cpu", FLOAT, "cores", "", "0,0.01..4096", "", "CPU time a second")                                          \
  X (IO_OPS, "io_ops", INT, "operations a second", "", "0..", "", "Reads and writes of devices")                       \
  X (CPU_TIME, "cpu_time", DURATION, "", "", "0,1s..", "", "CPU time in all")                                          \
  X (PROCESSES, "processes", INT, "", "", "0..4194304", "", "Processes and threads at once")                           \
  X (OPEN_FILES, "open_files", INT, "", "", "0,8..1048576", "", "Open descriptors of one process")                     \
  X (FILE_SIZE, "file_size", SIZE, "", "", "0,1..", "", "Size of a file that is written")                              \
  X (CORE_SIZE, "core_size", SIZE, "", "", "0..", "", "Size of a core dump; 0: none. Not said: left as it is")         \
  X (NICE, "nice", INT, "", "", "-20..19", "", "Niceness")                                                             \
  X (OUTPUT_MAX, "output_max", SIZE, "", "", "4K..16G", "", "In place of run.output_max")

/* The keys of one group in `profiles`. */
#define SRT_PROFILE_KEYS(X)                                                                                            \
  SRT_LIMIT_KEYS (X)                                                                                                   \
  X (WALL, "wall", DURATION, "", "", "0,1ms..", "", "Wall time, in place of run.timeout")                              \
  X (EXECUTOR, "executor", STRING, "", "", "plugin", "", "Where its tests run: an executor's name")

/* The keys of one group in `rules`. */
#define SRT_RULE_KEYS(X)                                                                                               \
  SRT_LIMIT_KEYS (X)                                                                                                   \
  X (MATCH, "match", LIST, "", "", "tests", "",                                                                        \
     "Globs on a test's id, SUITE/NAME, on its name or the last part of that; `*` matches `/` too. One text will do. " \
     "Required")                                                                                                       \
  X (PROFILE, "profile", STRING, "", "", "profile", "", "Profile of these tests, in place of their suite's")           \
  X (TIMEOUT, "timeout", DURATION, "", "", "", "", "Wall time of one test. 0: no limit")                               \
  X (HEARTBEAT, "heartbeat", DURATION, "", "", "10ms..", "", "In place of what their suite says")                      \
  X (LEAKS, "leaks", CHOICE, "", "", "report|fail|ignore", "", "In place of what their suite says")                    \
  X (EXECUTOR, "executor", STRING, "", "", "plugin", "", "Where these tests run, in place of what their suite says")

/* The profiles that are there without any configuration: X ("name", "memory", "cpu", "wall", "io_ops", "what for"). */
#define SRT_PROFILES(X)                                                                                                \
  X ("fast", "128M", "0.5", "30s", "1000", "unit tests")                                                               \
  X ("standard", "512M", "1", "2m", "5000", "integration tests")                                                       \
  X ("slow", "1G", "2", "10m", "10000", "system tests")                                                                \
  X ("intensive", "2G", "4", "30m", "50000", "builds of the project by itself")                                        \
  X ("critical", "4G", "8", "1h", "100000", "emulators, cross-platform tests")

#define SRT_KEY_ENUM(ID, KEY, TYPE, UNIT, DEFAULT, RANGE, CLI, HELP)         SRT_KEY_##ID,
#define SRT_SUITE_KEY_ENUM(ID, KEY, TYPE, UNIT, DEFAULT, RANGE, CLI, HELP)   SRT_SUITE_KEY_##ID,
#define SRT_PROFILE_KEY_ENUM(ID, KEY, TYPE, UNIT, DEFAULT, RANGE, CLI, HELP) SRT_PROFILE_KEY_##ID,
#define SRT_LIMIT_KEY_ENUM(ID, KEY, TYPE, UNIT, DEFAULT, RANGE, CLI, HELP)   SRT_LIMIT_KEY_##ID,
#define SRT_RULE_KEY_ENUM(ID, KEY, TYPE, UNIT, DEFAULT, RANGE, CLI, HELP)    SRT_RULE_KEY_##ID,

typedef enum { SRT_KEYS (SRT_KEY_ENUM) SRT_N_KEYS } SrtKey;
typedef enum { SRT_SUITE_KEYS (SRT_SUITE_KEY_ENUM) SRT_N_SUITE_KEYS } SrtSuiteKey;
typedef enum { SRT_PROFILE_KEYS (SRT_PROFILE_KEY_ENUM) SRT_N_PROFILE_KEYS } SrtProfileKey;
typedef enum { SRT_LIMIT_KEYS (SRT_LIMIT_KEY_ENUM) SRT_N_LIMIT_KEYS } SrtLimitKey;
typedef enum { SRT_RULE_KEYS (SRT_RULE_KEY_ENUM) SRT_N_RULE_KEYS } SrtRuleKey;

#undef SRT_KEY_ENUM
#undef SRT_SUITE_KEY_ENUM
#undef SRT_PROFILE_KEY_ENUM
#undef SRT_LIMIT_KEY_ENUM
#undef SRT_RULE_KEY_ENUM
