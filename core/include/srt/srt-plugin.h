/* SPDX-License-Identifier: MIT
 *
 * srt-plugin.h - everything that a plugin of srt needs, in one file.
 *
 * A plugin is a shared object named KIND-NAME.so ("notifier-junit.so") in one of srt's plugin folders. It
 * exports one constant, `srt_plugin_entry`, and nothing else; SRT_PLUGIN_REGISTER() defines it. A whole notifier:
 *
 *     #include <srt/srt-plugin.h>
 *
 *     static int32_t create (const srt_host *host, void **ret_self) { *ret_self = (void *) host; return SRT_OK; }
 *     static void finished (void *self, const srt_result *r) { ... }
 *
 *     static const srt_notifier_ops ops = { .size = sizeof ops, .test_finished = finished };
 *     SRT_PLUGIN_REGISTER (SRT_KIND_NOTIFIER, "hello", "1.0", "Says hello", NULL, 0, &ops, NULL, create, NULL);
 *
 * Build it with `cc -shared -fPIC -fvisibility=hidden $(pkg-config --cflags srt-plugin)`; link no srt library.
 *
 * The rules that hold everywhere below
 * ------------------------------------
 * Thread.   The core has one thread. It makes every call into a plugin on that thread, and a plugin calls the host
 *           on that thread only. The one exception is srt_host.post, which any thread may call at any time between
 *           create and destroy.
 * Calls in. The core never calls into an instance while that instance is inside a call to the host, except where a
 *           function says so. A plugin must not block: no sleeping, no waiting for a child or a peer.
 * Memory.   Who makes it frees it. Pointers in a struct that is passed to you live until your function returns, unless
 *           the field says otherwise: copy what you keep. Nothing is ever freed across the border.
 * Text.     UTF-8, ended by NUL, unless there is a length beside it. Bytes from tests are bytes, in any encoding.
 * Time.     `*_ns` are nanoseconds. Points in time are CLOCK_MONOTONIC, except `*_real_ns`: CLOCK_REALTIME, since 1970.
 * Errors.   Functions return SRT_OK (0) or a negative srt_status. Before you return one, say why in one line with
 *           srt_host.set_error; the core prints it with the plugin's name, so do not repeat that. On error the things
 *           that ret_ parameters point to stay untouched.
 * Absent.   A NULL function means "not supported", in your tables and in the core's (host, events). In yours only those
 *           marked REQUIRED must be there; in the core's those that say when they may be NULL.
 *
 * Compatible for years
 * --------------------
 * The major ABI number must be equal. Within a major, structs and tables only grow at the end, and each begins with its
 * `size` in bytes as its maker knew it. The core copies min(size) of your tables, options and structs into zeroed ones
 * of its own, so that an older plugin runs on a newer srt and (with less use) a newer plugin on an older srt. You do
 * the same with what the core passes: before you read a field of a struct, or call a function of a table, that came in
 * a later minor than the first, ask SRT_HAS(). Enum values have gaps; take a value that you do not know as "something
 * else", never as an error. (One exception: an option type that this srt does not know refuses the plugin.) Three
 * structs stand inside others by value and so never grow: srt_usage, srt_cases, srt_pressure. Rows of an array lie
 * `size` of the first row apart, not sizeof. Fixed-width integers only, so that any language can speak it.
 *
 * This is ABI 0.9. It becomes 1.0, frozen, once executors for containers and clusters have used it. The rules above
 * hold from now on: a plugin of any minor loads, and sizes decide what each side sees. But until 1.0 a new minor may
 * still change what a function or field means; NEWS says so then, and the plugin has to be built again.
 */
#ifndef SRT_PLUGIN_H
#define SRT_PLUGIN_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SRT_PLUGIN_MAGIC 0x31545253u /* the bytes "SRT1" in little endian */
#define SRT_ABI_MAJOR    0u
#define SRT_ABI_MINOR    9u

/* True when *PTR, a struct of TYPE that came from the other side, has FIELD. */
#define SRT_HAS(TYPE, PTR, FIELD) ((PTR)->size >= offsetof (TYPE, FIELD) + sizeof ((PTR)->FIELD))

#if defined __GNUC__ || defined __clang__
#define SRT_PUBLIC           __attribute__ ((visibility ("default")))
#define SRT_PRINTF(FMT, ARG) __attribute__ ((format (printf, FMT, ARG)))
#else
#define SRT_PUBLIC
#define SRT_PRINTF(FMT, ARG)
#endif

/* ---------------------------------------------------------------------------------------------------------------
 * Words that all kinds share
 * ------------------------------------------------------------------------------------------------------------- */

/* What a function returns. SRT_OK is 0, errors are negative. */
typedef enum srt_status {
  SRT_OK = 0,
  SRT_E_FAILED = -10,      /* anything else */
  SRT_E_INVALID = -20,     /* an argument or an option makes no sense; the core exits with 2 when it starts */
  SRT_E_UNSUPPORTED = -30, /* cannot be done here, or by this plugin; likewise */
  SRT_E_NOT_FOUND = -40,   /* what was asked for is not there */
  SRT_E_BUSY = -50,        /* another run holds it */
  SRT_E_DENIED = -60,      /* permission */
  SRT_E_CORRUPT = -70,     /* data that cannot be understood as a whole */
  SRT_E_NO_SPACE = -80,    /* disk or quota full */
  SRT_E_NO_MEMORY = -90,
  SRT_E_LOST = -100 /* a process or peer that is needed went away */
} srt_status;

typedef enum srt_kind {
  SRT_KIND_EXECUTOR = 100,
  SRT_KIND_MONITOR = 200,
  SRT_KIND_CHECKPOINT = 300,
  SRT_KIND_NOTIFIER = 400
} srt_kind;

typedef enum srt_level { SRT_LOG_DEBUG = 10, SRT_LOG_INFO = 20, SRT_LOG_WARNING = 30, SRT_LOG_ERROR = 40 } srt_level;

/* The verdict on one attempt of one test. A test that failed, one that was killed for resources, one that ran under
 * pressure and a runner that broke are four different words. */
