/* SPDX-License-Identifier: MIT */
#include "try.h"
#include <stdio.h>

const char *
try_subreaper (void)
{
  return "this system has no subreapers: only the test's process group is held";
}

bool
try_namespace (const char *agent, char *why, size_t size)
{
  snprintf (why, size, "this system has no PID namespaces");
  return false;
}
