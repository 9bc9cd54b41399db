/* SPDX-License-Identifier: MIT
 * The life of a run: the table in words, and what must hold for any sequence of events. */
#include "run/states.h"

typedef struct {
  SrtRunEvent event;
  SrtRunState next;
  SrtRunAction action;
} Step;

static void
follow (const Step *steps, guint n)
{
  SrtRunState state = SRT_RUNNING;
  for (guint i = 0; i < n; i++) {
    SrtRunStep step = srt_run_step (state, steps[i].event);
    g_assert_cmpint (step.next, ==, steps[i].next);
    g_assert_cmpint (step.action, ==, steps[i].action);
    state = step.next;
  }
}

static void
test_whole (void)
{
  const Step steps[] = {
    { SRT_EV_IDLE, SRT_ENDING, SRT_DO_SETTLE },
    { SRT_EV_SETTLED, SRT_ENDED, SRT_DO_END },
  };
  follow (steps, G_N_ELEMENTS (steps));
}

static void
test_two_signals (void)
{
  const Step steps[] = {
    { SRT_EV_SIGNAL, SRT_STOPPING, SRT_DO_STOP_ALL }, { SRT_EV_SIGNAL, SRT_KILLING, SRT_DO_KILL_ALL },
    { SRT_EV_SIGNAL, SRT_KILLING, SRT_DO_NOTHING },   { SRT_EV_IDLE, SRT_ENDING, SRT_DO_SETTLE },
    { SRT_EV_SIGNAL, SRT_ENDING, SRT_DO_NOTHING },    { SRT_EV_OVERDUE, SRT_ENDED, SRT_DO_END },
  };
  follow (steps, G_N_ELEMENTS (steps));
}

/* The guard's stop, which cannot wait for the grace then. */
static void
test_protect (void)
{
  const Step steps[] = {
    { SRT_EV_FAILURE, SRT_DRAINING, SRT_DO_SAY },      { SRT_EV_PRESSURE, SRT_STOPPING, SRT_DO_PROTECT },
    { SRT_EV_PRESSURE, SRT_KILLING, SRT_DO_KILL_ALL }, { SRT_EV_PRESSURE, SRT_KILLING, SRT_DO_NOTHING },
    { SRT_EV_IDLE, SRT_ENDING, SRT_DO_SETTLE },        { SRT_EV_PRESSURE, SRT_ENDING, SRT_DO_NOTHING },
    { SRT_EV_SETTLED, SRT_ENDED, SRT_DO_END },
  };
  follow (steps, G_N_ELEMENTS (steps));
}

static void
test_fail_fast_then_signal (void)
{
  const Step steps[] = {
    { SRT_EV_FAILURE, SRT_DRAINING, SRT_DO_SAY },
    { SRT_EV_FAILURE, SRT_DRAINING, SRT_DO_NOTHING },
    { SRT_EV_SIGNAL, SRT_STOPPING, SRT_DO_STOP_ALL },
    { SRT_EV_IDLE, SRT_ENDING, SRT_DO_SETTLE },
  };
  follow (steps, G_N_ELEMENTS (steps));
}

/* Whatever comes in whatever order: the run never goes back to an earlier state, settles once and ends once. */
static void
test_any_order (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  for (int round = 0; round < 10000; round++) {
    SrtRunState state = SRT_RUNNING;
    int settles = 0, ends = 0;
    for (int i = 0; i < 30; i++) {
      SrtRunStep step = srt_run_step (state, (SrtRunEvent)g_rand_int_range (rand, 0, SRT_N_EVENTS));
      g_assert_cmpint (step.next, >=, state);
      settles += step.action == SRT_DO_SETTLE;
      ends += step.action == SRT_DO_END;
      state = step.next;
    }
    g_assert_cmpint (settles, <=, 1);
    g_assert_cmpint (ends, <=, settles);
    g_assert_true ((state == SRT_ENDED) == (ends == 1));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/states/whole", test_whole);
  g_test_add_func ("/run/states/two-signals", test_two_signals);
  g_test_add_func ("/run/states/protect", test_protect);
  g_test_add_func ("/run/states/fail-fast-then-signal", test_fail_fast_then_signal);
  g_test_add_func ("/run/states/any-order", test_any_order);
  return g_test_run ();
}
