/* SPDX-License-Identifier: MIT
 * A notifier to begin with: writes one line a test into a file. */
#include <srt/srt-plugin.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const srt_host *host;
  FILE *file;
} Notifier;

static int32_t create (const srt_host *host, void **ret_self)
{
  const char *path = host->get_string (host->options, "path");
  Notifier *self = calloc (1, sizeof *self);

  if (!self)
    return SRT_E_NO_MEMORY;
  self->host = host;
  self->file = fopen (path, "we");
  if (!self->file) {
    /* Before an error is returned, one line says why. The core puts the plugin's name before it. */
    host->set_errorf (host, "cannot write %s: %s", path, strerror (errno));
    free (self);
    return SRT_E_INVALID;
  }
  *ret_self = self;
  return SRT_OK;
}

static void destroy (void *data)
{
  Notifier *self = data;

  fclose (self->file);
  free (self);
}

static void test_finished (void *data, const srt_result *result)
{
  Notifier *self = data;
  const char *word = result->verdict == SRT_VERDICT_PASS ? "passed" : result->message;

  fprintf (self->file, "%s: %s (%.3f s)\n", result->test->id, word, (double) result->usage.wall_ns / 1e9);
}

/* The last event: what is to be written must be written when it returns. */
static void run_finished (void *data, const srt_summary *summary)
{
  Notifier *self = data;

  fprintf (self->file, "%u of %u passed, exit status %d\n", summary->counts->pass, summary->counts->total,
           summary->exit_code);
  if (fflush (self->file) != 0)
    self->host->logf (self->host, SRT_LOG_ERROR, "the results are not whole: %s", strerror (errno));
}

static const srt_option options[] = {
  { .size = sizeof (srt_option),
    .type = SRT_TYPE_PATH,
    .flags = SRT_OPTION_REQUIRED,
    .name = "path",
    .help = "The file for the results" },
};

static const srt_notifier_ops ops = {
  .size = sizeof ops,
  .test_finished = test_finished,
  .run_finished = run_finished,
};

SRT_PLUGIN_REGISTER (SRT_KIND_NOTIFIER, "template", "1.0", "Writes one line a test into a file", options, 1, &ops, NULL,
                     create, destroy);
