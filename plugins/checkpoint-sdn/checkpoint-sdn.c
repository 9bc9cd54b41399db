/* SPDX-License-Identifier: MIT
 *
 * checkpoint-sdn - progress and history in readable files. README.md beside this file says how they look.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint.h"

static const srt_option options[] = {
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_PATH,
    .name = "path",
    .def = ".srt/progress.sdn",
    .help = "The file with one row for each finished test, for --resume" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_INT,
    .name = "sync_every",
    .def = "10",
    .help = "Bring rows to stable storage when so many are waiting" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_DURATION,
    .name = "sync_after",
    .def = "1s",
    .help = "Bring rows to stable storage when the oldest has waited for so long" },
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_PATH,
    .name = "history_path",
    .def = ".srt/history.sdn",
    .help =
        "The file with what each test used in its last runs, shared by all runs; run.history says whether it is kept" },
};

int32_t
srt_checkpoint_fail (srt_checkpoint *self, const srt_fault *fault)
{
  self->host->set_error (self->host, fault->text, strlen (fault->text));
  return fault->status;
}

static void
destroy (void *data)
{
  srt_checkpoint *self = data;

  if (self->progress.place != NULL) /* the core forgot */
    srt_checkpoint_progress.close (self);
  free (self->path);
  free (self->history_path);
  free (self);
}

static bool
check_path (const srt_host *host, const char *option, const char *path)
{
  if (path != NULL && srt_place_check (path))
    return true;
  host->set_errorf (host, "%s must name a file, not \"%s\"", option, path != NULL ? path : "");
  return false;
}

/* The options as they are, or INVALID. */
static int32_t
check_options (const srt_host *host)
{
  const char *path = host->get_string (host->options, "path");
  const char *history_path = host->get_string (host->options, "history_path");
  int64_t every = host->get_int (host->options, "sync_every");

  if (!check_path (host, "path", path) || !check_path (host, "history_path", history_path))
    return SRT_E_INVALID;
  if (strcmp (path, history_path) == 0) {
    host->set_errorf (host, "path and history_path must be two files, but are both \"%s\"", path);
    return SRT_E_INVALID;
  }
  if (every < 1 || every > UINT32_MAX) {
    host->set_errorf (host, "sync_every must be 1 or more, not %" PRId64, every);
    return SRT_E_INVALID;
  }
  return SRT_OK;
}

static int32_t
create (const srt_host *host, void **ret_self)
{
  srt_checkpoint *self;

  if (check_options (host) != SRT_OK)
    return SRT_E_INVALID;
  self = calloc (1, sizeof *self);
  if (self != NULL) {
    self->host = host;
    self->path = strdup (host->get_string (host->options, "path"));
    self->history_path = strdup (host->get_string (host->options, "history_path"));
    self->pace.every = (uint32_t)host->get_int (host->options, "sync_every");
    self->pace.after_ns = host->get_duration_ns (host->options, "sync_after");
  }
  if (self == NULL || self->path == NULL || self->history_path == NULL) {
    if (self != NULL)
      destroy (self);
    host->set_errorf (host, "out of memory");
    return SRT_E_NO_MEMORY;
  }
  *ret_self = self;
  return SRT_OK;
}

static const srt_checkpoint_ops ops = {
  .size = sizeof ops,
  .progress = &srt_checkpoint_progress,
  .history = &srt_checkpoint_history,
};

SRT_PLUGIN_REGISTER (SRT_KIND_CHECKPOINT, "sdn", "0.1.0", "Keeps progress and history in readable SDN files", options,
                     sizeof options / sizeof options[0], &ops, NULL, create, destroy);
