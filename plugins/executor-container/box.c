/* SPDX-License-Identifier: MIT */
#include "box.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NS_A_MS      1000000ull
#define COME_NS      (1000 * NS_A_MS) /* between two looks at a container whose agent has not come */
#define LOOK_NS      (100 * NS_A_MS)  /* … whose agent has gone, until the engine knows its end */
#define LOOKS        50
#define SETTLE_NS    (10000 * NS_A_MS)
#define RENEW_NS     (10000 * NS_A_MS) /* for an agent to make its container clean */
#define AGAIN_NS     (200 * NS_A_MS)   /* between two tries of what the engine did not take */
#define REMOVE_TRIES 20

/* An action does what is to be done and returns the next state. */
typedef BoxState (*Action) (Box *box);

static void
be_patient (Box *box, uint64_t ns)
{
  box->owner->host->set_timer (box->patience, ns);
}

/* --- what is told --------------------------------------------------------------------------------------------- */

void
box_report (Box *box, const srt_exit *end)
{
  uint64_t job = box->job;

  box->job = 0;
  if (job != 0)
    box->owner->events->exited (box->owner->host, job, end);
}

static void
report_lost (Box *box, uint32_t oom)
{
  srt_exit end = { .size = sizeof end, .kind = SRT_EXIT_LOST, .message = box->why, .usage.size = sizeof end.usage };

  box->spent = true;
  if (oom) {
    end.kind = SRT_EXIT_SIGNALLED;
    end.code = SIGKILL;
    end.oom = 1;
  }
  box_report (box, &end);
}

/* --- actions -------------------------------------------------------------------------------------------------- */

static BoxState
stay (Box *box)
{
  return box->state;
}

static BoxState
remove_it (Box *box)
{
  agent_link_close (&box->link);
  box_close_door (box);
  box->tries = 0;
  be_patient (box, SRT_NEVER);
  box_ask_remove (box);
  return BOX_REMOVING;
}

static BoxState
fail (Box *box)
{
  report_lost (box, 0);
  return remove_it (box);
}

static BoxState
start (Box *box)
{
  if (box->job == 0)
    return remove_it (box);
  box_ask_start (box);
  return BOX_STARTING;
}

/* An engine that is started again listens soon. */
static BoxState
wait_for_engine (Box *box)
{
  if (box->job == 0)
    return remove_it (box);
  if (++box->tries >= box->owner->engine.timeout_ns / AGAIN_NS)
    return fail (box);
  be_patient (box, AGAIN_NS);
  return box->state;
}

static BoxState
create_again (Box *box)
{
  box_ask_create (box);
  return BOX_CREATING;
}

static BoxState
await (Box *box)
{
  box->tries = 0;
  if (box->job == 0)
    return remove_it (box);
  if (!box_watch_door (box))
    return fail (box);
  be_patient (box, COME_NS);
  return BOX_WAITING;
}

int32_t
box_begin (Box *box)
{
  int32_t status = agent_link_start (&box->link, box->job, &box->start);

  box->begun = status == SRT_OK;
  return status;
}

/* Before it is thawed it does not even begin. */
static BoxState
hand_over (Box *box)
{
  be_patient (box, SRT_NEVER);
  box->tries = 0;
  if (!box->frozen && !box->stop_why && box_begin (box) != SRT_OK) {
    snprintf (box->why, sizeof box->why, "out of memory");
    return fail (box);
  }
  return BOX_RUNNING;
}

/* Its agent makes it clean for the next test, where there may be one. */
static BoxState
renew (Box *box)
{
  be_patient (box, RENEW_NS);
  return box->spent || agent_link_settle (&box->link, box->last, NULL) != SRT_OK ? remove_it (box) : BOX_RENEWING;
}

static BoxState
end (Box *box)
{
  be_patient (box, SRT_NEVER);
  if (box->keep_dir)
    be_patient (box, SETTLE_NS);
  return box->unsettled || box->keep_dir ? BOX_ENDED : renew (box);
}

/* It takes no test any more; the one that waited for it gets another. */
static BoxState
replace (Box *box)
{
  if (box->job != 0 && !box_move_job (box))
    return fail (box);
  return remove_it (box);
}

/* The next test may be waiting already. */
static BoxState
renewed (Box *box)
{
  be_patient (box, SRT_NEVER);
  if (box->spent)
    return replace (box);
  return box->job != 0 ? hand_over (box) : BOX_IDLE;
}

/* What is kept of it is worth the moment, at the end of the run too. */
static BoxState
drop_ended (Box *box)
{
  return box->keep_dir ? BOX_ENDED : remove_it (box);
}

