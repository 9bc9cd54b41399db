/* SPDX-License-Identifier: MIT */
#include "agent/litter.h"
#include <errno.h>
#include <stddef.h>

void
srt_litter_open (SrtLitter *litter, const char *paths, const char *own)
{
  litter->own = own;
  litter->n = paths != NULL;
}

int
srt_litter_clean_dirs (SrtLitter *litter)
{
  return srt_litter_clean (litter);
}

int
srt_litter_clean (SrtLitter *litter)
{
  return litter->n > 0 ? ENOTSUP : 0;
}