typedef enum srt_verdict {
  SRT_VERDICT_NONE = 0,      /* no verdict: the test has not ended */
  SRT_VERDICT_PASS = 100,    /* did what it should */
  SRT_VERDICT_FAIL = 200,    /* says itself that something is wrong: exit status, a failed case */
  SRT_VERDICT_SKIP = 300,    /* says itself that it cannot run here (exit 77), or a rule skipped it */
  SRT_VERDICT_PENDING = 400, /* written, but not yet meant to pass */
  SRT_VERDICT_ERROR = 500,   /* could not be run or judged: not started, hard error (exit 99), engine or agent broke */
  SRT_VERDICT_CRASH = 600,   /* ended by a signal that srt did not send */
  SRT_VERDICT_TIMEOUT = 700, /* over its wall time, ended by srt */
  SRT_VERDICT_OOM = 800,     /* the kernel killed it for memory, by evidence */
  SRT_VERDICT_LIMIT = 900,   /* over another limit of its own; the message names it */
  SRT_VERDICT_LEAK = 1000,   /* passed, but left processes behind */
  SRT_VERDICT_HUNG = 1100,   /* its heartbeat stopped */
  SRT_VERDICT_PRESSURE = 1200, /* failed while the machine was over its line, passed alone */
  SRT_VERDICT_FLAKY = 1300,    /* passed only on a later attempt */
  SRT_VERDICT_KILLED = 1400    /* ended by srt for the run's sake (stop, shed): no word on the test itself */
} srt_verdict;

/* How the process of a test ended, as its executor saw it. */
typedef enum srt_exit_kind {
  SRT_EXIT_EXITED = 100,      /* by itself; `code` is its exit status, 0 to 255 */
  SRT_EXIT_SIGNALLED = 200,   /* by a signal that srt did not send; `code` is the signal's number */
  SRT_EXIT_NOT_STARTED = 300, /* never ran; `code` is an errno value (ENOENT, EACCES, …) */
  SRT_EXIT_LOST = 400,        /* its end was not seen: agent, container or node went away */
  SRT_EXIT_KILLED = 500 /* by srt; `why` says what for; `code` is the signal that ended it, or -1 when it exited */
} srt_exit_kind;

/* Why srt ended a test. */
typedef enum srt_why {
  SRT_WHY_NONE = 0,
  SRT_WHY_TIMEOUT = 100,  /* its own wall time */
  SRT_WHY_STOP = 200,     /* the run is stopped: signal, batch timeout, fail-fast, guard */
  SRT_WHY_SHED = 300,     /* the guard needs its memory */
  SRT_WHY_LIMIT = 400,    /* a limit of its own that the executor holds by killing; `message` names it */
  SRT_WHY_HEARTBEAT = 500 /* silent for too long; `message` may say when it gave its last sign */
} srt_why;

typedef enum srt_stream { SRT_STREAM_STDOUT = 1, SRT_STREAM_STDERR = 2 } srt_stream;

/* One test of the plan. All of it lives until the run ends and may be kept. */
typedef struct srt_test {
  uint32_t size;
  uint32_t index; /* 0 to total-1 in this run's plan; changes from run to run */
  const char *id; /* "SUITE/NAME": the same from run to run; what checkpoints and reports use */
  const char *suite;
  const char *name;  /* unique in its suite; a path relative to the suite's folder where it comes from a file */
  const char *file;  /* absolute path of the program or spec file, or NULL */
  const char *level; /* "unit", "integration", "system", or "" */
} srt_test;

/* What a test used. A field that was not measured is 0; `source` says how the others were. */
typedef enum srt_usage_source {
  SRT_USAGE_NONE = 0,
  SRT_USAGE_WAIT4 = 100,   /* rusage of the reaped processes: memory is that of the largest single one */
  SRT_USAGE_SAMPLED = 200, /* the tree, sampled; peaks between two samples are not seen */
  SRT_USAGE_CGROUP = 300   /* counted by the kernel for the whole tree */
} srt_usage_source;

typedef struct srt_usage {
  uint32_t size;
  uint32_t source;      /* srt_usage_source */
  uint64_t wall_ns;     /* from start to end (or now), frozen time included */
  uint64_t frozen_ns;   /* of it frozen by srt */
  uint64_t user_ns;     /* CPU time in user mode */
  uint64_t system_ns;   /* CPU time in the kernel */
  uint64_t memory_peak; /* bytes */
  uint64_t memory_now;  /* bytes; 0 after the end */
  uint32_t processes;   /* now */
  uint32_t threads;     /* now */
  uint32_t open_files;  /* now */
  uint32_t reserved;
} srt_usage;

/* Bytes that a test has written, kept by the core, to be read with srt_host.read_output. */
typedef struct srt_output srt_output;

/* Cases inside a test, where its result format counts them (TAP). */
typedef struct srt_cases {
  uint32_t size;
  uint32_t passed, failed, skipped, pending;
} srt_cases;

/* One attempt of one test: immutable. The row of a checkpoint, and what notifiers get. */
typedef struct srt_result {
  uint32_t size;
  uint32_t verdict;       /* srt_verdict */
  const srt_test *test;   /* lives until the run ends; from a checkpoint only id (and size) is set */
  uint32_t attempt;       /* from 1 */
  uint32_t final;         /* 1: the last attempt, the one that counts */
  uint32_t earlier;       /* 1: from an earlier round of this run, read from the checkpoint */
  uint32_t exit_kind;     /* srt_exit_kind */
  int32_t exit_code;      /* as in srt_exit.code */
  uint32_t slot;          /* the worker that ran it */
  uint64_t start_real_ns; /* CLOCK_REALTIME */
  srt_usage usage;
  srt_cases cases;
  const char *message; /* one line: why this verdict ("exit status 3", "SIGSEGV", "2 of 7 cases failed"); "" for PASS */
  const char *kept_dir;     /* the TMPDIR that was kept, or NULL */
  const srt_output *output; /* what it wrote, or NULL: nothing, or an earlier round. Of a failure it can be read until
                               the run ends, of any other only until your function returns */
  uint64_t output_bytes;    /* that can be read from `output` */
  uint64_t output_lost;     /* written by the test, but over the cap and not kept */
  uint32_t limit;           /* as in srt_exit */
  uint32_t leaked;          /* processes that it left behind and that were killed */
  const char *held_by;      /* as in srt_exit; NULL: no limit was held */
  const char *digest;       /* of the content of the test's file as it ran; NULL: there is no file to read */
  const char *source;       /* state of the sources that it ran on ("git 1a2b3c4d5e6f7081"); "" where nobody said one;
                               NULL: not known. A new row need not write it: it is srt_progress_request.source */
} srt_result;

