/* SPDX-License-Identifier: MIT
 * Containment: what holds the processes of one test together, so that they can be signalled, stopped, and killed, and
 * what proves that none is left. The agent holds one test at a time, so whatever is below it is of that test.
 *
 * contain-linux.c: the agent is a subreaper: orphans become our children, so that ECHILD from waitpid is the proof. A
 * kill stops the tree again and again until two rounds in a row find nobody new, for a stopped process cannot fork,
 * and only then kills. Where the slot has a cgroup (v2) one write kills or freezes all that was born in it, and where
 * the agent is init of a PID namespace one kill(-1) does; what slipped away from those still cannot from the subreaper.
 * contain-posix.c is the portable twin: the process group of the test and nothing else. */
#pragma once
#include "agent/arguments.h"
#include "agent/bounds.h"
#include "agent/protocol.h"
#include <sys/types.h>

typedef struct SrtContain SrtContain;

/* Bytes that one takes, and how to make one in that many zeroed bytes; the agent has them from its start. */
size_t srt_contain_size (void);
/* 0, or an errno value: the cgroup cannot be used. */
int srt_contain_open (SrtContain *contain, const SrtArguments *arguments);

const char *srt_contain_tier (const SrtContain *contain); /* in a few words; "subreaper" */

/* *RET_FD: the cgroup (v2) in which the next test is to be born, -1: there is none. 0, or an errno value: there should
 * be one, and it cannot be made. */
int srt_contain_group (SrtContain *contain, int *ret_fd);

/* A test begins; LEADER is its main process, session and group. */
void srt_contain_enter (SrtContain *contain, pid_t leader);

/* One signal to every process that there is now. */
void srt_contain_signal (SrtContain *contain, int signal_number);
/* Nobody runs when it returns, or everybody may again. */
void srt_contain_freeze (SrtContain *contain, bool frozen);
/* Kill every process. The proof is not here: see srt_contain_is_empty; until it is there, kill again. Returns 0, or
 * the errno value with which some process could not be killed (EPERM: it runs as another user). */
int srt_contain_kill (SrtContain *contain);

/* The main process has ended, and who else has ended is reaped. Is nothing of the test left? WITHOUT_CHILDREN: waitpid
 * said ECHILD, which is the proof, or half of it after a kill. Otherwise only kept processes can be our children. */
bool srt_contain_is_empty (SrtContain *contain, bool without_children);

/* Those that may outlive the test: who runs now and has one of N NAMES (one behind the other, each with its NUL), and
 * all below them. They are left alone from now on, and go where the limits of the next test do not reach them. Returns
 * how many these are. */
uint32_t srt_contain_keep (SrtContain *contain, const char *names, uint32_t n, SrtBounds *bounds);
/* How many are kept now. */
uint32_t srt_contain_n_kept (const SrtContain *contain);
/* PID was reaped: was it one of the kept? */
bool srt_contain_was_kept (SrtContain *contain, pid_t pid);
/* The run is over: nobody is kept any more. */
void srt_contain_keep_nobody (SrtContain *contain);

/* Who still runs: how many, and the first of them in TEXT: name, number and where it was found ("sleep (pid 4711, own
 * session), …"). */
uint32_t srt_contain_name (SrtContain *contain, char *text, size_t size);

/* What the processes that run now use: processes, threads, open_files, memory_now; their CPU time is added to user_ns
 * and system_ns. False: cannot be measured here. */
bool srt_contain_measure (SrtContain *contain, srt_usage *usage);
