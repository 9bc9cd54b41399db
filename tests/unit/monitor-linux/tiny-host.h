/* SPDX-License-Identifier: MIT
 * As much of a host as a monitor calls. `options` is the string that every option has. */
#pragma once
#include <glib.h>
#include <srt/srt-plugin.h>

typedef struct {
  srt_host table; /* first: the plugin's host pointer is ours */
  GString *said;  /* log lines and errors, each on a line */
  /* The last descriptor that was watched, -1 when its source was removed. */
  int fd;
  uint32_t fd_events;
  srt_fd_fn fd_fn;
  void *fd_data;
  unsigned woken; /* so often `pressure` was reported */
} TinyHost;

static inline srt_source *
tiny_host_add_fd (const srt_host *host, int fd, uint32_t events, srt_fd_fn fn, void *data)
{
  TinyHost *tiny = (TinyHost *)host;

  tiny->fd = fd;
  tiny->fd_events = events;
  tiny->fd_fn = fn;
  tiny->fd_data = data;
  return (srt_source *)tiny;
}

static inline void
tiny_host_remove (srt_source *source)
{
  if (source)
    ((TinyHost *)source)->fd = -1;
}

static inline void
tiny_host_pressure (const srt_host *host)
{
  ((TinyHost *)host)->woken++;
}

static const srt_monitor_events tiny_host_events = { .size = sizeof tiny_host_events, .pressure = tiny_host_pressure };

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
                                .events = &tiny_host_events,
                                .add_fd = tiny_host_add_fd,
                                .remove = tiny_host_remove,
                                .now_ns = tiny_host_now_ns },
                     .said = said,
                     .fd = -1 };
}