/* Counts of final results. `finished` = sum of the words. Earlier rounds are in it. */
typedef struct srt_counts {
  uint32_t size;
  uint32_t total; /* tests in the plan */
  uint32_t finished;
  uint32_t pass, fail, skip, pending, error, crash, timeout, oom, limit, leak, hung, pressure, flaky, killed;
  uint32_t cases_passed, cases_failed, cases_skipped, cases_pending;
} srt_counts;

/* ---------------------------------------------------------------------------------------------------------------
 * Options: declared by the plugin, checked by the core, read with the host's getters
 * ------------------------------------------------------------------------------------------------------------- */

typedef enum srt_type {
  SRT_TYPE_STRING = 100,
  SRT_TYPE_PATH =
      110, /* a string; relative ones are made absolute against the file that says it, or the working folder */
  SRT_TYPE_BOOL = 200,
  SRT_TYPE_INT = 300,
  SRT_TYPE_FLOAT = 400,
  SRT_TYPE_DURATION = 500, /* "30s", "250ms", "2m", "1h"; read as nanoseconds */
  SRT_TYPE_SIZE = 600,     /* "512M", "4K", "1G" (powers of 1024), plain bytes; read as bytes */
  SRT_TYPE_PERCENT = 700,  /* "80%" or 80; read as a float, 0 to 100 */
  SRT_TYPE_CHOICE = 800,   /* one of `choices` */
  SRT_TYPE_LIST = 900      /* a list of strings */
} srt_type;

enum {
  SRT_OPTION_REQUIRED = 1u << 0, /* a configuration without it is an error */
  SRT_OPTION_SECRET = 1u << 1,   /* `srt config` prints "***" */
  SRT_OPTION_JOB = 1u << 2       /* may also stand in a suite, for its tests (srt_job.options): an image, a partition */
};

/* One row of the option table. The core checks names, types and choices with file:line errors before create. */
typedef struct srt_option {
  uint32_t size;       /* of this row; all rows of a table have the same: it is the table's stride */
  uint32_t type;       /* srt_type */
  uint32_t flags;      /* SRT_OPTION_* */
  const char *name;    /* [a-z][a-z0-9_]* */
  const char *def;     /* the default as a user would write it ("30s"), a LIST with commas ("a,b"); NULL: none */
  const char *help;    /* one line, for `srt plugins NAME` */
  const char *choices; /* SRT_TYPE_CHOICE: "auto|always|never" */
} srt_option;

/* A set of checked values: an instance's own (srt_host.options), or a job's (srt_job.options). */
typedef struct srt_values srt_values;

/* ---------------------------------------------------------------------------------------------------------------
 * The host: what the core does for a plugin
 * ------------------------------------------------------------------------------------------------------------- */

typedef struct srt_host srt_host;
typedef struct srt_source srt_source; /* an fd or a timer that the core watches for you */
typedef struct srt_helper srt_helper; /* a program that the core started for you */

enum {
  SRT_FD_READ = 1u << 0,
  SRT_FD_WRITE = 1u << 1,
  SRT_FD_HANGUP = 1u << 2,
  SRT_FD_ERROR = 1u << 3,
  SRT_FD_PRIORITY = 1u << 4 /* POLLPRI; an older core never reports it */
};

/* Called when FD is ready. EVENTS: SRT_FD_*; hang-up and error come unasked. */
typedef void (*srt_fd_fn) (void *data, int fd, uint32_t events);
typedef void (*srt_timer_fn) (void *data);
typedef void (*srt_post_fn) (void *data);

#define SRT_NEVER UINT64_MAX /* a timer that is not armed */

/* A descriptor for a helper: FD here becomes TARGET there. */
typedef struct srt_fd_map {
  int32_t fd;
  int32_t target;
} srt_fd_map;

enum { SRT_SPAWN_SESSION = 1u << 0 /* a session of its own, so that the terminal's Ctrl+C does not reach it */ };

/* A helper program. No shell. Signals are at their defaults and unblocked; no descriptor but those of `fds` is open in
 * it, and where `fds` does not name them 0 and 1 are /dev/null and 2 is srt's own standard error. */
typedef struct srt_spawn {
  uint32_t size;
  uint32_t flags;          /* SRT_SPAWN_* */
  const char *const *argv; /* argv[0] is an absolute path, or is looked up in PATH; ended by NULL */
  const char *const *env;  /* the whole environment, ended by NULL; NULL: srt's own */
  const char *cwd;         /* NULL: srt's own */
  const srt_fd_map *fds;
  uint32_t n_fds;
  uint32_t reserved;
} srt_spawn;

/* Called once, when the helper has ended and was reaped. STATUS is as wait(2) gives it. HELPER is gone after it
 * returns. */
typedef void (*srt_helper_fn) (void *data, srt_helper *helper, int status);

/* The functions of the core. Each instance gets a table of its own; it lives from create until destroy has returned.
 * The core removes what the instance forgot (sources, helpers) after destroy, and warns of it. */
struct srt_host {
  uint32_t size;
  uint32_t abi_minor;        /* of the core */
  const char *srt_version;   /* "0.1.0" */
  const char *run_id;        /* this run: letters, digits and '-'; "" outside a run (doctor, plugins) */
  const char *run_dir;       /* absolute, 0700, ours alone, removed at the end; NULL outside a run */
  const char *libexec_dir;   /* where srt-agent and other helpers are; absolute */
  const srt_values *options; /* this instance's */
  const void *events; /* what this kind reports to the core: srt_executor_events, srt_monitor_events, … or NULL */

  /* Say something to the user, in one line, without the plugin's name. A NUL is not needed at the end. */
  void (*log) (const srt_host *host, uint32_t level, const char *text, size_t length);
  void (*logf) (const srt_host *host, uint32_t level, const char *format, ...) SRT_PRINTF (3, 4);

