/* SPDX-License-Identifier: MIT
 * The one place where the agent sleeps. */
#pragma once
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/* Block every signal; SIGCHLD is let through only while srt_wait_events sleeps. Nothing can ask the agent to end but
 * its runner: it ends with its stream. */
void srt_wait_open (void);

/* Wait for one of N descriptors, for a child, or until DEADLINE_NS (SRT_CLOCK; UINT64_MAX: none). True when there may
 * be a child to be waited for; then the descriptors' revents are 0. */
bool srt_wait_events (struct pollfd *fds, nfds_t n, uint64_t deadline_ns);
