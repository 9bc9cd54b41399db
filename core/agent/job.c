/* SPDX-License-Identifier: MIT */
#include "agent/agent.h"
#include "agent/clock.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* What the agent alone tells a test. */
static const char *const own_names[] = { "TMPDIR", "SRT_HEARTBEAT_FD", "SRT_HEARTBEAT_MS" };

/* Does an entry "NAME=value" or "NAME" of the runner speak of VARIABLE ("NAME=…")? */
static bool
is_about (const char *entry, const char *variable)
{
  size_t n = strcspn (entry, "=");

  return strncmp (entry, variable, n) == 0 && variable[n] == '=';
}

static bool
is_own (const char *variable)
{
  for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++)
    if (is_about (own_names[i], variable))
      return true;
  return false;
}

void
srt_job_forget_own_names (void)
{
  for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++)
    unsetenv (own_names[i]);
}

static bool
is_overridden (const char *variable, char *const *delta, uint32_t n_delta)
{
  for (uint32_t i = 0; i < n_delta; i++)
    if (is_about (delta[i], variable))
      return true;
  return false;
}

#define TEXT_OF(NUMBER)     #NUMBER
#define ENTRY(NAME, NUMBER) NAME "=" TEXT_OF (NUMBER)
static const char beat_fd_entry[] = ENTRY ("SRT_HEARTBEAT_FD", SRT_BEAT_FD);

/* At most three. */
static uint32_t
add_own (SrtAgent *agent, char **to)
{
  uint32_t n = 0;

  to[n++] = agent->tmpdir_entry;
  if (agent->beat.period_ns == 0)
    return n;
  snprintf (agent->period_entry, sizeof agent->period_entry, "SRT_HEARTBEAT_MS=%llu",
            (unsigned long long)(agent->beat.period_ns / 1000000));
  to[n++] = agent->period_entry;
  to[n++] = (char *)beat_fd_entry;
  return n;
}

/* The agent's own environment, then what the runner says, then TMPDIR and the heartbeat. The delta waits at the end of
 * the array. */
static void
build_env (SrtAgent *agent, const char *strings)
{
  uint32_t n_delta = agent->start.n_env, n = 0;
  char **delta = agent->env + 2 * SRT_START_STRINGS - n_delta;
  char **base = agent->start.flags & SRT_JOB_CLEAN_ENV ? NULL : agent->base_env;

  for (uint32_t i = 0; i < n_delta; i++) {
    delta[i] = (char *)strings;
    strings += strlen (strings) + 1;
  }
  for (; base && *base && n < SRT_START_STRINGS - 4; base++)
    if (!is_overridden (*base, delta, n_delta))
      agent->env[n++] = *base;
  for (uint32_t i = 0; i < n_delta; i++)
    if (strchr (delta[i], '=') && !is_own (delta[i]))
      agent->env[n++] = delta[i];
  n += add_own (agent, agent->env + n);
  agent->env[n] = NULL;
}

static const char *
skip_strings (const char *at, uint32_t n)
{
  for (; n > 0; n--)
    at += strlen (at) + 1;
  return at;
}

static void
build_argv_and_env (SrtAgent *agent)
{
  const char *at = agent->start.strings;

  for (uint32_t i = 0; i < agent->start.n_argv; i++) {
    agent->argv[i] = (char *)at;
    at += strlen (at) + 1;
  }
  agent->argv[agent->start.n_argv] = NULL;
  build_env (agent, at);
  agent->job.n_keep = agent->start.n_keep;
  agent->job.keep = skip_strings (at, agent->start.n_env);
}

static void
begin (SrtAgent *agent)
{
  const SrtStart *start = &agent->start;
  SrtJobState *job = &agent->job;
  uint64_t id = job->id;

  memset (job, 0, offsetof (SrtJobState, message));
  job->id = id;
  job->flags = start->flags;
  job->term_signal = start->term_signal;
  job->timeout_ns = start->timeout_ns;
  job->grace_ns = start->grace_ns;
  job->cpu_time_ns = start->limits.cpu_time_ns;
  job->file_size = start->limits.file_size;
  job->message[0] = job->leak_text[0] = '\0';
  job->end.size = sizeof job->end;
  job->started_ns = srt_clock_now ();
  agent->usage_next_ns = job->started_ns + agent->usage_period_ns;
}

static bool
refuse_start (SrtAgent *agent, int error)
{
  agent->job.end.kind = SRT_EXIT_NOT_STARTED;
  agent->job.end.code = error;
  agent->job.ended_ns = srt_clock_now ();
  srt_job_report (agent);
  return false;
}

