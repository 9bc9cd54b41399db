/* SPDX-License-Identifier: MIT
 * notifier-console: the run on a screen or in a log. This file is the glue: which event says what, and where to. */
#include "failures.h"
#include "live.h"
#include "screen.h"
#include "../shared/words.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIVE_PERIOD_NS ((uint64_t)200 * 1000 * 1000)

typedef struct {
  const srt_host *host;
  srt_out out, err;
  int same; /* messages go where the tests' lines go, in order */
  int colour, err_colour, is_live;
  int verbosity; /* srt_verbosity; -1: as the run says */
  int show_all, show_failed;
  int protecting; /* the stop that was announced is the protected one */
  int step_open;  /* the line of a step waits for its outcome */
  uint32_t unfinished;
  srt_tally tally;
  srt_failures failures;
  srt_live live;
  srt_text text, messages;
} console;

/* What stands between two events: nothing, or the live line. Each event builds its lines in `text`, from begin to end,
 * and writes them at once. */
static srt_text *
begin (console *c)
{
  srt_text_reset (&c->text);
  srt_live_erase (&c->live, &c->text);
  if (c->step_open)
    srt_text_add_reserved (&c->text, "\n", 1);
  c->step_open = 0;
  return &c->text;
}

static void
end (console *c)
{
  if (c->is_live && !c->step_open && !srt_out_is_behind (&c->out))
    srt_live_draw (&c->live, &c->text);
  srt_out_put (&c->out, c->text.bytes, c->text.length);
}

static int
shows (const console *c, srt_verbosity verbosity)
{
  return (c->verbosity < 0 ? SRT_NORMAL : c->verbosity) >= (int)verbosity;
}

static void
on_run_started (void *self, const srt_run *run)
{
  console *c = self;
  if (c->verbosity < 0 && run->verbose)
    c->verbosity = SRT_VERBOSE;
  if (!shows (c, SRT_NORMAL))
    return;
  srt_screen_header (begin (c), run, shows (c, SRT_VERBOSE));
  end (c);
}

static void
on_test_finished (void *self, const srt_result *result)
{
  console *c = self;
  int failed = result->final && srt_words_is_failure (result->verdict);
  if (result->final)
    srt_screen_tally (&c->tally, result);
  if (failed)
    srt_failures_add (&c->failures, result);
  if (result->earlier || !shows (c, failed ? SRT_QUIET : SRT_NORMAL))
    return;
  srt_screen_result (begin (c), c->colour, result, shows (c, SRT_VERBOSE));
  end (c);
  if (c->show_all && result->output) {
    begin (c);
    srt_out_put (&c->out, c->text.bytes, c->text.length);
    srt_failures_show_output (&c->failures, result, &c->out, &c->text);
  }
}

static void
on_progress (void *self, const srt_progress *progress)
{
  console *c = self;
  if (!c->is_live || c->step_open || srt_out_is_behind (&c->out))
    return;
  unsigned columns = srt_live_columns (c->out.fd);
  if (srt_live_update (&c->live, progress, c->host->now_ns (), columns) || !c->live.shown) {
    begin (c);
    end (c);
  }
}

/* A line of srt itself goes where the tests' lines are, or to standard error: begin, write, end. */
static srt_text *
begin_message (console *c, int *ret_colour)
{
  *ret_colour = c->same ? c->colour : c->err_colour;
  if (c->same)
    return begin (c);
  srt_text_reset (&c->messages);
  return &c->messages;
}

static void
end_message (console *c)
{
  if (c->same)
    end (c);
  else
    srt_out_put (&c->err, c->messages.bytes, c->messages.length);
}

static void
on_message (void *self, uint32_t level, const char *from, const char *message)
{
  console *c = self;
  srt_verbosity least = level >= SRT_LOG_WARNING ? SRT_QUIET : level >= SRT_LOG_INFO ? SRT_NORMAL : SRT_VERBOSE;
  int colour;
  if (!shows (c, least))
    return;
  srt_text *text = begin_message (c, &colour);
  srt_screen_message (text, colour, level, from, message);
  end_message (c);
}

static void
on_test_slow (void *self, const srt_test *test, uint64_t after_ns, uint64_t timeout_ns)
{
  console *c = self;
  int colour;
  if (!shows (c, SRT_NORMAL))
    return;
  srt_text *text = begin_message (c, &colour);
  srt_screen_slow (text, colour, test, after_ns, timeout_ns);
  end_message (c);
}

/* Steps of a protected stop are always told, those of others only to who wants to know. */
static void
on_stopping (void *self, const srt_stop *stop)
{
  console *c = self;
  int continued = stop->step > 0 && c->step_open;
  if (stop->step == 0)
    c->protecting = stop->exit_code == SRT_SCREEN_PROTECTED;
  if (stop->step > 0 && !c->protecting && !shows (c, SRT_VERBOSE))
    return;
  if (stop->step == 0)
    srt_screen_stop (begin (c), stop, &c->tally);
  else if (!continued)
    srt_screen_step (begin (c), stop, 0);
  else {
    srt_text_reset (&c->text);
    srt_screen_step (&c->text, stop, 1);
  }
  c->step_open = stop->step > 0 && !stop->outcome && stop->step != stop->steps;
  end (c);
}

