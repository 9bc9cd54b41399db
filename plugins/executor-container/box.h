/* SPDX-License-Identifier: MIT
 * A box: one container with one agent as its init, for one test, or for as many as its settings say, one after the
 * other. From "create" to its removal it goes through the states of the table in box.c; a test's end is told as soon as
 * the agent tells it, and the removal, or the cleaning, goes on behind. */
#pragma once
#include "../shared/agent-link.h"
#include "hint.h"
#include "options.h"

typedef enum {
  BOX_CREATING, /* the engine makes it */
  BOX_STARTING, /* … starts it */
  BOX_WAITING,  /* for its agent */
  BOX_RUNNING,  /* the agent has the test */
  BOX_ENDED,    /* it has reported; its TMPDIR is not settled yet */
  BOX_RENEWING, /* its agent makes it clean for the next test */
  BOX_IDLE,     /* clean */
  BOX_LOST,     /* the agent is gone without a report: why? */
  BOX_REMOVING,
  BOX_GONE, /* to be freed */
  BOX_N_STATES
} BoxState;

typedef enum {
  BOX_MADE,    /* the engine has done what it was asked for */
  BOX_REFUSED, /* or has not; why is said */
  BOX_AWAY,    /* or it does not listen, as one that is just started again */
  BOX_KNOWN,   /* what it says of the container's state has come, or why it does not */
  BOX_LINKED,  /* the agent has come */
  BOX_EXITED,  /* the test has ended, and that is told */
  BOX_SETTLED, /* its TMPDIR is; in RENEWING: it is clean, or spent */
  BOX_CUT,     /* the agent is gone, or makes no sense */
  BOX_OVERDUE, /* the state's patience has ended */
  BOX_DROP,    /* nobody waits for it any more: what was to be told is told */
  BOX_N_EVENTS
} BoxEvent;

typedef struct Boxes Boxes;

typedef struct Box Box;
struct Box {
  Boxes *owner;
  Box *next;
  BoxState state;
  uint64_t number;          /* of the run's containers */
  uint64_t job;             /* whose end is not told yet; 0: it is */
  uint64_t unsettled, last; /* the job whose TMPDIR the core has not settled yet (0: none); the last that has ended */
  uint32_t reuse, left;     /* tests that it takes; that it may still take */
  bool spent;               /* it takes no other */
  uint32_t slot, tries;
  uint32_t calls; /* that the engine has not answered yet */
  ReplyState known;
  bool is_known;
  uint32_t stop_why; /* the test is to end before it has begun; 0: it is not */
  bool begun;        /* the agent has the test */
  bool frozen;       /* before it has begun */
  bool tell_frozen;  /* it was asked for, and not answered */
  bool stopped;      /* for the run's sake */
  Hint hint;         /* of the test that it has */
  char *id;          /* as the engine names it; NULL: not known */
  char *plan;        /* of "create", for any place */
  char name[80], dir[PATH_MAX - 32];
  char keep[PATH_MAX - 16], *keep_dir; /* where its TMPDIR is copied to, and goes then; NULL: nowhere */
  char why[512];                       /* what went wrong */
  AgentStart start;
  int listener;
  srt_source *door, *patience, *soon;
  AgentLink link;
};

/* What all boxes of an instance share. */
struct Boxes {
  const srt_host *host;
  const srt_executor_events *events;
  Engine engine;
  const char *agent; /* path, here */
  uint64_t usage_period_ns;
  uint64_t n_made;
  Box *all;
  void (*empty) (void *data); /* the last one has gone */
  void *data;
};

/* SRT_OK: the end of JOB will be told. */
int32_t box_start (Boxes *boxes, const srt_job *job);
int32_t box_stop (Box *box, uint64_t grace_ns, uint32_t why);
int32_t box_freeze (Box *box, uint32_t frozen);
int32_t box_settle (Box *box, const char *keep_dir);

/* Everything ends now, and goes. */
void boxes_end (Boxes *boxes);
/* Some containers cannot be removed now; WORDS says why. */
void boxes_remain (const Boxes *boxes, const char *words);
/* Nobody waits any more: only what is here is freed. */
void boxes_free (Boxes *boxes);
/* A box is gone, and no call speaks of it: free it. */
void box_free_if_gone (Box *box);

/* box.c: the one door to every change of state. */
void box_handle (Box *box, BoxEvent event);

/* boxes.c: a new one for the test that waits for this one. False: why is said. */
bool box_move_job (Box *box);

/* box-life.c: what its timers and its agent tell. */
void box_on_soon (void *box);
void box_on_overdue (void *box);
extern const AgentLinkCalls box_calls;

/* What was to be told of its test: it ended as END says. */
void box_report (Box *box, const srt_exit *end);
/* The agent, which is there, gets the test. */
int32_t box_begin (Box *box);

/* box-calls.c: what is asked of the engine; the answer is MADE or REFUSED, of the state KNOWN. */
void box_ask_create (Box *box);
void box_ask_start (Box *box);
void box_ask_state (Box *box);
void box_ask_remove (Box *box);

/* box-door.c: where its agent comes in. */
bool box_open_door (Box *box);   /* makes the folders and the socket; false: why is said */
bool box_watch_door (Box *box);  /* LINKED comes when it has come in */
void box_close_door (Box *box);  /* nobody else comes in */
void box_remove_door (Box *box); /* and the folders go */

#define BOX_KEPT "tmp"         /* the TMPDIR's name in the folder `keep` */
bool box_open_keep (Box *box); /* from now on it can be written to from inside; false: it cannot, which is said */
void box_take_kept (Box *box); /* what has been copied there goes to keep_dir */
