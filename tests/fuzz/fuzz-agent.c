/* SPDX-License-Identifier: MIT
 * Whatever comes over the link is read or refused. */
#include "agent/protocol.h"
#include "fuzz.h"

static void
read_frames (const uint8_t *bytes, size_t n, SrtSide from)
{
  SrtFrameReader reader = { .from = from };
  SrtFrame frame;
  const char *reason;
  int used;

  while (n > 0 && (used = srt_frame_read (&reader, bytes, n, &frame, &reason)) > 0) {
    SrtGet get = { frame.payload, frame.payload + frame.length, false };
    srt_exit end = { .size = sizeof end };
    SrtStart start;

    if (frame.type == SRT_FRAME_START)
      srt_start_decode (frame.payload, frame.length, &start);
    else if (frame.type == SRT_FRAME_EXITED)
      srt_exit_decode (&get, &end);
    bytes += used;
    n -= (size_t)used;
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  SrtStart start;

  read_frames (bytes, n, SRT_SIDE_RUNNER);
  read_frames (bytes, n, SRT_SIDE_AGENT);
  srt_start_decode (bytes, n, &start);
  return 0;
}
