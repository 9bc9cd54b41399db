/* SPDX-License-Identifier: MIT
 * What stands in /proc and in cgroups is a number or is none. */
#include "fuzz.h"
#include "parse.h"

#include <stdlib.h>
#include <string.h>

static void
parse_mounts (const char *text, SrtMount *mount)
{
  while ((text = srt_parse_next_mount (text, mount)) != NULL)
    srt_parse_has_word (mount->options, "memory");
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  char *text = malloc (n + 1), path[64];
  SrtMount *mount = calloc (1, sizeof *mount);
  srt_process process = { .size = sizeof process };
  srt_pressure pressure;
  SrtMeminfo meminfo;
  SrtTicks ticks;
  uint64_t value;

  memcpy (text, bytes, n);
  text[n] = '\0';
  srt_parse_limit (text, &value);
  srt_parse_field (text, "total", &value);
  srt_parse_meminfo (text, &meminfo);
  srt_parse_ticks (text, NULL, 0, &ticks);
  srt_parse_pressure (text, &pressure);
  srt_parse_cpu_max (text, &value);
  srt_parse_own_group (text, "memory", path, sizeof path);
  srt_parse_process (text, 4096, 100, &process);
  parse_mounts (text, mount);
  free (mount);
  free (text);
  return 0;
}
