/* SPDX-License-Identifier: MIT
 * The agent's end of the stream: frames in, frames out, never blocking, in two buffers of fixed size. Control frames
 * always find room: output leaves SRT_LINK_RESERVE bytes free. */
#pragma once
#include "agent/protocol.h"

#define SRT_LINK_OUT     (128u * 1024)
#define SRT_LINK_RESERVE (16u * 1024)

typedef struct {
  int fd;
  bool dead; /* ended, or broken: the runner is gone */
  SrtFrameReader reader;
  uint16_t sequence; /* of the next frame that goes out */
  uint32_t in_start, in_end;
  uint32_t out_start, out_end;
  uint8_t in[SRT_FRAME_HEAD + SRT_FRAME_MAX];
  uint8_t out[SRT_LINK_OUT];
} SrtLink;

void srt_link_open (SrtLink *link, int fd);

/* Read what is there. Sets DEAD at the end of file. */
void srt_link_fill (SrtLink *link);
/* The next whole frame: 1 and *ret; 0 none; -1 malformed. Its payload lives until the next fill. */
int srt_link_next (SrtLink *link, SrtFrame *ret, const char **ret_reason);

/* Where the payload of an output frame of up to *ret_max bytes may be written, or NULL: no room now. */
uint8_t *srt_link_output_room (SrtLink *link, uint32_t *ret_max);
/* Queue the frame whose payload of LENGTH bytes stands there. */
void srt_link_commit (SrtLink *link, uint16_t type, uint64_t job, uint32_t length);
/* Begin a control frame; srt_link_end queues it. A runner that does not read for so long that the reserve is used up
 * is gone. */
SrtPut srt_link_begin (SrtLink *link);
void srt_link_end (SrtLink *link, const SrtPut *put, uint16_t type, uint64_t job);

/* Write what the stream takes. */
void srt_link_flush (SrtLink *link);
bool srt_link_pending (const SrtLink *link);
