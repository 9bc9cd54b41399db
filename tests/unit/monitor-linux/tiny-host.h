/* SPDX-License-Identifier: MIT
 * As much of a host as a monitor calls. `options` is the string that every option has. */
#pragma once
#include <glib.h>
#include <srt/srt-plugin.h>

typedef struct {
  srt_host table; /* first: the plugin's host pointer is ours */
  GString *said;  /* log lines and errors, each on a line */
} TinyHost;

static inline const char *
tiny_host_get_string (const srt_values *values, const char *name)
{
  return (const char *)values;
}

static inline void SRT_PRINTF (2, 0) tiny_host_say (const srt_host *host, const char *format, va_list args)
{
  GString *said = ((const TinyHost *)host)->said;

  g_string_append_vprintf (said, format, args);
  g_string_append_c (said, '\n');
}

static inline void SRT_PRINTF (3, 4) tiny_host_logf (const srt_host *host, uint32_t level, const char *format, ...)
{
  va_list args;

  if (level < SRT_LOG_INFO)
    return;
  va_start (args, format);
  tiny_host_say (host, format, args);
  va_end (args);
}

static inline void SRT_PRINTF (2, 3) tiny_host_set_errorf (const srt_host *host, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  tiny_host_say (host, format, args);
  va_end (args);
}

static inline uint64_t
tiny_host_now_ns (void)
{
  return (uint64_t)g_get_monotonic_time () * 1000;
}

/* VALUE: of every option. Both live as long as the host. */
static inline TinyHost
tiny_host (const char *value, GString *said)
{
  return (TinyHost){ .table = { .size = sizeof (srt_host),
                                .options = (const srt_values *)value,
                                .get_string = tiny_host_get_string,
                                .logf = tiny_host_logf,
                                .set_errorf = tiny_host_set_errorf,
                                .now_ns = tiny_host_now_ns },
                     .said = said };
}
