/* SPDX-License-Identifier: MIT */
#include "history-store.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "history-file.h"
#include "keeper-private.h"

enum { PATIENCE_SECONDS = 2 };

/* Of both threads; the last one frees it. */
typedef struct job {
  pthread_mutex_t lock;
  pthread_cond_t ended;
  char *path;
  srt_history *rows;
  uint32_t n;
  srt_fault remark, fault;
  int32_t status;
  bool done, alone; /* alone: nobody waits any more */
} job;

static void
free_job (job *j)
{
  for (uint32_t i = 0; j->rows != NULL && i < j->n; i++)
    free ((char *)j->rows[i].id);
  free (j->rows);
  free (j->path);
  pthread_cond_destroy (&j->ended);
  pthread_mutex_destroy (&j->lock);
  free (j);
}

/* A row as this plugin knows it, from one that may be shorter. */
static bool
copy_row (srt_history *row, const srt_history *given)
{
  memcpy (row, given, given->size < sizeof *row ? given->size : sizeof *row);
  row->size = sizeof *row;
  row->n = row->n < SRT_HISTORY_DEPTH ? row->n : SRT_HISTORY_DEPTH;
  row->id = strdup (row->id);
  return row->id != NULL;
}

static job *
new_job (const char *path, const srt_history *rows, uint32_t n)
{
  job *j = calloc (1, sizeof *j);
  pthread_condattr_t monotonic;
  bool good = j != NULL;

  if (!good)
    return NULL;
  pthread_mutex_init (&j->lock, NULL);
  pthread_condattr_init (&monotonic);
  pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init (&j->ended, &monotonic);
  pthread_condattr_destroy (&monotonic);
  j->path = strdup (path);
  j->rows = calloc (n, sizeof *j->rows);
  good = j->path != NULL && j->rows != NULL;
  for (; good && j->n < n; j->n += good)
    good =
        copy_row (&j->rows[j->n], (const srt_history *)(const void *)((const char *)rows + (size_t)j->n * rows->size));
  if (!good) {
    free_job (j);
    return NULL;
  }
  return j;
}

static void *
work (void *data)
{
  job *j = data;
  srt_fault remark = { .status = SRT_OK }, fault = { .status = SRT_OK };
  int32_t status = srt_history_merge (j->path, j->rows, j->n, &remark, &fault);
  bool alone;

  pthread_mutex_lock (&j->lock);
  j->remark = remark;
  j->fault = fault;
  j->status = status; /* what a step has mended stays in the fault */
  j->done = true;
  alone = j->alone;
  pthread_cond_signal (&j->ended);
  pthread_mutex_unlock (&j->lock);
  if (alone)
    free_job (j);
  return NULL;
}

/* True: it has ended in time. */
static bool
wait_for (job *j)
{
  struct timespec until = srt_keeper_timespec (srt_keeper_now () + PATIENCE_SECONDS * UINT64_C (1000000000));
  bool done;

  pthread_mutex_lock (&j->lock);
  while (!j->done && pthread_cond_timedwait (&j->ended, &j->lock, &until) == 0)
    continue;
  done = j->done;
  j->alone = !done;
  pthread_mutex_unlock (&j->lock);
  return done;
}

/* The core's signals are the core's: the thread takes none. */
static int
start (job *j, pthread_t *ret_thread)
{
  sigset_t all, before;
  int error;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  error = pthread_create (ret_thread, NULL, work, j);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  return error;
}

int32_t
srt_history_store (const char *path, const srt_history *rows, uint32_t n, srt_fault *remark, srt_fault *fault)
{
  job *j = new_job (path, rows, n);
  pthread_t thread;
  int32_t status;
  int error;

  if (j == NULL)
    return srt_fault_set (fault, SRT_E_NO_MEMORY, "out of memory");
  error = start (j, &thread);
  if (error != 0) {
    free_job (j);
    return srt_fault_set (fault, SRT_E_FAILED, "cannot start the thread that writes %s: %s", path, strerror (error));
  }
  if (!wait_for (j)) {
    pthread_detach (thread);
    return srt_fault_set (fault, SRT_E_LOST, "the disk does not take %s in %d s", path, PATIENCE_SECONDS);
  }
  pthread_join (thread, NULL);
  *remark = j->remark;
  if (j->status != SRT_OK)
    *fault = j->fault;
  status = j->status;
  free_job (j);
  return status;
}
