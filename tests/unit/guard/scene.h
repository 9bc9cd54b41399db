/* SPDX-License-Identifier: MIT
 * A scene for the policy: a machine of 1000 MB and two cores with some tests on it, and a clock that a test turns. What
 * the policy asks for is done to the scene: who is frozen stands still, who is shed is gone after `end_ms`. */
#pragma once
#include "guard/policy.h"

#define MB        G_GUINT64_CONSTANT (1000000)
#define MS        G_GUINT64_CONSTANT (1000000)
#define SCENE_MAX 8

typedef struct {
  SrtPolicy policy;
  SrtPolicyLimits limits;
  srt_sample sample;
  SrtPolicyTest tests[SCENE_MAX]; /* the oldest first */
  guint n;
  double cpu_own;
  guint64 now_ns;
  guint64 others;   /* MB that others use */
  guint64 end_ms;   /* how long a kill takes */
  guint64 ended_ns; /* when who is ending will be gone */
  SrtPolicyVerdict verdict;
  GString *story; /* "1000 freeze 3; …": each step with its time in ms and its test */
} Scene;

void scene_init (Scene *scene);
void scene_clear (Scene *scene);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)
/* A test that uses so much; its job is its number from 1. */
void scene_add (Scene *scene, guint64 megabytes);
/* One sample STEP_MS later. */
SrtGuardWord scene_look (Scene *scene, guint64 step_ms);
/* Samples each STEP_MS for so long. */
void scene_run (Scene *scene, guint64 for_ms, guint64 step_ms);
