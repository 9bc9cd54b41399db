/* SPDX-License-Identifier: MIT */
#include "options.h"
#include "isolation.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define NOBODY "65534:65534"

/* Those that a suite may give have no default here: what it does not say, the plugin's own options say. */
const srt_option options_table[OPTIONS_N] = {
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_CHOICE,
    .name = "runtime",
    .def = "auto",
    .choices = "auto|podman|docker",
    .help = "The engine; auto: podman where it is installed, else docker" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_PATH,
    .name = "socket",
    .help = "Where the engine listens; without it the usual places, and a service of our own for podman" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_PATH,
    .name = "agent",
    .help = "The static srt-agent to use; without it the one that was installed with srt" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_CHOICE,
    .name = "enforcement",
    .def = "if_available",
    .choices = "required|if_available|off",
    .help = "Hold the limits of tests; required: do not start a test with a limit that cannot be held" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_INT,
    .name = "pids_max",
    .def = "2048",
    .help = "Processes and threads of a test that has no such limit of its own; 0: no cap" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_DURATION,
    .name = "engine_timeout",
    .def = "30s",
    .help = "How long one call to the engine may take" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_STRING,
    .flags = SRT_OPTION_JOB,
    .name = "image",
    .help = "Image of the containers; it must be there" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_CHOICE,
    .flags = SRT_OPTION_JOB,
    .name = "workspace",
    .choices = "ro|overlay|rw|file|none",
    .help = "How srt's working folder is seen, at its own path [ro]; overlay: writes are thrown away; file: only "
            "that of the test" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_CHOICE,
    .flags = SRT_OPTION_JOB,
    .name = "isolation",
    .choices = "standard|strict|paranoid",
    .help = "How much is closed, and stays so [standard]" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_LIST,
    .flags = SRT_OPTION_JOB,
    .name = "mounts",
    .help = "More folders and files: PATH or SOURCE:TARGET, read-only unless :rw stands behind" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_LIST,
    .flags = SRT_OPTION_JOB,
    .name = "env",
    .help = "NAME=value, on top of the image's environment" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_CHOICE,
    .flags = SRT_OPTION_JOB,
    .name = "network",
    .choices = "none|bridge",
    .help = "What tests reach: nothing, or what the engine's bridge leads to [none]" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_LIST,
    .flags = SRT_OPTION_JOB,
    .name = "caps",
    .help = "Capabilities that tests keep, as NET_RAW [none]" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_LIST,
    .flags = SRT_OPTION_JOB,
    .name = "devices",
    .help = "Devices that tests see, as /dev/kvm, or HERE:THERE" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_STRING,
    .flags = SRT_OPTION_JOB,
    .name = "user",
    .help = "UID:GID that tests run as; without it ours, or nobody where we are root" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_SIZE,
    .flags = SRT_OPTION_JOB,
    .name = "tmp_size",
    .help = "Size of /tmp, and of TMPDIR; they lie in memory [as the engine does]" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_INT,
    .flags = SRT_OPTION_JOB,
    .name = "reuse",
    .help = "Tests that one container takes, one after the other, each finding it clean; 1: one for each test [1]" },
};

bool
options_off (const srt_host *host)
{
  return strcmp (host->get_string (host->options, "enforcement"), "off") == 0;
}

/* Who says NAME: the suite, else the plugin's options. */
static const srt_values *
who_says (const srt_host *host, const srt_job *job, const char *name)
{
  return job->options && host->is_set (job->options, name) ? job->options : host->options;
}

static const char *
text_of (const srt_host *host, const srt_job *job, const char *name)
{
  return host->get_string (who_says (host, job, name), name);
}

static bool
is_word (const srt_host *host, const srt_job *job, const char *name, const char *word)
{
  const char *text = text_of (host, job, name);

  return text && strcmp (text, word) == 0;
}

static const char *const *
list_of (const srt_host *host, const srt_job *job, const char *name, const char *items[OPTIONS_LIST_MAX + 1])
{
  const srt_values *values = who_says (host, job, name);
  uint32_t n = 0;

  while (n < OPTIONS_LIST_MAX && (items[n] = host->get_list (values, name, n)))
    n++;
  items[n] = NULL;
  return items;
}

/* Podman lowers its own limit of processes to the highest process number, and may not go above that again. */
static void
lower_to_pid_max (SpecUlimit *limit)
{
  FILE *file = fopen ("/proc/sys/kernel/pid_max", "re");
  long long max;

  if (file && fscanf (file, "%lld", &max) == 1) {
    limit->soft = limit->soft < 0 || limit->soft > max ? max : limit->soft;
    limit->hard = limit->hard < 0 || limit->hard > max ? max : limit->hard;
  }
  if (file)
    fclose (file);
}

