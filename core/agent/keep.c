/* SPDX-License-Identifier: MIT */
#include "agent/keep.h"
#include <string.h>

#define KERNEL_NAME_MAX 15 /* longer ones are cut by the kernel */

bool
srt_keep_has_name (const char *names, uint32_t n, const char *comm)
{
  for (; n > 0; n--) {
    size_t length = strlen (names);

    if (strcmp (names, comm) == 0)
      return true;
    if (length > KERNEL_NAME_MAX && strlen (comm) == KERNEL_NAME_MAX && strncmp (names, comm, KERNEL_NAME_MAX) == 0)
      return true;
    names += length + 1;
  }
  return false;
}
