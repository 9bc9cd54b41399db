/* SPDX-License-Identifier: MIT
 * The payloads that have more than a number or two: START, EXITED, USAGE. */
#include "agent/protocol.h"
#include <string.h>

#define START_FIXED (5u * 4 + 4u * 8 + 4u + 8u * 8)
#define LAST_SIGNAL 64

static size_t
strings_size (const char *const *strings, uint32_t *ret_n)
{
  size_t size = 0;
  uint32_t n = 0;

  for (; strings && strings[n]; n++)
    size += strlen (strings[n]) + 1;
  *ret_n = n;
  return size;
}

static const char *const *
keep_of (const srt_job *job)
{
  return SRT_HAS (srt_job, job, keep) ? job->keep : NULL;
}

static uint64_t
heartbeat_of (const srt_job *job)
{
  return SRT_HAS (srt_job, job, heartbeat_ns) ? job->heartbeat_ns : 0;
}

size_t
srt_start_size (const srt_job *job)
{
  uint32_t n;

  return START_FIXED + (job->cwd ? strlen (job->cwd) : 0) + 1 + (job->stdin_path ? strlen (job->stdin_path) : 0) + 1 +
         strings_size (job->argv, &n) + strings_size (job->env, &n) + strings_size (keep_of (job), &n);
}

static void
limits_encode (SrtPut *put, const srt_limits *limits)
{
  static const srt_limits none = { .size = sizeof none };
  const srt_limits *l = limits ? limits : &none;

  srt_put_u32 (put, (uint32_t)l->nice);
  srt_put_u64 (put, l->memory);
  srt_put_u64 (put, l->cpu_milli);
  srt_put_u64 (put, l->cpu_time_ns);
  srt_put_u64 (put, l->io_ops);
  srt_put_u64 (put, l->processes);
  srt_put_u64 (put, l->open_files);
  srt_put_u64 (put, l->file_size);
  srt_put_u64 (put, l->core_size);
}

static void
limits_decode (SrtGet *get, srt_limits *ret)
{
  ret->size = sizeof *ret;
  ret->nice = (int32_t)srt_get_u32 (get);
  ret->memory = srt_get_u64 (get);
  ret->cpu_milli = srt_get_u64 (get);
  ret->cpu_time_ns = srt_get_u64 (get);
  ret->io_ops = srt_get_u64 (get);
  ret->processes = srt_get_u64 (get);
  ret->open_files = srt_get_u64 (get);
  ret->file_size = srt_get_u64 (get);
  ret->core_size = srt_get_u64 (get);
}

void
srt_start_encode (const srt_job *job, uint8_t *bytes, size_t n)
{
  SrtPut put = { bytes, bytes + n, false };
  uint32_t n_argv, n_env, n_keep;

  strings_size (job->argv, &n_argv);
  strings_size (job->env, &n_env);
  strings_size (keep_of (job), &n_keep);
  srt_put_u32 (&put, job->flags);
  srt_put_u32 (&put, (uint32_t)job->term_signal);
  srt_put_u32 (&put, n_argv);
  srt_put_u32 (&put, n_env);
  srt_put_u32 (&put, n_keep);
  srt_put_u64 (&put, job->timeout_ns);
  srt_put_u64 (&put, job->grace_ns);
  srt_put_u64 (&put, job->output_max);
  srt_put_u64 (&put, heartbeat_of (job));
  limits_encode (&put, job->limits);
  srt_put_string (&put, job->cwd);
  srt_put_string (&put, job->stdin_path);
  for (uint32_t i = 0; i < n_argv; i++)
    srt_put_string (&put, job->argv[i]);
  for (uint32_t i = 0; i < n_env; i++)
    srt_put_string (&put, job->env[i]);
  for (uint32_t i = 0; i < n_keep; i++)
    srt_put_string (&put, keep_of (job)[i]);
}

static const char *
check_strings (SrtGet *get, const SrtStart *start)
{
  for (uint32_t i = 0; i < start->n_argv; i++)
    if (srt_get_string (get) == NULL)
      return "START: argv is cut short";
  for (uint32_t i = 0; i < start->n_env; i++) {
    const char *entry = srt_get_string (get);

    if (entry == NULL)
      return "START: the environment is cut short";
    if (*entry == '\0' || *entry == '=')
      return "START: an environment entry without a name";
  }
  for (uint32_t i = 0; i < start->n_keep; i++) {
    const char *name = srt_get_string (get);

    if (name == NULL || *name == '\0')
      return "START: a name to keep is missing";
  }
  return srt_get_done (get) ? NULL : "START: bytes behind the last string";
}