/* The limits of our own processes: a test finds the same in a container as outside. */
static void
fill_ulimits (SpecUlimit ulimits[OPTIONS_ULIMITS + 1])
{
  static const struct {
    const char *name;
    __rlimit_resource_t resource;
  } all[] = { { "core", RLIMIT_CORE },         { "cpu", RLIMIT_CPU },
              { "data", RLIMIT_DATA },         { "fsize", RLIMIT_FSIZE },
              { "locks", RLIMIT_LOCKS },       { "memlock", RLIMIT_MEMLOCK },
              { "msgqueue", RLIMIT_MSGQUEUE }, { "nice", RLIMIT_NICE },
              { "nofile", RLIMIT_NOFILE },     { "nproc", RLIMIT_NPROC },
              { "rss", RLIMIT_RSS },           { "rtprio", RLIMIT_RTPRIO },
              { "rttime", RLIMIT_RTTIME },     { "sigpending", RLIMIT_SIGPENDING },
              { "stack", RLIMIT_STACK } };
  uint32_t n = 0;

  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    struct rlimit limit;

    if (getrlimit (all[i].resource, &limit) < 0)
      continue;
    ulimits[n] = (SpecUlimit){ .name = all[i].name,
                               .soft = limit.rlim_cur == RLIM_INFINITY ? -1 : (int64_t)limit.rlim_cur,
                               .hard = limit.rlim_max == RLIM_INFINITY ? -1 : (int64_t)limit.rlim_max };
    if (all[i].resource == RLIMIT_NPROC)
      lower_to_pid_max (&ulimits[n]);
    n++;
  }
  ulimits[n].name = NULL;
}

/* Ours, and never root's. Where a rootless engine cannot give us our own number inside, what is root there is nobody
 * but us outside, and has no capability. */
static void
fill_user (Wanted *wanted, const srt_host *host, const Engine *engine, const srt_job *job)
{
  const char *given = text_of (host, job, "user");
  bool ours = getuid () != 0;

  wanted->spec.keep_id = engine->what.rootless && engine->what.many_ids;
  wanted->spec.root_is_us = engine->what.rootless && !wanted->spec.keep_id;
  wanted->spec.user = wanted->user;
  if (given)
    snprintf (wanted->user, sizeof wanted->user, "%s", given);
  else if (engine->what.rootless && !wanted->spec.keep_id)
    snprintf (wanted->user, sizeof wanted->user, "0:0");
  else if (ours)
    snprintf (wanted->user, sizeof wanted->user, "%u:%u", getuid (), getgid ());
  else
    snprintf (wanted->user, sizeof wanted->user, NOBODY);
}

static SpecWorkspace
workspace_of (const srt_host *host, const srt_job *job, const IsolationLevel *level)
{
  const char *word = text_of (host, job, "workspace");

  if (word == NULL)
    return level->workspace;
  return strcmp (word, "rw") == 0        ? WORKSPACE_RW
         : strcmp (word, "overlay") == 0 ? WORKSPACE_OVERLAY
         : strcmp (word, "file") == 0    ? WORKSPACE_FILE
                                         : WORKSPACE_RO;
}

static int32_t
fill_workspace (Wanted *wanted, const srt_host *host, const Engine *engine, const srt_job *job,
                const IsolationLevel *level)
{
  Spec *spec = &wanted->spec;

  if (is_word (host, job, "workspace", "none"))
    return SRT_OK;
  if (getcwd (wanted->workspace, sizeof wanted->workspace) == NULL) {
    host->set_errorf (host, "the working folder cannot be told");
    return SRT_E_FAILED;
  }
  spec->workspace_mode = workspace_of (host, job, level);
  spec->workspace = spec->workspace_mode == WORKSPACE_FILE ? job->test->file : wanted->workspace;
  if (spec->workspace_mode != WORKSPACE_OVERLAY || engine->what.podman)
    return SRT_OK;
  host->set_errorf (host, "workspace = \"overlay\" is podman's alone; docker has \"ro\" and \"rw\"");
  return SRT_E_UNSUPPORTED;
}

static void
fill_disks (Wanted *wanted, const Engine *engine)
{
  uint32_t n = 0;

  for (uint32_t i = 0; i < ENGINE_DISKS; i++)
    if (engine->disks[i][0] != '\0')
      wanted->disks[n++] = engine->disks[i];
  wanted->disks[n] = NULL;
  wanted->spec.disks = wanted->disks;
}

static void
fill_lists (Wanted *wanted, const srt_host *host, const srt_job *job)
{
  Spec *spec = &wanted->spec;

  spec->mounts = list_of (host, job, "mounts", wanted->mounts);
  spec->env = list_of (host, job, "env", wanted->env);
  spec->caps = list_of (host, job, "caps", wanted->caps);
  spec->devices = list_of (host, job, "devices", wanted->devices);
}

static uint64_t
lower (uint64_t own, uint64_t cap)
{
  return cap > 0 && (own == 0 || own > cap) ? cap : own;
}

static void
fill_limits (Wanted *wanted, const srt_host *host, const Engine *engine, const srt_job *job,
             const IsolationLevel *level)
{
  Spec *spec = &wanted->spec;

  fill_ulimits (wanted->ulimits);
  spec->ulimits = wanted->ulimits;
  fill_disks (wanted, engine);
  spec->tmp_size = host->get_bytes (who_says (host, job, "tmp_size"), "tmp_size");
  if (spec->tmp_size == 0)
    spec->tmp_size = level->tmp_size;
  if (options_off (host))
    return;
  spec->pids_max = lower ((uint64_t)host->get_int (host->options, "pids_max"), level->processes);
  spec->required = strcmp (host->get_string (host->options, "enforcement"), "required") == 0;
  if (job->limits)
    memcpy (&spec->limits, job->limits,
            job->limits->size < sizeof spec->limits ? job->limits->size : sizeof spec->limits);
}

