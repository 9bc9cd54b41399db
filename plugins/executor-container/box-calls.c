/* SPDX-License-Identifier: MIT */
#include "box.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What went wrong, where something did. */
static void
say_why (Box *box, const char *what, const HttpReply *reply)
{
  char *message = reply->status ? reply_message (reply->body) : NULL;

  snprintf (box->why, sizeof box->why, "%s %s: %s", engine_name (&box->owner->engine), what,
            message ? message : reply->error);
  free (message);
}

static BoxEvent
event_of (const HttpReply *reply, bool done)
{
  return done ? BOX_MADE : reply->away ? BOX_AWAY : BOX_REFUSED;
}

static void
answer (Box *box, BoxEvent event)
{
  box->calls--;
  box_handle (box, event);
  box_free_if_gone (box);
}

static void
ask (Box *box, const char *method, const char *path, const char *body, HttpFn fn)
{
  const HttpReply none = { .error = "out of memory", .body = "" };

  box->calls++;
  if (!http_call (box->owner->engine.http, method, path, body, box->owner->engine.timeout_ns, fn, box))
    fn (box, &none);
}

static void
on_created (void *data, const HttpReply *reply)
{
  Box *box = data;

  if (reply->status == 201)
    box->id = reply_id (reply->body);
  else if (reply->status == 409 && box->tries > 0) /* the name is ours alone: the first try was heard */
    box->id = strdup (box->name);
  if (box->id == NULL)
    say_why (box, "did not make its container", reply);
  answer (box, event_of (reply, box->id != NULL));
}

void
box_ask_create (Box *box)
{
  char *body = spec_place (box->plan, box->dir);
  char path[256];

  snprintf (path, sizeof path, "/containers/create?name=%s", box->name);
  ask (box, "POST", path, body, on_created);
  free (body);
}

static void
on_started (void *data, const HttpReply *reply)
{
  Box *box = data;
  bool done = reply->status / 100 == 2 || reply->status == 304; /* it had been started */

  if (!done)
    say_why (box, "did not start its container", reply);
  answer (box, event_of (reply, done));
}

void
box_ask_start (Box *box)
{
  char path[256];

  snprintf (path, sizeof path, "/containers/%s/start", box->id);
  ask (box, "POST", path, NULL, on_started);
}

static void
on_state (void *data, const HttpReply *reply)
{
  Box *box = data;

  box->is_known = reply->status == 200 && reply_state (reply->body, &box->known);
  answer (box, BOX_KNOWN);
}

void
box_ask_state (Box *box)
{
  char path[256];

  snprintf (path, sizeof path, "/containers/%s/json", box->id);
  ask (box, "GET", path, NULL, on_state);
}

/* Gone already is as good. */
static void
on_removed (void *data, const HttpReply *reply)
{
  Box *box = data;
  bool done = reply->status / 100 == 2 || reply->status == 404;

  if (!done)
    say_why (box, "did not remove its container", reply);
  answer (box, event_of (reply, done));
}

void
box_ask_remove (Box *box)
{
  char path[256];

  snprintf (path, sizeof path, "/containers/%s?force=1&v=1", box->id ? box->id : box->name);
  ask (box, "DELETE", path, NULL, on_removed);
}
