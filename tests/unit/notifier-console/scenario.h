/* SPDX-License-Identifier: MIT
 * A scenario: the events of a run, told to the whole plugin in a child process. */
#pragma once
#include "fixtures/notifier-host.h"
#include <sys/types.h>

enum { SCENARIO_TESTS = 3 };

typedef struct {
  NotifierHost *host;
  const srt_notifier_ops *ops;
  void *self;
  srt_counts counts;
} Run;

typedef void (*Scenario) (Run *run);

extern const srt_test scenario_tests[SCENARIO_TESTS];

/* MODULE is loaded with OPTIONS (name, value, …, NULL), and told the beginning. */
void run_begin (Run *run, const char *const *options);
void run_test (Run *run, guint i, guint32 verdict, const srt_output *output);
void run_progress (Run *run, guint seconds);
void run_end (Run *run);

/* Runs SCENARIO in a child with stdout and stderr at these descriptors. It must end with scenario_finish. */
pid_t scenario_start (Scenario scenario, int out, int err);
void scenario_finish (pid_t child);
char *scenario_read_all (int fd);