  /* Say why the function that is about to return an error fails. The last call counts. */
  void (*set_error) (const srt_host *host, const char *text, size_t length);
  void (*set_errorf) (const srt_host *host, const char *format, ...) SRT_PRINTF (2, 3);

  /* Typed getters. NAME must be declared with that type; anything else is a defect of the plugin, logged as such, and
   * gives NULL or 0. An option without default that is not set gives NULL, 0 or 0.0, and is_set gives 0; with a default
   * is_set gives 1. Strings live as long as VALUES. list: the I-th string, NULL behind the last. */
  uint32_t (*is_set) (const srt_values *values, const char *name);
  const char *(*get_string) (const srt_values *values, const char *name);           /* STRING, PATH, CHOICE */
  int64_t (*get_int) (const srt_values *values, const char *name);                  /* INT */
  uint32_t (*get_bool) (const srt_values *values, const char *name);                /* BOOL */
  double (*get_float) (const srt_values *values, const char *name);                 /* FLOAT, PERCENT */
  uint64_t (*get_duration_ns) (const srt_values *values, const char *name);         /* DURATION */
  uint64_t (*get_bytes) (const srt_values *values, const char *name);               /* SIZE */
  const char *(*get_list) (const srt_values *values, const char *name, uint32_t i); /* LIST */

  /* Watch a descriptor; it stays yours, and must stay open until the source is removed. FN is never called from
   * within a call to the host, and again in each turn for as long as an event lasts: remove a source that has hung up.
   * NULL only when out of memory. */
  srt_source *(*add_fd) (const srt_host *host, int fd, uint32_t events, srt_fd_fn fn, void *data);
  void (*modify_fd) (srt_source *source, uint32_t events);
  /* A one-shot timer, AFTER_NS from now; SRT_NEVER makes one that is not armed. set_timer arms it (again) or, with
   * SRT_NEVER, disarms it. After it fired it stays, unarmed, until it is removed. */
  srt_source *(*add_timer) (const srt_host *host, uint64_t after_ns, srt_timer_fn fn, void *data);
  void (*set_timer) (srt_source *source, uint64_t after_ns);
  /* Remove either. Allowed inside any callback, its own too; after it no call comes. NULL is ignored. */
  void (*remove) (srt_source *source);

  /* Run FN (DATA) on the core's thread, soon. The only function that other threads may call. Posts of one thread stay
   * in order. Posts that have not run when destroy begins still run before it; none is taken after. */
  void (*post) (const srt_host *host, srt_post_fn fn, void *data);

  /* Start a helper. FN may be NULL. SRT_E_NOT_FOUND, SRT_E_DENIED, … with set_error already called for you. */
  int32_t (*spawn) (const srt_host *host, const srt_spawn *spawn, srt_helper_fn fn, void *data,
                    srt_helper **ret_helper);
  /* Send it a signal. Safe at any time before FN was called: identity is kept by the core, never by a bare pid. */
  int32_t (*kill_helper) (srt_helper *helper, int signal_number);
  int64_t (*helper_pid) (const srt_helper *helper);

  /* Bytes [offset, offset+length) of a test's output into BUFFER; returns how many, 0 at the end, or a negative
   * srt_status. */
  int64_t (*read_output) (const srt_output *output, uint64_t offset, void *buffer, size_t length);

  uint64_t (*now_ns) (void); /* CLOCK_MONOTONIC */

  /* The ledger of the run: what must be cleaned up even if srt dies now. Call it before you make the thing (a cgroup, a
   * container). ENTRY: your own words, one line, at most 1000 bytes. When the run dies, the next srt hands each entry
   * to `cleanup` of the same executor; when it ends, the ledger goes with it. SRT_OK when it is written: no SIGKILL can
   * lose it. */
  int32_t (*ledger) (const srt_host *host, const char *entry, size_t length);
};

/* ---------------------------------------------------------------------------------------------------------------
 * Executor: where a test runs
 * ------------------------------------------------------------------------------------------------------------- */

/* Limits of one test; 0 means none. The bit of each in srt_executor_info.limits is given beside it. */
typedef struct srt_limits {
  uint32_t size;
  int32_t nice;         /* SRT_LIMIT_NICE: 0 is none, 1 to 19 */
  uint64_t memory;      /* SRT_LIMIT_MEMORY: bytes, of the whole tree */
  uint64_t cpu_milli;   /* SRT_LIMIT_CPU: thousandths of a core */
  uint64_t cpu_time_ns; /* SRT_LIMIT_CPU_TIME: CPU time used, of the whole tree */
  uint64_t io_ops;      /* SRT_LIMIT_IO: device operations a second */
  uint64_t processes;   /* SRT_LIMIT_PROCESSES: of the tree, threads counted */
  uint64_t open_files;  /* SRT_LIMIT_FILES: descriptors of one process */
  uint64_t file_size;   /* SRT_LIMIT_FILE_SIZE: bytes of one file */
  uint64_t core_size;   /* SRT_LIMIT_CORE: bytes of a core dump, plus one; so 0 leaves it as it is and 1 means none */
} srt_limits;

enum {
  SRT_LIMIT_MEMORY = 1u << 0,
  SRT_LIMIT_CPU = 1u << 1,
  SRT_LIMIT_CPU_TIME = 1u << 2,
  SRT_LIMIT_IO = 1u << 3,
  SRT_LIMIT_PROCESSES = 1u << 4,
  SRT_LIMIT_FILES = 1u << 5,
  SRT_LIMIT_FILE_SIZE = 1u << 6,
  SRT_LIMIT_CORE = 1u << 7,
  SRT_LIMIT_NICE = 1u << 8
};

enum {
  SRT_JOB_MERGED = 1u << 0,   /* stdout and stderr are one stream, in exact order, reported as stdout */
  SRT_JOB_CLEAN_ENV = 1u << 1 /* begin from an empty environment, not from the executor's own */
};

