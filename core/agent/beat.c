/* SPDX-License-Identifier: MIT */
#include "agent/beat.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define NS_A_MS 1000000ull

int
srt_beat_open (SrtBeat *beat, uint64_t period_ns, uint64_t now_ns)
{
  int fds[2];

  *beat = (SrtBeat){ .period_ns = period_ns, .start_ns = now_ns, .last_ns = now_ns, .read_fd = -1, .write_fd = -1 };
  if (period_ns == 0)
    return 0;
  if (pipe2 (fds, O_CLOEXEC) < 0) {
    beat->period_ns = 0;
    return errno;
  }
  fcntl (fds[0], F_SETFL, O_NONBLOCK); /* only our end: a full pipe must be no error in the test */
  beat->read_fd = fds[0];
  beat->write_fd = fds[1];
  return 0;
}

void
srt_beat_close (SrtBeat *beat)
{
  if (beat->read_fd >= 0)
    close (beat->read_fd);
  if (beat->write_fd >= 0)
    close (beat->write_fd);
  beat->read_fd = beat->write_fd = -1;
}

bool
srt_beat_listens (SrtBeat *beat, uint64_t now_ns)
{
  if (now_ns >= beat->rest_ns)
    beat->rest_ns = 0;
  return beat->read_fd >= 0 && beat->rest_ns == 0;
}

/* Never wraps: a period may be as long as the clock is wide. */
static uint64_t
silent_from_ns (const SrtBeat *beat)
{
  return beat->period_ns < UINT64_MAX - beat->last_ns ? beat->last_ns + beat->period_ns : UINT64_MAX;
}

uint64_t
srt_beat_due_ns (const SrtBeat *beat)
{
  uint64_t silent_ns = silent_from_ns (beat);

  if (beat->period_ns == 0)
    return UINT64_MAX;
  return beat->rest_ns > 0 && beat->rest_ns < silent_ns ? beat->rest_ns : silent_ns;
}

static uint64_t
rest_of (const SrtBeat *beat)
{
  return beat->period_ns / 8 < SRT_BEAT_REST_NS ? beat->period_ns / 8 : SRT_BEAT_REST_NS;
}

void
srt_beat_take (SrtBeat *beat, uint64_t now_ns)
{
  char scratch[65536]; /* all that a pipe holds by default: a writer that had to wait goes on */
  uint64_t rest_ns = rest_of (beat);

  if (read (beat->read_fd, scratch, sizeof scratch) <= 0)
    return;
  /* One beat a second needs no rest, and no second wake-up for its end. */
  if (beat->n > 0 && now_ns - beat->last_ns < 2 * rest_ns)
    beat->rest_ns = now_ns + rest_ns;
  beat->last_ns = now_ns;
  beat->n++;
}

bool
srt_beat_is_silent (SrtBeat *beat, uint64_t now_ns)
{
  uint64_t silent_ns = silent_from_ns (beat);

  if (beat->period_ns == 0 || now_ns < silent_ns)
    return false;
  srt_beat_take (beat, now_ns);
  if (now_ns < silent_from_ns (beat))
    return false;
  if (now_ns - silent_ns < beat->period_ns)
    return true;
  beat->last_ns = now_ns;
  return false;
}

void
srt_beat_skip (SrtBeat *beat, uint64_t frozen_ns)
{
  beat->start_ns += frozen_ns;
  beat->last_ns += frozen_ns;
  if (beat->rest_ns > 0)
    beat->rest_ns += frozen_ns;
}

void
srt_beat_text (const SrtBeat *beat, char *text, size_t size)
{
  unsigned long long ms = (beat->last_ns - beat->start_ns) / NS_A_MS;

  if (beat->n == 0)
    snprintf (text, size, "not one since its start");
  else
    snprintf (text, size, "the last of %llu came %llu.%03llus after its start", (unsigned long long)beat->n, ms / 1000,
              ms % 1000);
}
