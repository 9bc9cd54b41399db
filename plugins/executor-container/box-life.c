/* SPDX-License-Identifier: MIT
 * What the core and its agent say to a box: everything but the engine's answers that leads to an event of the table. */
#include "box.h"
#include <signal.h>
#include <string.h>

#define OBEY_NS 5000000000ull /* how much longer than its grace a stop may take */

/* --- orders --------------------------------------------------------------------------------------------------- */

static void
report_killed (Box *box, uint32_t why)
{
  srt_exit end = {
    .size = sizeof end, .kind = SRT_EXIT_KILLED, .why = why, .code = SIGKILL, .usage.size = sizeof end.usage
  };

  box->spent = true;
  box_report (box, &end);
}

/* What the core is told of a test that has not begun; never from within its order. */
void
box_on_soon (void *data)
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
    box->spent = true; /* it stays open */
    box->keep_dir = strdup (keep_dir);
    return agent_link_settle (&box->link, job, SPEC_KEEP "/" BOX_KEPT);
  }
  if (box->state == BOX_ENDED)
    box_handle (box, BOX_SETTLED);
  return SRT_OK;
}

/* --- what the agent says -------------------------------------------------------------------------------------- */

/* May another test follow? What one was killed for, or has left, may be there still. */
static bool
is_harmless (const srt_exit *end)
{
  return end->kind != SRT_EXIT_KILLED && end->kind != SRT_EXIT_LOST && !end->limit && !end->oom && !end->leaked &&
         !end->kept;
}

/* The next start may come from within the report. */
static void
on_exited (void *data, uint64_t job, const srt_exit *end)
{
  Box *box = data;
  srt_exit told = *end;

  box->last = job;
  box->spent = box->spent || --box->left == 0 || !is_harmless (end);
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
on_settled (void *data, uint32_t error)
{
  Box *box = data;
  const srt_host *host = box->owner->host;

  if (box->keep_dir && error != 0)
    host->logf (host, SRT_LOG_WARNING, "the TMPDIR of a test could not be kept: %s", strerror ((int)error));
  else if (error != 0)
    host->logf (host, SRT_LOG_DEBUG, "%s takes no other test: %s", box->name, strerror ((int)error));
  else
    box_take_kept (box);
  box->spent = box->spent || error != 0;
  box_handle (box, BOX_SETTLED);
}

static void
on_cut (void *data)
{
  box_handle (data, BOX_CUT);
}

const AgentLinkCalls box_calls = {
  .exited = on_exited,
  .output = on_output,
  .settled = on_settled,
  .leaving = on_cut,
  .condemned = on_cut,
  .ended = on_cut,
};

void
box_on_overdue (void *data)
{
  box_handle (data, BOX_OVERDUE);
}
