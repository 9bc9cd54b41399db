/* SPDX-License-Identifier: MIT
 * `srt doctor`: what the engine here can do, and why not more. */
#pragma once
#include <srt/srt-plugin.h>

int32_t probe_engine (const srt_host *host);
