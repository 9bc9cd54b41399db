/* SPDX-License-Identifier: MIT
 * What srt-agent and its runner say to each other, on one stream descriptor. Pure: no descriptor is touched here.
 *
 * A frame is a header of 16 bytes and at most 64 KiB of payload, all numbers little endian:
 *
 *     0  u32  length of the payload
 *     4  u16  type (SRT_FRAME_*); the bit SRT_FRAME_MORE says that the payload goes on in the next frame
 *     6  u16  sequence: 0, 1, 2, … for each direction, so that a lost or doubled byte is seen at once
 *     8  u64  job: the test that it is about; 0 in frames that are about none
 *
 * Each side begins with HELLO and need not wait for the other's. One test at a time: START is only allowed once the
 * test before has ended (EXITED). Anything that does not fit is refused with a reason, the link is dead then, and what
 * holds for a link that ended holds: at the agent the runner is gone (kill everything, tidy up, leave), at the runner
 * the test is LOST.
 *
 * Output flows on credit: the agent may have SRT_AGENT_WINDOW bytes of OUTPUT on the way, and gets back by CREDIT what
 * the runner has taken. Without credit it stops reading the test's pipes, so that no frame ever waits behind more than
 * a window of output.
 *
 * Strings in payloads end with NUL and are not empty where something is meant; "" stands for NULL. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "srt/srt-plugin.h"

#define SRT_AGENT_VERSION 3u
#define SRT_AGENT_FD      3                  /* the stream, in the agent */
#define SRT_FRAME_HEAD    16u                /* header bytes */
#define SRT_FRAME_MAX     65536u             /* payload bytes */
#define SRT_FRAME_MORE    0x8000u            /* or-ed to the type of START */
#define SRT_START_MAX     (2u * 1024 * 1024) /* a START with its continuations */
#define SRT_START_STRINGS 65536u             /* argv, and as many again in env */
#define SRT_AGENT_WINDOW  (256u * 1024)      /* bytes of output on the way */
#define SRT_TEXT_MAX      1000u              /* a message or a leak text */

typedef enum {
  SRT_FRAME_HELLO = 1, /* both: u32 version, string tier (runner: "") */
  /* From the runner. 80 is kept for a heartbeat. */
  SRT_FRAME_START = 10,  /* job; see SrtStart */
  SRT_FRAME_STOP = 20,   /* job; u64 grace_ns, u32 why. For a test that has ended: ignored */
  SRT_FRAME_FREEZE = 30, /* job; u32 frozen. Answer: FROZEN; none when the test has ended */
  SRT_FRAME_SETTLE = 40, /* job; string keep_dir. Answer: SETTLED, an error where what --clean names is not clean */
  SRT_FRAME_USAGE_PERIOD = 50, /* u64 ns; 0: never */
  SRT_FRAME_CREDIT = 60,       /* u32 bytes */
  SRT_FRAME_SHUTDOWN = 70,     /* kill what runs, tidy up, leave */
  /* From the agent. 180 is kept for a heartbeat. */
  SRT_FRAME_OUTPUT = 110,  /* job; u32 stream, then the bytes */
  SRT_FRAME_EXITED = 120,  /* job; all of srt_exit; after the last OUTPUT; nothing of the test runs any more */
  SRT_FRAME_FROZEN = 130,  /* job; u32 frozen */
  SRT_FRAME_USAGE = 140,   /* job; srt_usage */
  SRT_FRAME_SETTLED = 150, /* job; u32 errno value or 0, string text */
  SRT_FRAME_ERROR = 160    /* string: why the agent is about to leave */
} SrtFrameType;

typedef enum { SRT_SIDE_RUNNER, SRT_SIDE_AGENT } SrtSide;

/* One frame. The payload points into the bytes that were read. */
typedef struct {
  uint16_t type; /* without the bit */
  bool more;
  uint32_t length;
  uint64_t job;
  const uint8_t *payload;
} SrtFrame;

/* What has been read of one direction. Zeroed but for FROM, it is at the beginning. */
typedef struct {
  SrtSide from;
  uint16_t sequence; /* of the next frame */
  bool greeted;      /* HELLO was read */
  uint64_t partial;  /* a START of this job goes on; 0: none */
} SrtFrameReader;

/* The first frame of N BYTES. Returns how many bytes it has, 0 when there are not enough yet, or -1: malformed, and
 * *ret_reason says why (a constant string). */
int srt_frame_read (SrtFrameReader *reader, const uint8_t *bytes, size_t n, SrtFrame *ret, const char **ret_reason);

/* Fill a header; counts *SEQUENCE up. TYPE may have SRT_FRAME_MORE. */
void srt_frame_head (uint8_t head[SRT_FRAME_HEAD], uint16_t type, uint16_t *sequence, uint64_t job, uint32_t length);

const char *srt_frame_name (uint16_t type); /* "START"; "?" unknown */

/* Numbers and strings, one after the other. Past the end PUT writes nothing and GET gives 0 and NULL; both set BAD.
 * A get_string never gives bytes without an end. */
typedef struct {
  uint8_t *at, *end;
  bool bad;
} SrtPut;

typedef struct {
  const uint8_t *at, *end;
  bool bad;
} SrtGet;

void srt_put_u32 (SrtPut *put, uint32_t value);
void srt_put_u64 (SrtPut *put, uint64_t value);
void srt_put_string (SrtPut *put, const char *text); /* NULL: "" */
uint32_t srt_get_u32 (SrtGet *get);
uint64_t srt_get_u64 (SrtGet *get);
const char *srt_get_string (SrtGet *get);
/* Nothing missing, nothing left over? */
bool srt_get_done (const SrtGet *get);

/* START. The strings: cwd, stdin_path, argv, env, keep. Of env only what differs from the agent's own environment:
 * "NAME=value" sets, "NAME" unsets. */
typedef struct {
  uint32_t flags; /* SRT_JOB_* */
  int32_t term_signal;
  uint64_t timeout_ns, grace_ns, output_max;
  uint64_t heartbeat_ns; /* 0: none */
  srt_limits limits;
  const char *cwd;        /* NULL: the TMPDIR */
  const char *stdin_path; /* NULL: /dev/null */
  uint32_t n_argv, n_env, n_keep;
  const char *strings; /* argv, then env, then keep: one behind the other */
} SrtStart;

/* Bytes that JOB takes as a START. */
size_t srt_start_size (const srt_job *job);
/* Into BYTES, srt_start_size of them. */
void srt_start_encode (const srt_job *job, uint8_t *bytes, size_t n);
/* NULL, or why it is refused. RET points into BYTES. */
const char *srt_start_decode (const uint8_t *bytes, size_t n, SrtStart *ret);

/* EXITED, USAGE. Texts are cut at SRT_TEXT_MAX; decoded they point into the bytes, NULL when empty. */
void srt_exit_encode (SrtPut *put, const srt_exit *end);
bool srt_exit_decode (SrtGet *get, srt_exit *ret);
void srt_usage_encode (SrtPut *put, const srt_usage *usage);
void srt_usage_decode (SrtGet *get, srt_usage *ret);