/* One attempt to be started. Lives until start returns; `test` and `options` until the run ends. */
typedef struct srt_job {
  uint32_t size;
  uint32_t flags; /* SRT_JOB_* */
  uint64_t id;    /* unique in this run, never 0 */
  const srt_test *test;
  uint32_t attempt;        /* from 1 */
  uint32_t slot;           /* 0 to slots-1; no other job of yours has it until this one has ended */
  const char *const *argv; /* ended by NULL; argv[0] with a '/' is a path, else it is looked up in PATH */
  const char *const
      *env;        /* ended by NULL; "NAME=value" sets, "NAME" alone unsets. TMPDIR is the executor's own to set */
  const char *cwd; /* absolute; NULL: the TMPDIR that the executor gives the test */
  const char *stdin_path; /* NULL: /dev/null */
  uint64_t timeout_ns;    /* wall time, frozen time not counted; 0: none */
  uint64_t grace_ns;      /* from the termination signal to SIGKILL */
  int32_t term_signal;    /* SIGTERM, unless the suite says another */
  uint32_t reserved;
  uint64_t
      output_max; /* bytes of both streams that are passed on; the rest is read, counted as dropped, and thrown away */
  const srt_limits *limits;
  const srt_values *options; /* the options of this executor that the suite gives (SRT_OPTION_JOB), with its defaults */
  const char *const *keep; /* names of programs that may outlive the test, never the run; ended by NULL; may be NULL */
  /* 0: none. Else the test gets a descriptor to write to, which SRT_HEARTBEAT_FD names, and SRT_HEARTBEAT_MS, this
   * period; both are the executor's own to set, as TMPDIR is. After so long without a byte, frozen time not counted,
   * end it: SRT_EXIT_KILLED, SRT_WHY_HEARTBEAT. Its closing the descriptor is neither a beat nor an end. */
  uint64_t heartbeat_ns;
} srt_job;

/* The end of a job. */
typedef struct srt_exit {
  uint32_t size;
  uint32_t kind;         /* srt_exit_kind */
  int32_t code;          /* meaning depends on kind, see there */
  uint32_t why;          /* srt_why, with SRT_EXIT_KILLED */
  uint32_t oom;          /* 1: the kernel says that it killed something of this test for memory */
  uint32_t leaked;       /* processes that were left after the test's own had ended, and were killed */
  const char *message;   /* one line more ("ELF interpreter missing", "agent 3 died"), or NULL */
  const char *leak_text; /* who was left: "sleep (pid 4711), …", or NULL */
  uint32_t tmp_touched;  /* 1: the test left something in its TMPDIR; settle decides what becomes of it */
  uint32_t reserved;
  uint64_t dropped; /* bytes over output_max */
  srt_usage usage;
  uint32_t limit;      /* with SRT_WHY_LIMIT, or when the kernel ended it: the SRT_LIMIT_* that it was over; else 0 */
  uint32_t kept;       /* processes that `keep` let live on */
  const char *held_by; /* what held the limits: "memory: cgroup v1, processes: cgroup v1"; or NULL */
} srt_exit;

typedef enum srt_domain {
  SRT_DOMAIN_LOCAL = 100, /* takes memory and CPU of this machine: the guard counts it, freezes and sheds it */
  SRT_DOMAIN_REMOTE = 200 /* takes and frees none of it */
} srt_domain;

/* What an executor can do here and now. The core passes it zeroed with `size` set; write only what fits. */
typedef struct srt_executor_info {
  uint32_t size;
  uint32_t domain;     /* srt_domain */
  uint32_t slots;      /* at most so many at once; 0: any number */
  uint32_t can_freeze; /* 1: freeze works */
  uint64_t limits;     /* SRT_LIMIT_* that it really enforces */
  const char *tier;    /* how a test's tree is contained, in a few words ("subreaper"); lives as long as the instance */
  uint32_t can_heartbeat; /* 1: srt_job.heartbeat_ns is watched; 0: srt warns where a test asks for it */
  uint32_t reserved;
} srt_executor_info;

/* What an executor reports. The core never starts or stops anything from within output or usage; from within `exited`
 * it may call settle and start of the same executor (and no other function): let your own state be in order before you
 * report. */
typedef struct srt_executor_events {
  uint32_t size;
  uint32_t reserved;
  /* Bytes of a running job, in their order. */
  void (*output) (const srt_host *host, uint64_t job, uint32_t stream, const void *bytes, size_t length);
  /* The job has ended, and nothing of it runs any more. Exactly once for each start that returned SRT_OK, never before
   * start has returned, after the last output. */
  void (*exited) (const srt_host *host, uint64_t job, const srt_exit *end);
  /* The answer to freeze: FROZEN is what it is now. */
  void (*frozen) (const srt_host *host, uint64_t job, uint32_t frozen);
  /* What a running job uses; at the period that set_usage_period asked for. NULL while the core asks for none. */
  void (*usage) (const srt_host *host, uint64_t job, const srt_usage *usage);
  /* So many slots can be used from now on (a node came or went). Jobs that run are not affected. */
  void (*capacity) (const srt_host *host, uint32_t slots);
  /* Something broke that more than one job depends on; jobs that it took are reported LOST each. TEXT is for the user.
   */
  void (*broken) (const srt_host *host, const char *text);
  /* While it shuts down: CONTAINERS more, of tests that the stop has ended, are stopped and removed. For the words of a
   * protected stop. May be NULL. */
  void (*stopped) (const srt_host *host, uint32_t containers);
  /* Something that the ledger names cannot be removed now; TEXT says what, for the user. The run's folder and ledger
   * stay when it ends, and the next srt hands each entry to `cleanup`. May be NULL. */
  void (*remains) (const srt_host *host, const char *text);
} srt_executor_events;

