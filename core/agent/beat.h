/* SPDX-License-Identifier: MIT
 * A test's heartbeat: a pipe into which it writes, whatever it likes, and the clock of its silence. Every time is given
 * by the caller. The agent holds the write end too, so that nobody's closing it is ever an event: it is silence. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The descriptor in the test: one digit, as `echo >&8` of a POSIX shell knows no more; and that one which scripts and
 * test harnesses use least (3 and 4 swap streams, autoconf has 5 to 7, flock's manual 9). */
#define SRT_BEAT_FD 8

/* Beats that follow each other faster than this are read together: so often is the agent woken by them at most. An
 * eighth of the period where that is less. */
#define SRT_BEAT_REST_NS 20000000ull

typedef struct {
  uint64_t period_ns;    /* 0: the test has none, and there is no pipe */
  uint64_t start_ns;     /* frozen time is added to this and the next two */
  uint64_t last_ns;      /* the last beat, or the start */
  uint64_t rest_ns;      /* not before this time is the pipe looked at again; 0: at any */
  uint64_t n;            /* times that beats were read */
  int read_fd, write_fd; /* -1: none */
} SrtBeat;

/* The clock starts. Without a period nothing is made. 0, or an errno value. */
int srt_beat_open (SrtBeat *beat, uint64_t period_ns, uint64_t now_ns);
void srt_beat_close (SrtBeat *beat);

/* Is the pipe to be waited for now? Else it rests, or there is none. */
bool srt_beat_listens (SrtBeat *beat, uint64_t now_ns);
/* When something is to be done at the latest: it has been silent for too long, or has rested. UINT64_MAX: never. */
uint64_t srt_beat_due_ns (const SrtBeat *beat);
/* Read what is there, once: any number of beats up to 64 KiB. */
void srt_beat_take (SrtBeat *beat, uint64_t now_ns);
/* Silent for longer than the period? Looks into the pipe before it says so. Who asks a whole period too late did not
 * run itself meanwhile, and so perhaps neither did the test: the clock starts again then. */
bool srt_beat_is_silent (SrtBeat *beat, uint64_t now_ns);
/* So long nothing could beat. */
void srt_beat_skip (SrtBeat *beat, uint64_t frozen_ns);
/* "the last of 13 came 65.004s after its start"; frozen time not counted. */
void srt_beat_text (const SrtBeat *beat, char *text, size_t size);