const char *
srt_start_decode (const uint8_t *bytes, size_t n, SrtStart *ret)
{
  SrtGet get = { bytes, bytes + n, false };
  SrtStart start = { 0 };
  const char *reason;

  start.flags = srt_get_u32 (&get);
  start.term_signal = (int32_t)srt_get_u32 (&get);
  start.n_argv = srt_get_u32 (&get);
  start.n_env = srt_get_u32 (&get);
  start.n_keep = srt_get_u32 (&get);
  start.timeout_ns = srt_get_u64 (&get);
  start.grace_ns = srt_get_u64 (&get);
  start.output_max = srt_get_u64 (&get);
  start.heartbeat_ns = srt_get_u64 (&get);
  limits_decode (&get, &start.limits);
  start.cwd = srt_get_string (&get);
  start.stdin_path = srt_get_string (&get);
  start.strings = (const char *)get.at;
  if (get.bad)
    return "START: too short";
  if (*start.cwd != '\0' && *start.cwd != '/')
    return "START: the working folder is not an absolute path";
  if (start.n_argv == 0 || start.n_argv >= SRT_START_STRINGS || start.n_env >= SRT_START_STRINGS ||
      start.n_keep >= SRT_START_STRINGS)
    return "START: no argv, or too many strings";
  if (start.term_signal < 1 || start.term_signal > LAST_SIGNAL)
    return "START: no such termination signal";
  reason = check_strings (&get, &start);
  if (reason != NULL)
    return reason;
  if (*start.cwd == '\0')
    start.cwd = NULL;
  if (*start.stdin_path == '\0')
    start.stdin_path = NULL;
  *ret = start;
  return NULL;
}

static void
put_text (SrtPut *put, const char *text)
{
  char cut[SRT_TEXT_MAX + 1];
  size_t n = text ? strnlen (text, SRT_TEXT_MAX) : 0;

  if (n > 0)
    memcpy (cut, text, n);
  cut[n] = '\0';
  srt_put_string (put, cut);
}

static const char *
get_text (SrtGet *get)
{
  const char *text = srt_get_string (get);

  return text && *text ? text : NULL;
}

void
srt_exit_encode (SrtPut *put, const srt_exit *end)
{
  srt_put_u32 (put, end->kind);
  srt_put_u32 (put, (uint32_t)end->code);
  srt_put_u32 (put, end->why);
  srt_put_u32 (put, end->oom);
  srt_put_u32 (put, end->leaked);
  srt_put_u32 (put, end->tmp_touched);
  srt_put_u64 (put, end->dropped);
  srt_usage_encode (put, &end->usage);
  put_text (put, end->message);
  put_text (put, end->leak_text);
  srt_put_u32 (put, end->limit);
  srt_put_u32 (put, end->kept);
  put_text (put, end->held_by);
}

bool
srt_exit_decode (SrtGet *get, srt_exit *ret)
{
  srt_exit end = { .size = sizeof end };

  end.kind = srt_get_u32 (get);
  end.code = (int32_t)srt_get_u32 (get);
  end.why = srt_get_u32 (get);
  end.oom = srt_get_u32 (get);
  end.leaked = srt_get_u32 (get);
  end.tmp_touched = srt_get_u32 (get);
  end.dropped = srt_get_u64 (get);
  srt_usage_decode (get, &end.usage);
  end.message = get_text (get);
  end.leak_text = get_text (get);
  end.limit = srt_get_u32 (get);
  end.kept = srt_get_u32 (get);
  end.held_by = get_text (get);
  if (!srt_get_done (get))
    return false;
  *ret = end;
  return true;
}

void
srt_usage_encode (SrtPut *put, const srt_usage *usage)
{
  srt_put_u32 (put, usage->source);
  srt_put_u64 (put, usage->wall_ns);
  srt_put_u64 (put, usage->frozen_ns);
  srt_put_u64 (put, usage->user_ns);
  srt_put_u64 (put, usage->system_ns);
  srt_put_u64 (put, usage->memory_peak);
  srt_put_u64 (put, usage->memory_now);
  srt_put_u32 (put, usage->processes);
  srt_put_u32 (put, usage->threads);
  srt_put_u32 (put, usage->open_files);
}

void
srt_usage_decode (SrtGet *get, srt_usage *ret)
{
  ret->size = sizeof *ret;
  ret->source = srt_get_u32 (get);
  ret->wall_ns = srt_get_u64 (get);
  ret->frozen_ns = srt_get_u64 (get);
  ret->user_ns = srt_get_u64 (get);
  ret->system_ns = srt_get_u64 (get);
  ret->memory_peak = srt_get_u64 (get);
  ret->memory_now = srt_get_u64 (get);
  ret->processes = srt_get_u32 (get);
  ret->threads = srt_get_u32 (get);
  ret->open_files = srt_get_u32 (get);
}
