/* SPDX-License-Identifier: MIT
 * What the loop needs of the system and what differs between systems. loop-linux.c has it by signalfd, prctl and pidfd,
 * loop-posix.c by a self-pipe and plain kill. Only the loop includes this. */
#pragma once
#include <glib.h>
#include <sys/types.h>

/* Signals as bytes on a descriptor. One in a process at a time. */
typedef struct SrtSignals SrtSignals;

/* Catch the N signals of NUMBERS. */
SrtSignals *srt_signals_new (const int *numbers, guint n, GError **error);
/* Give back the state before; what is pending then acts as it does without srt. */
void srt_signals_free (SrtSignals *signals);
/* The same, but SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGTSTP, where they are caught, have no effect any more. */
void srt_signals_free_deaf (SrtSignals *signals);
/* Readable when one has come. */
int srt_signals_fd (const SrtSignals *signals);
/* Those that have come into RET_NUMBERS, which has room for MAX: at least as many as are caught. Returns how many.
 * Never waits. */
guint srt_signals_read (SrtSignals *signals, int *ret_numbers, guint max);

/* Orphans below us become our children. FALSE: not on this system. */
gboolean srt_os_become_subreaper (void);
/* Our children that have not been reaped, of all threads, at most MAX of them into RET_PIDS; returns how many. 0 also
 * where orphans do not become our children. */
guint srt_os_children (pid_t *ret_pids, guint max);

/* A descriptor that stands for our child PID, which must not have been reaped; -1: not on this system. */
int srt_os_pidfd_open (pid_t pid);
/* Send a signal to our child that is not reaped yet, by PIDFD where it is not -1. 0, or an errno value. */
int srt_os_kill (int pidfd, pid_t pid, int signal_number);