static BoxState
look (Box *box)
{
  box_ask_state (box);
  return BOX_LOST;
}

/* One that makes no sense is not asked why. One that is just gone may have been killed. */
static BoxState
cut (Box *box)
{
  const char *words = box->link.last_words;

  snprintf (box->why, sizeof box->why, "the agent in its container is gone%s%s", words[0] ? ": " : "", words);
  box_close_door (box);
  box->tries = 0;
  return box->link.deaf ? fail (box) : look (box);
}

static BoxState
disobeyed (Box *box)
{
  snprintf (box->why, sizeof box->why, "the agent in its container did not obey");
  return fail (box);
}

/* The container has ended, and nobody has told of the test. */
static BoxState
explain (Box *box)
{
  size_t n = strlen (box->why);

  if (box->known.oom)
    snprintf (box->why, sizeof box->why, "the kernel has killed all of its container for memory");
  else
    snprintf (box->why + n, sizeof box->why - n, "; its container ended with status %d", box->known.exit_code);
  report_lost (box, box->known.oom);
  return remove_it (box);
}

static BoxState
judge (Box *box)
{
  bool waits_for_agent = box->listener >= 0;
  uint64_t pause = waits_for_agent ? COME_NS : LOOK_NS;
  uint64_t looks = waits_for_agent ? box->owner->engine.timeout_ns / COME_NS : LOOKS;

  if (box->job == 0)
    return remove_it (box);
  if (waits_for_agent)
    snprintf (box->why, sizeof box->why, "its agent did not come out of its container");
  if (box->is_known && !box->known.running)
    return explain (box);
  if (++box->tries >= looks)
    return fail (box);
  be_patient (box, pause);
  return BOX_LOST;
}

static BoxState
vanish (Box *box)
{
  const srt_executor_events *events = box->owner->events;

  be_patient (box, SRT_NEVER);
  if (box->stopped && SRT_HAS (srt_executor_events, events, stopped) && events->stopped)
    events->stopped (box->owner->host, 1);
  box_remove_door (box);
  return BOX_GONE;
}

void
boxes_remain (const Boxes *boxes, const char *words)
{
  const srt_executor_events *events = boxes->events;

  if (SRT_HAS (srt_executor_events, events, remains) && events->remains)
    events->remains (boxes->host, words);
  else
    boxes->host->logf (boxes->host, SRT_LOG_WARNING, "%s", words);
}

static BoxState
try_again (Box *box)
{
  char words[700];

  if (++box->tries < REMOVE_TRIES) {
    be_patient (box, AGAIN_NS);
    return BOX_REMOVING;
  }
  snprintf (words, sizeof words, "the container %s cannot be removed: %s", box->name, box->why);
  boxes_remain (box->owner, words);
  box->stopped = false;
  return vanish (box);
}

static BoxState
ask_remove (Box *box)
{
  box_ask_remove (box);
  return BOX_REMOVING;
}

/* clang-format off */
/* Rows: states. Columns: events. */
static const Action table[BOX_N_STATES][BOX_N_EVENTS] = {
/*                 MADE    REFUSED    AWAY             KNOWN  LINKED     EXITED SETTLED    CUT        OVERDUE       DROP */
[BOX_CREATING] = { start,  fail,      wait_for_engine, stay,  stay,      stay,  stay,      stay,      create_again, stay },
[BOX_STARTING] = { await,  fail,      wait_for_engine, stay,  stay,      stay,  stay,      stay,      start,        stay },
[BOX_WAITING]  = { stay,   stay,      stay,            stay,  hand_over, stay,  stay,      stay,      look,         remove_it },
[BOX_RUNNING]  = { stay,   stay,      stay,            stay,  stay,      end,   stay,      cut,       disobeyed,    remove_it },
[BOX_ENDED]    = { stay,   stay,      stay,            stay,  stay,      stay,  renew,     remove_it, remove_it,    drop_ended },
[BOX_RENEWING] = { stay,   stay,      stay,            stay,  stay,      stay,  renewed,   replace,   replace,      remove_it },
[BOX_IDLE]     = { stay,   stay,      stay,            stay,  stay,      stay,  stay,      remove_it, stay,         remove_it },
[BOX_LOST]     = { stay,   stay,      stay,            judge, hand_over, stay,  stay,      stay,      look,         remove_it },
[BOX_REMOVING] = { vanish, try_again, try_again,       stay,  stay,      stay,  stay,      stay,      ask_remove,   stay },
[BOX_GONE]     = { stay,   stay,      stay,            stay,  stay,      stay,  stay,      stay,      stay,         stay },
};
/* clang-format on */

void
box_handle (Box *box, BoxEvent event)
{
  box->state = table[box->state][event](box);
}
