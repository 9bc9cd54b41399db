/* SPDX-License-Identifier: MIT */
#include "faults/user.h"

#include <grp.h>
#include <unistd.h>

#define NOBODY 65534

gboolean
faults_become_user (void)
{
  return geteuid () == 0 && setgroups (0, NULL) == 0 && setgid (NOBODY) == 0 && setuid (NOBODY) == 0 &&
         access (g_getenv ("SRT_EXE"), X_OK) == 0 && access (g_getenv ("SRT_HOSTILE_EXE"), X_OK) == 0;
}
