/* SPDX-License-Identifier: MIT
 *
 * keeper-private.h - what keeper.c (the core's side) and keeper-thread.c (the thread's) share.
 *
 * Everything in it is guarded by `lock`, but for what never changes. Two things are changed by the thread alone, under
 * the lock, so that it may use them without: the descriptor in `tail`, and the one in `place`. The last of the core,
 * the thread and the notices on their way frees it.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "keeper.h"
#include "tail.h"

/* On its way to the core: the answer to a sync, or that it is broken. */
typedef struct srt_keeper_notice srt_keeper_notice;
struct srt_keeper_notice {
  srt_keeper_notice *next;
  srt_keeper *keeper;
  uint64_t token;
  bool broken;
  srt_fault fault;
};

struct srt_keeper {
  pthread_mutex_t lock;
  pthread_cond_t wake; /* there is something for the thread to do */
  pthread_cond_t gone; /* `finished` */
  pthread_t thread;
  srt_keeper_pace pace;

  const srt_host *host; /* NULL: closed, nobody listens any more */
  uint32_t refs;
  srt_place *place;
  srt_tail tail;
  size_t begun;              /* length of the tail before the row that is being put */
  uint32_t waiting;          /* rows since the last sync began */
  uint64_t lost;             /* rows that are neither in the file nor in memory */
  uint64_t due_ns;           /* when the thread shall sync of its own accord */
  uint64_t rest_ns;          /* not before this, only for the sake of many rows */
  srt_keeper_notice *asked;  /* syncs to be answered, oldest first */
  srt_keeper_notice *broken; /* made beforehand; NULL once told */
  bool folder_due;           /* the file's name is not on stable storage yet */
  bool suspect;              /* a sync of this file has failed: never again, a new file is needed */
  bool closing;
  bool abandoned; /* the core has done with the file: it must not come back under its name */
  bool finished;  /* the thread will not touch anything any more */
};

/* The thread's function. */
void *srt_keeper_work (void *keeper);

/* With the lock held: */
void srt_keeper_post (srt_keeper *keeper, srt_keeper_notice *notice, const srt_fault *fault); /* takes NOTICE */
void srt_keeper_tell_broken (srt_keeper *keeper, const srt_fault *fault);
int32_t srt_keeper_write_fault (srt_keeper *keeper, int error, srt_fault *fault);
void srt_keeper_unref_unlock (srt_keeper *keeper);

/* CLOCK_MONOTONIC */
uint64_t srt_keeper_now (void);
struct timespec srt_keeper_timespec (uint64_t ns);