static int32_t
check_isolation (const Spec *spec, const srt_host *host, Isolation isolation)
{
  char text[400];

  if (isolation > ISOLATION_STANDARD && options_off (host)) {
    host->set_errorf (host, "isolation = \"%s\" and enforcement = \"off\" contradict each other",
                      isolation_level (isolation)->name);
    return SRT_E_INVALID;
  }
  if (isolation_allows (isolation, spec, text, sizeof text))
    return SRT_OK;
  host->set_errorf (host, "%s", text);
  return SRT_E_INVALID;
}

uint32_t
options_reuse (const srt_host *host)
{
  int64_t reuse = host->is_set (host->options, "reuse") ? host->get_int (host->options, "reuse") : 1;

  return reuse > 1 && reuse <= UINT32_MAX ? (uint32_t)reuse : 1;
}

/* Nobody can make an overlay clean again, so it is always new. */
static int32_t
fill_reuse (Wanted *wanted, const srt_host *host, const srt_job *job)
{
  const srt_values *values = who_says (host, job, "reuse");
  int64_t reuse = host->is_set (values, "reuse") ? host->get_int (values, "reuse") : 1;

  if (reuse < 1 || reuse > UINT32_MAX) {
    host->set_errorf (host, "reuse is a number of tests, 1 or more");
    return SRT_E_INVALID;
  }
  wanted->reuse = wanted->spec.workspace && wanted->spec.workspace_mode == WORKSPACE_OVERLAY ? 1 : (uint32_t)reuse;
  if (wanted->reuse > 1)
    wanted->spec.test = NULL;
  return SRT_OK;
}

int32_t
options_fill (Wanted *wanted, const srt_host *host, const Engine *engine, const srt_job *job)
{
  Isolation isolation = isolation_from (text_of (host, job, "isolation"));
  const IsolationLevel *level = isolation_level (isolation);
  Spec *spec = &wanted->spec;
  int32_t status;

  *spec = (Spec){ .run_id = host->run_id, .test = job->test->id, .owner = getuid () };
  spec->image = text_of (host, job, "image");
  if (spec->image == NULL) {
    host->set_errorf (host, "no image is named; say --container-image IMAGE, or image = \"IMAGE\" in the suite");
    return SRT_E_INVALID;
  }
  spec->network = is_word (host, job, "network", "bridge") ? NETWORK_BRIDGE : NETWORK_NONE;
  spec->label_off = access ("/sys/fs/selinux/enforce", F_OK) == 0;
  spec->podman = engine->what.podman;
  spec->masked = isolation > ISOLATION_STANDARD;
  spec->no_exec = isolation == ISOLATION_PARANOID;
  fill_lists (wanted, host, job);
  fill_limits (wanted, host, engine, job, level);
  fill_user (wanted, host, engine, job);
  status = fill_workspace (wanted, host, engine, job, level);
  if (status == SRT_OK)
    status = fill_reuse (wanted, host, job);
  return status == SRT_OK ? check_isolation (spec, host, isolation) : status;
}

void
options_limit (srt_limits *limits, const srt_host *host, const srt_job *job)
{
  const IsolationLevel *level = isolation_level (isolation_from (text_of (host, job, "isolation")));

  if (limits->memory == 0)
    limits->memory = level->memory;
}

/* "SOURCE:…" as it is on this machine. */
static int32_t
check_sources (const srt_host *host, const char *option, const char *const *list)
{
  char path[PATH_MAX];

  for (; *list; list++) {
    snprintf (path, sizeof path, "%.*s", (int)strcspn (*list, ":"), *list);
    if (access (path, F_OK) == 0)
      continue;
    host->set_errorf (host, "%s: there is no %s", option, path);
    return SRT_E_INVALID;
  }
  return SRT_OK;
}

int32_t
options_check (const srt_host *host, Engine *engine, const srt_values *options)
{
  const srt_test test = { .size = sizeof test, .id = "" };
  const srt_job job = { .size = sizeof job, .test = &test, .options = options };
  char *why = NULL, *body;
  Wanted wanted;
  int32_t status = options_fill (&wanted, host, engine, &job);

  if (status != SRT_OK)
    return status;
  wanted.spec.agent = wanted.spec.link = "/";
  body = spec_to_json (&wanted.spec, &why);
  free (body);
  if (body == NULL) {
    host->set_errorf (host, "%s", why);
    free (why);
    return SRT_E_INVALID;
  }
  status = check_sources (host, "mounts", wanted.mounts);
  if (status == SRT_OK)
    status = check_sources (host, "devices", wanted.devices);
  return status == SRT_OK ? engine_check_image (engine, wanted.spec.image) : status;
}
