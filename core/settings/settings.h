/* SPDX-License-Identifier: MIT
 * Settings: libconfig files, environment and command line become one immutable value. Every error names its place; up
 * to ten are told at once, one a line.
 * Layers, the later wins: defaults, /etc/srt/srt.cfg, XDG config (srt/srt.cfg), --config FILE or ./srt.cfg, SRT_*
 * variables, command line. Scalars override; `suites`, `rules`, `executors` and `notifiers` are taken whole from the
 * last that has it; `profiles` are merged by name and key. --notifier adds to the notifiers (none: drops those before
 * it); options given on the command line to a plugin that the files name already leave its other options as they are.
 * Done when loading, so that nobody else needs to: run.jobs above 1 sets run.parallel, unless the same or a later layer
 * sets that; run.timeout, run.profile, run.leaks, run.grace and run.output_max from the command line replace what
 * suites and rules say, and the timeout and output_max also those of profiles that have one; an executor from the
 * command line takes the place of those that suites, rules and profiles name; a profile that is named exists; of
 * run.safe_mode and run.no_limits, and of guard.off and guard.self_protect, the later layer counts, and both at once
 * are an error. The only code that includes libconfig.h is in this room. */
#pragma once
#include "settings/keys.h"
#include "settings/options.h"

typedef struct SrtSettings SrtSettings; /* immutable, one reference count */

/* Limits of one test; 0 is "none". */
typedef struct {
  guint64 memory; /* bytes */
  double cpu;     /* cores */
  guint64 io_ops; /* device operations a second */
  guint64 cpu_time_ns;
  guint64 processes, open_files, file_size; /* counts, bytes */
  gint64 core_size;                         /* bytes; -1: leave as it is */
  int nice;
  guint64 output_max; /* 0: not said */
} SrtLimits;

typedef struct {
  char *name;
  SrtLimits limits;
  guint64 wall_ns; /* replaces the timeout; 0: not said */
  char *executor;  /* name or NULL: not said */
  SrtOrigin origin;
} SrtProfile;

typedef enum { SRT_LEAKS_REPORT, SRT_LEAKS_FAIL, SRT_LEAKS_IGNORE, SRT_LEAKS_NOT_SAID } SrtLeaks;

/* What is said of the tests that match. */
typedef struct {
  char **match;         /* globs on SUITE/NAME, NAME or its last part */
  char *profile;        /* name or NULL */
  guint64 timeout_ns;   /* G_MAXUINT64: not said */
  guint64 heartbeat_ns; /* 0: not said */
  SrtLeaks leaks;       /* may be NOT_SAID */
  char *executor;       /* name or NULL */
  SrtLimits limits;     /* of which these are said: */
  guint32 limits_said;  /* bits 1 << SrtLimitKey */
  SrtOrigin origin;
} SrtRule;

typedef enum { SRT_FORMAT_EXIT, SRT_FORMAT_TAP } SrtFormat;
typedef enum { SRT_FROM_PATHS, SRT_FROM_INSTALLED_TESTS } SrtFrom;

typedef struct {
  char *name;  /* [A-Za-z0-9_.-]+, unique */
  char *level; /* "" when not said */
  SrtFrom from;
  char **paths;       /* files and folders; absolute (made so against the file that names them) */
  char **patterns;    /* globs on the file's name; NULL: the usual ones */
  char **exclude;     /* globs on the file's name or its path below the suite's folder */
  char **command;     /* argv template with {file} {name} {dir} {suite}; NULL: the file itself */
  char **env;         /* "NAME=value"; "NAME" unsets */
  char *cwd;          /* absolute, may hold {dir}; "{tmp}": the TMPDIR; NULL: where srt was started */
  char *stdin_path;   /* absolute; NULL: /dev/null */
  guint64 timeout_ns; /* what the suite says, else G_MAXUINT64 */
  guint64 grace_ns;   /* likewise */
  guint64 output_max; /* likewise */
  SrtFormat format;
  gboolean format_set; /* FALSE: may come from the source (.test files) */
  gboolean merged;     /* capture = "merged" */
  gboolean all_executables;
  gboolean optional;  /* a missing path is said, not an error */
  gboolean exclusive; /* its tests run alone */
  gboolean rerunnable;
  guint64 heartbeat_ns; /* 0: none */
  int term_signal;
  char *profile;               /* name or NULL */
  SrtLeaks leaks;              /* of the suite, else of the run */
  char **keep;                 /* of the run and of the suite; NULL: none */
  char *executor;              /* name; NULL: not said */
  GPtrArray *executor_options; /* of SrtRawOption: for the SRT_OPTION_JOB options of srt_settings_suite_executor */
  SrtOrigin origin;
} SrtSuite;

