/* SPDX-License-Identifier: MIT
 * A box from its first order to its last, and what its agent says: everything that leads to an event of the table. */
#include "box.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBEY_NS 5000000000ull /* how much longer than its grace a stop may take */

/* --- orders --------------------------------------------------------------------------------------------------- */

static void
report_killed (Box *box, uint32_t why)
{
  srt_exit end = {
    .size = sizeof end, .kind = SRT_EXIT_KILLED, .why = why, .code = SIGKILL, .usage.size = sizeof end.usage
  };

  box_report (box, &end);
}

/* What the core is told of a test that has not begun; never from within its order. */
static void
on_soon (void *data)
{
  Box *box = data;
  uint32_t why = box->stop_why;

  if (box->tell_frozen && box->job != 0)
    box->owner->events->frozen (box->owner->host, box->job, box->frozen);
  box->tell_frozen = false;
  if (why == 0)
    return;
  report_killed (box, why);
  box_handle (box, BOX_DROP);
}

int32_t
box_stop (Box *box, uint64_t grace_ns, uint32_t why)
{
  box->stopped |= why == SRT_WHY_STOP;
  if (box->begun) {
    box->owner->host->set_timer (box->patience, grace_ns < SRT_NEVER - OBEY_NS ? grace_ns + OBEY_NS : SRT_NEVER);
    return agent_link_stop (&box->link, grace_ns, why);
  }
  box->stop_why = why;
  box->owner->host->set_timer (box->soon, 0);
  return SRT_OK;
}

int32_t
box_freeze (Box *box, uint32_t frozen)
{
  if (box->begun)
    return agent_link_freeze (&box->link, frozen);
  box->frozen = frozen;
  box->tell_frozen = true;
  box->owner->host->set_timer (box->soon, 0);
  return box->state == BOX_RUNNING && !frozen && !box->stop_why ? box_begin (box) : SRT_OK;
}

/* It may be called while the end is told: then that one's event comes behind. */
int32_t
box_settle (Box *box, const char *keep_dir)
{
  uint64_t job = box->unsettled;

  box->unsettled = 0;
  if (keep_dir && box_open_keep (box)) {
    box->keep_dir = strdup (keep_dir);
    return agent_link_settle (&box->link, job, SPEC_KEEP "/" BOX_KEPT);
  }
  if (box->state == BOX_ENDED)
    box_handle (box, BOX_SETTLED);
  return SRT_OK;
}

/* --- what the agent says -------------------------------------------------------------------------------------- */

static void
on_exited (void *data, uint64_t job, const srt_exit *end)
{
  Box *box = data;
  srt_exit told = *end;

  box->unsettled = end->tmp_touched ? job : 0;
  if (told.kind == SRT_EXIT_EXITED && (told.message == NULL || told.message[0] == '\0'))
    told.message = hint_words (&box->hint);
  box->hint = (Hint){ 0 };
  box_report (box, &told);
  box_handle (box, BOX_EXITED);
}

static void
on_output (void *data, const void *bytes, size_t length)
{
  Box *box = data;

  hint_look (&box->hint, bytes, length);
}

static void
on_settled (void *data)
{
  Box *box = data;

  box_take_kept (box);
  box_handle (box, BOX_SETTLED);
}

static void
on_cut (void *data)
{
  box_handle (data, BOX_CUT);
}

static const AgentLinkCalls calls = {
  .exited = on_exited,
  .output = on_output,
  .settled = on_settled,
  .leaving = on_cut,
  .condemned = on_cut,
  .ended = on_cut,
};

/* --- life ----------------------------------------------------------------------------------------------------- */

static void
on_overdue (void *data)
{
  box_handle (data, BOX_OVERDUE);
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
  free (box->body);
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

static Box *
box_new (Boxes *boxes, const srt_job *job)
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
  box->slot = job->slot;
  box->listener = -1;
  spec_name (host->run_id, box->number, box->name, sizeof box->name);
  snprintf (box->dir, sizeof box->dir, "%s/box-%llu", host->run_dir, (unsigned long long)box->number);
  snprintf (box->keep, sizeof box->keep, "%s-keep", box->dir);
  box->patience = host->add_timer (host, SRT_NEVER, on_overdue, box);
  box->soon = host->add_timer (host, SRT_NEVER, on_soon, box);
  agent_link_init (&box->link, host, &calls, box);
  return box;
}

/* The request that makes it, in its body. */
static int32_t
describe (Box *box, const srt_job *job)
{
  const srt_host *host = box->owner->host;
  Wanted wanted;
  char *why = NULL;
  int32_t status = options_fill (&wanted, host, &box->owner->engine, job);

  if (status != SRT_OK)
    return status;
  wanted.spec.agent = box->owner->agent;
  wanted.spec.link = box->dir;
  wanted.spec.keep = box->keep;
  box->body = spec_to_json (&wanted.spec, &why);
  if (box->body)
    return SRT_OK;
  host->set_errorf (host, "%s", why);
  free (why);
  return SRT_E_INVALID;
}

int32_t
box_start (Boxes *boxes, const srt_job *job)
{
  Box *box = box_new (boxes, job);
  int32_t status = box ? agent_start_encode (&box->start, boxes->host, job) : SRT_E_NO_MEMORY;

  if (status == SRT_OK)
    status = describe (box, job);
  if (status == SRT_OK && !box_open_door (box)) {
    boxes->host->set_errorf (boxes->host, "%s", box->why);
    status = SRT_E_FAILED;
  }
  if (status != SRT_OK) {
    if (box)
      box_free (box);
    return status;
  }
  box->job = job->id;
  box_ask_create (box);
  return SRT_OK;
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
  while (boxes->all)
    box_free (boxes->all);
}
