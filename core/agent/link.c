/* SPDX-License-Identifier: MIT */
#include "agent/link.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void
srt_link_open (SrtLink *link, int fd)
{
  link->fd = fd;
  link->reader.from = SRT_SIDE_RUNNER;
  fcntl (fd, F_SETFD, FD_CLOEXEC);
  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_NONBLOCK);
}

void
srt_link_fill (SrtLink *link)
{
  ssize_t n;

  if (link->in_start > 0) {
    memmove (link->in, link->in + link->in_start, link->in_end - link->in_start);
    link->in_end -= link->in_start;
    link->in_start = 0;
  }
  n = read (link->fd, link->in + link->in_end, sizeof link->in - link->in_end);
  if (n > 0)
    link->in_end += (uint32_t)n;
  else if (n == 0 || (errno != EAGAIN && errno != EINTR))
    link->dead = true;
}

int
srt_link_next (SrtLink *link, SrtFrame *ret, const char **ret_reason)
{
  int used = srt_frame_read (&link->reader, link->in + link->in_start, link->in_end - link->in_start, ret, ret_reason);

  if (used <= 0)
    return used;
  link->in_start += (uint32_t)used;
  if (link->in_start == link->in_end)
    link->in_start = link->in_end = 0;
  return 1;
}

static void
compact (SrtLink *link)
{
  if (link->out_start == 0)
    return;
  memmove (link->out, link->out + link->out_start, link->out_end - link->out_start);
  link->out_end -= link->out_start;
  link->out_start = 0;
}

uint8_t *
srt_link_output_room (SrtLink *link, uint32_t *ret_max)
{
  const uint32_t least = SRT_LINK_RESERVE + SRT_FRAME_HEAD + 4096;
  uint32_t room;

  if (SRT_LINK_OUT - link->out_end < least)
    compact (link);
  room = SRT_LINK_OUT - link->out_end;
  if (link->dead || room < least)
    return NULL;
  room -= SRT_LINK_RESERVE + SRT_FRAME_HEAD;
  *ret_max = room < SRT_FRAME_MAX ? room : SRT_FRAME_MAX;
  return link->out + link->out_end + SRT_FRAME_HEAD;
}

void
srt_link_commit (SrtLink *link, uint16_t type, uint64_t job, uint32_t length)
{
  srt_frame_head (link->out + link->out_end, type, &link->sequence, job, length);
  link->out_end += SRT_FRAME_HEAD + length;
}

SrtPut
srt_link_begin (SrtLink *link)
{
  uint8_t *start;

  if (SRT_LINK_OUT - link->out_end < SRT_LINK_RESERVE)
    compact (link);
  start = link->out + link->out_end;
  if (link->dead || SRT_LINK_OUT - link->out_end < SRT_FRAME_HEAD)
    return (SrtPut){ start, start, true };
  return (SrtPut){ start + SRT_FRAME_HEAD, link->out + SRT_LINK_OUT, false };
}

void
srt_link_end (SrtLink *link, const SrtPut *put, uint16_t type, uint64_t job)
{
  if (put->bad)
    link->dead = true;
  else
    srt_link_commit (link, type, job, (uint32_t)(put->at - (link->out + link->out_end + SRT_FRAME_HEAD)));
}

void
srt_link_flush (SrtLink *link)
{
  while (srt_link_pending (link)) {
    ssize_t n = send (link->fd, link->out + link->out_start, link->out_end - link->out_start, MSG_NOSIGNAL);

    if (n < 0) {
      link->dead = errno != EAGAIN && errno != EINTR;
      return;
    }
    link->out_start += (uint32_t)n;
  }
  link->out_start = link->out_end = 0;
}

bool
srt_link_pending (const SrtLink *link)
{
  return !link->dead && link->out_end > link->out_start;
}
