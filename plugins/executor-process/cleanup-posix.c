/* SPDX-License-Identifier: MIT */
#include "cleanup.h"

int32_t
cleanup_entry (const srt_host *host, const char *run_id, const char *entry, size_t length, uint32_t *ret_cleaned)
{
  host->set_errorf (host, "this system has no way to tell whose a process is: \"%.*s\"", (int)length, entry);
  return SRT_E_UNSUPPORTED;
}