typedef struct srt_executor_ops {
  uint32_t size;
  uint32_t reserved;
  /* REQUIRED. Called once after create, before anything else. */
  int32_t (*describe) (void *self, srt_executor_info *info);
  /* Why LIMIT (one bit) is not enforced; a string that lives as long as the instance, or NULL when it is. */
  const char *(*why_not) (void *self, uint32_t limit);
  /* So many of your slots will be used, called once before the first start. Put workers in place in the background. */
  int32_t (*prepare) (void *self, uint32_t slots);
  /* REQUIRED. Start JOB in the background. An error means that it was not started, no `exited` will come and no other
   * try would do better. What is the test's own fault (no such program) is SRT_OK and then an end of kind NOT_STARTED.
   */
  int32_t (*start) (void *self, const srt_job *job);
  /* REQUIRED. End a job: its termination signal now, SIGKILL to all of it after GRACE_NS (0: at once). Asynchronous;
   * `exited` tells. A second call may shorten the grace. SRT_E_NOT_FOUND when it has ended already, which is no defect.
   */
  int32_t (*stop) (void *self, uint64_t job, uint64_t grace_ns, uint32_t why);
  /* Freeze (1) or thaw (0) a job. Its timeout clock stands still meanwhile. Asynchronous; `frozen` tells. */
  int32_t (*freeze) (void *self, uint64_t job, uint32_t frozen);
  /* The verdict on an ended job is given: keep its TMPDIR at KEEP_DIR (an absolute path on the same file system that
   * does not exist yet), or with NULL throw it away. Called once for each end with tmp_touched, before the slot's next
   * start. */
  int32_t (*settle) (void *self, uint64_t job, uint32_t slot, const char *keep_dir);
  /* Report usage of running jobs every PERIOD_NS; 0: never, which is the state after create. */
  void (*set_usage_period) (void *self, uint64_t period_ns);
  /* No start comes any more. Kill what still runs, leave nothing, then call DONE (DATA): at once from within this call,
   * or later. The core waits at most DEADLINE_NS, then calls destroy. */
  void (*shutdown) (void *self, uint64_t deadline_ns, srt_post_fn done, void *data);
  /* ENTRY is from the ledger of a run (RUN_ID) that died. Remove what it names, if it is there and proven to be that
   * run's; *ret_cleaned is raised by the things (processes, cgroups, containers) that were removed. May take up to some
   * seconds: it is called before the first start, or for `srt clean`. */
  int32_t (*cleanup) (void *self, const char *run_id, const char *entry, size_t length, uint32_t *ret_cleaned);
  /* Would you start a job with these LIMITS? Called between describe and prepare for all that the plan asks for. An
   * error (UNSUPPORTED, where your options require what cannot be held) ends srt before any test has begun. */
  int32_t (*accepts) (void *self, const srt_limits *limits);
  /* Would you start jobs with these OPTIONS of a suite (NULL: it gives none)? Called between describe and prepare, once
   * for each suite that has tests here. An error (INVALID, UNSUPPORTED) ends srt before any test has begun. */
  int32_t (*accepts_options) (void *self, const srt_values *options);
} srt_executor_ops;

/* ---------------------------------------------------------------------------------------------------------------
 * Monitor: what the machine has and uses
 * ------------------------------------------------------------------------------------------------------------- */

/* Pressure stall information (Linux: Documentation/accounting/psi.rst): share of time, in percent, and the total. */
typedef struct srt_pressure {
  float some_avg10; /* at least one task waited */
  float full_avg10; /* all tasks waited */
  uint64_t some_total_ns;
  uint64_t full_total_ns;
} srt_pressure;

enum {
  SRT_SAMPLE_MEMORY = 1u << 0,   /* memory_total, memory_available */
  SRT_SAMPLE_CPU = 1u << 1,      /* cpu_busy; not in the first sample, which has nothing to compare with */
  SRT_SAMPLE_PRESSURE = 1u << 2, /* the three pressures */
  SRT_SAMPLE_CGROUP = 1u << 3    /* cgroup_memory, cgroup_cpu_ns */
};

/* One look at the machine. `memory_*` is what this process really has: the smallest of the machine and of the limits of
 * all its cgroup ancestors, with cache that can be reclaimed counted as available. */
typedef struct srt_sample {
  uint32_t size;
  uint32_t valid;            /* SRT_SAMPLE_*: what could be read */
  uint64_t time_ns;          /* when */
  uint64_t memory_total;     /* bytes */
  uint64_t memory_available; /* bytes */
  uint64_t swap_total, swap_free;
  const char *memory_source; /* what is the tightest: "machine", or the path of a cgroup; lives until the next sample */
  float cpu_busy;            /* 0 to 100: share of the CPUs that we may use, since the sample before */
  uint32_t cpu_milli;        /* thousandths of a core that we may use: affinity and cgroup quotas counted */
  srt_pressure memory_pressure, cpu_pressure, io_pressure;
  uint64_t cgroup_memory; /* bytes used by our own cgroup */
  uint64_t cgroup_cpu_ns; /* CPU time used by our own cgroup since it was made */
} srt_sample;

typedef struct srt_process {
  uint32_t size;
  uint32_t reserved;
  int64_t pid, parent;
  uint64_t memory; /* resident bytes */
  uint64_t cpu_ns; /* since its start */
  char command[64];
} srt_process;

/* What a monitor reports. An older core has none: host.events is NULL. */
typedef struct srt_monitor_events {
  uint32_t size;
  uint32_t reserved;
  /* Tasks wait for memory, as `watch` asked. At most some times a second; the core takes a sample soon. */
  void (*pressure) (const srt_host *host);
} srt_monitor_events;

typedef struct srt_monitor_ops {
  uint32_t size;
  uint32_t reserved;
  /* REQUIRED. Fill SAMPLE (zeroed, `size` set). Must not block or allocate: it is called up to 50 times a second. */
  int32_t (*sample) (void *self, srt_sample *sample);
  /* The N largest processes of the machine by memory, into PROCESSES (each with `size` set); *ret_n says how many. */
  int32_t (*processes) (void *self, srt_process *processes, uint32_t n, uint32_t *ret_n);
  /* Report `pressure` whenever some task waited for memory for PERCENT (1 to 100) of the time, over a window of your
   * choice, 2 s at most. Called once. An error says why that cannot be seen here; the core then has only its samples.
   */
  int32_t (*watch) (void *self, uint32_t percent);
} srt_monitor_ops;

/* ---------------------------------------------------------------------------------------------------------------
 * Checkpoint: progress of one run (exclusive), and apart from it the history of many
 * ------------------------------------------------------------------------------------------------------------- */

typedef enum srt_progress_mode {
  SRT_PROGRESS_NEW = 100,    /* begin a new run; a checkpoint that is there is moved aside, not lost */
  SRT_PROGRESS_RESUME = 200, /* go on with what is there: call `row` for every good row, then append behind them */
  SRT_PROGRESS_READ = 300    /* only read, without the lock: nothing is changed */
} srt_progress_mode;

