/* SPDX-License-Identifier: MIT */
#include "keeper-private.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "io.h"

enum { PENDING_MAX = 64 << 20, CLOSE_SECONDS = 2 };

/* ---- told to the core ---- */

/* On the core's thread. */
static void
deliver (void *data)
{
  srt_keeper_notice *notice = data;
  srt_keeper *keeper = notice->keeper;
  const srt_checkpoint_events *events;
  const srt_host *host;

  pthread_mutex_lock (&keeper->lock);
  host = keeper->host; /* NULL: closed meanwhile, nobody waits for it any more */
  srt_keeper_unref_unlock (keeper);
  events = host != NULL ? host->events : NULL;
  if (events != NULL && notice->broken)
    events->broken (host, notice->fault.status, notice->fault.text);
  else if (events != NULL)
    events->synced (host, notice->token, notice->fault.status, notice->fault.text);
  free (notice);
}

void
srt_keeper_post (srt_keeper *keeper, srt_keeper_notice *notice, const srt_fault *fault)
{
  if (keeper->host == NULL) {
    free (notice);
    return;
  }
  notice->keeper = keeper;
  notice->fault = *fault;
  keeper->refs++;
  keeper->host->post (keeper->host, deliver, notice);
}

void
srt_keeper_tell_broken (srt_keeper *keeper, const srt_fault *fault)
{
  srt_keeper_notice *notice = keeper->broken;

  if (notice == NULL)
    return;
  keeper->broken = NULL;
  notice->broken = true;
  srt_keeper_post (keeper, notice, fault);
}

/* ---- life ---- */

static void
free_keeper (srt_keeper *keeper)
{
  while (keeper->asked != NULL) {
    srt_keeper_notice *next = keeper->asked->next;
    free (keeper->asked);
    keeper->asked = next;
  }
  if (keeper->tail.fd >= 0)
    srt_io_close (keeper->tail.fd);
  srt_buffer_clear (&keeper->tail.bytes);
  srt_place_free (keeper->place);
  free (keeper->broken);
  pthread_cond_destroy (&keeper->wake);
  pthread_cond_destroy (&keeper->gone);
  pthread_mutex_destroy (&keeper->lock);
  free (keeper);
}

void
srt_keeper_unref_unlock (srt_keeper *keeper)
{
  bool last = --keeper->refs == 0;

  pthread_mutex_unlock (&keeper->lock);
  if (last)
    free_keeper (keeper);
}

/* The core's signals are the core's: the thread takes none. */
static int
start_thread (srt_keeper *keeper)
{
  sigset_t all, before;
  int error;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  error = pthread_create (&keeper->thread, NULL, srt_keeper_work, keeper);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  return error;
}

static void
init_sync (srt_keeper *keeper)
{
  pthread_condattr_t monotonic;

  pthread_mutex_init (&keeper->lock, NULL);
  pthread_condattr_init (&monotonic);
  pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init (&keeper->wake, &monotonic);
  pthread_cond_init (&keeper->gone, &monotonic);
  pthread_condattr_destroy (&monotonic);
}

srt_keeper *
srt_keeper_new (const srt_host *host, const srt_keeper_pace *pace, srt_place *place, int fd, uint64_t base,
                srt_fault *fault)
{
  srt_keeper *keeper = calloc (1, sizeof *keeper);
  int error;

  if (keeper != NULL)
    keeper->broken = calloc (1, sizeof *keeper->broken);
  if (keeper == NULL || keeper->broken == NULL) {
    free (keeper);
    srt_fault_set (fault, SRT_E_NO_MEMORY, "out of memory");
    return NULL;
  }
  init_sync (keeper);
  keeper->host = host;
  keeper->pace = *pace;
  keeper->refs = 2; /* ours and the thread's */
  keeper->folder_due = true;
  keeper->due_ns = SRT_NEVER;
  keeper->tail = (srt_tail){ .fd = fd, .base = base, .written = base };
  keeper->place = place;
  error = start_thread (keeper);
  if (error != 0) {
    keeper->tail.fd = -1;
    keeper->place = NULL;
    free_keeper (keeper);
    srt_fault_set (fault, SRT_E_FAILED, "cannot start the thread that syncs %s: %s", place->path, strerror (error));
    return NULL;
  }
  return keeper;
}

