/* SPDX-License-Identifier: MIT */
#include "rescue.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "io.h"
#include "transfer.h"

/* A new file beside the old; the folder is made again if it is gone. */
static int32_t
create_beside (srt_keeper *keeper, int *ret_fd, srt_fault *fault)
{
  int32_t status = srt_place_create_new (keeper->place, ret_fd, fault);

  if (status != SRT_E_NOT_FOUND)
    return status;
  pthread_mutex_lock (&keeper->lock);
  status = keeper->abandoned ? SRT_E_FAILED : srt_place_enter_again (keeper->place, fault);
  pthread_mutex_unlock (&keeper->lock);
  return status == SRT_OK ? srt_place_create_new (keeper->place, ret_fd, fault) : status;
}

/* All that is to be in the file by now: what it held before our tail, and the tail. */
static int
gather (srt_keeper *keeper, srt_buffer *content)
{
  int error = srt_transfer_read (keeper->tail.fd, keeper->tail.base, content);

  if (error != 0)
    return error;
  pthread_mutex_lock (&keeper->lock);
  srt_buffer_put (content, keeper->tail.bytes.data, keeper->tail.bytes.length);
  pthread_mutex_unlock (&keeper->lock);
  return content->failed ? ENOMEM : 0;
}

/* With the lock held: the rows that came since LENGTH was gathered, then the new file takes over. */
static int
take_over (srt_keeper *keeper, int fd, uint64_t length)
{
  srt_tail *tail = &keeper->tail;
  size_t had = (size_t)(length - tail->base);
  size_t done;
  int leads, error = srt_transfer_write (fd, tail->bytes.data + had, tail->bytes.length - had, length, &done);

  if (error == 0 && keeper->abandoned)
    error = ECANCELED;
  /* The name must be ours still, or nobody's. */
  if (error == 0 && (leads = srt_place_leads_to (keeper->place, keeper->place->name, tail->fd)) != 1)
    error = leads == 0 ? EEXIST : errno == ENOENT ? 0 : errno;
  if (error == 0 &&
      SRT_IO_RETRY (srt_io_renameat (keeper->place->fd, keeper->place->new_name, keeper->place->name)) < 0)
    error = errno;
  if (error != 0)
    return error;
  srt_io_close (tail->fd);
  tail->fd = fd;
  tail->written = tail->base + tail->bytes.length;
  return 0;
}

/* Fill the new file and put it in place. 0 or an errno value. */
static int
fill (srt_keeper *keeper, int fd, uint64_t *length)
{
  srt_buffer content = { 0 };
  size_t done;
  int error = gather (keeper, &content);

  if (error == 0)
    error = srt_transfer_write (fd, content.data, content.length, 0, &done);
  if (error == 0)
    error = srt_transfer_sync (fd);
  if (error == 0) {
    pthread_mutex_lock (&keeper->lock);
    error = take_over (keeper, fd, content.length);
    pthread_mutex_unlock (&keeper->lock);
  }
  if (error == 0)
    *length = content.length;
  srt_buffer_clear (&content);
  return error;
}

int32_t
srt_keeper_rescue (srt_keeper *keeper, uint64_t *length, srt_fault *fault)
{
  srt_place *place = keeper->place;
  srt_fault first = *fault, second = { .text = "it is closed" };
  int error, fd;

  if (create_beside (keeper, &fd, &second) == SRT_OK) {
    error = fill (keeper, fd, length);
    if (error == 0 && (error = srt_place_sync (place)) == 0) {
      *fault = (srt_fault){ .status = SRT_OK };
      return SRT_OK;
    }
    srt_fault_errno (&second, error, "write a new", place->path);
    if (keeper->tail.fd != fd) {
      srt_io_unlinkat (place->fd, place->new_name, 0);
      srt_io_close (fd);
    }
  }
  if (first.status == SRT_OK)
    *fault = second;
  else
    srt_fault_set (fault, first.status, "%.230s; and no new file in its place: %.200s", first.text, second.text);
  return fault->status;
}
