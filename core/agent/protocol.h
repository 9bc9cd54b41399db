/* SPDX-License-Identifier: MIT
 * What srt-agent and its runner say to each other, on one stream descriptor. Little endian, fixed header, at most 64
 * KiB of payload a frame. The agent speaks first: HELLO. One test at a time. End of file at the agent means: the runner
 * is gone. */
#pragma once
#include <stdint.h>

#define SRT_AGENT_VERSION 1u
#define SRT_AGENT_FD      3                  /* the stream, in the agent */
#define SRT_FRAME_MAX     65536u             /* payload bytes */
#define SRT_START_MAX     (2u * 1024 * 1024) /* a START with its continuations */
