/* SPDX-License-Identifier: MIT
 * The ladder step by step: each with its time, who is chosen, what keeps it from being taken. */
#include "scene.h"

#define TEST(NAME) static void test_##NAME (void)
#define SCENE(S)                                                                                                       \
  g_auto (Scene) S;                                                                                                    \
  scene_init (&S)

TEST (calm)
{
  SCENE (s);
  scene_add (&s, 300);
  scene_add (&s, 300);
  scene_run (&s, 20000, 100);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_RUN);
  g_assert_cmpuint (s.verdict.may_run, ==, G_MAXUINT32);
  g_assert_false (s.verdict.under_pressure);
  g_assert_cmpstr (s.story->str, ==, "");
}

/* Held at the first sample over the line; let go only after 2 s clearly below it. */
TEST (hold_and_let_go)
{
  SCENE (s);
  scene_add (&s, 100);
  s.others = 810;
  g_assert_cmpint (scene_look (&s, 100), ==, SRT_GUARD_HOLD);
  g_assert_cmpuint (s.verdict.may_run, ==, 0);
  g_assert_true (s.verdict.under_pressure);
  s.others = 770; /* below the line, but not clearly */
  scene_run (&s, 10000, 100);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_HOLD);
  g_assert_false (s.verdict.under_pressure);
  s.others = 700;
  scene_run (&s, 2000, 100);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_HOLD);
  scene_look (&s, 100);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_RUN);
}

/* The run's own fault, and not urgent: every step at its time; each kill waits for the effect of the one before. */
TEST (ladder)
{
  SCENE (s);
  scene_add (&s, 600);
  scene_add (&s, 110);
  scene_add (&s, 110);
  scene_add (&s, 110);
  scene_run (&s, 4000, 500);
  g_assert_cmpstr (s.story->str, ==, "1500 freeze 4; 2500 freeze 3; 3500 freeze 2; ");
  s.others = 0;
  scene_run (&s, 1500, 500);
  g_assert_cmpstr (s.story->str, ==,
                   "1500 freeze 4; 2500 freeze 3; 3500 freeze 2; 4500 thaw 4; 5500 thaw 3; 5500 shed 2; ");
}

/* It does not help: all but the oldest, then the end. */
TEST (ladder_to_the_end)
{
  SCENE (s);
  scene_add (&s, 930);
  scene_add (&s, 1);
  s.limits.freeze = FALSE;
  scene_run (&s, 20000, 100);
  g_assert_cmpstr (s.story->str, ==, "8100 keep-oldest 1; 10100 stop 1; ");
  g_assert_cmpint (s.verdict.gauge, ==, SRT_GAUGE_MEMORY);
}

/* A browser has filled the laptop: the run holds and freezes, and lives. */
TEST (not_our_fault)
{
  SCENE (s);
  scene_add (&s, 20);
  scene_add (&s, 20);
  s.others = 890;
  scene_run (&s, 60000, 100);
  g_assert_cmpint (s.verdict.word, >=, SRT_GUARD_HOLD);
  g_assert_null (strstr (s.story->str, "shed"));
  g_assert_null (strstr (s.story->str, "keep-oldest"));
  g_assert_null (strstr (s.story->str, "stop"));
  g_assert_nonnull (strstr (s.story->str, "1100 freeze 2; 4100 thaw 2; "));
  g_assert_null (strstr (s.story->str, "freeze 1;"));
}

/* The same with --self-protect: nobody is killed for what others do, and then the run ends. */
TEST (self_protect)
{
  SCENE (s);
  scene_add (&s, 20);
  scene_add (&s, 20);
  s.others = 890;
  s.limits.self_protect = TRUE;
  scene_run (&s, 60000, 100);
  g_assert_cmpstr (s.story->str, ==, "1100 freeze 2; 4100 thaw 2; 10100 stop 1; ");
}

/* One sample below the line, and the clock of the stop begins anew. */
TEST (not_sustained)
{
  SCENE (s);
  s.limits.self_protect = TRUE;
  for (int i = 0; i < 5; i++) {
    s.others = 910;
    scene_run (&s, 9000, 100);
    s.others = 890;
    scene_look (&s, 100);
  }
  g_assert_cmpstr (s.story->str, ==, "");
}

/* Seldom samples: three of them are needed, however long they took. */
TEST (three_samples)
{
  SCENE (s);
  s.limits.self_protect = TRUE;
  s.limits.sustained_ns = 1000 * MS;
  s.others = 910;
  scene_look (&s, 2000);
  scene_look (&s, 2000);
  g_assert_cmpstr (s.story->str, ==, "");
  scene_look (&s, 2000);
  g_assert_cmpstr (s.story->str, ==, "6000 stop 0; ");
}

