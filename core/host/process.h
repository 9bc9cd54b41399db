/* SPDX-License-Identifier: MIT
 * srt_spawn → a process. Nothing is kept. */
#pragma once
#include "srt/srt-plugin.h"
#include <glib.h>
#include <sys/types.h>

/* The pid, or -1 with *RET_STATUS and the reason in ERROR ("cannot start 'x': No such file or directory"). */
pid_t srt_process_spawn (const srt_spawn *spawn, int32_t *ret_status, GError **error);