/* What the command line adds above all files; made by cli, freed by its maker after srt_settings_load. */
typedef struct {
  const char *config;   /* --config, or NULL */
  GPtrArray *overrides; /* of SrtRawOption: name is a full key ("run.jobs"), origin the option as typed */
  GPtrArray *uses;      /* of SrtPluginUse, from --notifier, --executor, … */
} SrtCommandLayer;

/* ENVP: "NAME=value" strings (SRT_RUN_JOBS=4 is run.jobs), ended by NULL; may be NULL. CWD absolute. SYSTEM_FILE and
 * USER_FILE: the two layers below, absolute, NULL for none; a missing file is no error unless --config names it.
 * COMMAND may be NULL. */
SrtSettings *srt_settings_load (const char *system_file, const char *user_file, const SrtCommandLayer *command,
                                const char *const *envp, const char *cwd, GError **error);
SrtSettings *srt_settings_ref (const SrtSettings *settings);
void srt_settings_unref (SrtSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtSettings, srt_settings_unref)

/* Values of the declared keys, by type; the type must be the declared one (checked by assertion). */
gboolean srt_settings_bool (const SrtSettings *settings, SrtKey key);
gint64 srt_settings_int (const SrtSettings *settings, SrtKey key);
double srt_settings_float (const SrtSettings *settings, SrtKey key); /* and percent */
guint64 srt_settings_duration_ns (const SrtSettings *settings, SrtKey key);
guint64 srt_settings_bytes (const SrtSettings *settings, SrtKey key);
const char *srt_settings_string (const SrtSettings *settings, SrtKey key); /* and choice, path */
const char *const *srt_settings_list (const SrtSettings *settings, SrtKey key);
const SrtOrigin *srt_settings_origin (const SrtSettings *settings, SrtKey key);
gboolean srt_settings_is_default (const SrtSettings *settings, SrtKey key);

const GPtrArray *srt_settings_suites (const SrtSettings *settings); /* of SrtSuite; empty when none is configured */
const SrtProfile *srt_settings_profile (const SrtSettings *settings, const char *name); /* NULL: no such profile */
const GPtrArray *srt_settings_rules (const SrtSettings *settings);                      /* of SrtRule, in order */
SrtLeaks srt_settings_leaks (const SrtSettings *settings);                              /* run.leaks */
/* The profile NAME; where that is NULL or "", run.profile, or with run.safe_mode `standard`; NULL: none. */
const SrtProfile *srt_settings_choose_profile (const SrtSettings *settings, const char *name);

/* Where the tests of SUITE run, as far as no rule says another: as it says itself, else its profile, else the run's
 * executor. */
const char *srt_settings_suite_executor (const SrtSettings *settings, const SrtSuite *suite);
/* How the executor NAME is asked for: the run's own, one of `executors`, or one that only a suite, a rule or a profile
 * names; NULL: nobody asks for it. */
const SrtPluginUse *srt_settings_executor (const SrtSettings *settings, const char *name);
/* Those that are asked for besides the run's own: of SrtPluginUse, no name twice. */
const GPtrArray *srt_settings_further_executors (const SrtSettings *settings);

/* The plugins asked for, of one kind: exactly one for executor and monitor; at most one for checkpoint ("none" gives
 * none); any number of notifiers (default: console). */
const GPtrArray *srt_settings_plugins (const SrtSettings *settings, guint32 kind); /* of SrtPluginUse */

/* A digest (SHA-256, hex) of what changes what a test is: commands, environment, limits; not workers, colours,
 * notifiers. */
const char *srt_settings_digest (const SrtSettings *settings);

/* The folder that relative state (checkpoint) belongs to: that of the --config / ./srt.cfg file, else the working
 * folder. */
const char *srt_settings_project_dir (const SrtSettings *settings);
gboolean srt_settings_has_project (const SrtSettings *settings); /* there is such a file */

/* For `srt config`: one line a value, "key = value    # origin", secrets as ***, in libconfig's syntax. IS_SECRET may
 * be NULL. Caller frees. */
typedef gboolean (*SrtSecretFn) (guint32 kind, const char *plugin, const char *option, gpointer data);
char *srt_settings_print (const SrtSettings *settings, SrtSecretFn is_secret, gpointer data);

/* docs/configuration.md is this text; a test compares them. Caller frees. */
char *srt_settings_reference (void);
