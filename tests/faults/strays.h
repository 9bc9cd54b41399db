/* SPDX-License-Identifier: MIT
 * Processes below this program, which is a subreaper: what escapes from srt becomes its child, and that there is not
 * one, dead or alive, is the kernel's proof that nothing is left. */
#pragma once
#include <glib.h>
#include <sys/types.h>

void faults_become_subreaper (void);

/* SIGKILL to one agent below SRT at random, or to each. RET: how many. */
guint faults_kill_agents (pid_t srt, gboolean all);

/* Reap until there is no child at all, for at most SECONDS. RET: how long it took, or -1: some are left. */
double faults_wait_for_nobody (double seconds);
/* How many live below us now. */
guint faults_count_strays (void);
/* Names, a line each, of those that live below us and have MARK in their environment; NULL when none has. */
char *faults_name_marked_strays (const char *mark);
/* Kill and reap all that is left; it may fork meanwhile. RET: how many were killed. */
guint faults_kill_strays (void);

/* Where a cgroup of the run RUN_ID still is, or NULL; caller frees. */
char *faults_find_cgroup (const char *run_id);
