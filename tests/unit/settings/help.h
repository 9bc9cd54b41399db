/* SPDX-License-Identifier: MIT
 * A folder with configuration files, and settings loaded from it. */
#pragma once
#include "settings/settings.h"

typedef struct {
  char *dir;
  SrtCommandLayer command; /* config is NULL: ./srt.cfg */
  const char *system_file, *user_file;
  const char *envp[8];
} Bench;

void bench_set_up (Bench *bench, gconstpointer data);
void bench_tear_down (Bench *bench, gconstpointer data);

#define BENCH_ADD(PATH, FN) g_test_add (PATH, Bench, NULL, bench_set_up, FN, bench_tear_down)

/* NAME in the folder, made with TEXT; folders on the way are made too. Returns the absolute path, owned by the test. */
const char *bench_write (Bench *bench, const char *name, const char *text);

/* "KEY" = "VALUE" from the command line, as --set would give it. */
void bench_set (Bench *bench, const char *key, const char *value);
/* "--notifier TEXT" and friends. */
void bench_use (Bench *bench, guint32 kind, const char *text);

/* Loads, and must succeed; freed at the end of the test. */
SrtSettings *bench_load (Bench *bench);
/* Loads, and must fail with SRT_ERROR_USAGE and exactly MESSAGE. */
void bench_refused (Bench *bench, const char *message);

/* Is the origin of KEY this text? */
void bench_assert_origin (const SrtSettings *settings, SrtKey key, const char *text);
