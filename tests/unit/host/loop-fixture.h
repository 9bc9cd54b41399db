/* SPDX-License-Identifier: MIT
 * A loop, and what its helpers told when they ended: for the tests of the loop. */
#pragma once
#include "host/loop.h"

/* No test waits for time to pass; this only ends one that would hang. */
#define TURN_NS G_GUINT64_CONSTANT (20000000000)

typedef struct {
  SrtLoop *loop;
  GString *seen;   /* what came, in words */
  guint ended;     /* helpers */
  int last_status; /* of the last of them */
} Fixture;

void set_up (Fixture *f, gconstpointer unused);
void tear_down (Fixture *f, gconstpointer unused);
/* The callback of a helper that counts in the fixture, which is its DATA. */
void ended (void *data, srt_helper *helper, int status);
void turn_until_ended (Fixture *f, guint n);