static int
open_pipes (SrtAgent *agent)
{
  const SrtStart *start = &agent->start;
  int error = srt_capture_open (&agent->capture, start->flags & SRT_JOB_MERGED, start->output_max);

  if (error != 0)
    return error;
  error = srt_beat_open (&agent->beat, start->heartbeat_ns, agent->job.started_ns);
  if (error != 0)
    srt_capture_close (&agent->capture);
  return error;
}

static void
close_pipes (SrtAgent *agent)
{
  srt_capture_close (&agent->capture);
  srt_beat_close (&agent->beat);
}

static bool
prepare (SrtAgent *agent, int *ret_group_fd)
{
  bool ready = true;
  int error = srt_contain_group (agent->contain, ret_group_fd);

  if (error != 0) {
    snprintf (agent->job.message, sizeof agent->job.message, "its cgroup cannot be made: %s", strerror (error));
    return refuse_start (agent, error);
  }

  if (agent->tmpdir.dirty)
    error = srt_tmpdir_settle (&agent->tmpdir, NULL, &ready);
  if (!ready) {
    snprintf (agent->job.message, sizeof agent->job.message, "TMPDIR %.800s cannot be made: %s", agent->tmpdir.path,
              strerror (error ? error : EIO));
    return refuse_start (agent, error ? error : EIO);
  }
  error = open_pipes (agent);
  if (error == 0)
    return true;
  snprintf (agent->job.message, sizeof agent->job.message, "no pipe could be made: %s", strerror (error));
  return refuse_start (agent, error);
}

/* The runner does not ask for what it knows not to be held; but a file may refuse what is written to it. */
static bool
set_limits (SrtAgent *agent)
{
  const char *cwd = agent->start.cwd ? agent->start.cwd : agent->tmpdir.path;
  uint32_t missing = srt_bounds_set (&agent->bounds, &agent->start.limits, cwd);

  agent->check_next_ns = agent->bounds.measured ? agent->job.started_ns + SRT_CHECK_NS : SRT_NO_DEADLINE;
  if (missing == 0 || !agent->places.required)
    return true;
  close_pipes (agent);
  snprintf (agent->job.message, sizeof agent->job.message, "its limit on %s cannot be held here",
            missing & SRT_LIMIT_CPU ? "cpu" : "io_ops");
  return refuse_start (agent, ENOTSUP);
}

bool
srt_job_spawn (SrtAgent *agent)
{
  SrtSpawnFailure failure;
  SrtSpawnPlan plan;
  int group_fd;

  begin (agent);
  if (!prepare (agent, &group_fd))
    return false;
  build_argv_and_env (agent);
  if (!set_limits (agent))
    return false;
  plan = (SrtSpawnPlan){ .argv = agent->argv,
                         .env = agent->env,
                         .cwd = agent->start.cwd ? agent->start.cwd : agent->tmpdir.path,
                         .stdin_path = agent->start.stdin_path,
                         .null_fd = agent->null_fd,
                         .out_fd = agent->capture.write_fd[0],
                         .err_fd = agent->capture.write_fd[1],
                         .beat_fd = agent->beat.write_fd,
                         .agent = agent->self,
                         .group_fd = group_fd,
                         .join_group = group_fd >= 0 && !agent->born_in_group,
                         .dies_first = srt_bounds_shares_memory (&agent->bounds),
                         .limits = &agent->start.limits,
                         .nproc = agent->bounds.nproc,
                         .stack = agent->stack };
  agent->job.main = srt_spawn_start (&plan, &failure);
  if (agent->job.main > 0) {
    srt_contain_enter (agent->contain, agent->job.main);
    return true;
  }
  agent->job.main = 0;
  close_pipes (agent);
  srt_spawn_explain (&plan, &failure, agent->job.message, sizeof agent->job.message);
  return refuse_start (agent, failure.error);
}

static uint64_t
of_timeval (struct timeval t)
{
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_usec * 1000ull;
}

static void
account (srt_usage *usage, const struct rusage *used)
{
#ifdef __APPLE__
  const uint64_t unit = 1;
#else
  const uint64_t unit = 1024;
#endif
  uint64_t peak = (uint64_t)used->ru_maxrss * unit;

  usage->user_ns += of_timeval (used->ru_utime);
  usage->system_ns += of_timeval (used->ru_stime);
  if (peak > usage->memory_peak)
    usage->memory_peak = peak;
}

void
srt_job_reap (SrtAgent *agent)
{
  struct rusage used;
  int status;
  pid_t pid;

  while ((pid = wait4 (-1, &status, WNOHANG, &used)) > 0) {
    if (srt_contain_was_kept (agent->contain, pid))
      continue;
    account (&agent->job.end.usage, &used);
    if (pid != agent->job.main)
      continue;
    agent->job.main = 0;
    agent->job.main_status = status;
    agent->job.ended_ns = srt_clock_now ();
    srt_agent_handle (agent, SRT_EVENT_MAIN);
  }
  if (agent->job.main == 0 && srt_contain_is_empty (agent->contain, pid < 0 && errno == ECHILD))
    srt_agent_handle (agent, SRT_EVENT_EMPTY);
}

