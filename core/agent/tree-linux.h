/* SPDX-License-Identifier: MIT
 * The living descendants of this process, by /proc, without allocation. It finds and names; it proves nothing: that a
 * walk finds nobody is no proof that nobody is there. */
#pragma once
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SRT_TREE_MAX     65536u
#define SRT_TREE_PID_MAX 4194304 /* PID_MAX_LIMIT of the kernel */
#define SRT_COMM_MAX     64
#define SRT_SPARED_MAX   64u

typedef struct {
  pid_t pid;
  pid_t parent, group, session;
  char state;   /* as in /proc/PID/stat: R S D T t Z X I */
  bool exiting; /* on its way out: it runs no code of its own any more */
  uint32_t threads;
  uint64_t user_ticks; /* with those of its reaped children */
  uint64_t system_ticks;
  uint64_t memory_pages;   /* resident */
  char comm[SRT_COMM_MAX]; /* printable ASCII */
} SrtProc;

/* One line of /proc/PID/stat. Pure. */
bool srt_proc_parse (const char *text, size_t n, SrtProc *ret);
bool srt_proc_read (pid_t pid, SrtProc *ret);
/* Zombies and what is exiting are no longer running, unless other threads still do. */
bool srt_proc_runs (const SrtProc *proc);

typedef struct {
  pid_t self;
  bool no_children_files; /* kernel without CONFIG_PROC_CHILDREN: every process is looked at instead */
  uint32_t n;
  struct {
    pid_t pid;
    pid_t parent;
  } found[SRT_TREE_MAX];
  uint32_t n_spared;
  pid_t spared[SRT_SPARED_MAX]; /* these, and what is below them, are left out of every walk */
  uint32_t seen_low, seen_high; /* bytes of `seen` that may not be zero: [low, high) */
  uint8_t seen[SRT_TREE_PID_MAX / CHAR_BIT];
} SrtTree;

/* TREE zeroed. */
void srt_tree_open (SrtTree *tree);

/* Call VISIT for each descendant, parents before children. What a process has as children is read after its VISIT, so
 * that a visitor that stops it sees them all. Returns how many were visited. VISIT may be NULL. */
typedef void (*SrtTreeVisit) (void *data, SrtTree *tree, const SrtProc *proc);
uint32_t srt_tree_walk (SrtTree *tree, SrtTreeVisit visit, void *data);

/* Send SIGNAL to PROC, a descendant found by a walk, and to nobody else, even when it has died meanwhile and its number
 * was given away. 0, or an errno value. */
int srt_tree_signal (const SrtTree *tree, const SrtProc *proc, int signal_number);

/* Send SIGNAL to all that run, children before their parents, so that nobody gets out of sight because its parent dies
 * of it. 0, or the last errno value but ESRCH. */
int srt_tree_signal_all (SrtTree *tree, int signal_number);

/* Leave PID out from now on, until it is reaped and so taken back. False: there is no room. */
bool srt_tree_spare (SrtTree *tree, pid_t pid);
bool srt_tree_is_spared (const SrtTree *tree, pid_t pid);
void srt_tree_take_back (SrtTree *tree, pid_t pid);

/* A set of process numbers that belongs to the caller: true when PID was not in it. */
bool srt_tree_mark (SrtTree *tree, pid_t pid);
void srt_tree_unmark_all (SrtTree *tree);