void
srt_keeper_close (srt_keeper *keeper)
{
  struct timespec until;
  bool finished;

  pthread_mutex_lock (&keeper->lock);
  keeper->closing = true;
  pthread_cond_signal (&keeper->wake);
  until = srt_keeper_timespec (srt_keeper_now () + CLOSE_SECONDS * UINT64_C (1000000000));
  while (!keeper->finished && pthread_cond_timedwait (&keeper->gone, &keeper->lock, &until) == 0)
    continue;
  finished = keeper->finished;
  keeper->host = NULL;
  keeper->abandoned = true;
  if (!finished) /* the thread's copy of the descriptor would hold it */
    srt_io_flock (keeper->tail.fd, LOCK_UN);
  pthread_mutex_unlock (&keeper->lock);
  if (finished)
    pthread_join (keeper->thread, NULL);
  else
    pthread_detach (keeper->thread);
  pthread_mutex_lock (&keeper->lock);
  if (finished) { /* a notice that is still on its way must not hold the file's lock until it arrives */
    srt_io_close (keeper->tail.fd);
    keeper->tail.fd = -1;
  }
  srt_keeper_unref_unlock (keeper);
}

/* ---- rows ---- */

srt_buffer *
srt_keeper_begin (srt_keeper *keeper)
{
  pthread_mutex_lock (&keeper->lock);
  keeper->begun = keeper->tail.bytes.length;
  return &keeper->tail.bytes;
}

/* The row that was put into the tail cannot be kept there. */
static int32_t
lose_row (srt_keeper *keeper, srt_fault *fault)
{
  bool no_memory = keeper->tail.bytes.failed;

  srt_buffer_cut (&keeper->tail.bytes, keeper->begun);
  keeper->lost++;
  return srt_fault_set (fault, no_memory ? SRT_E_NO_MEMORY : SRT_E_NO_SPACE, "cannot keep a row for %s: %s",
                        keeper->place->path, no_memory ? "out of memory" : "too many wait to be written");
}

int32_t
srt_keeper_write_fault (srt_keeper *keeper, int error, srt_fault *fault)
{
  return srt_fault_set (fault, srt_fault_status (error), "cannot write %s: %s; %zu bytes of rows wait in memory",
                        keeper->place->path, strerror (error), srt_tail_pending (&keeper->tail));
}

/* One more row is not on stable storage. The thread is woken for the first of a group and when the group is full. */
static void
count_row (srt_keeper *keeper)
{
  bool first = keeper->due_ns == SRT_NEVER;

  if (first)
    keeper->due_ns = srt_keeper_now () + keeper->pace.after_ns;
  keeper->waiting++;
  if (first || keeper->waiting == keeper->pace.every)
    pthread_cond_signal (&keeper->wake);
}

int32_t
srt_keeper_commit (srt_keeper *keeper, srt_fault *fault)
{
  int32_t status = SRT_OK;
  int error = 0;

  if (keeper->tail.bytes.failed || srt_tail_pending (&keeper->tail) > PENDING_MAX) {
    status = lose_row (keeper, fault);
  } else {
    count_row (keeper);
    error = srt_tail_flush (&keeper->tail);
    if (error != 0)
      status = srt_keeper_write_fault (keeper, error, fault);
  }
  if (status != SRT_OK)
    srt_keeper_tell_broken (keeper, fault);
  pthread_mutex_unlock (&keeper->lock);
  return status;
}

int32_t
srt_keeper_sync (srt_keeper *keeper, uint64_t token, srt_fault *fault)
{
  srt_keeper_notice *notice = calloc (1, sizeof *notice);
  srt_keeper_notice **last;

  if (notice == NULL)
    return srt_fault_set (fault, SRT_E_NO_MEMORY, "out of memory");
  notice->token = token;
  pthread_mutex_lock (&keeper->lock);
  for (last = &keeper->asked; *last != NULL; last = &(*last)->next)
    continue;
  *last = notice;
  pthread_cond_signal (&keeper->wake);
  pthread_mutex_unlock (&keeper->lock);
  return SRT_OK;
}

int32_t
srt_keeper_remove (srt_keeper *keeper, srt_fault *fault)
{
  int32_t status = SRT_OK;
  srt_place *place = keeper->place;

  pthread_mutex_lock (&keeper->lock);
  keeper->abandoned = true;
  keeper->due_ns = SRT_NEVER;
  if (srt_place_leads_to (place, place->name, keeper->tail.fd) == 1 &&
      SRT_IO_RETRY (srt_io_unlinkat (place->fd, place->name, 0)) < 0 && errno != ENOENT)
    status = srt_fault_errno (fault, errno, "remove", place->path);
  if (status == SRT_OK)
    srt_place_remove_folder (place);
  pthread_mutex_unlock (&keeper->lock);
  return status;
}
