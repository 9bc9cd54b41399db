/* SPDX-License-Identifier: MIT
 * The agent that is mounted into containers: it must need nothing of their images. */
#pragma once
#include <limits.h>
#include <srt/srt-plugin.h>
#include <stdbool.h>

/* The option agent of HOST, else what is installed. SRT_OK, or why there is none. */
int32_t program_find_agent (const srt_host *host, char path[PATH_MAX]);

/* Does the beginning of a program (ELF, of 64 bits) ask for a dynamic linker? Pure. */
bool program_needs_linker (const unsigned char *bytes, size_t n);