/* Nothing is done on a sample that is old, missing or seen before; nor does a gap count as sustained. */
TEST (stale)
{
  SCENE (s);
  s.limits.self_protect = TRUE;
  s.others = 910;
  scene_look (&s, 100);
  SrtPolicyInput input = { .now_ns = s.now_ns + 20000 * MS, .sample = &s.sample };
  for (int i = 0; i < 5; i++) {
    srt_policy_step (&s.policy, &s.limits, &input, &s.verdict);
    g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_HOLD);
  }
  s.sample.time_ns = input.now_ns - 1500 * MS;
  srt_policy_step (&s.policy, &s.limits, &input, &s.verdict);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_HOLD);
  input.sample = NULL;
  srt_policy_step (&s.policy, &s.limits, &input, &s.verdict);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_HOLD);
  s.now_ns += 60000 * MS;
  scene_run (&s, 9900, 100);
  g_assert_cmpstr (s.story->str, ==, "");
}

/* Memory runs out: who can be frozen is at once, then one is shed at a time, as fast as it shows an effect. */
TEST (urgent)
{
  SCENE (s);
  scene_add (&s, 300);
  scene_add (&s, 240);
  scene_add (&s, 250);
  scene_add (&s, 190);
  s.end_ms = 30;
  scene_run (&s, 500, 20);
  g_assert_cmpstr (s.story->str, ==, "20 freeze 4+; 80 shed 3; ");
  g_assert_cmpuint (s.n, ==, 3);
}

/* A kill that takes long is waited for. */
TEST (slow_kill)
{
  SCENE (s);
  scene_add (&s, 300);
  scene_add (&s, 340);
  scene_add (&s, 340);
  s.limits.freeze = FALSE;
  s.limits.stop = FALSE;
  s.end_ms = 4000;
  scene_run (&s, 4000, 20);
  g_assert_cmpstr (s.story->str, ==, "20 shed 2; ");
}

/* It fills faster than the next look could come. */
TEST (racing)
{
  SCENE (s);
  scene_add (&s, 100);
  scene_add (&s, 400);
  scene_look (&s, 20);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_RUN);
  s.tests[1].memory = 500 * MB; /* 5 GB/s, and 400 MB are left */
  g_assert_cmpint (scene_look (&s, 20), ==, SRT_GUARD_FREEZE);
  g_assert_cmpuint (s.verdict.job, ==, 2);
  scene_run (&s, 3000, 20); /* it stands still */
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_RUN);
  g_assert_nonnull (strstr (s.story->str, "thaw 2"));
}

/* Who is shed: the largest of those above their forecast, who may be run again and was not shed too often. */
TEST (whom_to_shed)
{
  static const struct {
    SrtPolicyTest tests[4];
    guint64 expected;
  } rows[] = {
    { { { .memory = 900 }, { .memory = 300 }, { .memory = 400 }, { .memory = 200 } }, 3 },
    { { { .memory = 900 }, { .memory = 300 }, { .memory = 400, .forecast = 500 }, { .memory = 200 } }, 2 },
    { { { .memory = 900 }, { .memory = 300, .forecast = 300 }, { .memory = 400, .forecast = 500 }, { .memory = 10 } },
      3 }, /* who is above its forecast frees nothing */
    { { { .memory = 900 }, { .memory = 300, .sheds = 2 }, { .memory = 400, .sheds = 2 }, { .memory = 200 } }, 4 },
  };
  for (guint row = 0; row < G_N_ELEMENTS (rows); row++) {
    SCENE (s);
    s.limits.freeze = FALSE;
    s.sample.memory_total = 0;
    for (guint i = 0; i < 4; i++) {
      SrtPolicyTest test = rows[row].tests[i];
      scene_add (&s, test.memory);
      s.tests[i].forecast = test.forecast * MB;
      s.tests[i].sheds = test.sheds;
      s.sample.memory_total += test.memory * MB;
    }
    scene_look (&s, 20);
    g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_SHED);
    g_assert_cmpuint (s.verdict.job, ==, rows[row].expected);
  }
}

TEST (not_rerunnable)
{
  SCENE (s);
  scene_add (&s, 300);
  scene_add (&s, 640);
  s.tests[1].rerunnable = FALSE;
  s.limits.freeze = FALSE;
  scene_run (&s, 9900, 100);
  g_assert_cmpstr (s.story->str, ==, "");
  scene_run (&s, 9900, 100); /* nobody to shed, and it is ours */
  g_assert_cmpstr (s.story->str, ==, "10100 stop 1; ");
}

