/* SPDX-License-Identifier: MIT */
#include "keeper-private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "rescue.h"
#include "transfer.h"

/* At most a fifth of the time is spent on syncing for the sake of many rows: fast tests shall not wait for a slow disk.
 */
enum { REST_FACTOR = 4 };

static const uint64_t retry_ns = 1000000000; /* when rows could not be written */

uint64_t
srt_keeper_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

struct timespec
srt_keeper_timespec (uint64_t ns)
{
  return (struct timespec){ .tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000) };
}

/* When to sync next; 0: now, SRT_NEVER: when there is something new. */
static uint64_t
next_sync (const srt_keeper *keeper)
{
  uint64_t due = keeper->due_ns;

  if (keeper->asked != NULL)
    return 0;
  if (keeper->suspect || keeper->abandoned)
    return SRT_NEVER;
  if (keeper->closing && due != SRT_NEVER)
    return 0;
  if (keeper->waiting >= keeper->pace.every && keeper->rest_ns < due)
    due = keeper->rest_ns;
  return due;
}

/* False: the keeper closes and there is nothing left to do. */
static bool
wait_for_work (srt_keeper *keeper)
{
  for (;;) {
    uint64_t next = next_sync (keeper);
    if (next != SRT_NEVER && next <= srt_keeper_now ())
      return true;
    if (keeper->closing)
      return false;
    if (next == SRT_NEVER) {
      pthread_cond_wait (&keeper->wake, &keeper->lock);
    } else {
      struct timespec until = srt_keeper_timespec (next);
      pthread_cond_timedwait (&keeper->wake, &keeper->lock, &until);
    }
  }
}

/* Is the file still what its name leads to, and as long as we left it? *RET_GONE: there is no such name any more. */
static int32_t
look_at_file (srt_keeper *keeper, uint64_t length, bool *ret_gone, srt_fault *fault)
{
  srt_place *place = keeper->place;
  int leads = srt_place_leads_to (place, place->name, keeper->tail.fd);
  struct stat status;

  *ret_gone = leads < 0 && errno == ENOENT;
  if (leads < 0 || SRT_IO_RETRY (srt_io_fstat (keeper->tail.fd, &status)) < 0)
    return SRT_OK; /* it cannot be looked at, which says nothing: the sync will */
  if (leads == 0)
    return srt_fault_set (fault, SRT_E_LOST, "%s was replaced by another file during the run", place->path);
  if ((uint64_t)status.st_size < length)
    return srt_fault_set (fault, SRT_E_LOST, "%s was shortened by somebody during the run", place->path);
  return SRT_OK;
}

/* Without the lock: bring what is written, up to *LENGTH, to stable storage, here or in a new file. The latter may hold
 * more: then *LENGTH grows. */
static int32_t
make_durable (srt_keeper *keeper, uint64_t *length, srt_fault *fault)
{
  bool gone = false;
  int32_t status = look_at_file (keeper, *length, &gone, fault);
  int error;

  if (status != SRT_OK)
    return status;
  if (!gone && !keeper->suspect) {
    error = srt_transfer_sync (keeper->tail.fd);
    if (error == 0 && keeper->folder_due)
      error = srt_place_sync (keeper->place);
    if (error == 0)
      return SRT_OK;
    srt_fault_errno (fault, error, "sync", keeper->place->path);
  }
  keeper->suspect = true;
  status = srt_keeper_rescue (keeper, length, fault);
  keeper->suspect = status != SRT_OK;
  return status;
}

/* With the lock: draw the line under a sync that made everything up to LENGTH durable, or failed. */
static void
settle (srt_keeper *keeper, uint64_t length, uint64_t began_ns, srt_fault *fault)
{
  uint64_t now = srt_keeper_now ();
  uint64_t rest = (now - began_ns) * REST_FACTOR;

  if (fault->status == SRT_OK) {
    keeper->folder_due = false;
    if (length > keeper->tail.base)
      srt_tail_release (&keeper->tail, length);
  }
  keeper->rest_ns = now + (rest < keeper->pace.after_ns ? rest : keeper->pace.after_ns);
  if (srt_tail_pending (&keeper->tail) > 0 && keeper->due_ns == SRT_NEVER && !keeper->closing)
    keeper->due_ns = now + retry_ns;
}

/* What the one who asked is told: a sync helps nothing where rows could not be written. */
static void
add_unwritten (srt_keeper *keeper, int write_error, srt_fault *fault)
{
  if (fault->status != SRT_OK)
    return;
  if (keeper->lost > 0)
    srt_fault_set (fault, SRT_E_NO_SPACE, "rows for %s were lost: they could neither be written nor kept in memory",
                   keeper->place->path);
  else if (write_error != 0)
    srt_keeper_write_fault (keeper, write_error, fault);
}

/* One sync, with the lock held before and after. */
static void
sync_once (srt_keeper *keeper)
{
  srt_keeper_notice *asked = keeper->asked;
  srt_fault fault = { .status = SRT_OK };
  int write_error = srt_tail_flush (&keeper->tail);
  uint64_t wanted = keeper->tail.base + keeper->tail.bytes.length;
  uint64_t length = keeper->tail.written;
  uint64_t began_ns = srt_keeper_now ();

  keeper->asked = NULL;
  keeper->waiting = 0;
  keeper->due_ns = SRT_NEVER;
  pthread_mutex_unlock (&keeper->lock);
  make_durable (keeper, &length, &fault);
  pthread_mutex_lock (&keeper->lock);

  settle (keeper, length, began_ns, &fault);
  add_unwritten (keeper, length < wanted ? write_error : 0, &fault);
  if (fault.status != SRT_OK)
    srt_keeper_tell_broken (keeper, &fault);
  while (asked != NULL) {
    srt_keeper_notice *next = asked->next;
    srt_keeper_post (keeper, asked, &fault);
    asked = next;
  }
}

void *
srt_keeper_work (void *data)
{
  srt_keeper *keeper = data;

  pthread_mutex_lock (&keeper->lock);
  while (wait_for_work (keeper))
    sync_once (keeper);
  keeper->finished = true;
  pthread_cond_signal (&keeper->gone);
  srt_keeper_unref_unlock (keeper);
  return NULL;
}
