/* SPDX-License-Identifier: MIT
 * Boxes come and go: which one takes a test. A slot has one at a time, besides those that are being removed. */
#include "box.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a test needs. */
typedef struct {
  AgentStart start;
  char *plan;
  uint32_t reuse;
} Need;

static void
need_clear (Need *need)
{
  free (need->start.bytes);
  free (need->plan);
  *need = (Need){ 0 };
}

static int32_t
need_fill (Need *need, Boxes *boxes, const srt_job *job)
{
  const srt_host *host = boxes->host;
  char *why = NULL;
  Wanted wanted = { 0 };
  int32_t status = agent_start_encode (&need->start, host, job);

  if (status == SRT_OK)
    status = options_fill (&wanted, host, &boxes->engine, job);
  if (status != SRT_OK)
    return status;
  wanted.spec.agent = boxes->agent;
  wanted.spec.link = SPEC_ANY_LINK;
  wanted.spec.keep = SPEC_ANY_LINK "-keep";
  need->reuse = wanted.reuse;
  need->plan = spec_to_json (&wanted.spec, &why);
  if (need->plan)
    return SRT_OK;
  host->set_errorf (host, "%s", why);
  free (why);
  return SRT_E_INVALID;
}

static void
box_free (Box *box)
{
  const srt_host *host = box->owner->host;
  Box **at = &box->owner->all;

  while (*at != box)
    at = &(*at)->next;
  *at = box->next;
  agent_link_close (&box->link);
  box_remove_door (box);
  host->remove (box->patience);
  host->remove (box->soon);
  free (box->start.bytes);
  free (box->plan);
  free (box->id);
  free (box->keep_dir);
  free (box);
}

void
box_free_if_gone (Box *box)
{
  Boxes *boxes = box->owner;

  if (box->state != BOX_GONE || box->calls > 0)
    return;
  box_free (box);
  if (boxes->all == NULL && boxes->empty)
    boxes->empty (boxes->data);
}

/* For what NEED asks, which is its own then. NULL: why is said to the core. */
static Box *
box_new (Boxes *boxes, uint32_t slot, Need *need)
{
  const srt_host *host = boxes->host;
  Box *box = calloc (1, sizeof *box);

  if (box == NULL) {
    host->set_errorf (host, "out of memory");
    return NULL;
  }
  box->owner = boxes;
  box->next = boxes->all;
  boxes->all = box;
  box->number = ++boxes->n_made;
  box->slot = slot;
  box->listener = -1;
  box->start = need->start;
  box->plan = need->plan;
  box->reuse = box->left = need->reuse;
  *need = (Need){ 0 };
  spec_name (host->run_id, box->number, box->name, sizeof box->name);
  snprintf (box->dir, sizeof box->dir, "%s/box-%llu", host->run_dir, (unsigned long long)box->number);
  snprintf (box->keep, sizeof box->keep, "%s-keep", box->dir);
  box->patience = host->add_timer (host, SRT_NEVER, box_on_overdue, box);
  box->soon = host->add_timer (host, SRT_NEVER, box_on_soon, box);
  agent_link_init (&box->link, host, &box_calls, box);
  if (box_open_door (box))
    return box;
  host->set_errorf (host, "%s", box->why);
  box_free (box);
  return NULL;
}

/* --- again ---------------------------------------------------------------------------------------------------- */

/* Has it ended its test, and may it take another? */
static bool
is_free (const Box *box)
{
  return box->job == 0 && !box->spent &&
         (box->state == BOX_RUNNING || box->state == BOX_ENDED || box->state == BOX_RENEWING || box->state == BOX_IDLE);
}

static bool
fits (const Box *box, const Need *need)
{
  return box->reuse == need->reuse && strcmp (box->plan, need->plan) == 0;
}

static void
give_up (Box *box)
{
  box->spent = true;
  if (box->state == BOX_IDLE)
    box_handle (box, BOX_DROP);
}

/* The one that fits, if any. That of SLOT, where it is another: it goes to that one's slot. */
static Box *
find_free (Boxes *boxes, uint32_t slot, const Need *need)
{
  Box *found = NULL, *own = NULL;

  for (Box *box = boxes->all; box; box = box->next) {
    if (!is_free (box))
      continue;
    if (box->slot == slot)
      own = box;
    if (fits (box, need) && (found == NULL || box->slot == slot))
      found = box;
  }
  if (own && found == NULL)
    give_up (own);
  else if (own)
    own->slot = found->slot;
  if (found)
    found->slot = slot;
  return found;
}

/* Where it is not clean yet it begins as soon as it is. */
static int32_t
box_take (Box *box, uint64_t job, Need *need)
{
  free (box->start.bytes);
  box->start = need->start;
  need->start = (AgentStart){ 0 };
  box->job = job;
  box->begun = box->frozen = box->tell_frozen = false;
  box->stop_why = 0;
  if (box->state != BOX_IDLE)
    return SRT_OK;
  box->state = BOX_RUNNING;
  if (box_begin (box) == SRT_OK)
    return SRT_OK;
  box->job = 0;
  box_handle (box, BOX_DROP);
  return SRT_E_NO_MEMORY;
}

bool
box_move_job (Box *box)
{
  Need need = { .start = box->start, .plan = strdup (box->plan), .reuse = box->reuse };
  Box *fresh;

  box->start = (AgentStart){ 0 };
  fresh = need.plan ? box_new (box->owner, box->slot, &need) : NULL;
  need_clear (&need);
  if (fresh == NULL) {
    snprintf (box->why, sizeof box->why, "no other container could be made for it");
    return false;
  }
  fresh->job = box->job;
  fresh->frozen = box->frozen;
  fresh->tell_frozen = box->tell_frozen;
  fresh->stop_why = box->stop_why;
  box->job = 0;
  if (fresh->stop_why || fresh->tell_frozen)
    box->owner->host->set_timer (fresh->soon, 0);
  box_ask_create (fresh);
  return true;
}

/* --- all ------------------------------------------------------------------------------------------------------ */

int32_t
box_start (Boxes *boxes, const srt_job *job)
{
  Need need = { 0 };
  int32_t status = need_fill (&need, boxes, job);
  Box *box = status == SRT_OK ? find_free (boxes, job->slot, &need) : NULL;

  if (box) {
    status = box_take (box, job->id, &need);
  } else if (status == SRT_OK) {
    box = box_new (boxes, job->slot, &need);
    status = box ? SRT_OK : SRT_E_FAILED;
    if (box) {
      box->job = job->id;
      box_ask_create (box);
    }
  }
  need_clear (&need);
  return status;
}

void
boxes_end (Boxes *boxes)
{
  for (Box *box = boxes->all, *next; box; box = next) {
    next = box->next;
    if (box->job == 0) {
      box_handle (box, BOX_DROP);
      continue;
    }
    box->stop_why = SRT_WHY_STOP;
    box->stopped = true;
    boxes->host->set_timer (box->soon, 0);
  }
}

void
boxes_free (Boxes *boxes)
{
  boxes->empty = NULL;
  http_drop_calls (boxes->engine.http); /* they speak of what is freed now */
  while (boxes->all)
    box_free (boxes->all);
}
