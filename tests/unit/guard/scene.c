/* SPDX-License-Identifier: MIT */
#include "scene.h"

void
scene_init (Scene *scene)
{
  *scene = (Scene){
    .limits = { .memory = 90,
                .cpu = 80,
                .sustained_ns = 10000 * MS,
                .freeze_max_ns = 3000 * MS,
                .shed_max = 2,
                .hold = TRUE,
                .freeze = TRUE,
                .shed = TRUE,
                .keep_oldest = TRUE,
                .stop = TRUE },
    .sample = { .size = sizeof scene->sample,
                .valid = SRT_SAMPLE_MEMORY | SRT_SAMPLE_CPU | SRT_SAMPLE_PRESSURE,
                .memory_total = 1000 * MB,
                .memory_source = "machine",
                .cpu_milli = 2000 },
    .now_ns = 1000000 * MS,
    .end_ms = 50,
    .story = g_string_new (NULL),
  };
}

void
scene_clear (Scene *scene)
{
  if (scene->story)
    g_string_free (g_steal_pointer (&scene->story), TRUE);
}

void
scene_add (Scene *scene, guint64 megabytes)
{
  scene->tests[scene->n] = (SrtPolicyTest){ .job = scene->n + 1, .memory = megabytes * MB, .rerunnable = TRUE };
  scene->n++;
}

static void
end_tests (Scene *scene)
{
  guint kept = 0;
  for (guint i = 0; i < scene->n; i++)
    if (!scene->tests[i].ending || scene->now_ns < scene->ended_ns)
      scene->tests[kept++] = scene->tests[i];
  scene->n = kept;
}

static void
end_one (Scene *scene, SrtPolicyTest *test)
{
  test->ending = TRUE;
  scene->ended_ns = scene->now_ns + scene->end_ms * MS;
}

static void
obey (Scene *scene, const SrtPolicyInput *input)
{
  gboolean may_freeze[SCENE_MAX];
  const SrtPolicyVerdict *verdict = &scene->verdict;
  for (guint i = 0; i < scene->n; i++)
    may_freeze[i] = srt_policy_may_freeze (&scene->limits, input, &scene->tests[i]);
  for (guint i = 0; i < scene->n; i++) {
    SrtPolicyTest *test = &scene->tests[i];
    if (verdict->thaw == test->job) {
      test->frozen_since_ns = 0;
      test->thawed_ns = scene->now_ns;
    }
    if (verdict->word == SRT_GUARD_FREEZE && (verdict->all ? may_freeze[i] : verdict->job == test->job))
      test->frozen_since_ns = scene->now_ns;
    if (verdict->word == SRT_GUARD_SHED && verdict->job == test->job)
      end_one (scene, test);
    if (verdict->word == SRT_GUARD_KEEP_OLDEST && verdict->job != test->job && test->rerunnable)
      end_one (scene, test);
  }
}

static void
tell (Scene *scene)
{
  guint64 at_ms = scene->now_ns / MS - 1000000;
  if (scene->verdict.thaw > 0)
    g_string_append_printf (scene->story, "%" G_GUINT64_FORMAT " thaw %" G_GUINT64_FORMAT "; ", at_ms,
                            scene->verdict.thaw);
  if (scene->verdict.word > SRT_GUARD_HOLD)
    g_string_append_printf (scene->story, "%" G_GUINT64_FORMAT " %s %" G_GUINT64_FORMAT "%s; ", at_ms,
                            srt_policy_word (scene->verdict.word), scene->verdict.job, scene->verdict.all ? "+" : "");
}

SrtGuardWord
scene_look (Scene *scene, guint64 step_ms)
{
  guint64 used = scene->others * MB;
  scene->now_ns += step_ms * MS;
  end_tests (scene);
  for (guint i = 0; i < scene->n; i++)
    used += scene->tests[i].memory;
  scene->sample.time_ns = scene->now_ns;
  scene->sample.memory_available = scene->sample.memory_total - MIN (used, scene->sample.memory_total);
  const SrtPolicyInput input = {
    .now_ns = scene->now_ns,
    .sample = &scene->sample,
    .tests = scene->tests,
    .n = scene->n,
    .cpu_own = scene->cpu_own,
  };
  srt_policy_step (&scene->policy, &scene->limits, &input, &scene->verdict);
  tell (scene);
  obey (scene, &input);
  return scene->verdict.word;
}

void
scene_run (Scene *scene, guint64 for_ms, guint64 step_ms)
{
  for (guint64 at = 0; at < for_ms && scene->verdict.word != SRT_GUARD_STOP; at += step_ms)
    scene_look (scene, step_ms);
}