/* Whatever is switched off is not done. */
TEST (steps_off)
{
  SCENE (s);
  scene_add (&s, 480);
  scene_add (&s, 490);
  s.limits.hold = s.limits.freeze = s.limits.shed = s.limits.keep_oldest = s.limits.stop = FALSE;
  s.limits.self_protect = TRUE;
  scene_run (&s, 30000, 100);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_RUN);
  g_assert_cmpuint (s.verdict.may_run, ==, G_MAXUINT32);
  g_assert_cmpstr (s.story->str, ==, "");
}

/* The oldest ends; who is the oldest then must not stand still. */
TEST (oldest_runs)
{
  SCENE (s);
  scene_add (&s, 20);
  scene_add (&s, 20);
  s.others = 890;
  scene_run (&s, 1500, 100);
  g_assert_cmpuint (s.tests[1].frozen_since_ns, >, 0);
  s.tests[0] = s.tests[1];
  s.n = 1;
  s.others = 920;
  scene_look (&s, 100);
  g_assert_cmpuint (s.verdict.thaw, ==, 2);
}

/* The run's own line, in bytes. */
TEST (run_memory)
{
  SCENE (s);
  scene_add (&s, 100);
  scene_add (&s, 150);
  s.limits.run_memory = 200 * MB;
  s.limits.freeze = FALSE;
  scene_run (&s, 20000, 100);
  g_assert_cmpstr (s.story->str, ==, "5100 shed 2; ");
}

/* Everybody waits for memory, though some is left: evidence enough to hold and freeze, not to kill. */
TEST (pressure)
{
  SCENE (s);
  scene_add (&s, 300);
  scene_add (&s, 300);
  s.sample.memory_pressure.full_avg10 = 60;
  scene_run (&s, 3000, 100);
  g_assert_cmpstr (s.story->str, ==, "1100 freeze 2; ");
  scene_run (&s, 30000, 100);
  g_assert_null (strstr (s.story->str, "shed"));
  g_assert_null (strstr (s.story->str, "stop"));
  s.sample.memory_pressure.full_avg10 = 0;
  scene_run (&s, 3000, 100);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_RUN);
}

/* Without the flag the run's own CPU time is no reason; that of others is one to go down to one worker. */
TEST (cpu_without_flag)
{
  SCENE (s);
  scene_add (&s, 10);
  scene_add (&s, 10);
  s.sample.cpu_busy = 100;
  s.cpu_own = 95;
  scene_run (&s, 20000, 200);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_RUN);
  s.cpu_own = 50;
  scene_run (&s, 20000, 200);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_HOLD);
  g_assert_cmpuint (s.verdict.may_run, ==, 1);
  g_assert_cmpint (s.verdict.gauge, ==, SRT_GAUGE_CPU);
  g_assert_true (s.verdict.under_pressure);
  g_assert_cmpstr (s.story->str, ==, "");
}

/* With it the run goes down to one worker, and stops only if that is not enough. */
TEST (cpu_self_protect)
{
  SCENE (s);
  s.limits.self_protect = TRUE;
  scene_add (&s, 10);
  scene_add (&s, 10);
  s.sample.cpu_busy = 100;
  s.cpu_own = 95;
  scene_run (&s, 30000, 200);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_HOLD);
  g_assert_cmpuint (s.verdict.may_run, ==, 1);
  g_assert_cmpstr (s.story->str, ==, "");
  s.cpu_own = 50;
  scene_run (&s, 30000, 200);
  g_assert_cmpstr (s.story->str, ==, "31200 freeze 2; 34200 thaw 2; 40200 stop 1; ");
  g_assert_cmpint (s.verdict.gauge, ==, SRT_GAUGE_CPU_OTHERS);
}

/* On a single core one worker alone is over any line: then what others take decides. */
TEST (cpu_single_core)
{
  SCENE (s);
  s.limits.self_protect = TRUE;
  s.sample.cpu_milli = 1000;
  scene_add (&s, 10);
  s.sample.cpu_busy = 100;
  s.cpu_own = 98;
  scene_run (&s, 30000, 200);
  g_assert_cmpstr (s.story->str, ==, "");
  s.cpu_own = 60;
  scene_run (&s, 30000, 200);
  g_assert_cmpstr (s.story->str, ==, "40200 stop 1; ");
}

/* 100 % is no threshold. */
TEST (no_threshold)
{
  SCENE (s);
  s.limits.self_protect = TRUE;
  s.limits.memory = s.limits.cpu = 100;
  s.others = 1000;
  s.sample.cpu_busy = 100;
  scene_run (&s, 30000, 100);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_RUN);
}

