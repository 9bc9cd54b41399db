/* SPDX-License-Identifier: MIT */
#include "verdict/limit-words.h"

#include "base/units.h"

static const struct {
  guint64 bit;
  const char *word;
} words[] = {
  { SRT_LIMIT_MEMORY, "memory" },       { SRT_LIMIT_CPU, "cpu" },
  { SRT_LIMIT_CPU_TIME, "cpu_time" },   { SRT_LIMIT_IO, "io_ops" },
  { SRT_LIMIT_PROCESSES, "processes" }, { SRT_LIMIT_FILES, "open_files" },
  { SRT_LIMIT_FILE_SIZE, "file_size" }, { SRT_LIMIT_CORE, "core_size" },
  { SRT_LIMIT_NICE, "nice" },
};

guint
srt_limits_n (void)
{
  return G_N_ELEMENTS (words);
}

guint64
srt_limits_bit (guint i)
{
  return words[i].bit;
}

const char *
srt_limits_word (guint i)
{
  return words[i].word;
}

void
srt_limits_fill (const SrtLimits *settings, srt_limits *ret_limits)
{
  *ret_limits = (srt_limits){
    .size = sizeof *ret_limits,
    .nice = settings->nice,
    .memory = settings->memory,
    .cpu_milli = (guint64)(settings->cpu * 1000 + 0.5),
    .cpu_time_ns = settings->cpu_time_ns,
    .io_ops = settings->io_ops,
    .processes = settings->processes,
    .open_files = settings->open_files,
    .file_size = settings->file_size,
    .core_size = settings->core_size < 0 ? 0 : (guint64)settings->core_size + 1,
  };
}

guint64
srt_limits_used (const srt_limits *limits)
{
  return (limits->memory ? SRT_LIMIT_MEMORY : 0) | (limits->cpu_milli ? SRT_LIMIT_CPU : 0) |
         (limits->cpu_time_ns ? SRT_LIMIT_CPU_TIME : 0) | (limits->io_ops ? SRT_LIMIT_IO : 0) |
         (limits->processes ? SRT_LIMIT_PROCESSES : 0) | (limits->open_files ? SRT_LIMIT_FILES : 0) |
         (limits->file_size ? SRT_LIMIT_FILE_SIZE : 0) | (limits->core_size ? SRT_LIMIT_CORE : 0) |
         (limits->nice ? SRT_LIMIT_NICE : 0);
}

/* The value of one limit as a configuration says it. Caller frees. */
static char *
value_text (const srt_limits *limits, guint64 bit)
{
  switch (bit) {
  case SRT_LIMIT_MEMORY:
    return srt_units_format_size (limits->memory);
  case SRT_LIMIT_CPU:
    return g_strdup_printf ("%" G_GUINT64_FORMAT ".%02" G_GUINT64_FORMAT, limits->cpu_milli / 1000,
                            limits->cpu_milli % 1000 / 10);
  case SRT_LIMIT_CPU_TIME:
    return srt_units_format_duration (limits->cpu_time_ns);
  case SRT_LIMIT_IO:
    return g_strdup_printf ("%" G_GUINT64_FORMAT, limits->io_ops);
  case SRT_LIMIT_PROCESSES:
    return g_strdup_printf ("%" G_GUINT64_FORMAT, limits->processes);
  case SRT_LIMIT_FILES:
    return g_strdup_printf ("%" G_GUINT64_FORMAT, limits->open_files);
  case SRT_LIMIT_FILE_SIZE:
    return srt_units_format_size (limits->file_size);
  case SRT_LIMIT_CORE:
    return srt_units_format_size (limits->core_size - 1);
  default:
    return g_strdup_printf ("%d", limits->nice);
  }
}

char *
srt_limits_text (const srt_limits *limits, guint64 bits)
{
  GString *text = g_string_new (NULL);
  guint64 valued = limits ? srt_limits_used (limits) : 0;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    if (!(bits & words[i].bit))
      continue;
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", words[i].word);
    if (!(valued & words[i].bit))
      continue;
    g_autofree char *value = value_text (limits, words[i].bit);
    g_string_append_printf (text, " = %s", value);
  }
  return g_string_free (text, FALSE);
}