/* How to open. Lives until open returns. */
typedef struct srt_progress_request {
  uint32_t size;
  uint32_t mode; /* srt_progress_mode */
  const char *run_id;
  const char *settings_digest; /* of the settings that change what a test is; hex */
  uint64_t start_real_ns;
  uint32_t total; /* tests in the plan */
  uint32_t reserved;
  /* Called from within open for each good row, in the file's order, `earlier` set. */
  void (*row) (void *data, const srt_result *row);
  void *data;
  const char *source; /* state of the sources on which this round runs, at most 255 bytes; "" or NULL: nobody says */
} srt_progress_request;

/* What open found. The core passes it zeroed with `size` set; strings live until close. */
typedef struct srt_progress_state {
  uint32_t size;
  uint32_t rows;               /* good rows passed to `row` */
  uint32_t damaged;            /* rows that could not be read, told with log; their tests run again */
  uint32_t rounds;             /* how many runs wrote into it before this one */
  const char *path;            /* where it is, for the user */
  const char *moved_to;        /* NEW: where an older one went, or NULL */
  const char *run_id;          /* RESUME, READ: of the first round */
  const char *settings_digest; /* RESUME, READ: of the first round */
  const char
      *stop_reason; /* RESUME, READ: why the last round stopped ("SIGINT", "memory"), or "" when it did not say */
  /* RESUME, READ: of the last round. */
  const char *source;            /* as it was given, "" or NULL: not known */
  uint32_t total;                /* tests in its plan; 0: not known */
  uint32_t n_running;            /* ids in `running` */
  uint64_t start_real_ns;        /* when it began; 0: not known */
  uint64_t last_real_ns;         /* when its last row was written */
  const char *const *running;    /* tests that ran when it was stopped (`running`) and got no final row after that */
  uint64_t killed_since_real_ns; /* when the first of the last rounds began that ended without a word (`stopped`):
                                    they were killed; 0: the last one did say */
} srt_progress_state;

/* What a checkpoint plugin reports. */
typedef struct srt_checkpoint_events {
  uint32_t size;
  uint32_t reserved;
  /* The answer to sync: every row appended before that call is on stable storage (SRT_OK), or will never be (an error,
   * with the reason in TEXT). */
  void (*synced) (const srt_host *host, uint64_t token, int32_t status, const char *text);
  /* Rows can no longer be written (a full disk, a failed background sync). Told once; the run goes on, and does not end
   * with 0 or 42. */
  void (*broken) (const srt_host *host, int32_t status, const char *text);
} srt_checkpoint_events;

typedef struct srt_progress_ops {
  uint32_t size;
  uint32_t reserved;
  /* REQUIRED. NOT_FOUND: nothing to resume or read. CORRUPT: not understood as a whole; the core says so and opens with
   * NEW. BUSY: another run has it. DENIED, NO_SPACE: cannot be written. */
  int32_t (*open) (void *self, const srt_progress_request *request, srt_progress_state *state);
  /* REQUIRED. Write one row. When it returns SRT_OK a SIGKILL can no longer lose it. Must not wait for stable storage.
   */
  int32_t (*append) (void *self, const srt_result *result);
  /* Note why this round stops, for the next one to print. */
  int32_t (*stopped) (void *self, const char *reason);
  /* REQUIRED. Bring all rows to stable storage, in the background; `synced` answers with TOKEN, never before this
   * returns. */
  int32_t (*sync) (void *self, uint64_t token);
  /* REQUIRED. The run is whole: remove the checkpoint. */
  int32_t (*remove) (void *self);
  /* REQUIRED. Let go of it, keep the file. Called once for each open that returned SRT_OK. */
  void (*close) (void *self);
  /* This round is about to be stopped, and these N tests run. Called before any of them is ended. */
  int32_t (*running) (void *self, const srt_test *const *tests, uint32_t n);
} srt_progress_ops;

enum { SRT_HISTORY_DEPTH = 16 };

/* What is known of one test over many runs: its last `n` final results, the newest first. */
typedef struct srt_history {
  uint32_t size;
  uint32_t n; /* 0 to SRT_HISTORY_DEPTH */
  const char *id;
  uint64_t wall_ns[SRT_HISTORY_DEPTH]; /* without the time that it was frozen */
  uint64_t cpu_ns[SRT_HISTORY_DEPTH];
  uint64_t memory_peak[SRT_HISTORY_DEPTH];
  uint32_t verdict[SRT_HISTORY_DEPTH]; /* srt_verdict */
} srt_history;

/* Apart from progress: its own file and lock, shared by many runs, never needed for a right result. */
typedef struct srt_history_ops {
  uint32_t size;
  uint32_t reserved;
  /* REQUIRED. Call ROW for every test that is known; ROW copies what it keeps. NOT_FOUND: there is none yet. */
  int32_t (*load) (void *self, void (*row) (void *data, const srt_history *row), void *data);
  /* REQUIRED. Put these new results (of N tests, each with its own newest first) before what is known of them, up to
   * the depth; keep all others; atomically, also beside other runs that do the same. Called once, at the end of a run;
   * must not take longer than some seconds, whatever the disk does. */
  int32_t (*store) (void *self, const srt_history *rows, uint32_t n);
} srt_history_ops;

typedef struct srt_checkpoint_ops {
  uint32_t size;
  uint32_t reserved;
  const srt_progress_ops *progress; /* REQUIRED */
  const srt_history_ops *history;
} srt_checkpoint_ops;

/* ---------------------------------------------------------------------------------------------------------------
 * Notifier: who is told
 * ------------------------------------------------------------------------------------------------------------- */

