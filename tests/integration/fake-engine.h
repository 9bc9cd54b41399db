/* SPDX-License-Identifier: MIT
 * A container engine that is none: it listens on a socket and answers as podman does, of containers that end at once,
 * but for what a test makes it do wrong. */
#pragma once
#include <glib.h>

typedef enum {
  FAKE_SAY,  /* STATUS and BODY */
  FAKE_HANG, /* nothing, until the caller goes */
  FAKE_TORN, /* the end of the connection, in the middle of the answer's body */
  FAKE_NOISE /* what is no HTTP */
} FakeDeed;

/* For each call "METHOD /path" that begins with CALL. */
typedef struct {
  const char *call;
  FakeDeed deed;
  int status;
  const char *body;
} FakeRule;

typedef struct FakeEngine FakeEngine;

/* RULES: ended by one without call; they live as long as the engine. */
FakeEngine *fake_engine_new (const char *socket_path, const FakeRule *rules);
void fake_engine_free (FakeEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeEngine, fake_engine_free)
/* How many calls began with CALL. */
guint fake_engine_count (FakeEngine *engine, const char *call);