static void
on_test_unfinished (void *self, const srt_test *test, const char *reason)
{
  console *c = self;
  c->unfinished++;
  if (!shows (c, SRT_VERBOSE))
    return;
  srt_screen_unfinished (begin (c), test, reason);
  end (c);
}

static void
on_run_finished (void *self, const srt_summary *summary)
{
  console *c = self;
  uint64_t patience = c->host->get_duration_ns (c->host->options, "flush_timeout");
  c->is_live = 0;
  begin (c);
  end (c);
  srt_out_finish (&c->out, patience);
  srt_failures_show (&c->failures, &c->out, &c->text, c->colour, c->show_failed);
  srt_screen_summary (begin (c), c->colour, summary, &c->tally, c->unfinished);
  end (c);
  srt_out_finish (&c->out, patience);
  srt_out_finish (&c->err, patience);
}

static uint64_t
on_progress_period (void *self)
{
  return ((console *)self)->is_live ? LIVE_PERIOD_NS : 0;
}

static int
is_same_file (int a, int b)
{
  struct stat one, other;
  return fstat (a, &one) == 0 && fstat (b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static int
read_verbosity (const srt_host *host)
{
  const char *choice = host->get_string (host->options, "verbosity");
  if (!choice)
    return -1;
  return strcmp (choice, "quiet") == 0 ? SRT_QUIET : strcmp (choice, "verbose") == 0 ? SRT_VERBOSE : SRT_NORMAL;
}

static void
read_style (console *c)
{
  const srt_host *host = c->host;
  const char *colour = host->get_string (host->options, "color");
  srt_terminal out, err;
  srt_style_terminal (STDOUT_FILENO, &out);
  srt_style_terminal (STDERR_FILENO, &err);
  c->colour = srt_style_colour (colour, &out);
  c->err_colour = srt_style_colour (colour, &err);
  c->is_live = srt_style_live (host->get_string (host->options, "live"), &out) && c->verbosity != SRT_QUIET;
}

static int32_t
create (const srt_host *host, void **ret_self)
{
  int64_t lines = host->get_int (host->options, "output_lines");
  const char *show = host->get_string (host->options, "show_output");
  if (lines < 0) {
    host->set_errorf (host, "output_lines is %lld; it must be 0 or more", (long long)lines);
    return SRT_E_INVALID;
  }
  console *c = calloc (1, sizeof *c);
  if (!c) {
    host->set_errorf (host, "out of memory");
    return SRT_E_NO_MEMORY;
  }
  c->host = host;
  srt_out_init (&c->out, host, STDOUT_FILENO, "standard output");
  srt_out_init (&c->err, host, STDERR_FILENO, "standard error");
  c->same = is_same_file (STDOUT_FILENO, STDERR_FILENO);
  c->show_all = strcmp (show, "all") == 0;
  c->show_failed = strcmp (show, "failed") == 0;
  c->verbosity = read_verbosity (host);
  read_style (c);
  srt_live_init (&c->live);
  srt_failures_init (&c->failures, (uint64_t)lines);
  *ret_self = c;
  return SRT_OK;
}

static void
destroy (void *self)
{
  console *c = self;
  if (c->live.shown) { /* the run broke off: leave the terminal as it was */
    begin (c);
    srt_out_put (&c->out, c->text.bytes, c->text.length);
  }
  srt_out_clear (&c->out);
  srt_out_clear (&c->err);
  srt_failures_clear (&c->failures);
  srt_live_clear (&c->live);
  free (c);
}

static const srt_notifier_ops ops = {
  .size = sizeof ops,
  .run_started = on_run_started,
  .test_finished = on_test_finished,
  .progress = on_progress,
  .message = on_message,
  .stopping = on_stopping,
  .test_unfinished = on_test_unfinished,
  .run_finished = on_run_finished,
  .progress_period = on_progress_period,
  .test_slow = on_test_slow,
};

#define OPTION(NAME, TYPE, DEFAULT, CHOICES, HELP)                                                                     \
  {                                                                                                                    \
    sizeof (srt_option), TYPE, 0, NAME, DEFAULT, HELP, CHOICES                                                         \
  }

static const srt_option options[] = {
  OPTION ("color", SRT_TYPE_CHOICE, "auto", "auto|always|never",
          "Colours; auto: on a terminal, unless NO_COLOR or TERM=dumb, and wherever CLICOLOR_FORCE says so"),
  OPTION ("live", SRT_TYPE_CHOICE, "auto", "auto|always|never",
          "A line that shows how it goes, drawn over and over; auto: on a terminal"),
  OPTION ("verbosity", SRT_TYPE_CHOICE, NULL, "quiet|normal|verbose",
          "quiet: failures and the summary; verbose: usage, debug messages too; not set: as --verbose says"),
  OPTION ("show_output", SRT_TYPE_CHOICE, "failed", "failed|all|never",
          "Whose output: of failed tests at the end, of all tests as they end, or none"),
  OPTION ("output_lines", SRT_TYPE_INT, "200", NULL,
          "How many lines of a test's output: the first quarter and the last three quarters of that number"),
  OPTION ("flush_timeout", SRT_TYPE_DURATION, "30s", NULL,
          "How long to wait at the end for a reader that takes nothing, before giving up on it"),
};

SRT_PLUGIN_REGISTER (SRT_KIND_NOTIFIER, "console", "0.1.0", "The run on a screen or in a log", options,
                     sizeof options / sizeof *options, &ops, NULL, create, destroy);
