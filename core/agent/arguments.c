/* SPDX-License-Identifier: MIT */
#include "agent/arguments.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static bool
parse_number (const char *text, uint64_t *ret)
{
  char *end;

  if (*text < '0' || *text > '9')
    return false;
  *ret = strtoull (text, &end, 10);
  return *end == '\0';
}

static bool
parse_holding (const char *text, SrtArguments *arguments)
{
  static const char *const words[] = { "nothing", "subreaper", "namespace" };

  arguments->is_init = strcmp (text, "init") == 0;
  if (arguments->is_init) {
    arguments->holding = SRT_HOLD_NAMESPACE;
    return true;
  }
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp (text, words[i]) == 0) {
      arguments->holding = (SrtHolding)i;
      return true;
    }
  return false;
}

/* The text behind "NAME=", or NULL. */
static const char *
value_of (const char *argument, const char *name)
{
  size_t n = strlen (name);

  return strncmp (argument, name, n) == 0 && argument[n] == '=' ? argument + n + 1 : NULL;
}

static bool
parse_path (const char *argument, SrtArguments *arguments)
{
  SrtPlaces *places = &arguments->places;
  const struct {
    const char *name, **to;
  } paths[] = { { "--dir", &arguments->dir },     { "--connect", &arguments->connect },
                { "--cgroup", &places->group },   { "--v1-memory", &places->memory },
                { "--v1-pids", &places->pids },   { "--v1-cpu", &places->cpu },
                { "--v1-blkio", &places->blkio }, { "--given-cgroups", &places->given },
                { "--clean", &arguments->clean } };

  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    const char *value = value_of (argument, paths[i].name);

    if (value != NULL && *value == '/') {
      *paths[i].to = value;
      return true;
    }
  }
  return false;
}

static bool
parse_one (const char *argument, SrtArguments *arguments, uint64_t *slot)
{
  const char *value;

  if (strcmp (argument, "--required") == 0)
    return arguments->places.required = true;
  if ((value = value_of (argument, "--slot")))
    return parse_number (value, slot);
  if ((value = value_of (argument, "--pids-max")))
    return parse_number (value, &arguments->places.pids_max);
  if ((value = value_of (argument, "--hold")))
    return parse_holding (value, arguments);
  return parse_path (argument, arguments);
}

bool
srt_arguments_parse (int argc, char **argv, SrtArguments *ret)
{
  SrtArguments arguments = { .holding = SRT_HOLD_SUBREAPER };
  uint64_t slot = UINT64_MAX;

  if (argc == 2 && strcmp (argv[1], "--try=namespace") == 0) {
    arguments.try_namespace = true;
    *ret = arguments;
    return true;
  }
  for (int i = 1; i < argc; i++)
    if (!parse_one (argv[i], &arguments, &slot))
      return false;
  if (arguments.dir == NULL || slot > UINT32_MAX)
    return false;
  arguments.slot = (uint32_t)slot;
  *ret = arguments;
  return true;
}