/* What a run is, at its start. Lives until the run ends. */
typedef struct srt_run {
  uint32_t size;
  uint32_t workers; /* tests at once */
  const char *id;
  const char *mode;             /* "sequential" or "parallel" */
  const char *executor;         /* "process"; of a run on several "process + container" */
  const char *tier;             /* how it contains, "" when it does not say; of several "subreaper + podman" */
  const char *cwd;              /* absolute */
  const char *const *suites;    /* names in the plan's order, ended by NULL */
  const srt_test *const *tests; /* the plan: counts.total of them */
  uint64_t start_real_ns;
  uint32_t resumed; /* 1: goes on with a checkpoint */
  uint32_t verbose;
  const char *stop_reason; /* resumed: why the round before stopped; "" unknown */
  const char *checkpoint;  /* path, or "" without one */
  const char *protection;  /* what guards the machine in this run, in one line; "" without anything to say */
  srt_counts earlier;      /* resumed: what the rounds before have finished; else zeros but `total` */
} srt_run;

/* How it goes, a few times a second while somebody looks; the sample is the newest, or NULL. */
typedef struct srt_progress {
  uint32_t size;
  uint32_t running;
  uint64_t elapsed_ns;
  const srt_counts *counts;
  const srt_sample *sample;
  const srt_test *const *tests; /* that run now, oldest first: `running` of them */
  const uint64_t *since_ns;     /* since when each */
} srt_progress;

/* The run comes to an end before its plan does. STEP 0 is the announcement, then the steps of the stop as they are
 * done. */
typedef struct srt_stop {
  uint32_t size;
  uint32_t step, steps; /* "Step 1/4"; step 0: announced */
  int32_t exit_code;    /* that it will be: 42, 130, … */
  const char *reason;   /* "memory", "SIGINT", "fail-fast" */
  const char *text;     /* step > 0: "Killing child processes" */
  const char *outcome;  /* step > 0: "killed 3"; NULL: begun, not done */
  const srt_counts *counts;
} srt_stop;

/* How it ended. */
typedef struct srt_summary {
  uint32_t size;
  int32_t exit_code;
  uint32_t complete;        /* 1: every test of the plan has its final result */
  uint32_t cleaned;         /* processes, folders, … that tests had left and srt removed */
  uint64_t elapsed_ns;      /* of this round */
  const srt_counts *counts; /* of the whole run, earlier rounds included */
  const char *stop_reason;  /* "" when complete */
  const char *resume_hint;  /* the command that goes on, or "" */
} srt_summary;

/* All are optional, none can fail the run. */
typedef struct srt_notifier_ops {
  uint32_t size;
  uint32_t reserved;
  void (*run_started) (void *self, const srt_run *run);
  void (*test_started) (void *self, const srt_test *test, uint32_t attempt, uint32_t slot);
  /* After the row is in the checkpoint. Earlier rounds' results come too, right after run_started, `earlier` set. */
  void (*test_finished) (void *self, const srt_result *result);
  void (*progress) (void *self, const srt_progress *progress);
  /* A line for the user; FROM is the plugin or part that says it, "" for the core. */
  void (*message) (void *self, uint32_t level, const char *from, const char *text);
  void (*stopping) (void *self, const srt_stop *stop);
  /* A test of the plan that has no final result when the run ends, before run_finished. REASON: "not finished: SIGINT".
   */
  void (*test_unfinished) (void *self, const srt_test *test, const char *reason);
  /* The last event. What is to be written must be written when it returns; an error is told with log. */
  void (*run_finished) (void *self, const srt_summary *summary);
  /* How often `progress` should come, in ns; 0: never. Asked once after run_started. */
  uint64_t (*progress_period) (void *self);
  /* TEST still runs after AFTER_NS of its TIMEOUT_NS; told once. Its verdict does not depend on it. */
  void (*test_slow) (void *self, const srt_test *test, uint64_t after_ns, uint64_t timeout_ns);
} srt_notifier_ops;

/* ---------------------------------------------------------------------------------------------------------------
 * The one exported symbol
 * ------------------------------------------------------------------------------------------------------------- */

/* Do not write it by hand: use SRT_PLUGIN_REGISTER. */
typedef struct srt_plugin {
  uint32_t magic;
  uint16_t abi_major, abi_minor;
  uint32_t size;    /* of this struct */
  uint32_t kind;    /* srt_kind */
  const char *name; /* [a-z][a-z0-9-]*; with the kind the name of the file: KIND-NAME.so */
  const char *version;
  const char *summary;       /* one line */
  const srt_option *options; /* N_OPTIONS rows with the stride of their own `size`; may be NULL */
  uint32_t n_options;
  uint32_t reserved;
  const void *ops; /* the table of the kind */
  /* Can it work here? Called by `srt doctor`; must change nothing. SRT_OK, or an error with its reason (set_error). May
   * be NULL. */
  int32_t (*probe) (const srt_host *host);
  /* REQUIRED. Make an instance. Options are checked and set. HOST stays valid until destroy returns. */
  int32_t (*create) (const srt_host *host, void **ret_self);
  /* Undo create: remove every source, close every descriptor. May be NULL. */
  void (*destroy) (void *self);
} srt_plugin;

/* Defines the entry. OPTIONS: array or NULL; OPS: pointer to the kind's table; PROBE and DESTROY may be NULL. */
#define SRT_PLUGIN_REGISTER(KIND, NAME, VERSION, SUMMARY, OPTIONS, N_OPTIONS, OPS, PROBE, CREATE, DESTROY)             \
  SRT_PLUGIN_EXTERN_ const srt_plugin srt_plugin_entry = {                                                             \
    SRT_PLUGIN_MAGIC, SRT_ABI_MAJOR, SRT_ABI_MINOR, sizeof (srt_plugin), (KIND), (NAME),                               \
    (VERSION),        (SUMMARY),     (OPTIONS),     (N_OPTIONS),         0,      (OPS),                                \
    (PROBE),          (CREATE),      (DESTROY)                                                                         \
  }

#define SRT_PLUGIN_SYMBOL "srt_plugin_entry"

#ifdef __cplusplus
}
#define SRT_PLUGIN_EXTERN_ extern "C" SRT_PUBLIC
#else
#define SRT_PLUGIN_EXTERN_ SRT_PUBLIC
#endif

/* The declaration that makes the definition above well-formed under -Wmissing-declarations. */
#ifdef __cplusplus
extern "C" {
#endif
extern SRT_PUBLIC const srt_plugin srt_plugin_entry;
#ifdef __cplusplus
}
#endif

#endif /* SRT_PLUGIN_H */
