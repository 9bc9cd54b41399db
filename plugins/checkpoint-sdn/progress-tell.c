/* SPDX-License-Identifier: MIT */
#include "checkpoint.h"

enum { DAMAGED_TOLD = 5 };

typedef struct telling {
  srt_checkpoint *self;
  const srt_progress_request *request;
  const char *path;
  uint32_t damaged;
} telling;

static void
tell_row (void *data, const srt_result *result)
{
  telling *t = data;

  if (result->final) /* it came to its end after all */
    srt_names_remove (&t->self->progress.running, result->test->id);
  if (t->request->row != NULL)
    t->request->row (t->request->data, result);
}

static void
tell_running (void *data, const char *id)
{
  telling *t = data;

  if (id != NULL)
    srt_names_add (&t->self->progress.running, id);
  else
    srt_names_clear (&t->self->progress.running);
}

static void
tell_damaged (void *data, uint32_t line, const char *why)
{
  telling *t = data;

  if (t->damaged++ < DAMAGED_TOLD)
    t->self->host->logf (t->self->host, SRT_LOG_WARNING, "%s:%u: this row %s; it is not used, and its test runs again",
                         t->path, line, why);
}

void
srt_progress_tell (srt_checkpoint *self, const srt_progress_request *request, const srt_buffer *text)
{
  telling t = { .self = self, .request = request, .path = self->progress.place->path };
  srt_journal_visitor visitor = { .row = tell_row, .damaged = tell_damaged, .running = tell_running, .data = &t };
  const srt_host *host = self->host;
  srt_journal again;
  srt_fault fault;

  if (self->progress.journal.head_damaged)
    host->logf (host, SRT_LOG_WARNING, "%s: its head is damaged; what is said there was taken from its rows", t.path);
  if (srt_journal_read (text->data, text->length, &visitor, &again, &fault) != SRT_OK)
    host->logf (host, SRT_LOG_WARNING, "%s: %s", t.path, fault.text); /* out of memory: those tests run again */
  if (t.damaged > DAMAGED_TOLD)
    host->logf (host, SRT_LOG_WARNING, "%s: %u damaged rows in all", t.path, t.damaged);
}
