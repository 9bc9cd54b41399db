/* SPDX-License-Identifier: MIT
 * What a test writes: from its pipes straight into OUTPUT frames, within its cap and the runner's credit. The agent
 * keeps the write ends open too, so that the end of the output is never taken for the end of the test, and a pipe that
 * a stranger holds open cannot hold up anything: after the last process is gone, a pipe without bytes is dry. */
#pragma once
#include "agent/link.h"

typedef struct {
  int read_fd[2];   /* stdout, stderr; -1: none */
  int write_fd[2];  /* the second is the first again when both are one stream */
  uint64_t rest[2]; /* at the end: bytes that were in each pipe when the last writer was gone */
  uint64_t left;    /* bytes that may still be passed on */
  uint64_t dropped;
} SrtCapture;

/* 0, or an errno value. */
int srt_capture_open (SrtCapture *capture, bool merged, uint64_t output_max);
void srt_capture_close (SrtCapture *capture);

/* May pipes be read at all now? Without credit or room they wait. */
bool srt_capture_may_read (const SrtCapture *capture, SrtLink *link, uint32_t credit);
/* Read once from pipe I; returns how many bytes. */
uint32_t srt_capture_pump (SrtCapture *capture, int i, SrtLink *link, uint64_t job, uint32_t *credit);
/* The last writer is gone: what is in the pipes now is all that counts, whoever else may hold them. */
void srt_capture_end (SrtCapture *capture);
/* Read on until that is done (true), or must wait (false). */
bool srt_capture_drain (SrtCapture *capture, SrtLink *link, uint64_t job, uint32_t *credit);
