/* SPDX-License-Identifier: MIT
 * The state table: what the agent does when. Everything that kills a test goes through it. */
#include "agent/agent.h"
#include "agent/clock.h"
#include "agent/places.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NS_A_MS 1000000ull
/* A shell ends before the last of `a | b &` or `> >(tee log)` has: what goes by itself within this is no leak. */
#define LINGER_NS (50 * NS_A_MS)
/* Kill again after so long without the proof, each time twice as long, up to the second. */
#define KILL_AGAIN_NS     (10 * NS_A_MS)
#define KILL_AGAIN_MAX_NS (200 * NS_A_MS)
/* A process that may not be killed (another user's, by setuid) holds the slot so long; then the agent gives it up. */
#define KILL_GIVE_UP_NS (10000 * NS_A_MS)

/* An action does what is to be done and returns the next state. */
typedef SrtState (*Action) (SrtAgent *agent);

static uint64_t
after (uint64_t ns)
{
  uint64_t now = srt_clock_now ();

  return ns < SRT_NO_DEADLINE - now ? now + ns : SRT_NO_DEADLINE;
}

/* The wall time that is left, counted from the start and without what was frozen. */
static SrtState
run (SrtAgent *agent)
{
  const SrtJobState *job = &agent->job;

  agent->deadline_ns = SRT_NO_DEADLINE;
  if (job->timeout_ns > 0 && job->timeout_ns < SRT_NO_DEADLINE - job->started_ns - job->end.usage.frozen_ns)
    agent->deadline_ns = job->started_ns + job->timeout_ns + job->end.usage.frozen_ns;
  return SRT_STATE_RUNNING;
}

static SrtState
start (SrtAgent *agent)
{
  return srt_job_spawn (agent) ? run (agent) : SRT_STATE_IDLE;
}

static SrtState
start_twice (SrtAgent *agent)
{
  srt_agent_refuse (agent, "START while a test runs");
  return agent->state;
}

static void
answer_frozen (SrtAgent *agent, bool frozen)
{
  SrtPut put = srt_link_begin (&agent->link);

  srt_put_u32 (&put, frozen);
  srt_link_end (&agent->link, &put, SRT_FRAME_FROZEN, agent->job.id);
}

static SrtState
freeze (SrtAgent *agent)
{
  srt_contain_freeze (agent->contain, true);
  agent->job.frozen_since_ns = srt_clock_now ();
  agent->deadline_ns = SRT_NO_DEADLINE;
  answer_frozen (agent, true);
  return SRT_STATE_FROZEN;
}

static SrtState
freeze_again (SrtAgent *agent)
{
  answer_frozen (agent, true);
  return SRT_STATE_FROZEN;
}

static void
let_run (SrtAgent *agent)
{
  uint64_t frozen_ns = srt_clock_now () - agent->job.frozen_since_ns;

  agent->job.end.usage.frozen_ns += frozen_ns;
  srt_beat_skip (&agent->beat, frozen_ns);
  srt_contain_freeze (agent->contain, false);
}

static SrtState
thaw (SrtAgent *agent)
{
  let_run (agent);
  answer_frozen (agent, false);
  return run (agent);
}

/* It is not frozen, and will not be now. */
static SrtState
not_frozen (SrtAgent *agent)
{
  answer_frozen (agent, false);
  return agent->state;
}

static void
kill_all (SrtAgent *agent)
{
  agent->job.kill_error = srt_contain_kill (agent->contain);
  agent->deadline_ns = after (agent->job.kill_pause_ns);
  if (agent->job.kill_pause_ns < KILL_AGAIN_MAX_NS)
    agent->job.kill_pause_ns *= 2;
}

static SrtState
kill_now (SrtAgent *agent)
{
  if (agent->state != SRT_STATE_KILLING)
    agent->job.kill_since_ns = srt_clock_now ();
  agent->job.kill_pause_ns = KILL_AGAIN_NS;
  srt_bounds_lift_cpu (&agent->bounds);
  kill_all (agent);
  return SRT_STATE_KILLING;
}

/* The termination signal to all; a stopped process would not see it, so it is continued too. */
static SrtState
terminate (SrtAgent *agent, uint32_t why, uint64_t grace_ns)
{
  agent->job.why = why;
  if (grace_ns == 0)
    return kill_now (agent);
  srt_contain_signal (agent->contain, agent->job.term_signal);
  srt_contain_signal (agent->contain, SIGCONT);
  agent->deadline_ns = after (grace_ns);
  return SRT_STATE_ENDING;
}

static SrtState
time_out (SrtAgent *agent)
{
  return terminate (agent, SRT_WHY_TIMEOUT, agent->job.grace_ns);
}

static SrtState
silent (SrtAgent *agent)
{
  srt_beat_text (&agent->beat, agent->job.message, sizeof agent->job.message);
  return terminate (agent, SRT_WHY_HEARTBEAT, agent->job.grace_ns);
}

static SrtState
stop (SrtAgent *agent)
{
  return terminate (agent, agent->order.why, agent->order.grace_ns);
}

static SrtState
stop_frozen (SrtAgent *agent)
{
  let_run (agent);
  return stop (agent);
}

static SrtState
stop_sooner (SrtAgent *agent)
{
  uint64_t end = after (agent->order.grace_ns);

  if (agent->order.grace_ns == 0)
    return kill_now (agent);
  if (end < agent->deadline_ns)
    agent->deadline_ns = end;
  return SRT_STATE_ENDING;
}

static SrtState
linger (SrtAgent *agent)
{
  agent->deadline_ns = after (LINGER_NS);
  return SRT_STATE_LINGER;
}

