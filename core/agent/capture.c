/* SPDX-License-Identifier: MIT */
#include "agent/capture.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define STREAM_BYTES 4u /* the stream's number in an OUTPUT frame */

static int
open_pipe (SrtCapture *capture, int i)
{
  int fds[2];

  if (pipe2 (fds, O_CLOEXEC) < 0)
    return errno;
  /* Only our end: the test's is a description of its own and must block as programs expect. */
  fcntl (fds[0], F_SETFL, O_NONBLOCK);
  capture->read_fd[i] = fds[0];
  capture->write_fd[i] = fds[1];
  return 0;
}

int
srt_capture_open (SrtCapture *capture, bool merged, uint64_t output_max)
{
  int error;

  *capture = (SrtCapture){ .read_fd = { -1, -1 }, .write_fd = { -1, -1 }, .left = output_max };
  error = open_pipe (capture, 0);
  if (error == 0 && merged)
    capture->write_fd[1] = capture->write_fd[0];
  else if (error == 0)
    error = open_pipe (capture, 1);
  if (error != 0)
    srt_capture_close (capture);
  return error;
}

void
srt_capture_close (SrtCapture *capture)
{
  if (capture->write_fd[1] >= 0 && capture->write_fd[1] != capture->write_fd[0])
    close (capture->write_fd[1]);
  if (capture->write_fd[0] >= 0)
    close (capture->write_fd[0]);
  for (int i = 0; i < 2; i++) {
    if (capture->read_fd[i] >= 0)
      close (capture->read_fd[i]);
    capture->read_fd[i] = capture->write_fd[i] = -1;
  }
}

bool
srt_capture_may_read (const SrtCapture *capture, SrtLink *link, uint32_t credit)
{
  uint32_t room;

  return capture->left == 0 || (credit > 0 && srt_link_output_room (link, &room) != NULL);
}

static uint32_t
drop (SrtCapture *capture, int i)
{
  uint8_t scratch[16384];
  ssize_t n = read (capture->read_fd[i], scratch, sizeof scratch);

  if (n <= 0)
    return 0;
  capture->dropped += (uint64_t)n;
  return (uint32_t)n;
}

uint32_t
srt_capture_pump (SrtCapture *capture, int i, SrtLink *link, uint64_t job, uint32_t *credit)
{
  uint32_t max;
  uint8_t *room;
  ssize_t n;
  SrtPut put;

  if (capture->left == 0)
    return drop (capture, i);
  room = *credit > 0 ? srt_link_output_room (link, &max) : NULL;
  if (room == NULL)
    return 0;
  max -= STREAM_BYTES;
  max = max < *credit ? max : *credit;
  max = max < capture->left ? max : (uint32_t)capture->left;
  n = read (capture->read_fd[i], room + STREAM_BYTES, max);
  if (n <= 0)
    return 0;
  put = (SrtPut){ room, room + STREAM_BYTES, false };
  srt_put_u32 (&put, i == 0 ? SRT_STREAM_STDOUT : SRT_STREAM_STDERR);
  srt_link_commit (link, SRT_FRAME_OUTPUT, job, STREAM_BYTES + (uint32_t)n);
  *credit -= (uint32_t)n;
  capture->left -= (uint64_t)n;
  return (uint32_t)n;
}

void
srt_capture_end (SrtCapture *capture)
{
  for (int i = 0; i < 2; i++) {
    int n = 0;

    if (capture->read_fd[i] >= 0)
      ioctl (capture->read_fd[i], FIONREAD, &n);
    capture->rest[i] = (uint64_t)n;
  }
}

bool
srt_capture_drain (SrtCapture *capture, SrtLink *link, uint64_t job, uint32_t *credit)
{
  for (int i = 0; i < 2; i++)
    while (capture->rest[i] > 0) {
      uint32_t n;

      if (!srt_capture_may_read (capture, link, *credit))
        return false;
      n = srt_capture_pump (capture, i, link, job, credit);
      capture->rest[i] = n == 0 || n >= capture->rest[i] ? 0 : capture->rest[i] - n;
    }
  return true;
}