/* CPU time of the reaped is in the end's usage; that of the living comes on top, measured afresh each time. */
static bool
measure (SrtAgent *agent, srt_usage *usage)
{
  SrtJobState *job = &agent->job;

  if (!srt_contain_measure (agent->contain, usage))
    return false;
  srt_bounds_count_cpu (&agent->bounds, usage);
  job->sampled = true;
  if (usage->memory_now > usage->memory_peak)
    usage->memory_peak = job->end.usage.memory_peak = usage->memory_now;
  return true;
}

void
srt_job_check (SrtAgent *agent)
{
  SrtJobState *job = &agent->job;
  srt_usage usage = job->end.usage;
  uint32_t limit;

  if (!measure (agent, &usage))
    return;
  limit = srt_bounds_over (&agent->bounds, &usage, job->message, sizeof job->message);
  if (limit == 0)
    return;
  job->end.limit |= limit;
  agent->order.why = SRT_WHY_LIMIT;
  agent->order.grace_ns = 0;
  srt_agent_handle (agent, SRT_EVENT_STOP);
}

void
srt_job_sample (SrtAgent *agent)
{
  SrtJobState *job = &agent->job;
  srt_usage usage = job->end.usage;
  uint64_t now = srt_clock_now ();
  SrtPut put;

  if (!measure (agent, &usage))
    return;
  usage.size = sizeof usage;
  usage.source = SRT_USAGE_SAMPLED;
  usage.wall_ns = now - job->started_ns;
  if (agent->state == SRT_STATE_FROZEN)
    usage.frozen_ns += now - job->frozen_since_ns;
  put = srt_link_begin (&agent->link);
  srt_usage_encode (&put, &usage);
  srt_link_end (&agent->link, &put, SRT_FRAME_USAGE, job->id);
}

/* A signal with which the kernel holds a limit that srt has set is srt's doing. Who ignores SIGXCPU gets SIGKILL a
 * second later. */
static uint32_t
limit_of_signal (const SrtJobState *job, int signal_number)
{
  bool cpu_time_over = job->end.usage.user_ns + job->end.usage.system_ns >= job->cpu_time_ns;

  if (job->cpu_time_ns > 0 && (signal_number == SIGXCPU || (signal_number == SIGKILL && cpu_time_over)))
    return SRT_LIMIT_CPU_TIME;
  if (signal_number == SIGXFSZ && job->file_size > 0)
    return SRT_LIMIT_FILE_SIZE;
  return 0;
}

static void
set_kind (SrtJobState *job)
{
  bool by_signal = WIFSIGNALED (job->main_status);
  uint32_t limit = by_signal ? limit_of_signal (job, WTERMSIG (job->main_status)) : 0;
  srt_exit *end = &job->end;

  if (job->why == SRT_WHY_NONE && limit != 0) {
    job->why = SRT_WHY_LIMIT;
    end->limit |= limit;
    snprintf (job->message, sizeof job->message, "%s",
              limit == SRT_LIMIT_CPU_TIME ? "over its limit of CPU time (RLIMIT_CPU)"
                                          : "over its limit of file size (RLIMIT_FSIZE)");
  }
  end->code = by_signal ? WTERMSIG (job->main_status) : -1;
  end->why = job->why;
  end->kind = job->why != SRT_WHY_NONE ? SRT_EXIT_KILLED : by_signal ? SRT_EXIT_SIGNALLED : SRT_EXIT_EXITED;
  if (end->kind == SRT_EXIT_EXITED)
    end->code = WEXITSTATUS (job->main_status);
}

void
srt_job_report (SrtAgent *agent)
{
  SrtJobState *job = &agent->job;
  srt_exit *end = &job->end;
  SrtPut put;

  if (end->kind != SRT_EXIT_NOT_STARTED) {
    set_kind (job);
    end->tmp_touched = srt_tmpdir_check (&agent->tmpdir);
    end->dropped = agent->capture.dropped;
    close_pipes (agent);
  }
  end->usage.wall_ns = job->ended_ns - job->started_ns;
  end->usage.source = job->sampled ? SRT_USAGE_SAMPLED : SRT_USAGE_WAIT4;
  if (end->kind != SRT_EXIT_NOT_STARTED)
    srt_bounds_end (&agent->bounds, end, job->message, sizeof job->message);
  end->message = job->message;
  end->leak_text = job->leak_text;
  put = srt_link_begin (&agent->link);
  srt_exit_encode (&put, end);
  srt_link_end (&agent->link, &put, SRT_FRAME_EXITED, job->id);
}
