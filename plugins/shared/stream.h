/* SPDX-License-Identifier: MIT
 * The runner's end of one agent's stream: frames out through a queue that grows as it must, frames in from a buffer of
 * fixed size. Never blocks. */
#pragma once
#include "agent/protocol.h"

#define STREAM_IN (2u * (SRT_FRAME_HEAD + SRT_FRAME_MAX))

typedef struct {
  int fd;      /* -1: closed */
  bool broken; /* what was written did not arrive: the other end is closed */
  uint16_t sequence;
  SrtFrameReader reader;
  uint8_t *out;
  size_t out_start, out_end, out_size;
  size_t in_start, in_end;
  uint8_t in[STREAM_IN];
} Stream;

void stream_open (Stream *stream, int fd);
void stream_close (Stream *stream); /* frees the queue too */

/* Queue one message, in as many frames as it needs (only START may need more than one). False: out of memory. */
bool stream_put (Stream *stream, SrtFrameType type, uint64_t job, const void *payload, size_t length);
/* Write what goes. True when something is left for later. An end of the stream is seen by reading. */
bool stream_flush (Stream *stream);

/* Read what is there: 1, 0 nothing now, -1 the end. */
int stream_fill (Stream *stream);
/* The next whole frame: 1; 0 none; -1 malformed. Its payload lives until the next fill. */
int stream_next (Stream *stream, SrtFrame *ret, const char **ret_reason);