/* A hold that lasts lets one test through at a time, unless there is really nothing left. */
TEST (crawl)
{
  SCENE (s);
  s.others = 920;
  scene_run (&s, 9900, 100);
  g_assert_cmpuint (s.verdict.may_run, ==, 0);
  scene_run (&s, 1000, 100);
  g_assert_cmpuint (s.verdict.may_run, ==, 1);
  s.others = 990;
  scene_run (&s, 100, 100);
  g_assert_cmpuint (s.verdict.may_run, ==, 0);
}

/* What could not be measured is no reason for anything. */
TEST (nothing_known)
{
  SCENE (s);
  s.limits.self_protect = TRUE;
  s.sample.valid = 0;
  s.sample.cpu_busy = 100;
  s.others = 1000;
  s.sample.memory_pressure.full_avg10 = 100;
  scene_add (&s, 10);
  scene_run (&s, 30000, 100);
  g_assert_cmpint (s.verdict.word, ==, SRT_GUARD_RUN);
}

TEST (interval)
{
  SCENE (s);
  s.sample.memory_total = 24000 * MB;
  scene_look (&s, 100);
  g_assert_cmpuint (srt_policy_interval (&s.policy, &s.limits, &s.sample, 1000 * MS), ==, 1000 * MS);
  s.sample.memory_total = 1000 * MB;
  s.others = 500;
  scene_look (&s, 1000);
  guint64 middle = srt_policy_interval (&s.policy, &s.limits, &s.sample, 1000 * MS);
  g_assert_cmpuint (middle, <, 200 * MS);
  s.others = 880;
  scene_look (&s, 1000);
  g_assert_cmpuint (srt_policy_interval (&s.policy, &s.limits, &s.sample, 1000 * MS), ==, 20 * MS);
  s.others = 910;
  scene_look (&s, 1000);
  guint64 held = srt_policy_interval (&s.policy, &s.limits, &s.sample, 1000 * MS);
  g_assert_cmpuint (held, <=, 100 * MS);
}

TEST (words)
{
  SCENE (s);
  char text[200];
  scene_add (&s, 300);
  s.others = 620;
  scene_look (&s, 100);
  const SrtPolicyInput input = { .now_ns = s.now_ns, .sample = &s.sample, .tests = s.tests, .n = 1 };
  srt_policy_reason (&s.policy, &s.limits, &input, SRT_GAUGE_MEMORY, text, sizeof text);
  g_assert_cmpstr (text, ==, "memory 92.0% of 953.7 MiB in use (machine), threshold 90%");
  s.limits.run_memory = 200 << 20;
  srt_policy_reason (&s.policy, &s.limits, &input, SRT_GAUGE_RUN_MEMORY, text, sizeof text);
  g_assert_cmpstr (text, ==, "the tests use 286.1 MiB of memory, threshold 200.0 MiB");
}

/* What tests tell late is not taken for others'; what stays is, and what is gone is not any more. */
TEST (others)
{
  SCENE (s);
  s.others = 100;
  scene_look (&s, 100);
  g_assert_cmpfloat (s.policy.others, ==, 100e6);
  s.others = 700; /* a test's, who has not told it yet */
  scene_run (&s, 1900, 100);
  g_assert_cmpfloat (s.policy.others, ==, 100e6);
  s.others = 90;
  scene_look (&s, 100);
  g_assert_cmpfloat (s.policy.others, ==, 90e6);
  s.others = 700;
  scene_run (&s, 1900, 100);
  g_assert_cmpfloat (s.policy.others, ==, 90e6);
  scene_run (&s, 4100, 100);
  g_assert_cmpfloat (s.policy.others, ==, 700e6);
}

#define ADD(NAME) g_test_add_func ("/guard/policy/" #NAME, test_##NAME)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (calm);
  ADD (hold_and_let_go);
  ADD (ladder);
  ADD (ladder_to_the_end);
  ADD (not_our_fault);
  ADD (self_protect);
  ADD (not_sustained);
  ADD (three_samples);
  ADD (stale);
  ADD (urgent);
  ADD (slow_kill);
  ADD (racing);
  ADD (whom_to_shed);
  ADD (not_rerunnable);
  ADD (steps_off);
  ADD (oldest_runs);
  ADD (run_memory);
  ADD (pressure);
  ADD (cpu_without_flag);
  ADD (cpu_self_protect);
  ADD (cpu_single_core);
  ADD (crawl);
  ADD (nothing_known);
  ADD (no_threshold);
  ADD (interval);
  ADD (words);
  ADD (others);
  return g_test_run ();
}