static SrtState
linger_frozen (SrtAgent *agent)
{
  let_run (agent);
  return linger (agent);
}

static SrtState
report (SrtAgent *agent)
{
  agent->deadline_ns = SRT_NO_DEADLINE;
  srt_job_report (agent);
  return SRT_STATE_IDLE;
}

static SrtState
drain (SrtAgent *agent)
{
  srt_capture_end (&agent->capture);
  agent->deadline_ns = SRT_NO_DEADLINE;
  if (srt_capture_drain (&agent->capture, &agent->link, agent->job.id, &agent->credit))
    return report (agent);
  return SRT_STATE_DRAINING;
}

static void
look_at_leaked (SrtAgent *agent)
{
  SrtJobState *job = &agent->job;

  job->end.kept += srt_contain_keep (agent->contain, job->keep, job->n_keep, &agent->bounds);
  job->end.leaked = srt_contain_name (agent->contain, job->leak_text, sizeof job->leak_text);
}

/* Named as they are; stopped only where nobody can be seen, as who forks and ends, again and again, has no name while
 * it runs. */
static SrtState
kill_leaked (SrtAgent *agent)
{
  look_at_leaked (agent);
  if (agent->job.end.leaked > 0)
    return kill_now (agent);
  if (srt_contain_is_empty (agent->contain, false))
    return drain (agent);
  srt_contain_freeze (agent->contain, true);
  look_at_leaked (agent);
  return kill_now (agent);
}

static SrtState
kill_again (SrtAgent *agent)
{
  SrtJobState *job = &agent->job;
  size_t n;

  kill_all (agent);
  if (job->kill_error == 0 || srt_clock_now () - job->kill_since_ns < KILL_GIVE_UP_NS)
    return SRT_STATE_KILLING;
  n = (size_t)snprintf (job->message, sizeof job->message, "cannot be killed: %s: ", strerror (job->kill_error));
  srt_contain_name (agent->contain, job->message + n, sizeof job->message - n);
  srt_agent_refuse (agent, job->message);
  return SRT_STATE_KILLING;
}

static SrtState
leave (SrtAgent *agent)
{
  /* The runner is gone. Of ours the ledger names the cgroups alone: it goes with the last of them, and the run's folder
   * too. */
  bool last = !agent->by_order && !agent->refused && srt_places_leave (&agent->places);

  srt_tmpdir_close (&agent->tmpdir, last);
  return SRT_STATE_GONE;
}

static SrtState
kill_and_leave (SrtAgent *agent)
{
  srt_contain_keep_nobody (agent->contain);
  kill_now (agent);
  return SRT_STATE_LEAVING;
}

/* No test runs, but what some test has started may. */
static SrtState
leave_kept (SrtAgent *agent)
{
  return srt_contain_n_kept (agent->contain) > 0 ? kill_and_leave (agent) : leave (agent);
}

/* What is unkillable (in the kernel's hands, or another user's) is left behind in the end, as waiting helps nobody. */
static SrtState
kill_again_or_leave (SrtAgent *agent)
{
  if (srt_clock_now () - agent->job.kill_since_ns > KILL_GIVE_UP_NS)
    return leave (agent);
  kill_all (agent);
  return SRT_STATE_LEAVING;
}

static SrtState
stay (SrtAgent *agent)
{
  return agent->state;
}

/* clang-format off */
/* Rows: states. Columns: events. NULL: cannot happen; if it does, it is a defect of the agent. */
static const Action table[SRT_N_STATES][SRT_N_EVENTS] = {
/*                        START        STOP         FREEZE        THAW        MAIN           EMPTY  DEADLINE             SILENT  DRY     LEAVE */
[SRT_STATE_IDLE]     = { start,       stay,        stay,         stay,       NULL,          stay,  NULL,                NULL,   NULL,   leave_kept },
[SRT_STATE_RUNNING]  = { start_twice, stop,        freeze,       not_frozen, linger,        NULL,  time_out,            silent, NULL,   kill_and_leave },
[SRT_STATE_FROZEN]   = { start_twice, stop_frozen, freeze_again, thaw,       linger_frozen, NULL,  NULL,                NULL,   NULL,   kill_and_leave },
[SRT_STATE_ENDING]   = { start_twice, stop_sooner, not_frozen,   not_frozen, stay,          drain, kill_now,            NULL,   NULL,   kill_and_leave },
[SRT_STATE_LINGER]   = { start_twice, kill_now,    not_frozen,   not_frozen, NULL,          drain, kill_leaked,         NULL,   NULL,   kill_and_leave },
[SRT_STATE_KILLING]  = { start_twice, stay,        not_frozen,   not_frozen, stay,          drain, kill_again,          NULL,   NULL,   kill_and_leave },
[SRT_STATE_DRAINING] = { start_twice, stay,        not_frozen,   not_frozen, NULL,          stay,  NULL,                NULL,   report, leave_kept },
[SRT_STATE_LEAVING]  = { stay,        stay,        stay,         stay,       stay,          leave, kill_again_or_leave, NULL,   NULL,   stay },
[SRT_STATE_GONE]     = { stay,        stay,        stay,         stay,       stay,          stay,  stay,                stay,   stay,   stay },
};
/* clang-format on */

void
srt_agent_handle (SrtAgent *agent, SrtEvent event)
{
  Action action = table[agent->state][event];

  if (action == NULL) {
    srt_agent_refuse (agent, "event out of place: a defect of the agent");
    return;
  }
  agent->state = action (agent);
}
