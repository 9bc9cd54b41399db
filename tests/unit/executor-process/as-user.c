/* SPDX-License-Identifier: MIT */
#include "as-user.h"
#include <grp.h>
#include <unistd.h>

#define NOBODY 65534

const char *
as_user (void)
{
  if (!g_getenv ("SRT_TEST_AS_USER") || geteuid () != 0)
    return NULL;
  if (setgroups (0, NULL) < 0 || setgid (NOBODY) < 0 || setuid (NOBODY) < 0)
    return "root cannot become an ordinary user here";
  if (access (g_getenv ("SRT_TEST_PLUGIN"), R_OK) < 0 || access (g_getenv ("SRT_TEST_HOSTILE"), X_OK) < 0)
    return "an ordinary user cannot read the build folder";
  return g_setenv ("HOME", "/nonexistent", TRUE) ? NULL : "no memory";
}
