/* SPDX-License-Identifier: MIT
 * Programs that tests must not be: one executable, one deed for each name that it is called by (hostile NAME, or a link
 * to it called NAME). What each should get from srt stands in expected.txt.
 *
 * They are bounded, whoever runs them: what multiplies has a hard cap on its number, and nothing stays longer than
 * HOSTILE_LIFE_S even if nobody kills it. They touch only processes that they made, and their agent where their name
 * says so. */
#pragma once
#include <stddef.h>
#include <sys/types.h>

#define HOSTILE_LIFE_S 60

typedef struct {
  const char *name;  /* NULL: the end of a table */
  int (*run) (void); /* its exit status */
} HostileDeed;

extern const HostileDeed hostile_leave[];      /* processes left behind by a test that passes */
extern const HostileDeed hostile_daemons[];    /* the same, by those who know how to hide */
extern const HostileDeed hostile_namespaces[]; /* in namespaces of their own; traced; under another user */
extern const HostileDeed hostile_many[];       /* many at once */
extern const HostileDeed hostile_hang[];       /* do not end */
extern const HostileDeed hostile_ends[];       /* ways to end */
extern const HostileDeed hostile_attacks[];    /* signals to those around it */
extern const HostileDeed hostile_output[];     /* what is written */
extern const HostileDeed hostile_litter[];     /* what is left in TMPDIR */
extern const HostileDeed hostile_resources[];  /* what is used up */

/* Until killed, or until its life is over. */
_Noreturn void hostile_stay (void);
/* Every signal that can be. */
void hostile_ignore_all (void);
/* A child that stays; in the parent its pid. */
pid_t hostile_fork_staying (void);
/* Wait until a child has passed, so that what it does before has happened for sure. */
typedef struct {
  int fds[2];
} HostileGate;
void hostile_gate_open (HostileGate *gate);
void hostile_gate_pass (const HostileGate *gate); /* in the child */
void hostile_gate_wait (const HostileGate *gate); /* in the parent */
/* Seconds on a clock that nobody sets. */
double hostile_now (void);
/* Something that cannot be done here: exit status 99, so that no test passes without its deed. */
_Noreturn void hostile_give_up (const char *what);
/* $TMPDIR, where it changes to. */
const char *hostile_enter_tmpdir (void);
